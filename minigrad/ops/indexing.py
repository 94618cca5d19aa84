"""Reading with square brackets.

`x[0]`, `x[1:3]` and `x[None]` are views, made axis by axis as PyTorch makes them; `x[[0, 2]]` and
`x[x > 0]` gather into a new tensor. Backward of reading is writing: zeros, with the cotangent put
where it was read (added up where one entry was read twice).
"""

from __future__ import annotations

import operator
import sys
from functools import cache
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ..dtypes import TOO_LARGE, fits_long
from ..memory import arranged
from ..tensor import Tensor
from ..tensor_base import axis_of
from ..type_names import type_name
from ..versions import with_places
from ..warn import warn
from ..written import written
from . import either
from .axes import alias
from .operation import Operation
from .shape import unsqueeze


def put_back(grad: Any, sizes: tuple[int, ...], where: Any, node: str = "IndexPutBackward0") -> Any:
    """Zeros of shape `sizes` with `grad` added in at the places `where` was read from.

    node: what PyTorch calls the node of it, in a backward pass that is recorded; "scatter" says
        that no place is met twice.
    """
    if not isinstance(grad, either.ARRAY):
        return _scattering(node)(grad, sizes, where)
    out = np.zeros(sizes, grad.dtype)
    if node != "ScatterBackward0" and any(isinstance(part, np.ndarray) for part in where):
        np.add.at(out, where, grad)
    else:  # no place is met twice
        out[where] = grad
    return out


def put_back_flat(grad: Any, sizes: tuple[int, ...], places: np.ndarray) -> Any:
    """The same where the places are counted row by row."""
    if not isinstance(grad, either.ARRAY):
        return put_back(grad, (prod(sizes),), (places,)).reshape(sizes)
    out = np.zeros(sizes, grad.dtype)
    np.add.at(out.reshape(-1), places, grad)
    return out


@cache
def _scattering(node: str) -> Operation:
    operation = Operation(
        "index_put", "self", put_back, options="sizes where", shown="scatter(self)", jvp="linear",
        node=node,
    )  # fmt: skip
    operation.derivative("self", "grad", lambda grad, where: (
        grad[where] if isinstance(grad, either.ARRAY) else _index(grad, where)))  # fmt: skip
    if node in INTO_ZEROS:  # which PyTorch's node knows, too
        shown = operation.node.next_functions
        operation.node.next_functions = property(lambda self: ((None, 0), *shown.fget(self)))
    return operation


INTO_ZEROS = (
    "ScatterBackward0", "ScatterAddBackward0", "IndexAddBackward0", "IndexPutImplBackward0",
    "MaskedScatterBackward0",
)  # fmt: skip


def _slot(dim: int, entry: Any) -> tuple[Any, ...]:
    """The NumPy index that applies `entry` to axis `dim` and leaves the axes before it whole."""
    return (slice(None),) * dim + (entry,)


_select = Operation(
    "select", "self", lambda self, dim, index: self[(*_slot(dim, index), ...)],
    options="dim index",
    view=True, shown="self[:dim, index]",
)  # fmt: skip
_select.derivative("self", r"\text{grad put at index of axis dim, zeros elsewhere}",
    lambda grad, self_sizes, dim, index: put_back(
        grad, self_sizes, _slot(dim, index), "SelectBackwardBackward0"))  # fmt: skip

_slice = Operation(
    "slice", "self", lambda self, dim, start, end, step: self[_slot(dim, slice(start, end, step))],
    options="dim start end step", view=True, shown="self[:dim, start:end:step]",
)  # fmt: skip
_slice.derivative("self", r"\text{grad put where the slice was, zeros elsewhere}",
    lambda grad, self_sizes, dim, start, end, step:
        put_back(
            grad, self_sizes, _slot(dim, slice(start, end, step)), "SliceBackwardBackward0"
        ))  # fmt: skip

_index: Operation = Operation(
    "index", "self", lambda self, indices: _gathered(self, indices),
    options="indices", shown="self[indices]", jvp="linear",
)  # fmt: skip
_index.derivative("self", r"\text{grad added in at indices, zeros elsewhere}",
    lambda grad, self_sizes, indices: put_back(
        grad, self_sizes, indices, "IndexPutImplBackward0"), writes=1)  # fmt: skip


