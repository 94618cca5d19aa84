"""Entries picked and put by tensors of places: `gather`, `scatter`, `index_select`, masks.

Picking and putting are each other's transposes: backward of `gather` adds in where it read, and
backward of `scatter` reads where it wrote.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..tensor import Tensor, _axis, new_tensor
from . import either
from .in_place import overwrite
from .indexing import scatter as put_back
from .operation import Operation, mismatch
from .refusals import type_word

Shape = tuple[int, ...]


def places(index: np.ndarray, dim: int) -> tuple[Any, ...]:
    """The NumPy index of `gather`: along `dim` as `index` says, elsewhere its own place."""
    if not index.ndim:
        return (index,)
    own = np.indices(index.shape, sparse=True)
    return tuple(index if d == dim else own[d] for d in range(index.ndim))


def _along(dim: int, index: np.ndarray) -> tuple[Any, ...]:
    return (slice(None),) * dim + (index,)


def _slices(self: Any, dim: int, index: np.ndarray) -> Any:
    """The NumPy index of the slices at `index`; of a tensor without axes, all of it."""
    return _along(dim, index) if self.ndim else ...


def _gathered(self: np.ndarray, dim: int, index: np.ndarray) -> Any:
    return self[places(index, dim)] if self.ndim else np.broadcast_to(self, index.shape).copy()


_gather = Operation("gather", "self", _gathered, options="dim index", jvp="linear")
_gather.derivative(
    "self",
    r"\text{grad added in at index, zeros elsewhere}",
    lambda grad, self, dim, index: (
        put_back(grad, tuple(self.shape), places(index, dim)) if self.ndim else grad
    ),
)

_index_select = Operation(
    "index_select", "self",
    lambda self, dim, index: np.take(self, index, dim) if self.ndim else self.copy(),
    options="dim index", jvp="linear",
)  # fmt: skip
_index_select.derivative(
    "self",
    r"\text{grad added in at index, zeros elsewhere}",
    lambda grad, self_sizes, dim, index: (
        put_back(grad, self_sizes, _along(dim, index)) if self_sizes else grad
    ),
)

_take = Operation(
    "take", "self", lambda self, index: self.reshape(-1)[index], options="index", jvp="linear"
)
_take.derivative(
    "self",
    r"\text{grad added in at index, zeros elsewhere}",
    lambda grad, self, index: either.reshape(
        put_back(grad, (prod(self.shape),), (index,)), tuple(self.shape)
    ),
)

_masked_select = Operation(
    "masked_select", "self", lambda self, mask: np.broadcast_to(self, mask.shape)[mask],
    options="mask", jvp="linear",
)  # fmt: skip
_masked_select.derivative(
    "self",
    r"\text{grad where the mask is true, zeros elsewhere}",
    lambda grad, self, mask: either.sum_to(put_back(grad, mask.shape, (mask,)), tuple(self.shape)),
)


def _changed(self: np.ndarray, where: Any, values: Any, add: bool = False) -> np.ndarray:
    """A copy with `values` at the places `where`."""
    out = np.array(self, order="K")
    if add:
        np.add.at(out, where, values)
    else:
        out[where] = values
    return out


def _cleared(grad: Any, where: Any) -> Any:
    """`grad` with zeros at the places `where`."""
    if isinstance(grad, either.ARRAY):
        return _changed(grad, where, 0)
    keep = np.ones(grad._array.shape, bool)
    keep[where] = False
    return either.mask(grad, new_tensor(keep))


def _fitting(index: np.ndarray, src: np.ndarray) -> np.ndarray:
    return src[tuple(slice(n) for n in index.shape)]


def _src_grad(grad: Any, src_sizes: Shape, dim: int, index: np.ndarray) -> Any:
    """What was read of `src`: its first entries, as many as there are in `index`."""
    read = grad[places(index, dim)] if index.ndim else grad
    if index.shape == src_sizes:
        return read
    return put_back(read, src_sizes, tuple(slice(n) for n in index.shape))


def _scatterer(name: str, add: bool) -> Operation:
    operation = Operation(
        name, "self src", lambda self, src, dim, index: _changed(
            self, places(index, dim) if self.ndim else ..., _fitting(index, src), add),
        options="dim index", jvp="linear",
    )  # fmt: skip
    operation.derivative(
        "self", r"grad" + ("" if add else r"\text{, 0 where src was put}"),
        (lambda grad: grad) if add else lambda grad, dim, index: _cleared(grad, places(index, dim)),
    )  # fmt: skip
    operation.derivative("src", r"grad_{index}", _src_grad)
    return operation


_scatter, _scatter_add = _scatterer("scatter", False), _scatterer("scatter_add", True)

_scatter_value = Operation(
    "scatter", "self", lambda self, dim, index, value: _changed(self, places(index, dim), value),
    options="dim index value", node="ScatterBackward1",
)  # fmt: skip
_scatter_value.derivative(
    "self", r"grad\text{, 0 where value was put}",
    lambda grad, dim, index: _cleared(grad, places(index, dim)),
)  # fmt: skip
_scatter_value.tangent(lambda moved, dim, index: _cleared(moved["self"], places(index, dim)))


def _shaped(self: np.ndarray, source: np.ndarray) -> np.ndarray:
    return source if self.ndim else source.reshape(())


_index_add = Operation(
    "index_add", "self source", lambda self, source, dim, index, alpha: _changed(
        self, _slices(self, dim, index), _shaped(self, source * self.dtype.type(alpha)), add=True),
    options="dim index alpha", jvp="linear",
)  # fmt: skip
_index_add.derivative("self", "grad", lambda grad: grad)
_index_add.derivative(
    "source",
    r"alpha \, grad_{index}",
    lambda grad, source, dim, index, alpha: either.reshape(
        grad[_slices(grad, dim, index)] * alpha, tuple(source.shape)
    ),
)

_index_copy = Operation(
    "index_copy", "self source", lambda self, source, dim, index: _changed(
        self, _slices(self, dim, index), _shaped(self, source)),
    options="dim index", jvp="linear",
)  # fmt: skip
_index_copy.derivative(
    "self", r"grad\text{, 0 where source was put}",
    lambda grad, dim, index: _cleared(grad, _slices(grad, dim, index)),
)  # fmt: skip
_index_copy.derivative(
    "source",
    r"grad_{index}",
    lambda grad, source, dim, index: either.reshape(
        grad[_slices(grad, dim, index)], tuple(source.shape)
    ),
)

_index_fill = Operation(
    "index_fill", "self",
    lambda self, dim, index, value: _changed(self, _slices(self, dim, index), value),
    options="dim index value",
)  # fmt: skip
_index_fill.derivative(
    "self", r"grad\text{, 0 where value was put}",
    lambda grad, dim, index: _cleared(grad, _slices(grad, dim, index)),
)  # fmt: skip
_index_fill.tangent(
    lambda moved, dim, index: _cleared(moved["self"], _slices(moved["self"], dim, index))
)

_index_fill_tensor = Operation(
    "index_fill", "self value",
    lambda self, value, dim, index: _changed(self, _slices(self, dim, index), value),
    options="dim index", node="IndexFillBackward1", jvp="linear",
)  # fmt: skip
_index_fill_tensor.derivative(
    "self", r"grad\text{, 0 where value was put}",
    lambda grad, dim, index: _cleared(grad, _slices(grad, dim, index)),
)  # fmt: skip
_index_fill_tensor.derivative(
    "value",
    r"\textstyle\sum grad_{index}",
    lambda grad, dim, index: grad[_slices(grad, dim, index)].sum(),
)


def _filled(self: np.ndarray, value: Any, mask: np.ndarray) -> np.ndarray:
    shape = np.broadcast_shapes(self.shape, mask.shape)
    filled = np.where(mask, np.asarray(value).astype(self.dtype), np.broadcast_to(self, shape))
    return np.asarray(filled, order="C")


def _except(grad: Any, mask: np.ndarray) -> Any:
    return either.mask(grad, either.like(grad, ~mask))


_masked_fill = Operation(
    "masked_fill", "self", lambda self, mask, value: _filled(self, value, mask),
    options="mask value", fit=True,
)  # fmt: skip
_masked_fill.derivative("self", r"grad\text{, 0 where the mask is true}", _except)
_masked_fill.tangent(lambda moved, mask: _except(moved["self"].expand(
    np.broadcast_shapes(moved["self"].shape, mask.shape)), mask))  # fmt: skip

_masked_fill_tensor = Operation(
    "masked_fill", "self value", _filled, options="mask", node="MaskedFillBackward1", fit=True,
    jvp="linear",
)  # fmt: skip
_masked_fill_tensor.derivative("self", r"grad\text{, 0 where the mask is true}", _except)
_masked_fill_tensor.derivative(
    "value", r"\textstyle\sum grad\text{ where the mask is true}",
    lambda grad, mask: either.mask(grad, either.like(grad, mask)),
)  # fmt: skip


def _scattered(self: np.ndarray, source: np.ndarray, mask: np.ndarray) -> np.ndarray:
    out = np.array(np.broadcast_to(self, np.broadcast_shapes(self.shape, mask.shape)))
    mask = np.broadcast_to(mask, out.shape)
    out[mask] = source.reshape(-1)[: np.count_nonzero(mask)]
    return out


def _masked_source(grad: Any, source_sizes: Shape, mask: np.ndarray) -> Any:
    mask = np.broadcast_to(mask, tuple(grad.shape))
    read = grad[either.like(grad, mask)]
    count = prod(source_sizes)
    return either.reshape(put_back(read, (count,), (slice(len(read)),)), source_sizes)


_masked_scatter = Operation(
    "masked_scatter", "self source", _scattered, options="mask", jvp="linear"
)
_masked_scatter.derivative(
    "self", r"grad\text{, 0 where the mask is true}",
    lambda grad, self_sizes, mask: either.sum_to(_except(grad, mask), self_sizes),
)  # fmt: skip
_masked_scatter.derivative("source", r"grad\text{ where the mask is true}", _masked_source)


for _operation in (
    _index_select, _scatter, _scatter_add, _scatter_value, _index_add, _index_copy, _index_fill,
    _index_fill_tensor, _masked_fill, _masked_fill_tensor, _masked_scatter,
):  # fmt: skip
    _operation.node.frees = True  # PyTorch saves `index` and `mask` as tensors: backward frees them

# ---- what is called --------------------------------------------------------------------------


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
    axis, array = _axis(dim, input.ndim), index._array
    if array.dtype.kind != "i":
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")
    if array.size and max(array.ndim, 1) != max(input.ndim, 1):
        raise RuntimeError(f"Index tensor must have the same number of dimensions as {like} tensor")
    return axis, array


def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    """out[i][j] = input[index[i][j]][j] (for dim 0): picks along one axis, in the shape of `index`.

    Raises RuntimeError if `index` is larger than `input` elsewhere, or points outside of it.
    """
    axis = _axis(dim, input.ndim)
    for d, (n, m) in enumerate(zip(index._array.shape, input._array.shape, strict=False)):
        if d != axis and n > m and index.ndim == input.ndim:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(index.shape)} to be no "
                f"larger than self {list(input.shape)} apart from dimension {axis}"
            )
    axis, places_ = _along_index("gather", input, dim, index)
    _bounds(places_, axis, input._array.shape[axis] if input.ndim else 1)
    return _gather(input, axis, places_)


def scatter(input: Tensor, dim: int, index: Tensor, src: Any = None, value: Any = None) -> Tensor:
    """A copy with out[index[i][j]][j] = src[i][j] (for dim 0); `src` may be a number."""
    src = value if src is None else src
    if not isinstance(src, Tensor):
        axis, places_ = _along_index("scatter", input, dim, index, "self")
        _check_sizes(input, axis, index, None)
        return _scatter_value(input, axis, places_, src)
    axis, places_ = _checked("scatter", input, dim, index, src)
    return _scatter(input, src, axis, places_)


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """A copy with src[i][j] added to out[index[i][j]][j] (for dim 0)."""
    if not isinstance(src, Tensor):
        raise TypeError(
            "scatter_add(): argument 'src' (position 3) must be Tensor, not " + type(src).__name__
        )
    axis, places_ = _checked("scatter", input, dim, index, src)
    return _scatter_add(input, src, axis, places_)


def _checked(name: str, input: Tensor, dim: int, index: Tensor, src: Tensor) -> Any:
    """`dim` and `index`, after all that can be wrong with them and with `src`."""
    if src._array.dtype != input._array.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    axis, places_ = _along_index(name, input, dim, index, "self")
    _check_sizes(input, axis, index, src)
    return axis, places_


def _check_sizes(input: Tensor, axis: int, index: Tensor, src: Tensor | None) -> None:
    """Raise RuntimeError if `index` is too large, or points outside of `input`."""
    of, own = index._array.shape, input._array.shape
    too_large = any(n > m for d, (n, m) in enumerate(zip(of, own, strict=False)) if d != axis)
    rest = ""
    if src is not None:
        rest = f" and to be no larger size than src {list(src.shape)}"
        if not too_large:
            lengths = src._array.shape or (1,)
            too_large = any(n > lengths[_axis(d, src.ndim)] for d, n in enumerate(of))
        if src.ndim != index.ndim:
            raise RuntimeError("Index tensor must have the same number of dimensions as src tensor")
    if too_large:
        raise RuntimeError(
            f"Expected index {list(of)} to be no larger than self {list(own)} apart from "
            f"dimension {axis}{rest}"
        )
    _bounds(index._array, axis, own[axis] if own else 1)


def take(input: Tensor, index: Tensor) -> Tensor:
    """The entries at these places, counted as if `input` were one row."""
    if index._array.dtype != np.int64:
        raise RuntimeError(
            f"take(): Expected a long tensor for index, but got {type_word(index._array)}"
        )
    count = input._array.size
    for place in index._array[(index._array < -count) | (index._array >= count)].flat:
        raise IndexError(
            f"out of range: tried to access index {place} on a tensor of {count} elements."
        )
    return _take(input, index._array)


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices of `input` along `dim` at the places in `index`, a vector."""
    axis, array = _axis(dim, input.ndim), index._array
    if array.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if not input.ndim and array.size != 1:
        raise RuntimeError(
            f"index_select(): Index to scalar can have only 1 value, got {array.size} value(s)"
        )
    if array.dtype.kind != "i":
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    length = input._array.shape[axis] if input.ndim else 1
    if ((array < 0) | (array >= length)).any():
        raise IndexError("index out of range in self")
    return _index_select(input, axis, array.reshape(-1))


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    """A copy with the slices of `source` times `alpha` added in at the places in `index`."""
    axis = _axis(dim, input.ndim)
    of, own = source._array.shape, input._array.shape
    if index.ndim > 1:
        raise IndexError(
            f"index_add_(): Index is supposed to be a vector, but got dim: {index.ndim} with type: "
            f"{type_word(index._array)} and size: {list(index.shape)}"
        )
    if input._array.dtype != source._array.dtype:
        raise RuntimeError(
            f"index_add_(): self ({type_word(input._array)}) and source "
            f"({type_word(source._array)}) must have the same scalar type"
        )
    if of[:axis] + of[axis + 1 :] != own[:axis] + own[axis + 1 :] and len(of) == len(own):
        raise _other_shape(own, of)
    if index.numel() != (of[axis] if of else 1):
        raise RuntimeError(
            f"index_add_(): Number of indices ({index.numel()}) should be equal to "
            f"source.size(dim): ({of[axis] if of else 1}), for dim: {axis}"
        )
    if len(of) != len(own):
        raise _other_shape(own, of)
    places_ = index._array.reshape(-1)
    _bounds(places_, axis, own[axis] if own else 1)
    return _index_add(input, source, axis, places_, alpha)


