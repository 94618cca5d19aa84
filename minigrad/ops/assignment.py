"""Writing with square brackets: `x[index] = value`, and `index_put`.

What an index shows as a view (`x[0]`, `x[1:]`) is copied into; its base then comes from
`CopySlices`. What it gathers (`x[[0, 2]]`, `x[x > 0]`) is put in place by `index_put_`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.grad_mode import state
from ..dtypes import fits_long
from ..memory import copied
from ..tensor import Tensor, on_array
from ..type_names import type_name
from ..versions import with_places
from . import either
from .filling import copy_, fill_
from .in_place import OVERLAP, check_memory, check_writable, overwrite, warn_of_stretched
from .indexing import Gather, check_mask, check_places, parts_of, places_in, places_of, steps
from .operation import Operation
from .refusals import check_range, type_word
from .shape import view


def _put(self: Any, values: Any, indices: tuple[Any, ...], accumulate: bool) -> np.ndarray:
    out = copied(self)
    if accumulate:
        np.add.at(out, indices, values)
    else:
        out[indices] = values
    return out


_index_put = Operation(
    "index_put",
    "self values",
    _put,
    options="indices accumulate",
    shown="index_put(self, indices, values, accumulate)",
    fit=True,
    jvp="linear",
)
_index_put.derivative(
    "self",
    r"grad \text{, 0 where values were put}",
    lambda grad, indices, accumulate: grad if accumulate else without(grad, indices),
)
_index_put.derivative(
    "values",
    r"grad_{indices}",
    lambda grad, values_sizes, indices: _read_again(grad[indices], values_sizes),
)
_index_put.shows("indices accumulate")


def _read_again(read: Any, sizes: tuple[int, ...]) -> Any:
    """What was put, in the shape of the values, which may have been stretched."""
    return read if tuple(read.shape) == sizes else either.sum_to(read, sizes)


def without(grad: Any, indices: tuple[Any, ...]) -> Any:
    """`grad` with zeros at the indices."""
    zero = np.zeros((), either.numpy_dtype(grad))
    if isinstance(grad, either.ARRAY):
        return _put(grad, zero, indices, False)
    return _index_put(grad, on_array(zero), indices, False)


def setitem(self: Tensor, index: Any, value: Any) -> None:
    """`self[index] = value`, a number or a tensor, which is broadcast.

    Raises TypeError for another value, IndexError for a wrong index, RuntimeError for a value that
    does not fit or if `self` must not be written to.
    """
    if not isinstance(value, Tensor):
        if not isinstance(value, (bool, int, float, complex, np.integer)):
            kind = self.type()
            raise TypeError(f"can't assign a {type_name(value)} to a {kind}")
        if isinstance(value, int) and not fits_long(value):
            raise ValueError("Overflow when unpacking long long")
        if self._array.dtype != np.float16:  # which is written as float32, and rounded
            check_range(value, self._array.dtype)
        if isinstance(value, complex) and self._array.dtype.kind == "b":
            value = value != 0
        elif isinstance(value, complex):
            check_range(value, np.dtype(np.float64))
            value = value.real
        value = on_array(np.asarray(value).astype(self._array.dtype))
    if index is False:
        return
    given = [place._array for place in places_in(index)]
    if value.numel() == len(given) == 1 and given[0].dtype == np.uint8 and given[0].ndim:
        if isinstance(index, Tensor) and index.ndim <= self.ndim:
            check_mask(given[0], self, 0)
        raise RuntimeError(
            "masked_fill_ only supports boolean masks, but got mask with dtype unsigned char"
        )
    parts = parts_of(self, None if index is True else index)

    def before_masks(out: Tensor, mask: np.ndarray) -> None:
        """As in PyTorch: whether `out` may be written, before whether a mask fits."""
        if state.grad_enabled and out.requires_grad:
            _without_ones(value)  # may find its history in doubt
            check_writable(out)
        warn_of_stretched(out, "index_put_")
        if mask.size > 0 and value.numel() != 1 and np.may_share_memory(out._array, mask):
            raise RuntimeError(OVERLAP)
        if value.numel() != 1:
            check_memory(out, "index_put_", value)

    out, gather = steps(self, parts, all_slices=False, before_masks=before_masks)
    if gather:
        places = [p for p in parts if isinstance(p, (np.ndarray, bool, np.bool_))]
        masks = [p for p in places if isinstance(p, np.ndarray) and p.dtype == bool]
        masked = len(masks) == len(places) == 1 and value.numel() == 1  # filled with a number
        if masked and out._array.dtype.kind in "iu":
            check_range(value._array.item(), out._array.dtype)
        _put_into(out, gather, _without_ones(value), masked, not masks, places_in(index))
    else:
        _copy_into(out, value)


def delitem(self: Tensor, index: Any) -> None:
    """`del self[index]`. Raises TypeError."""
    raise TypeError("Tensor does not support deleting items")


def _copy_into(out: Tensor, value: Tensor) -> None:
    if value.shape == out.shape:
        copy_(out, value)
    elif value.ndim == 0:
        fill_(out, value)
    else:
        value = view(value, _without_ones(value).shape)
        copy_(out, value if value.shape == out.shape else value.expand(out.shape))


def _without_ones(value: Tensor) -> Tensor:
    """Without the leading axes of length 1."""
    shape = value._array.shape
    ones = next((k for k, n in enumerate(shape) if n != 1), len(shape))
    return view(value, shape[ones:]) if ones else value


def _put_into(
    out: Tensor, gather: Gather, value: Tensor, casts: bool, warns: bool, places: list[Tensor]
) -> Tensor:
    def put(before: Tensor, value: Tensor) -> Tensor:
        if warns:
            warn_of_stretched(out, "index_put_")
        if casts:
            warn_of_stretched(out, "masked_fill_")
        if not casts:
            _refuse_own_memory(out, gather, value)
        _check(before, gather, value, casts)
        try:
            indices = places_of(before, gather)
        except IndexError:
            _put_until(out._array, gather, value._array)
            raise
        return with_places(_index_put(before, value, indices, False), "indices", *places)

    return overwrite(put, out, value, writer="masked_fill_" if casts else "index_put_")


def _refuse_own_memory(out: Tensor, gather: Gather, value: Tensor) -> None:
    """Raise RuntimeError if the value or the places lie in the memory that is written to."""
    check_memory(out, "index_put_", value)
    for _, places in gather:
        if out._array.size and np.may_share_memory(out._array, places):
            raise RuntimeError(OVERLAP)


def _put_until(array: np.ndarray, gather: Gather, value: np.ndarray) -> None:
    """As PyTorch: what comes before a place that does not exist is written before the error."""
    (dim, places), *others = gather
    if array.size and not others:
        length = array.shape[dim]
        before, after = array.shape[:dim], array.shape[dim + 1 :]
        whole = np.broadcast_to(value, (*before, *places.shape, *after))
        places, whole = places.reshape(-1), whole.reshape(*before, -1, *after)
        good = np.argmax((places < -length) | (places >= length))
        rest: tuple[Any, ...] = (0,) * dim  # row by row: the first one has an error already
        array[(*rest, places[:good])] = whole[(*rest, slice(good))]


def _shape_at(array: np.ndarray, gather: Gather) -> tuple[int, ...]:
    """The shape of what is gathered, whether the places exist or not."""
    check_places(gather)
    like = np.broadcast_to(0, tuple(max(n, 1) for n in array.shape))
    index: list[Any] = [slice(None) if n else slice(0) for n in array.shape]
    for dim, places in gather:
        index[dim] = np.zeros_like(places)
    return like[tuple(index)].shape


def _check(out: Tensor, gather: Gather, value: Tensor, casts: bool = False) -> None:
    """Raise RuntimeError if `value` does not fit what the indices gather; IndexError if they look
    for something where there is nothing.
    """
    if any(places.size and not out._array.shape[dim] for dim, places in gather):
        raise IndexError("index is out of bounds for dimension with size 0")
    there = _shape_at(out._array, gather)
    mine, dtype = value._array.shape, value._array.dtype
    fits = len(mine) <= len(there) and all(
        n in (1, m) for n, m in zip(mine[::-1], there[::-1], strict=False)
    )
    if not fits:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(mine)} cannot be broadcast to indexing "
            f"result of shape {list(there)}"
        )
    if dtype != out._array.dtype and not casts:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{type_word(out._array)} for the destination and {type_word(value._array)} for the "
            "source."
        )


def index_put_(self: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """`self[indices] = values`, or `+=` with `accumulate`. Returns the tensor itself."""

    def put(before: Tensor, values: Tensor) -> Tensor:
        if len(indices) <= self.ndim:
            warn_of_stretched(self, "index_put_")
        gather = _plain(before, indices)
        _refuse_own_memory(self, gather, values)
        try:
            if _fills(indices, values, accumulate):
                warn_of_stretched(self, "masked_fill_")
            return index_put(before, indices, values, accumulate)
        except IndexError:
            _put_until(self._array, gather, values._array)
            raise

    return overwrite(put, self, values, writer="index_put_")


def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of `input` with `values` put, or added in, at the indices."""
    gather = _plain(input, indices)
    filled = _fills(indices, values, accumulate)
    if 0 in input.shape:
        places_of(input, gather)  # says what does not exist, before what does not fit
    _check(input, gather, values, filled)
    places = places_of(input, gather)
    return with_places(
        _index_put(input, values, places, accumulate), "indices", *places_in(tuple(indices))
    )


def _fills(indices: Any, values: Tensor, accumulate: bool) -> bool:
    """True for a mask that is filled with one number."""
    masks = [i for i in indices if isinstance(i, Tensor) and i._array.dtype == bool]
    return len(masks) == len(indices) == 1 and values.numel() == 1 and not accumulate


def _plain(input: Tensor, indices: Any) -> Gather:
    for k, part in enumerate(indices):
        if not isinstance(part, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {type_name(part)}"
            )
    if len(indices) > input.ndim:
        raise IndexError(
            f"too many indices for tensor of dimension {input.ndim} (got {len(indices)})"
        )
    parts = [p._array if p._array.dtype == bool else p for p in indices]
    dim = 0
    for mask in parts:
        if isinstance(mask, np.ndarray):  # before their axes are counted
            check_mask(mask, input, dim)
        dim += mask.ndim if isinstance(mask, np.ndarray) else 1
    return steps(input, parts_of(input, tuple(indices)), all_slices=False)[1]
