"""The cross product of vectors with three entries: at right angles to both; their order counts."""

from __future__ import annotations

import numpy as np

from ..tensor import Tensor
from ..tensor_base import axis_of
from ..warn import warn
from . import either
from .operands import mismatch
from .operation import Operation
from .refusals import refuse_kinds, type_word


def _turned(self: np.ndarray, other: np.ndarray, dim: int) -> np.ndarray:
    refuse_kinds(self, "b", "cross")
    a, b = np.moveaxis(self, dim, 0), np.moveaxis(other, dim, 0)
    return np.stack([a[i] * b[j] - a[j] * b[i] for i, j in ((1, 2), (2, 0), (0, 1))], dim)


_cross = Operation(
    "linalg_cross", "self other", _turned,
    options="dim", fit=True, jvp="multilinear", layout="C",
)  # fmt: skip
_cross.derivative(
    "self",
    r"other \times grad",
    lambda grad, other, dim: either.apply(_cross, other, grad, dim),
)
_cross.derivative(
    "other",
    r"grad \times self",
    lambda grad, self, dim: either.apply(_cross, grad, self, dim),
)


def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """The cross products of the vectors along `dim`, which has to be of length 3 in both.

    Raises RuntimeError for other lengths, numbers of axes or dtypes.
    """
    if input.ndim != other.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    axis = axis_of(dim, input.ndim)
    lengths = input.shape[axis], other.shape[axis]
    if lengths != (3, 3):
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {lengths[0]} and "
            f"{lengths[1]}"
        )
    try:
        np.broadcast_shapes(input._array.shape, other._array.shape)
    except ValueError:
        raise mismatch(input._array, other._array) from None
    if input._array.dtype != other._array.dtype:
        raise RuntimeError(
            f"expected scalar type {type_word(input._array)} but found {type_word(other._array)}"
        )
    return _cross(input, other, dim)


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """The cross products of the vectors along `dim`; by default along the first axis of length 3.

    Raises RuntimeError if there is none.
    """
    if dim is None:
        warn(
            "Using torch.cross without specifying the dim arg is deprecated.\nPlease either pass "
            "the dim explicitly or simply use torch.linalg.cross.\nThe default value of dim will "
            "change to agree with that of linalg.cross in a future release."
        )
        dim = next((axis for axis, n in enumerate(input.shape) if n == 3), None)
        if dim is None:
            raise RuntimeError("no dimension of size 3 in input")
    return linalg_cross(input, other, dim=dim)
