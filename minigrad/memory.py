"""Where the entries of a tensor lie: strides, offsets, and the memory that views share.

A stride says how many entries further the next one along an axis lies. Reshaping, transposing and
slicing only change strides and offset; that is why they need no copy.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np

from .device import channels_last


class Geometry(NamedTuple):
    """How an array lies in a memory: its shape, strides and first place, counted in entries."""

    size: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int = 0

    @property
    def extent(self) -> int:
        """The last place that is used, plus 1."""
        if 0 in self.size:
            return 0
        steps = zip(self.size, self.stride, strict=True)
        return self.offset + 1 + sum((n - 1) * step for n, step in steps)

    @property
    def overlaps(self) -> bool:
        """True if several entries may lie at one place: an axis is stretched, or its steps are
        shorter than what the axes within it reach over (as `as_strided` can make them).
        """
        reach = 1
        for step, n in sorted(zip(self.stride, self.size, strict=True)):
            if n > 1:
                if step < reach:
                    return True
                reach = step * n
        return False

    @property
    def dense(self) -> bool:
        """True if the entries fill their memory without a gap, in whatever order of the axes."""
        return not self.overlaps and self.extent - self.offset == int(np.prod(self.size))


def geometry(array: np.ndarray, memory: np.ndarray | None = None) -> Geometry:
    """How `array` lies in the memory that starts where `memory` does; or where it does itself."""
    item = array.itemsize
    offset = 0 if memory is None else (address(array) - address(memory)) // item
    if array.size or any(array.strides):
        return Geometry(array.shape, tuple(step // item for step in array.strides), offset)
    lengths = [max(n, 1) for n in array.shape]  # a new array without entries has strides 0
    return Geometry(array.shape, tuple(prod(lengths[d + 1 :]) for d in range(array.ndim)), offset)


def address(array: np.ndarray) -> int:
    """Where the first entry lies."""
    return array.__array_interface__["data"][0]


def window(memory: np.ndarray, where: Geometry) -> np.ndarray:
    """The part of a memory (an array with one axis) where a tensor lies; not a copy.

    Raises ValueError or TypeError if it does not fit in.
    """
    item = memory.itemsize
    steps = tuple(step * item for step in where.stride)
    offset = 0 if 0 in where.size else where.offset * item
    return np.ndarray(where.size, memory.dtype, memory, offset, steps)


def laid_out(array: np.ndarray, where: Geometry, extent: int) -> np.ndarray:
    """A new memory in which `array` lies as `where` says; at least `extent` places long."""
    memory = np.zeros(max(where.extent, extent), array.dtype)
    window(memory, where)[...] = array
    return memory


def owner(array: np.ndarray) -> np.ndarray:
    """All of the memory that an array is a part of, as an array with one axis; not a copy."""
    base, kind = array.base, array.dtype
    while base is not None:
        array = base if isinstance(base, np.ndarray) else array
        base = getattr(base, "base", None)
    memory = array.ravel(order="K")
    return memory if memory.nbytes % kind.itemsize else memory.view(kind)


def empty_like(array: np.ndarray, dtype: Any = None) -> np.ndarray:
    """A new array of this shape, whose axes lie in the order in which those of `array` do, without
    gaps. Where axes are stretched (stride 0) PyTorch keeps them where they stand.
    """
    return _in_order_of((array,), array.shape, dtype or array.dtype)


def arranged(array: np.ndarray, *operands: Any) -> np.ndarray:
    """`array`, which was computed entry by entry from these operands, laid out as PyTorch does it:
    for any two axes the first operand that has them in an order decides. (NumPy prefers rows.)
    """
    out = _in_order_of([x for x in operands if np.ndim(x)], array.shape, array.dtype)
    if out.strides == array.strides:
        return array
    out[...] = array
    return out


def _in_order_of(arrays: Any, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """A new array of this shape without gaps, its axes in the order of those of the arrays."""
    strides = [np.broadcast_to(array, shape).strides for array in arrays]
    inward = list(reversed(range(len(shape))))  # the axes, the innermost first
    for k in range(1, len(shape)):
        place = k
        for before in reversed(range(k)):
            further = _further(strides, shape, inward[before], inward[place])
            if further is None:
                continue
            if not further:
                break
            inward[before], inward[place] = inward[place], inward[before]
            place = before
    steps, step = [0] * len(shape), np.dtype(dtype).itemsize
    for axis in inward:
        steps[axis], step = step, step * max(shape[axis], 1)
    return np.ndarray(shape, dtype, strides=steps)


def _further(strides: Any, shape: tuple[int, ...], axis: int, other: int) -> bool | None:
    """True if entries lie further apart along `axis` than along `other`; None if none can tell."""
    for steps in strides:
        if 0 in (steps[axis], steps[other]):
            continue
        if steps[axis] != steps[other]:
            return bool(steps[axis] > steps[other])
        if shape[axis] > shape[other]:
            return True
    return None


def copied(array: np.ndarray, dtype: Any = None) -> np.ndarray:
    """A copy, laid out as `empty_like` does it; in another dtype if one is given."""
    if 0 not in array.strides:  # NumPy does the same
        out = array.astype(dtype or array.dtype)
        if 1 in array.shape and array.size and (where := geometry(array)).dense:
            return window(out.ravel(order="K"), where)  # an axis of one entry keeps its stride, too
        return out
    out = empty_like(array, dtype)
    np.copyto(out, array, casting="unsafe")
    return out


def reshaped(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The memory from the first entry on in another shape; if it is too short, a longer copy.

    Raises RuntimeError for a shape of more than 2⁶³ entries, or of fewer than none.
    """
    if prod(shape) >= 1 << 63 or min(shape, default=0) < 0:
        raise RuntimeError("numel: integer multiplication overflow")
    memory = owner(array)
    steps = tuple(prod(shape[axis + 1 :]) for axis in range(len(shape)))
    where = Geometry(shape, steps, geometry(array, memory).offset)
    if where.extent > memory.size:
        longer = np.zeros(where.extent, memory.dtype)
        longer[: memory.size] = memory
        memory = longer
    return window(memory, where)