def _gathered(array: np.ndarray, indices: tuple[Any, ...]) -> np.ndarray:
    """What lies at the places, with the axes in the order in which `array` and the places, which
    PyTorch goes through together, have them.
    """
    out = array[indices]
    places = [part for part in indices if isinstance(part, np.ndarray)]
    rows = array.flags.c_contiguous and all(part.flags.c_contiguous for part in places)
    if rows or not places or not out.size:
        return _in_rows(out)
    taken = [dim for dim, part in enumerate(indices) if isinstance(part, np.ndarray)]
    first = taken[0] if taken[-1] - taken[0] < len(taken) else 0  # where the places' axes are
    ndim = np.broadcast(*places).ndim
    rest = array[tuple(0 if isinstance(part, np.ndarray) else part for part in indices)]
    after = (1,) * (rest.ndim - first)
    stretched = np.expand_dims(rest, tuple(range(first, first + ndim)))
    return arranged(out, stretched, *(part.reshape(part.shape + after) for part in places))


def _in_rows(array: np.ndarray) -> np.ndarray:
    """In C order, also by the strides of axes of length 1, of which NumPy takes no notice."""
    if 1 not in array.shape:
        return np.asarray(array, order="C")
    out = np.empty(array.shape, array.dtype)
    out[...] = array
    return out


ADVANCED = (list, range, np.ndarray, Tensor)


class Rest(NamedTuple):
    """What `...` stands for: the axes that no other part of the index is about."""

    length: int


def getitem(input: Tensor, index: Any) -> Tensor:
    """`input[index]` with integers, slices, `None`, `...`, lists and tensors of int or bool.

    Raises IndexError, as PyTorch words it, if an index is out of range or of a wrong type.
    """
    parts = parts_of(input, index)
    out, gather = steps(input, parts, all_slices=isinstance(index, slice))
    if gather:
        found = _index(out, written(places_of(out, gather), _apart(parts)))
        return with_places(found, "indices", *places_in(index))
    return alias(out) if out is input else out


def places_in(index: Any) -> list[Tensor]:
    """The tensors of places, and the masks, in an index."""
    parts = index if isinstance(index, tuple) else (index,)
    return [part for part in parts if isinstance(part, Tensor) and part.ndim]


Gather = list[tuple[int, np.ndarray]]
"""(axis, places along it) for each axis from which an index gathers."""


def steps(
    out: Tensor, parts: list[Any], all_slices: bool, before_masks: Any = None
) -> tuple[Tensor, Gather]:
    """The views that an index asks for, taken one after the other; and what is left to gather.

    all_slices: a slice that takes everything is a step too. before_masks: called with the view that
    a mask is about, and the mask, before it is seen whether it fits.
    """
    arrays: Gather = []
    dim = 0  # the axis of `out` that comes next
    for position, part in enumerate(parts):
        if isinstance(part, Rest):
            dim += part.length
            continue
        if part is None or isinstance(part, (bool, np.bool_)):
            out = unsqueeze(out, dim)
            if part is not None:
                arrays.append((dim, np.array([0] if part else [], np.int64)))
            dim += 1
            continue
        length = out._array.shape[dim]
        if isinstance(part, slice):
            start, end, step = _limits(part, length)
            if all_slices or part.start or (start, end, step) != (0, length, 1):
                out = _slice(out, dim, start, end, step)
            dim += 1
        elif isinstance(part, np.ndarray):
            arrays.append((dim, part))
            dim += part.ndim if part.dtype == bool else 1
        else:
            out = _select(out, dim, _checked(part, position, length))
    gather: Gather = []
    for dim, part in arrays:
        if part.dtype == bool and before_masks is not None:
            before_masks(out, part)
        gather += _mask(part, out, dim) if part.dtype == bool else [(dim, part)]
    return out, gather


