"""Picking and putting by tensors of places, as it is called: what fits, and PyTorch's errors.

The operations themselves, with their derivatives, are in `gathering.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from ..tensor_base import axis_of
from ..type_names import type_name
from ..versions import with_places
from ..warn import warn
from . import gathering
from .gathering import Shape, _slices
from .in_place import overwrite, warn_of_stretched
from .refusals import check_range, differentiable, type_word


def _bounds(index: np.ndarray, dim: int, length: int) -> None:
    outside = (index < 0) | (index >= length)
    if outside.any():
        raise RuntimeError(
            f"index {index[outside].flat[0]} is out of bounds for dimension {dim} with size "
            f"{length}"
        )


def _along_index(
    name: str, input: Tensor, dim: int, index: Tensor, like: str = "input"
) -> tuple[int, np.ndarray]:
    """`dim` and `index` of gather and scatter, checked."""
    axis, array = axis_of(dim, input.ndim), index._array
    if array.dtype.kind != "i":
        if array.size:
            raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")
        array = array.astype(np.int64)
    if array.size and max(array.ndim, 1) != max(input.ndim, 1):
        raise RuntimeError(f"Index tensor must have the same number of dimensions as {like} tensor")
    return axis, array


def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    """out[i][j] = input[index[i][j]][j] (for dim 0): picks along one axis, in the shape of `index`.

    Raises RuntimeError if `index` is larger than `input` elsewhere, or points outside of it.
    """
    axis = axis_of(dim, input.ndim)
    for d, (n, m) in enumerate(zip(index._array.shape, input._array.shape, strict=False)):
        if d != axis and n > m and index.ndim == input.ndim:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(index.shape)} to be no "
                f"larger than self {list(input.shape)} apart from dimension {axis}"
            )
    axis, places_ = _along_index("gather", input, dim, index)
    _bounds(places_, axis, input._array.shape[axis] if input.ndim else 1)
    return with_places(gathering._gather(input, axis, places_), "index", index)


def scatter(
    input: Tensor, dim: int, index: Tensor, src: Any = None, value: Any = None, *,
    reduce: str | None = None, name: str = "scatter",
) -> Tensor:  # fmt: skip
    """A copy with out[index[i][j]][j] = src[i][j] (for dim 0); `src` may be a number.

    With `reduce`, "add" or "multiply", what was there counts too; that has no derivative, and is
    deprecated for a tensor. `name` is that of the function, for errors.
    """
    src = value if src is None else src
    if reduce is not None and isinstance(src, Tensor):
        warn(REDUCED)
    if reduce not in (None, "add", "multiply"):
        raise RuntimeError("reduce argument must be either add or multiply.")
    put_tensor, put_number = gathering._scatter, gathering._scatter_value
    how = () if reduce is None else (reduce,)
    if reduce is not None:
        put_tensor, put_number = gathering.COMBINING[name]
    if isinstance(src, Tensor):
        axis, places_ = _checked(input, dim, index, src)
        out = put_tensor(input, src, axis, places_, *how)
    else:
        axis, places_ = _along_index("scatter", input, dim, index, "self")
        _check_sizes(input, axis, index, None)
        check_range(src, input._array.dtype)
        out = put_number(input, axis, places_, src, *how)
    return out if how else with_places(out, "index", index)


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """A copy with src[i][j] added to out[index[i][j]][j] (for dim 0).

    Raises RuntimeError for an `index` that does not fit or points outside.
    """
    if not isinstance(src, Tensor):
        raise TypeError(
            "scatter_add(): argument 'src' (position 3) must be Tensor, not " + type_name(src)
        )
    axis, places_ = _checked(input, dim, index, src)
    return with_places(gathering._scatter_add(input, src, axis, places_), "index", index)


def _checked(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Any:
    """`dim` and `index`, after all that can be wrong with them and with `src`."""
    axis_of(dim, input.ndim)
    if src._array.dtype != input._array.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    axis, places_ = _along_index("scatter", input, dim, index, "self")
    _check_sizes(input, axis, index, src)
    return axis, places_


def _check_sizes(input: Tensor, axis: int, index: Tensor, src: Tensor | None) -> None:
    """Raise RuntimeError if `index` is too large, or points outside of `input`."""
    of, own = index._array.shape, input._array.shape
    too_large = any(n > m for d, (n, m) in enumerate(zip(of, own, strict=False)) if d != axis)
    rest = ""
    if src is not None and index.numel():
        other = max(src.ndim, 1) != max(index.ndim, 1)
        rest = f" and to be no larger size than src {list(src.shape)}"
        if not too_large and (src.ndim or not other):
            lengths = src._array.shape or (1,)
            too_large = any(n > lengths[axis_of(d, src.ndim)] for d, n in enumerate(of))
        if other:
            raise RuntimeError("Index tensor must have the same number of dimensions as src tensor")
    if too_large:
        raise RuntimeError(
            f"Expected index {list(of)} to be no larger than self {list(own)} apart from "
            f"dimension {axis}{rest}"
        )
    _bounds(index._array, axis, own[axis] if own else 1)


def take(input: Tensor, index: Tensor) -> Tensor:
    """The entries at these places, counted as if `input` were one row.

    Raises IndexError for a place that is not there, RuntimeError for places that are not int64.
    """
    if index._array.dtype != np.int64:
        raise RuntimeError(
            f"take(): Expected a long tensor for index, but got {type_word(index._array)}"
        )
    count = input._array.size
    if not count and index._array.size:
        raise IndexError("take(): tried to take from an empty tensor")
    for place in index._array[(index._array < -count) | (index._array >= count)].flat:
        raise IndexError(
            f"out of range: tried to access index {place} on a tensor of {count} elements."
        )
    return with_places(gathering._take(input, index._array), "index", index)


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices of `input` along `dim` at the places in `index`, a vector.

    Raises IndexError or RuntimeError for an `index` that is no vector of whole numbers, or points
    outside.
    """
    axis, array = axis_of(dim, input.ndim), index._array
    if array.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if not input.ndim and array.size != 1:
        raise RuntimeError(
            f"index_select(): Index to scalar can have only 1 value, got {array.size} value(s)"
        )
    if array.dtype.kind != "i":
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    length = input._array.shape[axis] if input.ndim else 1
    outside = array[(array < 0) | (array >= length)]
    if outside.size and not length and input.ndim > 1:
        raise RuntimeError("index_select(): self indexing axis dim should be positive")
    if outside.size and input.ndim > 1 and (axis == 1 or not input._array.size):
        raise RuntimeError(
            f"INDICES element is out of DATA bounds, id={outside.flat[0]} axis_dim={length}"
        )
    if outside.size:
        raise IndexError("index out of range in self")
    return with_places(gathering._index_select(input, axis, array.reshape(-1)), "index", index)


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    """A copy with the slices of `source` times `alpha` added in at the places in `index`."""
    axis, places_ = index_of_slices("index_add_", input, dim, index, source)
    out = gathering._index_add(input, source, axis, places_, alpha)
    return with_places(out, "index", index)


