"""Many entries become one: sum, mean."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..autograd.cotangents import broadcasts
from ..dtypes import named
from ..tensor import Tensor
from ..tensor_base import axis_of
from ..written import written
from . import either
from .operation import Operation
from .type_casts import in_dtype, to
from .with_numbers import over

Dims = tuple[int, ...]


def spread(grad: Any, sizes: tuple[int, ...], dims: Dims, keepdim: bool) -> Any:
    """The transpose of a sum: each entry that was summed gets the same cotangent."""
    if not keepdim and grad.ndim != len(sizes):
        grad = either.unsqueeze(grad, dims)
    return either.expand(grad, sizes)


def beside(result: Any, dims: Dims, keepdim: bool) -> Any:
    """What a reduction made, or its cotangent, so that it broadcasts beside what was reduced."""
    return result if keepdim or not result.ndim else either.unsqueeze(result, dims)


_sum = Operation(
    "sum", "self", lambda self: np.add.reduce(self, None, self.dtype), jvp="linear", rows=True
)
_sum.derivative("self", "grad", lambda grad, self_sizes: _everywhere(grad, self_sizes))


def _everywhere(grad: Any, sizes: tuple[int, ...]) -> Any:
    """A number, or each of several, at all places of a tensor of these sizes."""
    if grad.ndim:
        grad, sizes = grad.reshape(-1, *[1] * len(sizes)), (len(grad), *sizes)
    return either.expand(grad, sizes)


_sum_dims = Operation(
    "sum", "self", lambda self, dim, keepdim: np.add.reduce(
        self, axis=dim, dtype=self.dtype, keepdims=keepdim),
    options="dim keepdim", shown="sum(self, dim)", node="SumBackward1", jvp="linear", layout="C",
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
    lambda grad, self_sizes, self_numel: over(either.expand(grad, self_sizes), self_numel),
)

_mean_dims = Operation(
    "mean", "self", lambda self, dim, keepdim, count:
        np.add.reduce(self, axis=dim, keepdims=keepdim) / self.dtype.type(count),
    options="dim keepdim count", shown="mean(self, dim)", node="MeanBackward1",
    jvp="linear", layout="C",
)  # fmt: skip
_mean_dims.derivative(
    "self",
    r"\tfrac{1}{count} \, grad",
    lambda grad, self_sizes, dim, keepdim, count: over(
        spread(grad, self_sizes, dim, keepdim), count
    ),
)
_mean_dims.shows("self_sizes self_numel dim keepdim")


def dims_of(input: Tensor, dim: Any, one: bool = False) -> Dims:
    """The axes that `dim` means, counted from the front, in ascending order; all if it is None.

    They remember how they were written: as several, or as `one` number. Raises IndexError if one
    is out of range, RuntimeError if one is named twice.
    """
    if isinstance(dim, Tensor):
        dim = int(dim)
    one_axis = isinstance(dim, int | np.integer)
    given = () if dim is None else (dim,) if one_axis else tuple(dim)
    dims = sorted(axis_of(d, input.ndim) for d in given)
    for d, following in pairwise(dims):
        if d == following:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    found = tuple(dims) if dims and input.ndim else tuple(range(input.ndim))
    return written(found, dim if one or dim is None else given)


def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum of all entries, or along `dim`. Integers and bools add up as int64."""
    everything = dim is None and not keepdim
    options = () if everything else (dims_of(input, dim), keepdim)
    operation: Any = _sum.call if everything else _sum_dims.call
    if dtype is not None:
        return in_dtype(operation, input, dtype, *options)
    return operation(input if input._array.dtype.kind == "f" else to(input, int), *options)


