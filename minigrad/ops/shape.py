"""The same entries in another shape. Most results are views: they share memory with the input."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .. import dtypes
from ..calling import checked
from ..tensor import Tensor
from ..tensor_base import axis_of
from ..written import written
from . import either
from .formats import contiguous
from .operation import Operation
from .refusals import type_word

_view = Operation(
    "view", "self", lambda self, size: self.reshape(size), options="size", view=True,
    shown="self.view(size)",
)  # fmt: skip
_view.derivative("self", "grad", lambda grad, self_sizes: either.reshape(grad, self_sizes))

_reshape_alias = Operation(
    "reshape_alias", "self", lambda self, size: self.reshape(size), options="size", view=True,
    shown="self.reshape(size)",
)  # fmt: skip
_reshape_alias.derivative("self", "grad", lambda grad, self_sizes: either.reshape(grad, self_sizes))

_reshape_copy = Operation(
    "unsafe_view", "self", lambda self, size: self.reshape(size), options="size",
    shown="self.reshape(size)", jvp="linear",
)  # fmt: skip
_reshape_copy.derivative("self", "grad", lambda grad, self_sizes: either.reshape(grad, self_sizes))

_expand = Operation(
    "expand",
    "self",
    lambda self, size: _stretch(self, size),
    options="size",
    view=True,
    fit=True,
    shown="self.expand(size)",
)
_expand.derivative("self", r"\textstyle\sum grad", lambda grad, self_sizes: (
    grad if grad.shape == self_sizes else either.sum_to(grad, self_sizes)))  # fmt: skip


def one_more(array: np.ndarray, dim: int) -> np.ndarray:
    """A view with an axis of length 1 at `dim`; its stride is PyTorch's."""
    size, steps = array.shape, array.strides
    step = size[dim] * steps[dim] if dim < array.ndim else array.itemsize
    return as_strided(
        array, (*size[:dim], 1, *size[dim:]), (*steps[:dim], step, *steps[dim:]),
        writeable=array.flags.writeable,
    )  # fmt: skip


_unsqueeze = Operation(
    "unsqueeze", "self", one_more, options="dim", view=True, shown="self.unsqueeze(dim)"
)
_unsqueeze.derivative("self", "grad", lambda grad, dim: grad.squeeze(dim))

_squeeze = Operation("squeeze", "self", np.squeeze, view=True, shown="self.squeeze()")
_squeeze.derivative("self", "grad", lambda grad, self_sizes: either.unsqueeze(
    grad, tuple([dim for dim, n in enumerate(self_sizes) if n == 1])))  # fmt: skip

_squeeze_dims = Operation(
    "squeeze", "self", np.squeeze, options="dim", view=True, node="SqueezeBackward2",
    shown="self.squeeze(dim)",
)  # fmt: skip
_squeeze_dims.derivative("self", "grad", lambda grad, dim: either.unsqueeze(grad, sorted(dim)))
_squeeze_dims.shows("self_sizes dim")

_squeeze_dim = Operation(
    "squeeze", "self", np.squeeze, options="dim", view=True, node="SqueezeBackward1",
    shown="self.squeeze(dim)",
)  # fmt: skip
_squeeze_dim.derivative("self", "grad", lambda grad, dim: either.unsqueeze(grad, dim))
_squeeze_dim.shows("self_sizes dim")


def _stretch(array: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """NumPy's broadcasting, but writable: overlapping writes are refused elsewhere."""
    steps: list[int] = []
    lengths = (1,) * (len(size) - array.ndim) + array.shape
    own = (None,) * (len(size) - array.ndim) + array.strides
    for n, length, step in reversed(list(zip(size, lengths, own, strict=True))):
        if step is None:  # a new axis: as PyTorch counts it
            step = steps[0] * size[-len(steps)] if array.ndim else 0
        steps.insert(0, step if n == length else 0)
    return as_strided(array, size, steps, writeable=array.flags.writeable)


def _sizes(input: Tensor, size: tuple[Any, ...]) -> tuple[int, ...]:
    """The asked-for shape, -1 filled in. Raises RuntimeError if it cannot hold the entries."""
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = tuple(size[0])
    count, unknown = 1, None
    for k, n in enumerate(size):
        if n == -1:
            if unknown is not None:
                raise RuntimeError("only one dimension can be inferred")
            unknown = k
        elif n < 0:
            raise RuntimeError(f"invalid shape dimension {n} at index {k} of shape {list(size)}")
        else:
            count *= n
    total = input._array.size
    if total == count == 0 and unknown is not None:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(size)} because the unspecified "
            "dimension size -1 can be any value and is ambiguous"
        )
    if total != count if unknown is None else count == 0 or total % count:
        raise RuntimeError(f"shape '{list(size)}' is invalid for input of size {total}")
    return tuple(total // count if n == -1 else int(n) for n in size)


def view(input: Tensor, *size: Any, dtype: Any = None) -> Tensor:
    """The same memory in another shape, or read as another dtype: `x.view(torch.int32)`.

    Raises RuntimeError if that needs a copy.
    """
    if dtype is not None or (len(size) == 1 and isinstance(size[0], (dtypes.dtype, type))):
        return _read_as(input, dtypes.named(dtype or size[0]))
    sizes = _sizes(input, size)
    try:
        input._array.reshape(sizes, copy=False)
    except ValueError:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        ) from None
    return _view(input, sizes)