def index_of_slices(
    name: str, input: Tensor, dim: int, index: Tensor, source: Tensor
) -> tuple[int, np.ndarray]:
    """The axis and the places, after all that can be wrong with them; `name` is who asks.

    Raises IndexError or RuntimeError.
    """
    axis = axis_of(dim, input.ndim)
    of, own = source._array.shape, input._array.shape
    if index.ndim > 1:
        raise IndexError(
            f"{name}(): Index is supposed to be a vector, but got dim: {index.ndim} with type: "
            f"{type_word(index._array)} and size: {list(index.shape)}"
        )
    if index._array.dtype not in (np.int32, np.int64):
        raise RuntimeError(
            f"{name}(): Expected dtype int32/int64 for index but got: {type_word(index._array)}"
        )
    if input._array.dtype != source._array.dtype:
        raise RuntimeError(
            f"{name}(): self ({type_word(input._array)}) and source "
            f"({type_word(source._array)}) must have the same scalar type"
        )
    if of and axis >= len(of):
        raise RuntimeError(
            f"{name}(): Indexing dim {axis} is out of bounds of the source tensor with dim "
            f"{len(of)}"
        )
    if index.numel() != (of[axis] if of else 1):
        source.size(axis)  # of a tensor without axes PyTorch has another error
        raise RuntimeError(
            f"{name}(): Number of indices ({index.numel()}) should be equal to "
            f"source.size(dim): ({of[axis] if of else 1}), for dim: {axis}"
        )
    if len(of) != len(own) or of[:axis] + of[axis + 1 :] != own[:axis] + own[axis + 1 :]:
        raise _other_shape(own, of)
    places_ = index._array.reshape(-1)
    if len(own) < 2 and np.any((places_ < 0) | (places_ >= (own or (1,))[0])):
        raise IndexError("index out of range in self")
    _bounds(places_, axis, own[axis] if own else 1)
    return axis, places_


def _other_shape(own: Shape, of: Shape) -> RuntimeError:
    return RuntimeError(
        "source tensor shape must match self tensor shape, excluding the specified dimension. "
        f"Got self.shape = {list(own)} source.shape = {list(of)}"
    )


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """A copy with the slices of `source` put at the places in `index`.

    Raises IndexError or RuntimeError for an `index` or a `source` that does not fit.
    """
    axis = axis_of(dim, input.ndim)
    of, own = source._array.shape, input._array.shape
    if index.ndim > 1:
        raise IndexError(f"index_copy_(): Index should have dimension 1 or 0 (got {index.ndim})")
    if of and own and len(of) != len(own):
        raise IndexError(
            "index_copy_(): When source and destination are not scalars, their dimensionality must "
            f"match. Source dimensionality ({len(of)}), destination dimensionality ({len(own)})"
        )
    if not of and index.numel() != 1:
        raise IndexError(
            "index_copy_(): When source is scalar, index should have one element (got "
            f"{index.numel()})"
        )
    if index._array.dtype != np.int64:
        raise RuntimeError(
            f"index_copy_(): Expected a long tensor for index, but got {type_word(index._array)}"
        )
    if input._array.dtype != source._array.dtype:
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{type_word(input._array)} and (source) {type_word(source._array)}"
        )
    if of[:axis] + of[axis + 1 :] != own[:axis] + own[axis + 1 :]:
        raise RuntimeError(
            "index_copy_(): Source/destination tensor must have same slice shapes. Destination "
            f"slice shape: {_listed(own[:axis] + own[axis + 1 :])} at dimension {axis} and source "
            f"slice shape: {_listed(of[:axis] + of[axis + 1 :])} at dimension 0."
        )
    if index.numel() != (of[axis] if of else 1):
        raise IndexError(
            f"index_copy_(): Number of indices ({index.numel()}) should be equal to "
            f"source.size(dim) ({of[axis] if of else 1})"
        )
    array = index._array.reshape(-1)
    _within(array, axis, own[axis] if own else 1, "index_copy_(): ")
    return with_places(gathering._index_copy(input, source, axis, array), "index", index)


