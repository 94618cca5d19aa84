"""Kinks: where the slopes on either side differ, so that the derivative used is a choice.

Nothing here knows which operations have kinks: each is run again, in float64, a little to the left
and to the right of where it was. (The slopes between the two are its subgradients there.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .data import number

Run = Callable[[np.ndarray], np.ndarray]
"""Another value of one input → the result."""

STEP = 1e-9  # of the input's size: less than from one float32 to the next
FINER = 0.1  # a kink is still there at a tenth of the step; a jump or a curve is not
MOST = 64  # entries that are looked at one by one
SHOWN = 4  # kinks that are written down


def kinks(
    run: Run, x: np.ndarray, jacobian: dict[str, Any], result: np.ndarray
) -> dict[str, Any] | None:
    """The `kinks` of a product: {count, entries: [{at, left, right, used}]}, or None."""
    if "values" not in jacobian or not x.size or not result.size:
        return None
    x = x.astype(np.float64)
    with np.errstate(all="ignore"):
        here = run(x)
        if here.shape != result.shape or not np.allclose(here, result, 1e-3, 1e-6, equal_nan=True):
            return None  # it is no function of its inputs alone
        found = list(_along(run, x, here, jacobian))
    if not found:
        return None
    return {"count": len(found), "entries": found[:SHOWN]}


def _along(
    run: Run, x: np.ndarray, here: np.ndarray, jacobian: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    if jacobian["kind"] == "diagonal":  # all entries at once: they do not disturb each other
        left, right, kinked = _slopes(run, x, here, np.ones_like(x))
        for at in map(int, np.flatnonzero(kinked)):
            yield _kink(at, left.flat[at], right.flat[at], jacobian["values"][at])
        return
    for at in range(min(x.size, MOST)):
        direction = np.zeros_like(x)
        direction.flat[at] = 1
        left, right, kinked = _slopes(run, x, here, direction)
        for row in map(int, np.flatnonzero(kinked)[:1]):
            yield _kink(at, left.flat[row], right.flat[row], jacobian["values"][row][at])


def _slopes(
    run: Run, x: np.ndarray, here: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(left, right, where they differ) of the result, along a direction of the input."""
    sizes = np.where(x == 0, 1, np.abs(x)) * STEP
    scale = float(sizes.flat[int(np.argmax(direction))])
    step = sizes if direction.all() else np.asarray(scale)
    left = (here - run(x - step * direction)) / step
    right = (run(x + step * direction) - here) / step
    fine = step * FINER
    finer = (run(x + fine * direction) - 2 * here + run(x - fine * direction)) / fine
    gap = right - left
    noise = 16 * np.finfo(np.float64).eps * np.abs(here) / fine
    large = np.abs(gap) > 1e-3 * np.maximum(np.abs(left), np.abs(right)) + noise
    stays = np.abs(finer - gap) < 0.05 * np.abs(gap) + noise
    return left, right, large & stays & np.isfinite(gap)


def _kink(at: int, left: float, right: float, used: Any) -> dict[str, Any]:
    return {
        "at": at,
        "left": number(float(f"{left:.6g}")),
        "right": number(float(f"{right:.6g}")),
        "used": used,
    }