def _apart(parts: list[Any]) -> list[Any]:
    """What PyTorch saves of an index: arrays as they are, None for each axis that stays."""
    kept: list[Any] = []
    for part in parts:
        if isinstance(part, Rest):
            kept += [None] * part.length
        elif isinstance(part, bool | np.bool_):
            kept.append(np.array([0] if part else [], np.int64))
        elif part is None or isinstance(part, slice | np.ndarray):
            kept.append(part if isinstance(part, np.ndarray) else None)
    while kept and kept[-1] is None:
        kept.pop()
    return kept


def _mask(mask: np.ndarray, out: Tensor, dim: int) -> list[tuple[int, np.ndarray]]:
    """The places where a mask is true, one array per axis."""
    check_mask(mask, out, dim)
    return [(dim + k, places) for k, places in enumerate(np.nonzero(mask))]


def check_mask(mask: np.ndarray, out: Tensor, dim: int) -> None:
    """Raise IndexError if a mask does not fit the axes of `out` from `dim` on."""
    shape = out._array.shape
    for k, n in enumerate(mask.shape):
        if shape[axis_of(dim + k, len(shape))] != n:
            raise IndexError(
                f"The shape of the mask {list(mask.shape)} at index {k} does not match the shape "
                f"of the indexed tensor {list(shape)} at index {dim + k}"
            )


def places_of(out: Tensor, gather: Gather) -> tuple[Any, ...]:
    """The NumPy index. Raises IndexError if a place does not exist."""
    check_places(gather)
    indices: list[Any] = [slice(None)] * (gather[-1][0] + 1)
    for k, (dim, places) in enumerate(gather):  # PyTorch counts the axes that it gathers from
        length = out._array.shape[dim]
        outside = (places < -length) | (places >= length)
        if outside.any() and not length:
            raise IndexError("index is out of bounds for dimension with size 0")
        if outside.any() and 0 in _left(out, gather):
            places = np.zeros_like(places)  # nothing is gathered, wherever it is
        elif outside.any():
            raise IndexError(
                f"index {places[outside].flat[0]} is out of bounds for dimension {k} with size "
                f"{length}"
            )
        indices[dim] = places
    return tuple(indices)


def check_places(gather: Gather) -> None:
    """Raise IndexError if the places along several axes do not belong together."""
    try:
        np.broadcast_shapes(*(places.shape for _, places in gather))
    except ValueError:
        shapes = ", ".join(str(list(places.shape)) for _, places in gather)
        raise IndexError(
            "shape mismatch: indexing tensors could not be broadcast together with shapes " + shapes
        ) from None


def _left(out: Tensor, gather: Gather) -> list[int]:
    """The lengths of the axes from which nothing is gathered."""
    gathered = [dim for dim, _ in gather]
    return [n for dim, n in enumerate(out._array.shape) if dim not in gathered]


def parts_of(input: Tensor, index: Any) -> list[Any]:
    """The index as a list: int, slice, None, bool, array of int or bool, and the length of `...`.

    Raises IndexError for too many of them, or for one of a wrong type.
    """
    parts: list[Any] = []
    used = 0
    if _meant_as_tuple(index):
        warn(NOT_A_TUPLE)
        index = tuple(index)
    given = index if isinstance(index, tuple) else (index,)
    try:
        for part in given:
            parts.append(_part(part))
            used += _axes_of(parts[-1])
    except (IndexError, TypeError, ValueError):  # PyTorch counts first, then goes on in order
        rest = input.ndim - sum(map(_axes_at_sight, given))
        if rest < 0:
            raise IndexError(f"too many indices for tensor of dimension {input.ndim}") from None
        steps(input, [Rest(rest) if part is Ellipsis else part for part in parts], False)
        raise
    if used > input.ndim:
        raise _too_many(input, index, parts)
    for k, part in enumerate(parts):
        if part is Ellipsis:
            parts[k] = Rest(input.ndim - used)
            break
    return [part for part in parts if part is not Ellipsis]