def _listed(shape: Shape) -> str:
    return " ".join(map(str, shape))


def _within(array: np.ndarray, dim: int, length: int, before: str = "") -> None:
    try:
        _bounds(array, dim, length)
    except RuntimeError as error:
        raise IndexError(before + str(error)) from None


def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """A copy with `value` in the slices at the places in `index`."""
    _check_filling(index, value)
    return differentiable(_filled(input, dim, index, value))


def _check_filling(index: Tensor, value: Any) -> None:
    if isinstance(value, Tensor) and value.ndim:
        raise RuntimeError(
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{value.ndim} dimension(s)."
        )
    if index._array.dtype != np.int64:
        raise IndexError("index_fill_(): Expected dtype int64 for index.")


def _filled(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    axis, array = axis_of(dim, input.ndim), index._array.reshape(-1)
    if index.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    check_range(value._array if isinstance(value, Tensor) else value, input._array.dtype)
    length = input._array.shape[axis] if input.ndim else 1
    counted = np.where(array < 0, array + length, array)  # from the end, which no other here does
    _within(np.where(counted < 0, array, counted), axis, length)
    array = counted
    if isinstance(value, Tensor):
        out = gathering._index_fill_tensor(input, value, axis, array)
    else:
        out = gathering._index_fill(input, axis, array, value)
    return with_places(out, "index", index)


def index_fill_(self: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """`index_fill`, in place. Returns the tensor itself.

    As in PyTorch, what comes before a place that does not exist is written before the error.
    """

    def filled(before: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
        _check_filling(index, value)
        warn_of_stretched(self, "index_fill_")
        return _filled(before, dim, index, value)

    try:
        return overwrite(filled, self, dim, index, value, writer="index_fill_")
    except IndexError as error:
        if "is out of bounds" not in str(error):
            raise
        axis, array = axis_of(dim, self.ndim), index._array.reshape(-1)
        length = self._array.shape[axis] if self.ndim else 1
        good = array[: np.argmax((array < -length) | (array >= length))]
        if len(good):
            self._array[_slices(self._array, axis, good)] = getattr(value, "_array", value)
        raise


REDUCED = (
    "The reduce argument of torch.scatter with Tensor src is deprecated and will be removed in a "
    "future PyTorch release. Use torch.scatter_reduce instead for more reduction options."
)


def _scattering(function: Any, add: bool) -> Any:
    """The in-place form of scatter or scatter_add."""

    def method(
        self: Tensor, dim: int, index: Tensor, src: Any = None, value: Any = None, **options: Any
    ) -> Tensor:
        src = value if src is None else src
        writer = function.__name__ + "_"
        if options:  # scatter_ with reduce=
            return overwrite(function, self, dim, index, src, writer=writer, name=writer, **options)
        try:
            return overwrite(function, self, dim, index, src, writer=writer)
        except RuntimeError as error:
            if "is out of bounds for dimension" in str(error):
                _scatter_until(self._array, axis_of(dim, self.ndim), index._array, src, add)
            raise

    method.__name__ = method.__qualname__ = function.__name__ + "_"
    method.__doc__ = f"""`{function.__name__}`, in place. Returns the tensor itself.

    As in PyTorch, what comes before a place that does not exist is written before the error.
    """
    return method


scatter_, scatter_add_ = _scattering(scatter, False), _scattering(scatter_add, True)


def _scatter_until(array: np.ndarray, dim: int, index: np.ndarray, src: Any, add: bool) -> None:
    """Write line by line along `dim`, up to the first place that does not exist."""
    lines = np.moveaxis(index, dim, -1) if index.ndim else index.reshape(1)
    for other in np.ndindex(lines.shape[:-1]):
        for k, place in enumerate(lines[other]):
            if not 0 <= place < (array.shape[dim] if array.ndim else 1):
                return
            here = (*other[:dim], place, *other[dim:]) if array.ndim else ...
            there = (*other[:dim], k, *other[dim:])
            number = src._array[there] if isinstance(src, Tensor) else src
            array[here] = array[here] + number if add else number