def _kind_of_mean(name: str, input: Tensor, dtype: Any) -> Any:
    """The dtype of a mean. Raises RuntimeError if that is no floating point dtype."""
    kind = input.dtype if dtype is None else named(dtype)
    if not kind.is_floating_point:
        raise RuntimeError(
            f"{name}(): could not infer output dtype. {'Input' if dtype is None else 'Optional'} "
            "dtype must be either a floating point or "
            f"complex dtype. Got: {kind.type_name.removesuffix('Tensor')}"
        )
    return kind


def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of all entries, or along `dim`. Raises RuntimeError for an integer tensor."""
    kind = _kind_of_mean("mean", input, dtype)
    if dim is None and not keepdim:
        return _mean.call(input) if dtype is None else in_dtype(_mean.call, input, dtype)
    dims = dims_of(input, dim)
    count = int(np.prod([input._array.shape[d] for d in dims]))
    return in_dtype(_mean_dims.call, input, kind, dims, keepdim, count)


_nansum = Operation(
    "nansum", "self", lambda self, dim, keepdim: np.add.reduce(
        np.where(np.isnan(self), 0, self), axis=dim, dtype=self.dtype, keepdims=keepdim),
    options="dim keepdim", layout="C",
)  # fmt: skip
_nansum.derivative(
    "self",
    r"grad \odot [self \text{ is a number}]",
    lambda grad, self, dim, keepdim: (
        spread(grad, self.shape, dim, keepdim)
        * either.cast(~either.isnan(self), either.numpy_dtype(grad))
    ),
)
_nansum.tangent(lambda tangents, self, dim, keepdim: either.sum(
    either.mask(tangents["self"], ~either.isnan(self)), dim, keepdim))  # fmt: skip


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The sum, where nan counts as 0."""
    dims = dims_of(input, dim)
    if dtype is None:
        dtype = input.dtype if input._array.dtype.kind == "f" else int
    return in_dtype(_nansum, input, dtype, dims, keepdim)


def nanmean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The mean of those entries that are numbers. Raises RuntimeError for an integer tensor."""
    if not input.dtype.is_floating_point:
        raise RuntimeError(
            "nanmean(): expected input to have floating point or complex dtype but got "
            + input.dtype.type_name.removesuffix("Tensor")
        )
    _kind_of_mean("nanmean", input, dtype)
    numbers = sum(~either.isnan(input.detach()), dim, keepdim)
    total: Any = nansum(input, dim, keepdim, dtype=dtype)
    return total / numbers


def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """The transpose of broadcasting: a sum over the axes along which `size` would be stretched.

    Raises RuntimeError if it could not be stretched to the shape of the tensor.
    """
    sizes = tuple(size[0]) if len(size) == 1 and isinstance(size[0], (tuple, list)) else size
    shape = input._array.shape
    if not broadcasts(sizes, shape):
        raise RuntimeError(f"size {{{list(sizes)}}} is not expandable to size {{{list(shape)}}}.")
    if not shape:  # a sum over nothing, but a tensor of its own
        return sum(input)
    return input if sizes == shape else either.sum_to(input, sizes)


def _truth(name: str, function: Any) -> Any:
    operation = Operation(
        name, "self", lambda self, dim, keepdim: function(self, axis=dim, keepdims=keepdim).astype(
            np.uint8 if self.dtype == np.uint8 else np.bool_),
        options="dim keepdim", layout="C",
    )  # fmt: skip

    def reduced(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
        nowhere = isinstance(dim, (tuple, list)) and not dim  # along no axis, not along all of them
        return operation(input, () if nowhere else dims_of(input, dim), keepdim)

    reduced.__name__ = reduced.__qualname__ = name
    reduced.__doc__ = f"Whether {name} entries are not 0, of all or along `dim`."
    return reduced


all, any = _truth("all", np.all), _truth("any", np.any)

_count_nonzero = Operation(
    "count_nonzero", "self", lambda self, dim: np.count_nonzero(self, axis=dim), options="dim",
    layout="C",
)  # fmt: skip


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many entries are not 0, of all or along `dim`."""
    return _count_nonzero(input, dims_of(input, dim))
