"""What a Function's forward says of its derivative: each entry of an input, nudged both ways.

The local Jacobian in a trace is what a node's own backward makes of unit vectors. Of a custom
Function nobody has checked that it belongs to the forward; here is the other half.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .data import jacobian_data
from .kinks import MOST, Run

STEP = 1e-5  # of an entry's size
CLOSE = 1e-3  # of the larger one: two derivatives that agree; float32 has seven digits


def nudged(
    run: Run, x: np.ndarray, jacobian: dict[str, Any], result: np.ndarray
) -> dict[str, Any] | None:
    """The Jacobian by central differences, if it is another one than `jacobian`; else None.

    An entry at a kink or a jump, and what is no function of its inputs alone, is not judged.
    """
    if "values" not in jacobian or not 0 < x.size <= MOST or not result.size:
        return None
    x = x.astype(np.float64)
    with np.errstate(all="ignore"):
        here = run(x)
        same = here.shape == result.shape and np.allclose(here, result, 1e-3, 1e-6, equal_nan=True)
        if not same or here.dtype != np.float64 or not np.array_equal(here, run(x)):
            return None
        left, right = _sides(run, x, here)
        slope = (left + right) / 2
        size = np.maximum(np.abs(left), np.abs(right))
        smooth = np.isfinite(size) & (np.abs(right - left) <= CLOSE * (1 + size))
        used = _whole(jacobian, slope.shape)
        far = np.abs(slope - used) > CLOSE * np.maximum(size, np.abs(used)) + CLOSE
    if not np.any(smooth & (far | ~np.isfinite(used))):
        return None
    shown = np.where(smooth, np.where(far, slope, used), used)
    return jacobian_data(_short(shown), slope.shape)


def _sides(run: Run, x: np.ndarray, here: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The slopes of every entry of the result (rows) to the left and right of each of the input."""
    left, right = np.zeros((2, here.size, x.size))
    for at in range(x.size):
        step = np.zeros_like(x)
        step.flat[at] = STEP * max(1.0, abs(float(x.flat[at])))
        left[:, at] = np.ravel(here - run(x - step)) / step.flat[at]
        right[:, at] = np.ravel(run(x + step) - here) / step.flat[at]
    return left, right


def _whole(jacobian: dict[str, Any], shape: tuple[int, ...]) -> np.ndarray:
    """The matrix of a trace's Jacobian."""
    values = np.array(jacobian["values"], dtype=np.float64)  # "nan" and "inf" are read as such
    return np.diag(values) if jacobian["kind"] == "diagonal" else values.reshape(shape)


def _short(matrix: np.ndarray) -> np.ndarray:
    """Without the digits that differences cannot tell."""
    finite = np.abs(matrix[np.isfinite(matrix)])
    matrix = np.where(np.abs(matrix) < 1e-7 * finite.max(initial=0.0), 0.0, matrix)
    return np.array([float(f"{value:.5g}") for value in matrix.flat]).reshape(matrix.shape)