def _other_shape(own: Shape, of: Shape) -> RuntimeError:
    return RuntimeError(
        "source tensor shape must match self tensor shape, excluding the specified dimension. "
        f"Got self.shape = {list(own)} source.shape = {list(of)}"
    )


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    """A copy with the slices of `source` put at the places in `index`."""
    axis = _axis(dim, input.ndim)
    of, own = source._array.shape, input._array.shape
    if index.ndim > 1:
        raise IndexError(f"index_copy_(): Index should have dimension 1 or 0 (got {index.ndim})")
    if of and own and len(of) != len(own):
        raise IndexError(
            "index_copy_(): When source and destination are not scalars, their dimensionality must "
            f"match. Source dimensionality ({len(of)}), destination dimensionality ({len(own)})"
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
            f"slice shape: {_listed(of[:axis] + of[axis + 1 :])} at dimension {axis if of else 0}."
        )
    if index.numel() != (of[axis] if of else 1):
        raise IndexError(
            f"index_copy_(): Number of indices ({index.numel()}) should be equal to "
            f"source.size(dim) ({of[axis] if of else 1})"
        )
    array = index._array.reshape(-1)
    _within(array, axis, own[axis] if own else 1, "index_copy_(): ")
    return _index_copy(input, source, axis, array)


def _listed(shape: Shape) -> str:
    return ", ".join(map(str, shape))


