"""How operands are brought together: to one dtype, and what is said if their shapes do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dtypes import beside_number, get_default_dtype, result_type
from ..memory import copied


def to_common(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """The operands as arrays of one dtype, by PyTorch's rules."""
    if len(operands) == 2 and beside_number(*operands):
        return operands
    kind = result_type(operands)
    return tuple(_in_dtype(value, kind) for value in operands)


def to_common_float(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """The operands as arrays of one floating point dtype."""
    kind = result_type(operands)
    kind = kind if kind.kind == "f" else get_default_dtype().numpy
    return tuple(_in_dtype(value, kind) for value in operands)


def _in_dtype(value: Any, kind: np.dtype) -> np.ndarray:
    if not isinstance(value, np.ndarray):
        try:
            return np.asarray(value, kind)
        except OverflowError:
            return _wrapped(value, kind)
    return value if value.dtype is kind else copied(value, kind)


def _wrapped(number: int, kind: np.dtype) -> np.ndarray:
    """A whole number that the dtype cannot hold, wrapped around as in C.

    Raises OverflowError, in PyTorch's words, for one of more than 64 bits.
    """
    if not -(2**63) <= number < 2**64:
        raise OverflowError("int too big to convert")
    return np.asarray(number % 2**64, np.uint64).astype(kind)


def mismatch(*arrays: Any) -> Exception:
    """PyTorch's error for shapes that do not broadcast: those so far against the next one."""
    shape: tuple[int, ...] = ()
    for following in map(np.shape, arrays):
        ndim = max(len(shape), len(following))
        a = (1,) * (ndim - len(shape)) + shape
        b = (1,) * (ndim - len(following)) + following
        for axis in reversed(range(ndim)):
            if a[axis] != b[axis] and 1 not in (a[axis], b[axis]):
                return RuntimeError(
                    f"The size of tensor a ({a[axis]}) must match the size of tensor b "
                    f"({b[axis]}) at non-singleton dimension {axis}"
                )
        shape = tuple(m if n == 1 else n for n, m in zip(a, b, strict=True))
    return ValueError(f"the operation does not accept shapes {[np.shape(a) for a in arrays]}")
