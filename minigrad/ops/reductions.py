"""Many entries become one: sum, mean."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..tensor import Tensor
from ..tensor_base import _axis
from . import either
from .arithmetic import to
from .operation import Operation

Dims = tuple[int, ...]


def spread(grad: Any, sizes: tuple[int, ...], dims: Dims, keepdim: bool) -> Any:
    """The transpose of a sum: each entry that was summed gets the same cotangent."""
    if not keepdim and grad.ndim != len(sizes):
        grad = either.unsqueeze(grad, dims)
    return either.expand(grad, sizes)


_sum = Operation("sum", "self", lambda self: np.add.reduce(self, None), jvp="linear")
_sum.derivative("self", "grad", lambda grad, self_sizes: either.expand(grad, self_sizes))

_sum_dims = Operation(
    "sum", "self", lambda self, dim, keepdim: np.sum(self, axis=dim, keepdims=keepdim),
    options="dim keepdim", shown="sum(self, dim)", node="SumBackward1", jvp="linear",
)  # fmt: skip
_sum_dims.derivative("self", "grad", lambda grad, self_sizes, dim, keepdim: spread(
    grad, self_sizes, dim, keepdim))  # fmt: skip

_mean = Operation(
    "mean",
    "self",
    lambda self: np.add.reduce(self, None) / self.dtype.type(self.size),
    jvp="linear",
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
    jvp="linear",
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
    if dtype is not None:
        input = to(input, dtype)
    elif input._array.dtype.kind != "f":
        input = to(input, int)
    return _sum.call(input) if dim is None else _sum_dims.call(input, dims_of(input, dim), keepdim)


def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of all entries, or along `dim`. Raises RuntimeError for an integer tensor."""
    if dtype is not None:
        input = to(input, dtype)
    if input._array.dtype.kind != "f":
        raise RuntimeError(
            f"mean(): could not infer output dtype. {'Input' if dtype is None else 'Optional'} "
            "dtype must be either a floating point or "
            f"complex dtype. Got: {input.dtype.type_name.removesuffix('Tensor')}"
        )
    if dim is None:
        return _mean.call(input)
    dims = dims_of(input, dim)
    count = int(np.prod([input._array.shape[d] for d in dims]))
    return _mean_dims.call(input, dims, keepdim, count)


_nansum = Operation(
    "nansum", "self", lambda self, dim, keepdim: np.nansum(
        self, axis=dim, keepdims=keepdim, dtype=self.dtype),
    options="dim keepdim",
)  # fmt: skip
_nansum.derivative(
    "self",
    r"grad \odot [self \text{ is a number}]",
    lambda grad, self, dim, keepdim: either.mask(
        spread(grad, self.shape, dim, keepdim), ~either.isnan(self)
    ),
)
_nansum.tangent(lambda tangents, self, dim, keepdim: either.sum(
    either.mask(tangents["self"], ~either.isnan(self)), dim, keepdim))  # fmt: skip


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum, where nan counts as 0."""
    if dtype is not None or input._array.dtype.kind != "f":
        input = to(input, int if dtype is None else dtype)
    return _nansum(input, dims_of(input, () if dim is None else dim), keepdim)


def _truth(name: str, function: Any) -> Any:
    operation = Operation(
        name, "self", lambda self, dim, keepdim: function(self, axis=dim, keepdims=keepdim).astype(
            np.uint8 if self.dtype == np.uint8 else np.bool_),
        options="dim keepdim",
    )  # fmt: skip

    def reduced(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
        return operation(input, dims_of(input, () if dim is None else dim), keepdim)

    reduced.__name__ = reduced.__qualname__ = name
    reduced.__doc__ = f"Whether {name} entries are not 0, of all or along `dim`."
    return reduced


all, any = _truth("all", np.all), _truth("any", np.any)

_count_nonzero = Operation(
    "count_nonzero", "self", lambda self, dim: np.count_nonzero(self, axis=dim), options="dim"
)


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many entries are not 0, of all or along `dim`."""
    return _count_nonzero(input, dims_of(input, () if dim is None else dim))
