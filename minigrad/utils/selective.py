"""Selective checkpointing: the second run is handed some of the results of the first.

    keep = [torch.ops.aten.mm.default]
    contexts = partial(create_selective_checkpoint_contexts, keep)
    y = checkpoint(f, x, use_reentrant=False, context_fn=contexts)    # products are computed once

While the function runs first, its operations are watched, and a policy says which results are kept.
In the second run these operations have a forward that hands out what was kept; what they record is
as always. Views are not kept: they cost nothing.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from .. import watch
from ..autograd.grad_mode import state
from ..ops.aten import OpOverload, OpOverloadPacket, overload_of
from ..ops.several import SeveralResults
from ..tensor import Tensor


class CheckpointPolicy(Enum):
    """What is to become of a result: kept, or computed again. Here MUST and PREFER are the same,
    and what is to be "offloaded" is computed again, as in PyTorch without its compiler.
    """

    MUST_SAVE = 0
    PREFER_SAVE = 1
    MUST_RECOMPUTE = 2
    PREFER_RECOMPUTE = 3
    MUST_CPU_OFFLOAD = 4
    PREFER_CPU_OFFLOAD = 5


KEPT = (True, CheckpointPolicy.MUST_SAVE, CheckpointPolicy.PREFER_SAVE)


class SelectiveCheckpointContext(NamedTuple):
    """What a policy is told besides the operation and its arguments."""

    is_recompute: bool  # False: nobody asks in the second run
    op_output: Any = None


def create_selective_checkpoint_contexts(
    policy_fn_or_list: Any, allow_cache_entry_mutation: bool = False
) -> tuple[Any, Any]:
    """The contexts of the two runs, for the `context_fn` of `checkpoint`.

    policy_fn_or_list: the operations whose results are kept, such as `torch.ops.aten.mm.default`,
    or a function of a `SelectiveCheckpointContext`, the operation, and its arguments, which returns
    a `CheckpointPolicy` or a bool. allow_cache_entry_mutation: what is kept may be overwritten.
    Raises ValueError for a list of something else, TypeError for anything else.
    """
    if isinstance(policy_fn_or_list, list):
        for op in policy_fn_or_list:
            if not isinstance(op, OpOverload):
                raise ValueError(
                    f"Expected op in `op_list` to be an OpOverload but got: {op} of type "
                    f"{type(op)}. {TO_OVERLOAD * isinstance(op, OpOverloadPacket)}"
                )
        listed = policy_fn_or_list
        first = First(lambda context, op, *args: op in listed)
    elif callable(policy_fn_or_list):
        first = First(policy_fn_or_list)
    else:
        raise TypeError("policy_fn_or_list must be either a function or a list of ops.")
    return first, Second(first.results, allow_cache_entry_mutation)


TO_OVERLOAD = (
    "Please update the OpOverloadPacket to a specific OpOverload.For example, if you have "
    "`torch.ops.aten.mm`, change it to `torch.ops.aten.mm.default`."
)


class Kept(NamedTuple):
    """A result, and the version that it had."""

    value: Tensor
    version: int


USED = "used"
Results = dict[Any, list[Any]]
"""For each operation what became of its results, in order: what was kept, USED, or None."""


class First:
    """Context manager: notes what becomes of the results of the operations inside."""

    def __init__(self, policy: Callable[..., Any]) -> None:
        self.policy = policy
        self.results: Results = defaultdict(list)

    def __enter__(self) -> None:
        self.thread = state.thread
        watch.add(self._note, self.thread)

    def __exit__(self, *exc: object) -> None:
        watch.remove(self._note, self.thread)

    def _note(self, operation: Any, args: tuple[Any, ...], out: Any, *times: int) -> None:
        if state.thread != self.thread:
            return
        context = SelectiveCheckpointContext(False, out)
        answer = self.policy(context, overload_of(operation.name), *args)
        kept: Any = None
        if answer in KEPT and not operation.view:
            outs = out if isinstance(out, tuple) else (out,)
            kept = [Kept(one.detach(), one._version) for one in outs]
        self.results[operation].append(kept)


class Second:
    """Context manager: the operations inside compute what was not kept, and no more. (They are
    watched: what they save is packed.)
    """

    def __init__(self, results: Results, may_change: bool) -> None:
        self.results, self.may_change = results, may_change

    def __enter__(self) -> None:
        self.runs: Counter[Any] = Counter()
        self.before = watch.run_by(self._run)

    def __exit__(self, *exc: object) -> None:
        watch.run_by(self.before)

    def _run(self, operation: Any, run: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        results, k = self.results[operation], self.runs[operation]
        self.runs[operation] += 1
        if k >= len(results):
            raise RuntimeError(
                f"{overload_of(operation.name)} encountered during backward but not found in "
                "storage. The second run has done something else than the first."
            )
        kept, results[k] = results[k], results[k] and USED
        if kept is None:
            return (self.before or watch.plainly)(operation, run, args)
        if kept is USED:
            raise RuntimeError(
                "Trying to backward an extra time. You are only allowed to backward once on any "
                "region computed under selective activation checkpoint."
            )
        if not self.may_change and any(one.value._version != one.version for one in kept):
            raise RuntimeError(
                "Tensor cached during selective activation checkpoint has been mutated"
            )
        arrays = tuple(one.value._array for one in kept)
        _here.result = arrays if isinstance(operation, SeveralResults) else arrays[0]
        return watch.unwatched(_handing_out(operation), *args)


_here = threading.local()


@cache
def _handing_out(operation: Any) -> Callable[..., Any]:
    """The operation, with a forward that hands out what is known beforehand."""
    return operation.computed_by(lambda *arrays: _here.result)