def _read_as(input: Tensor, dtype: dtypes.dtype) -> Tensor:
    array = input._array
    before, after = array.itemsize, dtype.itemsize
    how = (
        f"to view {type_word(array)} as {dtype.type_name.removesuffix('Tensor')} (different "
        "element sizes)"
    )
    if before != after and array.ndim == 0:
        raise RuntimeError(f"self.dim() cannot be 0 {how}")
    if before < after and array.shape[-1] * before % after:
        raise RuntimeError(
            f"self.size(-1) must be divisible by {after // before} {how}, but got {array.shape[-1]}"
        )
    if before != after and input.stride(-1) != 1:
        raise RuntimeError(f"self.stride(-1) must be 1 {how}, but got {input.stride(-1)}")
    if before < after:
        starts = [("storage_offset()", input.storage_offset())]
        steps = [(f"stride({axis})", step) for axis, step in enumerate(input.stride()[:-1])]
        for name, number in starts + steps:
            if number % (after // before):
                raise RuntimeError(
                    f"self.{name} must be divisible by {after // before} {how}, but got {number}"
                )
    out = input._without_history()
    out._array = array.view(dtype.numpy)
    return out


def reshape(input: Tensor, *size: Any) -> Tensor:
    """The same entries in another shape: a view where possible, else a copy."""
    sizes = _sizes(input, size)
    if input._array.flags.c_contiguous:
        return _view(input, sizes)
    try:
        input._array.reshape(sizes, copy=False)
    except ValueError:
        return _reshape_copy(contiguous(input), sizes)
    return _reshape_alias(input, sizes)


def backend(input: Tensor) -> str:
    """The type of a tensor as PyTorch's C++ names it."""
    return "CPUBoolType" if input._array.dtype == bool else input.type()


def expand(input: Tensor, *size: Any) -> Tensor:
    """`input` stretched to a larger shape without a copy; -1 keeps a length.

    Raises RuntimeError if an axis that is not of length 1 would have to be stretched.
    """
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = tuple(size[0])
    extra = len(size) - input.ndim
    for n in size[: max(extra, 0)]:
        if n < -1 or (n == -1 and not input.ndim):
            raise RuntimeError("numel: integer multiplication overflow")
    if extra < 0:
        raise RuntimeError(
            f"expand({backend(input)}{{{list(input.shape)}}}, size={list(size)}): the number of "
            f"sizes provided ({len(size)}) must be greater or equal to the number of dimensions "
            f"in the tensor ({input.ndim})"
        )
    sizes = tuple(input.shape[k] if n == -1 and k >= 0 else n for k, n in enumerate(size, -extra))
    for k, n in reversed(list(enumerate(sizes, -extra))):
        if k < 0 and n < 0:
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) isn't allowed in a leading, non-existing "
                f"dimension {k + extra}"
            )
        if k >= 0 and input.shape[k] not in (1, n):
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the existing size "
                f"({input.shape[k]}) at non-singleton dimension {k + extra}.  Target sizes: "
                f"{list(size)}.  Tensor sizes: {list(input.shape)}"
            )
    return _expand(input, sizes)


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A new axis of length 1 at `dim`."""
    return _unsqueeze(input, axis_of(dim, input.ndim + 1))


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Without the axes of length 1, or without those of `dim` that are of length 1."""
    if dim is None:
        return _squeeze(input)
    many = isinstance(dim, (tuple, list))
    return (_squeeze_dims if many else _squeeze_dim)(input, axes_of_one(input, dim))


def axes_of_one(input: Tensor, dim: Any) -> Any:
    """Those of the axes `dim`, one or several, that are of length 1."""
    many = isinstance(dim, (tuple, list))
    axes = [axis_of(d, input.ndim) for d in (dim if many else (dim,))]
    for d in axes:
        if axes.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    ones = tuple(d for d in axes if input._array.shape[d : d + 1] == (1,))
    return written(ones, tuple(dim) if many else dim)


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """`view` in the shape of `other`."""
    return view(input, other.shape)


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """`reshape` to the shape of `other`."""
    return reshape(input, other.shape)


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """`expand` to the shape of `other`."""
    return expand(input, other.shape)


def broadcast_to(input: Tensor, *size: Any) -> Tensor:
    """`expand` to the shape `size`, one sequence or several numbers."""
    return expand(input, *size)


def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """The axes from `start_dim` to `end_dim` as one; a view where possible.

    Raises RuntimeError if `end_dim` comes first.
    """
    start, end = axis_of(start_dim, input.ndim), axis_of(end_dim, input.ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if not input.ndim:
        return reshape(input, 1)
    if start == end:
        return input
    shape = input._array.shape
    return reshape(input, (*shape[:start], prod(shape[start : end + 1]), *shape[end + 1 :]))


def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """The axis `dim` as several, of lengths `sizes`. A view.

    Raises RuntimeError if they do not make up the axis.
    """
    axis, shape = axis_of(dim, input.ndim), input._array.shape
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    if not input.ndim:
        raise RuntimeError(
            "unflatten got an unexpected error:\nDimension specified as 0 but tensor has no "
            "dimensions"
        )
    if list(sizes).count(-1) > 1:
        raise RuntimeError("unflatten got an unexpected error:\nonly one dimension can be inferred")
    known = -prod(sizes)
    found = tuple(shape[axis] // known if n == -1 and known > 0 else n for n in sizes)
    if prod(found) != shape[axis]:
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim "
            f"{int(axis)} ({shape[axis]}) in the input tensor"
        )
    sizes = found
    return view(input, (*shape[:axis], *sizes, *shape[axis + 1 :]))


def _unflatten_of(self: Tensor, dim: int, sizes: Any) -> Tensor:
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    return _unflatten(self, dim, sizes)


_unflatten = checked(unflatten, "unflatten", method=True)


def ravel(input: Tensor) -> Tensor:
    """All entries in one row; a view where possible."""
    return reshape(contiguous(input), -1)
