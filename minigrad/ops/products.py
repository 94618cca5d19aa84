"""Products. For each entry the derivative is the product of all others."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from ..tensor_base import axis_of
from ..written import written
from . import either
from .operation import Operation
from .reductions import beside
from .type_casts import in_dtype

_prod = Operation("prod", "self", lambda self: np.multiply.reduce(self, None, self.dtype))
_prod.derivative(
    "self",
    r"grad \odot \frac{result}{self}",
    lambda grad, self, result: _prod_of_all_back(grad, self, result),
)
_prod.tangent(lambda tangents, self, result: (
    tangents["self"] * _others(self, result, tuple(range(self.ndim)), False)).sum())  # fmt: skip

_prod_dim = Operation(
    "prod", "self", lambda self, dim, keepdim: np.multiply.reduce(
        self, axis=dim, keepdims=keepdim, dtype=self.dtype),
    options="dim keepdim", node="ProdBackward1", layout="C",
)  # fmt: skip
_prod_dim.derivative(
    "self",
    r"grad \odot \frac{result}{self}",
    lambda grad, self, result, dim, keepdim: _prod_back(grad, self, result, dim, keepdim),
)
_prod_dim.tangent(lambda tangents, self, result, dim, keepdim: either.sum(
    tangents["self"] * _others(self, result, dim, keepdim), dim, keepdim))  # fmt: skip


def _prod_of_all_back(grad: Any, x: Any, result: Any) -> Any:
    """With zeros, a recorded backward pass goes over all entries in one row, as PyTorch's does."""
    if isinstance(grad, either.ARRAY) or not x.ndim or (x._array != 0).all():
        return _prod_back(grad, x, result, tuple(range(x.ndim)), False)
    if x.numel() > 1:
        grad = grad * _others(x.reshape(-1), result, (0,), False)
    return grad.reshape(x.shape)


def _prod_back(grad: Any, x: Any, result: Any, dims: tuple[int, ...], keepdim: bool) -> Any:
    if not x.ndim and not isinstance(grad, either.ARRAY):
        return grad
    return beside(grad, dims, keepdim) * _others(x, result, dims, keepdim)


def _others(x: Any, result: Any, dims: tuple[int, ...], keepdim: bool) -> Any:
    """For each entry the product of all others: `result / x`, unless there is a zero.

    With zeros the others are multiplied one by one: those before times those after.
    """
    if not dims:
        return either.like(x, np.ones(x.shape, either.numpy_dtype(x)))
    if (either.array(x) != 0).all():
        return beside(result, dims, keepdim) / x
    if len(dims) > 1:
        return _others(x.reshape((-1,)), result, (0,), keepdim).reshape(x.shape)
    (dim,) = dims
    parts = []
    for k in range(x.shape[dim]):
        index = np.arange(x.shape[dim]).reshape([-1 if a == dim else 1 for a in range(x.ndim)])
        here = either.like(x, np.broadcast_to(index == k, x.shape))
        rest = either.where(here, 1.0, x)
        product = (
            np.multiply.reduce(rest, dim, x.dtype, keepdims=True)
            if isinstance(x, either.ARRAY)
            else _prod_dim(rest, dims, True)
        )
        parts.append(either.mask(either.expand(product, x.shape), here))
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def prod(input: Tensor, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The product of all entries, or along `dim`. Integers and bools multiply as int64."""
    if dtype is None:
        dtype = input.dtype if input._array.dtype.kind == "f" else int
    if dim is None:
        return in_dtype(_prod, input, dtype)
    axis = axis_of(dim, input.ndim)
    axes = written((axis,) if input.ndim else (), axis)
    return in_dtype(_prod_dim, input, dtype, axes, keepdim)
