"""A row of the table of operations: expressions in x, y and z, and the shapes to try them on."""

from __future__ import annotations

from typing import NamedTuple

Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]


class Row(NamedTuple):
    """`expressions` are called with x, y, z of each of `shapes`, numbers from `low` to `high`."""

    covers: str
    expressions: tuple[str, ...]
    shapes: tuple[Shapes, ...]
    low: float = -2.0
    high: float = 2.0
    kinds: bool = True
    """Also called with inputs of other dtypes."""


ONE: tuple[Shapes, ...] = (((2, 3),), ((),), ((0, 3),), ((2, 1, 3),))
TWO: tuple[Shapes, ...] = (
    ((2, 3), (2, 3)), ((2, 3), ()), ((), (2, 3)), ((2, 3), (3,)), ((2, 1), (3,)), ((1,), (2, 3)),
    ((2, 1, 3), (4, 1)), ((), ()), ((0, 3), (1, 3)), ((1, 1), ()),
)  # fmt: skip
CUBE: tuple[Shapes, ...] = (((2, 3, 4),), ((0, 3, 4),))


def one(covers: str, *expressions: str, low: float = -2.0, high: float = 2.0) -> Row:
    """An operation on every entry of x."""
    return Row(covers, expressions, ONE, low, high)


def two(covers: str, *expressions: str, low: float = -2.0, high: float = 2.0) -> Row:
    """An operation on entries of x and y, with broadcasting."""
    return Row(covers, expressions, TWO, low, high)
