"""Writing with square brackets: `x[index] = value`, and `index_put`.

What an index shows as a view (`x[0]`, `x[1:]`) is copied into; its base then comes from
`CopySlices`. What it gathers (`x[[0, 2]]`, `x[x > 0]`) is put in place by `index_put_`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, new_tensor
from . import either
from .filling import copy_, fill_
from .in_place import overwrite
from .indexing import parts_of, steps
from .operation import Operation
from .refusals import type_word
from .shape import expand, view


def _put(self: Any, values: Any, indices: tuple[Any, ...], accumulate: bool) -> np.ndarray:
    out = np.array(self, order="K")
    if accumulate:
        np.add.at(out, indices, values)
    else:
        out[indices] = values
    return out


_index_put = Operation(
    "index_put", "self values", _put, options="indices accumulate", fit=True, jvp="linear"
)
_index_put.derivative(
    "self",
    r"grad \text{, 0 where values were put}",
    lambda grad, indices, accumulate: grad if accumulate else without(grad, indices),
)
_index_put.derivative("values", r"grad_{indices}", lambda grad, indices: grad[indices])


def without(grad: Any, indices: tuple[Any, ...]) -> Any:
    """`grad` with zeros at the indices."""
    zero = np.zeros((), either.numpy_dtype(grad))
    if isinstance(grad, either.ARRAY):
        return _put(grad, zero, indices, False)
    return _index_put(grad, new_tensor(zero), indices, False)


def setitem(self: Tensor, index: Any, value: Any) -> None:
    """`self[index] = value`, a number or a tensor, which is broadcast.

    Raises TypeError for another value, IndexError for a wrong index, RuntimeError for a value that
    does not fit or if `self` must not be written to.
    """
    if not isinstance(value, Tensor):
        if not isinstance(value, (bool, int, float, np.number, np.bool_)):
            kind = self.type()
            raise TypeError(f"can't assign a {type(value).__name__} to a {kind}")
        value = new_tensor(np.asarray(value).astype(self._array.dtype))
    if index is False:
        return
    parts = [None if part is True else part for part in parts_of(self, index)]
    out, indices = steps(self, parts, all_slices=False)
    if indices is None:
        _copy_into(out, value)
    else:
        _put_into(out, indices, _without_ones(value), False, "index_put_")


def _copy_into(out: Tensor, value: Tensor) -> None:
    if value.shape == out.shape:
        copy_(out, value)
    elif value.ndim == 0:
        fill_(out, value)
    else:
        value = _without_ones(value)
        copy_(out, value if value.shape == out.shape else expand(value, out.shape))


def _without_ones(value: Tensor) -> Tensor:
    """Without the leading axes of length 1."""
    shape = value._array.shape
    ones = next((k for k, n in enumerate(shape) if n != 1), len(shape))
    return view(value, shape[ones:]) if ones else value


def _put_into(out: Tensor, indices: Any, value: Tensor, accumulate: bool, writer: str) -> Tensor:
    _check(out, indices, value)
    return overwrite(_index_put.call, out, value, indices, accumulate, writer=writer, alone=False)


def _check(out: Tensor, indices: tuple[Any, ...], value: Tensor) -> None:
    """Raise RuntimeError if `value` does not fit what the indices gather."""
    there = out._array[indices].shape
    mine, dtype = value._array.shape, value._array.dtype
    fits = len(mine) <= len(there) and all(
        n in (1, m) for n, m in zip(mine[::-1], there[::-1], strict=False)
    )
    if not fits:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {list(mine)} cannot be broadcast to indexing "
            f"result of shape {list(there)}"
        )
    if dtype != out._array.dtype and mine:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{type_word(out._array)} for the destination and {type_word(value._array)} for the "
            "source."
        )


def index_put_(self: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """`self[indices] = values`, or `+=` with `accumulate`. Returns the tensor itself."""
    out, places = steps(self, parts_of(self, tuple(indices)), all_slices=False)
    if places is None:
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return _put_into(out, places, values, accumulate, "index_put_")


def index_put(input: Tensor, indices: Any, values: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of `input` with `values` put, or added in, at the indices."""
    _, places = steps(input, parts_of(input, tuple(indices)), all_slices=False)
    _check(input, places, values)
    return _index_put(input, values, places, accumulate)