def _part(part: Any) -> Any:
    """A part of an index; a tensor, list or array as an array of int or bool, or as a number."""
    if part is None or part is Ellipsis or isinstance(part, (int, slice, np.integer)):
        return part
    if isinstance(part, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(part).__name__}'")
    if hasattr(part, "__index__") and not isinstance(part, ADVANCED):
        return operator.index(part)
    if not isinstance(part, (*ADVANCED, tuple)):
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
            f"are valid indices (got {type_name(part)})"
        )
    if isinstance(part, Tensor):
        array = part._array
    else:
        array = part if isinstance(part, np.ndarray) else _as_index(part)
    if array.dtype.kind == "f" and not isinstance(part, Tensor):
        array = array.astype(np.int64)
    if array.dtype.kind == "f" or array.dtype in (np.int8, np.int16):
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    if array.dtype == np.uint8:
        warn(
            "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool "
            "instead."
        )
        array = array.astype(bool)
    if array.ndim:
        return array
    return array[()] if array.dtype == bool else array.item()


def _axes_of(part: Any) -> int:
    """From how many axes of a tensor a part of an index picks."""
    if isinstance(part, np.ndarray):
        return part.ndim if part.dtype == bool else 1
    return int(not (part is None or part is Ellipsis or isinstance(part, (bool, np.bool_))))


def _axes_at_sight(part: Any) -> int:
    """The same of a part as it was given, right or wrong."""
    if isinstance(part, Tensor):
        return part.ndim if part._array.dtype in (np.bool_, np.uint8) else 1
    return int(not (part is None or part is Ellipsis or part is True or part is False))


def _too_many(input: Tensor, index: Any, parts: list[Any]) -> IndexError:
    """The error for an index that picks from more axes than there are."""
    if input.ndim == 0 and isinstance(index, slice):
        _limits(index, 0)
        return IndexError("slice() cannot be applied to a 0-dim tensor.")
    if input.ndim == 0 and isinstance(index, (int, np.integer)):
        if parts[0]:
            return IndexError(f"index {parts[0]} is out of bounds for dimension 0 with size 0")
        return IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
            "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
        )
    return IndexError(f"too many indices for tensor of dimension {input.ndim}")


NOT_A_TUPLE = (
    "Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in "
    "pytorch 2.9; use x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be interpreted as "
    "tensor index, x[torch.tensor(seq)], which will result either in an error or a different result"
)


def _meant_as_tuple(index: Any) -> bool:
    """True for a sequence that holds more than numbers: NumPy once took it for a tuple."""
    if isinstance(index, (list, str)) and len(index) < 32:
        apart = (list, tuple, str, range, slice, np.ndarray, Tensor, type(None), type(...))
        return any(isinstance(part, apart) for part in index)
    return False


def _as_index(part: Any) -> np.ndarray:
    """A list of numbers or of tensors as an array; an empty one is of integers."""
    array = np.asarray([p._array if isinstance(p, Tensor) else p for p in part])
    if array.dtype.kind == "U":
        raise TypeError("new(): invalid data type 'str'")
    if array.dtype in TOO_LARGE and (array.dtype == object or not fits_long(array.max())):
        raise ValueError("Overflow when unpacking long long")
    return array.astype(np.int64) if not array.size or array.dtype == np.uint64 else array


def _checked(index: Any, dim: int, length: int) -> int:
    if not fits_long(index):
        raise ValueError("Overflow when unpacking long long")
    if not -length <= index < length:
        raise IndexError(f"index {index} is out of bounds for dimension {dim} with size {length}")
    return int(index)


def _limits(part: slice, length: int) -> tuple[int, int, int]:
    if part.step is not None and part.step <= 0:
        raise ValueError(
            "slice step cannot be zero" if part.step == 0 else "step must be greater than zero"
        )
    start, end, step = part.indices(length)
    first = 0 if part.start is None else operator.index(part.start)
    last = sys.maxsize if part.stop is None else operator.index(part.stop)
    return written(start, first), written(max(start, end), last), step


def select(input: Tensor, dim: int, index: Any) -> Tensor:
    """The slice at `index` along `dim`, without that axis. A view.

    Raises IndexError for a place that is not there, or a tensor without axes.
    """
    if not input.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    axis = axis_of(dim, input.ndim)
    length = input._array.shape[axis]
    if not -length <= index < length:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size {list(input.shape)} at "
            f"dimension {axis}"
        )
    return _select(input, axis, written(int(index) % length, int(index)))