def is_stretched(array: np.ndarray) -> bool:
    """True if an axis is stretched, as `expand` does it: all of its entries lie at one place."""
    steps = zip(array.strides, array.shape, strict=True)
    return bool(array.size) and any(step == 0 and n > 1 for step, n in steps)


def in_format(array: np.ndarray, memory_format: Any) -> np.ndarray:
    """A copy, laid out as a memory format says: in order, or the second axis innermost.

    Raises RuntimeError for `channels_last` without four axes.
    """
    if memory_format is not channels_last:
        return np.array(array, order="C")
    if array.ndim != 4:
        raise RuntimeError("required rank 4 tensor to use channels_last format")
    return np.moveaxis(np.array(np.moveaxis(array, 1, -1), order="C"), -1, 1)


def lies_in(array: np.ndarray, memory_format: Any) -> bool:
    """True if the entries lie in the order of a memory format and without gaps."""
    if memory_format is not channels_last:
        return array.flags.c_contiguous
    return array.ndim == 4 and np.moveaxis(array, 1, -1).flags.c_contiguous


def refuse_stretched(array: np.ndarray) -> None:
    """Raise RuntimeError if several entries lie at one place."""
    if is_stretched(array):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            "single memory location. Please clone() the tensor before performing the operation."
        )


def same_place(a: np.ndarray, b: np.ndarray) -> bool:
    """True if both show the same memory in the same way."""
    return address(a) == address(b) and a.shape == b.shape and a.strides == b.strides


def may_share(a: np.ndarray, b: np.ndarray) -> str:
    """PyTorch's question before it writes to `a` and reads `b`: "no", "partly" or "all"."""
    if not np.may_share_memory(a, b) or not a.size or not b.size:
        return "no"
    one, other = geometry(a), geometry(b)
    if not one.dense or not other.dense:
        return "no"  # too hard to tell, says PyTorch, and goes on
    same = address(a) == address(b) and a.size == b.size and one.stride == other.stride
    return "all" if same else "partly"