def _within(array: np.ndarray, dim: int, length: int, before: str = "") -> None:
    try:
        _bounds(array, dim, length)
    except RuntimeError as error:
        raise IndexError(before + str(error)) from None


def index_fill(input: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """A copy with `value` in the slices at the places in `index`."""
    if index.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    axis, array = _axis(dim, input.ndim), index._array.reshape(-1)
    _within(array, axis, input._array.shape[axis] if input.ndim else 1)
    if isinstance(value, Tensor):
        return _index_fill_tensor(input, value, axis, array)
    return _index_fill(input, axis, array, value)


def _boolean(name: str, mask: Tensor) -> np.ndarray:
    if mask._array.dtype != bool:
        raise RuntimeError(f"{name} only supports boolean masks, but got mask with dtype "
                           + mask.dtype.c_name)  # fmt: skip
    return mask._array


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """A copy with `value` where the mask is true."""
    try:
        np.broadcast_shapes(input._array.shape, mask._array.shape)
    except ValueError:
        raise mismatch(mask._array, input._array) from None
    if isinstance(value, Tensor):
        if value.ndim:
            raise RuntimeError(
                "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value.ndim} dimension(s)."
            )
        return _masked_fill_tensor(input, value, _boolean("masked_fill", mask))
    return _masked_fill(input, _boolean("masked_fill", mask), value)


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The entries where the mask is true, in a row."""
    if mask._array.dtype != bool:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    try:
        shape = np.broadcast_shapes(input._array.shape, mask._array.shape)
    except ValueError:
        raise mismatch(input._array, mask._array) from None
    return _masked_select(input, np.broadcast_to(mask._array, shape))


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """A copy with the entries of `source`, one after the other, where the mask is true."""
    array = _boolean("masked_scatter_", mask)
    if input._array.dtype != source._array.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got"
            f"{type_word(input._array)} and {type_word(source._array)}"
        )
    ones = np.count_nonzero(np.broadcast_to(
        array, np.broadcast_shapes(input._array.shape, array.shape)))  # fmt: skip
    if ones > source.numel():
        raise RuntimeError("Number of elements of source < number of ones in mask")
    return _masked_scatter(input, source, array)


def masked_scatter_(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """`masked_scatter`, in place. Returns the tensor itself.

    As in PyTorch, what there is of a `source` that is too short is written before the error.
    """

    def scattered(before: Tensor, mask: Tensor, source: Tensor) -> Tensor:
        try:
            return masked_scatter(before, mask, source)
        except RuntimeError as error:
            if "source < number" not in str(error):
                raise
            spots = np.nonzero(np.broadcast_to(mask._array, self.shape))
            for place, value in zip(zip(*spots), source._array.flat):
                self._array[place] = value
            raise

    return overwrite(scattered, self, mask, source, writer="masked_scatter_")


def index_fill_(self: Tensor, dim: int, index: Tensor, value: Any) -> Tensor:
    """`index_fill`, in place. Returns the tensor itself.

    As in PyTorch, what comes before a place that does not exist is written before the error.
    """
    try:
        return overwrite(index_fill, self, dim, index, value, writer="index_fill_")
    except IndexError:
        axis, array = _axis(dim, self.ndim), index._array.reshape(-1)
        length = self._array.shape[axis] if self.ndim else 1
        good = array[: np.argmax((array < -length) | (array >= length))]
        if len(good):
            self._array[_slices(self._array, axis, good)] = getattr(value, "_array", value)
        raise


def _scattering(function: Any, add: bool) -> Any:
    """The in-place form of scatter or scatter_add."""

    def method(self: Tensor, dim: int, index: Tensor, src: Any = None, value: Any = None) -> Tensor:
        src = value if src is None else src
        try:
            return overwrite(function, self, dim, index, src, writer=function.__name__ + "_")
        except RuntimeError as error:
            if "is out of bounds for dimension" in str(error):
                _scatter_until(self._array, _axis(dim, self.ndim), index._array, src, add)
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
