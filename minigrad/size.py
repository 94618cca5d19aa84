"""The shape of a tensor."""

from __future__ import annotations

from math import prod
from typing import Any

from .type_names import WrittenInC, type_name


class Size(tuple, metaclass=WrittenInC):
    """A shape. A tuple that prints as PyTorch's and counts its entries."""

    __slots__ = ()

    def __new__(cls, *given: Any, **named: Any) -> Size:
        """Raises TypeError for a size that is no whole number, or more than one argument."""
        sizes = tuple(*given, **named)
        for k, n in enumerate(sizes):
            tensor = getattr(n, "_array", None)
            whole = hasattr(n, "__index__") if tensor is None else _is_whole(tensor)
            if not whole:
                raise TypeError(
                    f"torch.Size() takes an iterable of 'int' (item {k} is '{type_name(n)}')"
                )
        return cls.of(tuple([int(n) for n in sizes]))

    @classmethod
    def of(cls, shape: tuple[int, ...]) -> Size:
        """The size of an array of this shape, which is not checked."""
        return tuple.__new__(cls, shape)

    def numel(self) -> int:
        """The number of entries of a tensor of this shape."""
        return prod(self)

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __getitem__(self, index: Any) -> Any:
        part = super().__getitem__(index)
        return Size.of(part) if isinstance(index, slice) else part

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, tuple):
            kind = type(other).__name__
            raise TypeError(f"can only concatenate tuple (not {kind}) to torch.Size")
        return Size(super().__add__(other))

    def __radd__(self, other: Any) -> Any:
        if not isinstance(other, tuple):
            kind = type(other).__name__
            raise TypeError(f'can only concatenate {kind} (not "torch.Size") to {kind}')
        return Size(other + tuple(self))

    def __mul__(self, times: Any) -> Any:
        return Size.of(super().__mul__(times))

    __rmul__ = __mul__


def _is_whole(array: Any) -> bool:
    return array.size == 1 and array.dtype.kind != "f"


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that tensors of these shapes stretch to. A whole number stands for a shape of one.

    Raises RuntimeError, with the first that does not fit, if there is none; ValueError for a
    negative length.
    """
    common: list[int] = []
    for place, shape in enumerate(shapes):
        lengths = (shape,) if isinstance(shape, int) else tuple(shape)
        common = [1] * (len(lengths) - len(common)) + common
        for axis in range(-1, -1 - len(lengths), -1):
            if common[axis] == 1 and lengths[axis] < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if common[axis] == 1:
                common[axis] = lengths[axis]
            elif lengths[axis] not in (1, common[axis]):
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {lengths[axis]} at {axis}! "
                    f"Mismatching argument at index {place} had {shape}; but expected shape should "
                    f"be broadcastable to {common}"
                )
    return Size(common)
