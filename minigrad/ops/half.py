"""float16 is for keeping numbers, not for computing with them.

What takes several steps is computed in float32, and rounded once, at the end; so it is in PyTorch.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from ..memory import copied

HALF, SINGLE = np.dtype(np.float16), np.dtype(np.float32)


def in_single(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, of arrays and options; computed in float32 if the first array is of float16."""

    @functools.wraps(function)
    def wide(first: Any, *rest: Any) -> Any:
        if first.dtype is not HALF:
            return function(first, *rest)
        return np.asarray(function(*map(_single, (first, *rest)))).astype(HALF)

    return wide


def _single(value: Any) -> Any:
    return copied(value, SINGLE) if getattr(value, "dtype", None) is HALF else value
