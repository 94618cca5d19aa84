"""Triangles and diagonals of matrices: `tril`, `triu`, `trace`, `diag`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor, on_array
from ..tensor_base import axis_of
from . import either
from .operation import Operation
from .parts import _on_diagonal, put_back_view
from .refusals import refuse_kinds


def _triangle(name: str, function: Any) -> Operation:
    operation = Operation(name, "self", function, options="diagonal", jvp="linear")
    operation.derivative(
        "self",
        rf"\operatorname{{{name}}}(grad)",
        lambda grad, diagonal: (
            function(grad, diagonal)
            if isinstance(grad, either.ARRAY)
            else operation(grad, diagonal)
        ),
    )
    return operation


_tril = _triangle("tril", lambda self, diagonal: np.asarray(np.tril(self, diagonal), order="C"))
_triu = _triangle("triu", lambda self, diagonal: np.asarray(np.triu(self, diagonal), order="C"))


def _of_matrices(operation: Operation) -> Any:
    def function(input: Tensor, diagonal: int = 0) -> Tensor:
        if input.ndim < 2:
            raise RuntimeError(f"{operation.name}: input tensor must have at least 2 dimensions")
        return operation(input, diagonal)

    function.__name__ = function.__qualname__ = operation.name
    function.__doc__ = (
        f"The {'lower' if operation is _tril else 'upper'} triangle of each matrix, zeros "
        "elsewhere. `diagonal` moves its edge up. Raises RuntimeError for a vector."
    )
    return function


tril, triu = _of_matrices(_tril), _of_matrices(_triu)

_trace = Operation("trace", "self", lambda self: np.add.reduce(np.diagonal(self), 0), jvp="linear")
_trace.derivative(
    "self",
    "grad \\, I",
    lambda grad, self_sizes: _on_the_diagonal(grad, self_sizes),
    writes=2,
)


def _on_the_diagonal(grad: Any, sizes: tuple[int, ...]) -> Any:
    """A number at all places of the diagonal, zeros elsewhere."""
    places = np.arange(min(sizes)) * (sizes[1] + 1)
    if not isinstance(grad, either.ARRAY):
        return grad.new_zeros(math.prod(sizes)).index_fill(0, on_array(places), grad).reshape(sizes)
    out = np.zeros(sizes, grad.dtype)
    out.reshape(-1)[places] = grad
    return out


_diagonal_copy = Operation(
    "diagonal_copy", "self", lambda self, offset, dim1, dim2: np.diagonal(
        self, offset, dim1, dim2).copy(),
    options="offset dim1 dim2", node="DiagonalBackward0_copy", jvp="linear",
)  # fmt: skip
_diagonal_copy.derivative(
    "self",
    r"\text{grad on the diagonal, zeros elsewhere}",
    lambda grad, self_sizes, offset, dim1, dim2: put_back_view(
        grad,
        self_sizes,
        lambda whole: _on_diagonal(whole, offset, dim1, dim2),
        "DiagonalBackwardBackward0",
    ),
)


def _embedded(self: np.ndarray, offset: int, dim1: int, dim2: int) -> np.ndarray:
    side = self.shape[-1] + abs(offset)
    out = np.zeros((*self.shape[:-1], side, side), self.dtype)
    _on_diagonal(out, offset, -2, -1)[...] = self
    return np.moveaxis(out, (-2, -1), (dim1, dim2))


_diag_embed = Operation("diag_embed", "self", _embedded, options="offset dim1 dim2", jvp="linear")
_diag_embed.derivative(
    "self",
    r"\text{the diagonal of } grad",
    lambda grad, offset, dim1, dim2: (
        _on_diagonal(grad, offset, dim1, dim2)
        if isinstance(grad, either.ARRAY)
        else grad.diagonal(offset, dim1, dim2)
    ),
)


def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix. Raises RuntimeError for what is no matrix."""
    refuse_kinds(input._array, "b", "trace")
    if input.ndim != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.ndim}")
    return _trace(input if input._array.dtype.kind == "f" else input.long())


def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    """A vector as the diagonal of a matrix, or the diagonal of a matrix as a vector.

    Raises RuntimeError for more axes.
    """
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    return _diagonal_copy(input, diagonal, 0, 1)


def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Tensor:
    """Each row (along the last axis) as the diagonal of a matrix.

    Raises RuntimeError for one axis given twice.
    """
    axes = [axis_of(dim, input.ndim + 1) for dim in (dim1, dim2)]
    if axes[0] == axes[1]:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return _diag_embed(input, offset, *axes)


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """All entries on the diagonal of a matrix."""
    return diag(input.reshape(-1), offset)
