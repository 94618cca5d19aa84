"""Reading with square brackets.

`x[0]`, `x[1:3]` and `x[None]` are views, made axis by axis as PyTorch makes them; `x[[0, 2]]` and
`x[x > 0]` gather into a new tensor. Backward of reading is writing: zeros, with the cotangent put
where it was read (added up where one entry was read twice).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .operation import Operation
from .shape import unsqueeze


def scatter(grad: Any, sizes: tuple[int, ...], where: Any) -> Any:
    """Zeros of shape `sizes` with `grad` added in at the places `where` was read from."""
    if not isinstance(grad, either.ARRAY):
        return _scatter(grad, sizes, where)
    out = np.zeros(sizes, grad.dtype)
    if any(isinstance(part, np.ndarray) for part in where):
        np.add.at(out, where, grad)
    else:
        out[where] = grad
    return out


_scatter = Operation("index_put", "self", scatter, options="sizes where", shown="scatter(self)")
_scatter.derivative("self", "grad", lambda grad, where: (
    grad[where] if isinstance(grad, either.ARRAY) else _index(grad, where)))  # fmt: skip


def _slot(dim: int, entry: Any) -> tuple[Any, ...]:
    """The NumPy index that applies `entry` to axis `dim` and leaves the axes before it whole."""
    return (slice(None),) * dim + (entry,)


_select = Operation(
    "select", "self", lambda self, dim, index: self[_slot(dim, index)], options="dim index",
    view=True, shown="self[index]",
)  # fmt: skip
_select.derivative("self", r"\text{grad put at index, zeros elsewhere}",
    lambda grad, self_sizes, dim, index: scatter(grad, self_sizes, _slot(dim, index)))  # fmt: skip

_slice = Operation(
    "slice", "self", lambda self, dim, start, end, step: self[_slot(dim, slice(start, end, step))],
    options="dim start end step", view=True, shown="self[start:end:step]",
)  # fmt: skip
_slice.derivative("self", r"\text{grad put at the slice, zeros elsewhere}",
    lambda grad, self_sizes, dim, start, end, step:
        scatter(grad, self_sizes, _slot(dim, slice(start, end, step))))  # fmt: skip

_index: Operation = Operation(
    "index", "self", lambda self, indices: self[indices], options="indices", shown="self[indices]"
)
_index.derivative("self", r"\text{grad added in at the indices, zeros elsewhere}",
    lambda grad, self_sizes, indices: scatter(grad, self_sizes, indices))  # fmt: skip

ADVANCED = (list, np.ndarray, Tensor)


def getitem(input: Tensor, index: Any) -> Tensor:
    """`input[index]` with integers, slices, `None`, `...`, lists and tensors of int or bool.

    Raises IndexError, as PyTorch words it, if an index is out of range or of a wrong type.
    """
    parts = _parts(input, index if isinstance(index, tuple) else (index,))
    out, dim, gather = input, 0, []
    for part in parts:
        if part is None:
            out = unsqueeze(out, dim)
            dim += 1
        elif isinstance(part, slice):
            if part != slice(None) or len(parts) == 1:
                out = _slice(out, dim, *_limits(part, out._array.shape[dim]))
            dim += 1
        elif isinstance(part, np.ndarray):
            gather.append((dim, part))
            dim += part.ndim if part.dtype == bool else 1
        else:
            out = _select(out, dim, _checked(part, dim, out._array.shape[dim]))
    if gather:
        indices: list[Any] = [slice(None)] * out.ndim
        for place, array in reversed(gather):
            indices[place : place + (array.ndim if array.dtype == bool else 1)] = [array]
        try:
            out = _index(out, tuple(indices))
        except IndexError as error:
            raise IndexError(str(error).replace("axis", "dimension")) from None
    return out


def _parts(input: Tensor, index: tuple[Any, ...]) -> list[Any]:
    """The index with `...` written out, and every entry int, slice, None or array."""
    parts: list[Any] = []
    used = 0
    for part in index:
        if isinstance(part, ADVANCED):
            array = part._array if isinstance(part, Tensor) else np.asarray(part)
            if array.dtype.kind == "f" and array.size:
                raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
            array = array.astype(np.int64) if array.dtype.kind == "f" else array
            if array.ndim == 0 and array.dtype != bool:
                parts.append(int(array))
                used += 1
            else:
                parts.append(array)
                used += array.ndim if array.dtype == bool else 1
        elif part is None or part is Ellipsis:
            parts.append(part)
        elif isinstance(part, slice) or (
            isinstance(part, (int, np.integer)) and not isinstance(part, bool)
        ):
            parts.append(part)
            used += 1
        else:
            raise IndexError(
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
                f"are valid indices (got {type(part).__name__})"
            )
    if used > input.ndim:
        raise IndexError(f"too many indices for tensor of dimension {input.ndim}")
    for k, part in enumerate(parts):
        if part is Ellipsis:
            parts[k : k + 1] = [slice(None)] * (input.ndim - used)
            break
    return parts


def _checked(index: Any, dim: int, length: int) -> int:
    if not -length <= index < length:
        raise IndexError(f"index {index} is out of bounds for dimension {dim} with size {length}")
    return int(index)


def _limits(part: slice, length: int) -> tuple[int, int, int]:
    if part.step is not None and part.step <= 0:
        raise ValueError("step must be greater than zero")
    start, end, step = part.indices(length)
    return start, max(start, end), step
