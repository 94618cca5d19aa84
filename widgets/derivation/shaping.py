"""Functions that make, fill and rearrange arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .budget import Budget, refuse, shape_of, whole


def filled(value: float) -> Callable[..., Any]:
    """An array of this shape, full of one number."""

    def filled(budget: Budget, *shape: Any) -> Any:
        size = shape_of(shape)
        budget.spend(*size)
        return np.full(size, value)

    return filled


def full(budget: Budget, shape: Any, value: Any) -> Any:
    """An array of this shape, full of a number."""
    size = shape_of((shape,))
    budget.spend(*size)
    return np.full(size, float(value))


def expand(budget: Budget, x: Any, *shape: Any) -> Any:
    """The array, repeated along axes of 1; -1 keeps an axis."""
    size = shape_of(shape)
    ahead = len(size) - np.ndim(x)
    size = tuple(
        np.shape(x)[i - ahead] if n == -1 and i >= ahead else n for i, n in enumerate(size)
    )
    budget.spend(*size)
    return np.broadcast_to(x, size)


def cat(budget: Budget, xs: Any, dim: Any = 0) -> Any:
    """The parts, one after another along an axis."""
    budget.spend(sum(np.size(x) for x in xs))
    return np.concatenate([np.asarray(x) for x in xs], axis=whole(dim))


def stack(budget: Budget, xs: Any, dim: Any = 0) -> Any:
    """The parts, along a new axis."""
    budget.spend(sum(np.size(x) for x in xs))
    return np.stack([np.asarray(x) for x in xs], axis=whole(dim))


def size(budget: Budget, x: Any, dim: Any = None) -> Any:
    """The shape, or the length of one axis."""
    return np.shape(x) if dim is None else float(np.shape(x)[whole(dim)])


def arange(budget: Budget, *bounds: Any) -> Any:
    """0, 1, 2, … below an end, or from a start."""
    start, end, step = ([0, *bounds, 1] if len(bounds) == 1 else [*bounds, 1])[:3]
    count = whole(np.ceil((end - start) / step))
    budget.spend(max(count, 0))
    return start + step * np.arange(count)


def one_hot(budget: Budget, index: Any, classes: Any = -1) -> Any:
    """A row of zeros with a 1 for every whole number."""
    count = whole(np.max(index) + 1 if whole(classes) == -1 else classes)
    budget.spend(np.size(index), count)
    return (np.asarray(index)[..., None] == np.arange(count)) * 1.0


def repeat(budget: Budget, x: Any, *counts: Any) -> Any:
    """The array, so many times along every axis (PyTorch's; NumPy calls it tile)."""
    times = shape_of(counts)
    size = int(np.prod([float(n) for n in times]))
    budget.spend(np.size(x), max(size, 0))
    return np.tile(x, times)


def flip(budget: Budget, x: Any, *dims: Any) -> Any:
    """The array, backwards along some axes, or all."""
    axes = shape_of(dims) if dims else None
    return np.flip(x, axes)


def roll(budget: Budget, x: Any, shifts: Any, dims: Any = None) -> Any:
    """The array, moved around along an axis."""
    return np.roll(x, whole(shifts), None if dims is None else whole(dims))


def pad(budget: Budget, x: Any, widths: Any) -> Any:
    """Zeros around x: PyTorch's order, (before, after) of the last axis first."""
    ends = shape_of((widths,))
    if len(ends) % 2 or len(ends) > 2 * np.ndim(x) or min(ends, default=0) < 0:
        refuse("pad takes two widths for each axis, the last axis first")
    pairs = [(0, 0)] * (np.ndim(x) - len(ends) // 2)
    pairs += [(ends[k], ends[k + 1]) for k in range(len(ends) - 2, -2, -2)]
    budget.spend(*(n + a + b for n, (a, b) in zip(np.shape(x), pairs)))
    return np.pad(x, pairs)
