"""Who holds an array: what nobody else holds may be kept, or written to, without a copy.

Python counts how many hold something. How many of them are those who ask is found out here once,
by asking in the same way about an array of which nobody else knows: Python's versions differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import length_hint
from sys import getrefcount
from typing import Any

import numpy as np


def _holders(values: list[Any]) -> int:
    """How many hold the first value: this list, a variable, the question, and who else?"""
    value = values[0]
    return getrefcount(value)


LAST = _holders([np.empty(1)])
"""The reference count of an array that one list holds and nobody else, as a function sees it that
has put it in a variable.
"""


def is_last_holder(incoming: list[Any]) -> bool:
    """True if nobody but this list holds the first cotangent. PyTorch asks for the reference count
    as well.

    A leaf may then keep it as its `.grad`; else it makes a copy.
    """
    cotangent = incoming[0]
    return getrefcount(cotangent) == LAST


def _holders_of_base(array: np.ndarray) -> int:
    """How many hold the base of an array: that array, a variable, the question, and who else?"""
    base = array.base
    return getrefcount(base)


ALONE = _holders_of_base(np.empty(1)[:])


def _is_all(array: np.ndarray) -> bool:
    """True if an array may be written to, shows all of its base, and alone holds it."""
    base = array.base
    return (
        type(base) is np.ndarray
        and base.size == array.size
        and array.flags.writeable
        and getrefcount(base) == ALONE
    )


def is_apart(array: Any) -> bool:
    """True if no other array lies in the memory of this one. (PyTorch does not ask: two leaves may
    have their gradients in the same memory, and what is added to one is added to both.)
    """
    return type(array) is np.ndarray and (array.base is None or _is_all(array))


def _asked_for(array: Any) -> int:
    return getrefcount(array)


def _asks(sums: list[Any]) -> int:
    before = sums[0]
    return _asked_for(before)


OURS = _asks([np.empty(1)])
"""The same as seen by a function that was called with it, as `Arrivals.add` calls `is_free`."""


def is_free(array: Any, outgoing: Sequence[Any], rest: Iterator[Any]) -> bool:
    """True if nobody holds an array, or its memory, but the list of what has arrived, the function
    that asks, and perhaps `outgoing`, if it stands there before the `rest`: a Function may return
    what it was given, and then it is somebody else's gradient next.

    A view is free if it shows the same entries as another dtype (see `either.mask`).
    """
    others = getrefcount(array) - OURS
    if others == 1:
        delivered = outgoing[: len(outgoing) - length_hint(rest)]
        others -= id(array) in map(id, delivered)
    if others or array.base is None:
        return not others
    return _is_all(array) and array.base.dtype != array.dtype
