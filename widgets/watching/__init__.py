"""Watching operations while they run: what `watch()` draws, and where a program failed.

An engine tells a `Journal` what was done (`for_minigrad.py` for minigrad; any other engine may do
the same), which keeps plain data, iteration by iteration:

    a = journal.tensor("leaf", (2, 3), "float32")         # a leaf or constant, when first used
    t = journal.operation(op, (a, a, 2.0), (2, 3), "float32", ("file.py", 7))
    journal.call(t, "h")                                  # it is bound to the variable h
    journal.failed(Failure(…))                            # an operation raised
    journal.passed("backward")                            # the next operation begins anew

`op` is whatever the engine calls an operation; `Journal(describe)` is given a function that writes
one out, `describe(op, ["h", "w"]) → "h @ w"`. What a journal returns for a tensor is a text, and is
given again where the tensor is used; everything else among the arguments is a plain value.
"""

from .changes import compare
from .failure import Failure
from .frame import picture
from .journal import Journal, Run

__all__ = ["Failure", "Journal", "Run", "compare", "picture"]
