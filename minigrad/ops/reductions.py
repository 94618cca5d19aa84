"""Many entries become one: sum, mean."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..tensor import Tensor, _axis
from . import either
from .operation import Operation

Dims = tuple[int, ...]


def spread(grad: Any, sizes: tuple[int, ...], dims: Dims, keepdim: bool) -> Any:
    """The transpose of a sum: each entry that was summed gets the same cotangent."""
    if not keepdim and grad.ndim != len(sizes):
        grad = either.unsqueeze(grad, dims)
    return either.expand(grad, sizes)


_sum = Operation("sum", "self", np.sum)
_sum.derivative("self", "grad", lambda grad, self_sizes: either.expand(grad, self_sizes))

_sum_dims = Operation(
    "sum", "self", lambda self, dim, keepdim: np.sum(self, axis=dim, keepdims=keepdim),
    options="dim keepdim", shown="sum(self, dim)", node="SumBackward1",
)  # fmt: skip
_sum_dims.derivative("self", "grad", lambda grad, self_sizes, dim, keepdim: spread(
    grad, self_sizes, dim, keepdim))  # fmt: skip

_mean = Operation(
    "mean", "self", lambda self: np.add.reduce(self, None) / self.dtype.type(self.size)
)
_mean.derivative(
    "self",
    r"\tfrac{1}{self_numel} \, grad",
    lambda grad, self_sizes, self_numel: either.expand(grad, self_sizes) / self_numel,
)

_mean_dims = Operation(
    "mean", "self", lambda self, dim, keepdim, count:
        np.sum(self, axis=dim, keepdims=keepdim) / self.dtype.type(count),
    options="dim keepdim count", shown="mean(self, dim)", node="MeanBackward1",
)  # fmt: skip
_mean_dims.derivative(
    "self",
    r"\tfrac{1}{count} \, grad",
    lambda grad, self_sizes, dim, keepdim, count: spread(grad, self_sizes, dim, keepdim) / count,
)


def dims_of(input: Tensor, dim: Any) -> Dims:
    """The axes that `dim` means, counted from the front, in ascending order.

    Raises IndexError if one is out of range, RuntimeError if one is named twice.
    """
    given = (dim,) if isinstance(dim, int) else tuple(dim)
    dims = sorted(_axis(d, input.ndim) for d in given)
    for d, following in pairwise(dims):
        if d == following:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return tuple(dims) if dims and input.ndim else tuple(range(input.ndim))


def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of all entries, or along `dim`. Integers and bools add up as int64."""
    from .arithmetic import to

    if dtype is not None:
        input = to(input, dtype)
    elif input._array.dtype.kind != "f":
        input = to(input, int)
    return _sum(input) if dim is None else _sum_dims(input, dims_of(input, dim), keepdim)


def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of all entries, or along `dim`. Raises RuntimeError for an integer tensor."""
    from .arithmetic import to

    if dtype is not None:
        input = to(input, dtype)
    if input._array.dtype.kind != "f":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating point or "
            f"complex dtype. Got: {input.dtype.type_name.removesuffix('Tensor')}"
        )
    if dim is None:
        return _mean(input)
    dims = dims_of(input, dim)
    count = int(np.prod([input._array.shape[d] for d in dims]))
    return _mean_dims(input, dims, keepdim, count)
