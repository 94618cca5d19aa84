"""What one evaluation may cost, and arguments as NumPy wants them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

MAX_ENTRIES = 1_000_000  # of one array
MAX_WORK = 20_000_000  # entries computed for one answer, at all points together
CHEAP = 20  # multiplications of a matrix product that cost as much as one entry
NODE = 1_000  # entries that one step of a formula costs, however small


class TooMuch(ValueError):
    """An array or a computation that is larger than any derivative needs."""


class Budget:
    """Counts the work of evaluations; raises TooMuch when it is more than a formula needs."""

    def __init__(self, work: int = MAX_WORK) -> None:
        self.left = work

    def spend(self, *shape: int, each: int = 1) -> None:
        """Allow an array of this shape whose every entry costs `each` multiplications."""
        size = math.prod(int(n) for n in shape)
        if size > MAX_ENTRIES:
            raise TooMuch(f"this would make an array of {size:,} entries")
        self.take(size * max(each // CHEAP, 1))

    def broadcast(self, *arrays: Any) -> None:
        """Allow what comes out of these arrays, entry by entry."""
        self.spend(*np.broadcast_shapes(*(np.shape(array) for array in arrays)))

    def take(self, work: int) -> None:
        """Count work, whatever it makes."""
        self.left -= work
        if self.left < 0:
            raise TooMuch("this takes too much computing for a derivative")


def axis(value: Any) -> Any:
    """An axis, or several, as NumPy wants them."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(whole(v) for v in value)
    array = np.asarray(value)
    return whole(value) if array.ndim == 0 else tuple(whole(v) for v in array.ravel())


def whole(value: Any) -> int:
    """A whole number, from the float that everything in a formula is."""
    number = float(np.asarray(value))
    if abs(number) > 1e9:
        raise TooMuch(f"{number:g} is too large here")
    if math.isnan(number) or number != int(number):
        raise ValueError(f"{number:g} must be a whole number here")
    return int(number)


def shown(x: Any) -> str:
    """A shape as PyTorch users read it: (3, 2)."""
    return str(tuple(int(n) for n in np.shape(x)))


def shape_of(values: tuple[Any, ...]) -> tuple[int, ...]:
    """A shape, given as one tuple or as several numbers."""
    if len(values) == 1 and (isinstance(values[0], tuple) or np.ndim(values[0]) == 1):
        values = tuple(values[0])
    return tuple(whole(v) for v in values)


def refuse(message: str) -> Any:
    """Raise, as an expression."""
    raise ValueError(message)
