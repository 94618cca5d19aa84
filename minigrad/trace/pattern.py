"""A large local Jacobian in small: where its entries are not zero, and about how large they are.

A diagonal is recognised by what it makes of two cotangents. Up to `EXACT` entries all others are
computed row by row, and every cell of the map is the largest entry of its block. Beyond that, a
cotangent of random signs goes through a whole band of rows at once: a cell is then the largest sum
of a band's column, without its sign. It is zero only if the entries are, or cancel, which random
signs do not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .data import number

CELLS = 64  # cells of the map, along each side at most
EXACT = 2**18  # entries up to which the Jacobian is computed
MOST_ROWS = 512  # and rows: each costs a call of the derivative
BANDS, FEW = 64, 16  # calls beyond that
LARGE, HUGE = 2**31, 2**34  # entries beyond which it is few calls, or none
LEVELS = 9

Send = Callable[[np.ndarray], Sequence[np.ndarray | None]]
Block = tuple[np.ndarray, np.ndarray]
"""The largest and the smallest entry per cell."""


def patterns(
    send: Send, like: np.ndarray, sizes: dict[int, int], entrywise: bool
) -> dict[int, dict[str, Any]]:
    """Position of an input → what the trace says of its large Jacobian; `sizes` as its columns."""
    rows = like.size
    if not rows:
        return {}
    found = _diagonals(send, like, [k for k, columns in sizes.items() if columns == rows])
    rest = {k: columns for k, columns in sizes.items() if k not in found and columns}
    total = rows * sum(rest.values())
    if rest and total <= HUGE:
        exact = total <= EXACT and rows <= MOST_ROWS
        found |= _in_bands(send, like, rest, rows if exact else _calls(rows, total), exact)
        for k, columns in rest.items():
            if entrywise and columns < rows:
                found[k]["structure"] = "broadcast"
    return found


def _diagonals(send: Send, like: np.ndarray, square: list[int]) -> dict[int, dict[str, Any]]:
    """Those that are diagonal: random cotangents come out as the diagonal times themselves."""
    if not square:
        return {}
    signs = np.random.default_rng(1).choice([-1.0, 1.0], like.shape).astype(like.dtype)
    ones, mixed = send(np.ones_like(like)), send(signs)
    found = {}
    for k in square:
        one, other = ones[k], mixed[k]
        if one is None or other is None:
            one = other = np.zeros_like(like)
        entries = np.ravel(one)
        if np.array_equal(entries * signs.ravel(), np.ravel(other), equal_nan=True):
            found[k] = {"structure": "diagonal", "map": cell_map(*across(entries[None]), True)}
    return found


def _calls(rows: int, total: int) -> int:
    return min(rows, BANDS if total <= LARGE else FEW)


def _in_bands(
    send: Send, like: np.ndarray, sizes: dict[int, int], bands: int, exact: bool
) -> dict[int, dict[str, Any]]:
    random = np.random.default_rng(0)
    edges = np.linspace(0, like.size, bands + 1).astype(int)
    highest: dict[int, list[np.ndarray]] = {k: [] for k in sizes}
    lowest: dict[int, list[np.ndarray]] = {k: [] for k in sizes}
    for first, last in pairwise(edges):
        cotangent = np.zeros_like(like)
        cotangent.flat[first:last] = random.choice([-1.0, 1.0], last - first) if not exact else 1
        sent = send(cotangent)
        for k, columns in sizes.items():
            row = sent[k]
            row = np.zeros(columns) if row is None else np.ravel(row)
            high, low = across((row if exact else np.abs(row))[None])
            highest[k].append(high[0])
            lowest[k].append(low[0])
    return {
        k: {"structure": None, "map": cell_map(*down(highest[k], lowest[k]), exact)} for k in sizes
    }


def across(matrix: np.ndarray) -> Block:
    """The largest and the smallest entry of each block of columns, at most `CELLS` blocks."""
    columns = matrix.shape[1]
    starts = np.linspace(0, columns, min(CELLS, columns) + 1).astype(int)[:-1]
    return np.maximum.reduceat(matrix, starts, 1), np.minimum.reduceat(matrix, starts, 1)


def down(highest: list[np.ndarray], lowest: list[np.ndarray]) -> Block:
    """The same over blocks of rows."""
    starts = np.linspace(0, len(highest), min(CELLS, len(highest)) + 1).astype(int)[:-1]
    return (
        np.maximum.reduceat(np.array(highest), starts, 0),
        np.minimum.reduceat(np.array(lowest), starts, 0),
    )


def cell_map(high: np.ndarray, low: np.ndarray, exact: bool) -> dict[str, Any]:
    """The map as the trace has it: a character per cell, row by row.

    "0": all entries are zero. "a" … "i": the entry furthest from zero is positive, of level 1 … 9;
    "A" … "I": negative. "!": one is nan or infinite. Level k: at most `max` · (k / 9)².
    """
    entries = np.where(high >= -low, high, low).astype(np.float64)
    bad = ~(np.isfinite(high) & np.isfinite(low))
    entries[bad] = 0
    largest = float(np.abs(entries).max(initial=0.0))
    share = np.abs(entries) / largest if largest else np.zeros_like(entries)
    levels = np.clip(np.ceil(LEVELS * np.sqrt(share)), 0, LEVELS).astype(int)
    levels[(levels == 0) & (entries != 0)] = 1
    letters = np.where(entries < 0, ord("A") - 1, ord("a") - 1) + levels
    letters[levels == 0] = ord("0")
    letters[bad] = ord("!")
    rows, columns = letters.shape
    text = letters.astype(np.uint8).tobytes().decode("ascii")
    return {
        "rows": rows,
        "columns": columns,
        "cells": text,
        "max": number(float(f"{largest:.3g}")),
        "exact": exact,
    }
