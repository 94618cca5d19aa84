"""`as_strided`: any part of a tensor's memory, by shape, strides and offset.

The history of a view is told with it after its base was written to (see `minigrad/views.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..memory import Geometry, address, geometry, laid_out, owner, window
from ..tensor import Tensor
from ..written import written
from . import either
from .operation import Operation


def _look(self: np.ndarray, base: Geometry, *view: Any) -> np.ndarray:
    """What a tensor shows that lies in the memory of `self` as `view` says.

    `base` says how `self` lies there. A cotangent lies otherwise: it is laid out anew first.
    """
    where = Geometry(*view)
    if geometry(self) == base:
        memory = owner(self)
        start = (address(self) - address(memory)) // self.itemsize
        where = where._replace(offset=where.offset + start)
        if where.offset >= 0 and where.extent <= memory.size:
            return window(memory, where)
    base, where = _from_the_start(base, Geometry(*view))
    return window(laid_out(self, base, where.extent), where)


def _put(self: np.ndarray, base: Geometry, *view: Any) -> np.ndarray:
    """Zeros that lie as `base`, with `self` added in where `view` shows. What lies at one place of
    several entries of `base` is divided among them.
    """
    base, where = _from_the_start(base, Geometry(*view))
    memory = np.zeros(max(base.extent, where.extent), self.dtype)
    places = np.arange(memory.size)
    if where.overlaps:
        np.add.at(memory, window(places, where), self)
    else:
        window(memory, where)[...] = self
    if base.overlaps:
        shared = np.bincount(window(places, base).ravel(), minlength=memory.size)
        memory /= np.maximum(shared, 1).astype(memory.dtype)
    return window(memory, base)


def _from_the_start(base: Geometry, where: Geometry) -> tuple[Geometry, Geometry]:
    """The same two, in a memory that starts with the first of them: a view may reach before it."""
    before = min(base.offset, where.offset, 0)
    return tuple(one._replace(offset=one.offset - before) for one in (base, where))  # type: ignore


OPTIONS = "base size stride storage_offset"

as_strided = Operation(
    "as_strided", "self", _look, options=OPTIONS, view=True,
    shown="self.as_strided(size, stride, storage_offset)",
)  # fmt: skip
put_strided = Operation(
    "as_strided_scatter", "self", _put, options=OPTIONS, shown="scatter(self)", jvp="linear"
)
as_strided.derivative(
    "self",
    r"\text{grad put where the view shows, zeros elsewhere}",
    lambda grad, base, size, stride, storage_offset: (
        _put if isinstance(grad, either.ARRAY) else put_strided
    )(grad, base, size, stride, storage_offset),
    writes=1,
)
as_strided.shows("size stride storage_offset")
put_strided.derivative(
    "self",
    r"\text{grad where the view shows}",
    lambda grad, base, size, stride, storage_offset: (
        _look if isinstance(grad, either.ARRAY) else as_strided
    )(grad, base, size, stride, storage_offset),
)


def _as_strided(input: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    """A view of the memory under `input`, with this shape, these strides and this offset.

    Raises RuntimeError if the memory is too short for it.
    """
    return as_strided(input, *looked_at(input._array, size, stride, storage_offset))


def looked_at(array: np.ndarray, size: Any, stride: Any, storage_offset: int | None) -> Any:
    """The options of `as_strided` for a view of the memory under an array."""
    memory = owner(array)
    start = (address(array) - address(memory)) // array.itemsize
    first = start if storage_offset is None else storage_offset
    wanted = Geometry(tuple(size), tuple(stride), first)
    if len(wanted.size) != len(wanted.stride):
        raise RuntimeError("mismatch in length of strides and shape")
    if min(wanted.stride, default=0) < 0:
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, got strides: "
            f"{list(stride)}"
        )
    if min(wanted.size, default=0) < 0:
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(size)} and "
            f"strides={list(stride)}"
        )
    if first < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {first}")
    if wanted.extent > memory.size:
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {first}, and "
            f"itemsize {array.itemsize} requiring a storage size of "
            f"{wanted.extent * array.itemsize} are out of bounds for storage of size "
            f"{memory.nbytes}"
        )
    own, offset = geometry(array), written(first - start, storage_offset)
    return own, wanted.size, wanted.stride, offset
