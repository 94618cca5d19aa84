"""A Jacobian as plain data for the page: bounded, however large it is.

What the page reads:

out, x          {label, entries}  their names, or [] where there are too many
rows, columns   their numbers
cells           {i, j, values}    the entries that are not 0; null where there are too many
pooled          {rows, columns, largest}  the largest |entry| of each tile; or null
structure       {name, meaning, zeros}
modes           [{name, needed, run, seconds, problem}]
chain           {factors, costs, goals}; or null
notes           sentences
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigrad.trace.data import number

from . import chain
from .modes import Mode, forward, reverse
from .question import Question
from .structure import structure

MOST_CELLS = 4096  # entries that travel to the page
MOST_NAMED = 512  # rows or columns whose labels travel
TILES = 64  # rows and columns of a picture of a larger matrix
FACTOR = 1024  # entries of a factor that travel
DIGITS = 8  # float32 has no more, and they are what a notebook saves


def described(question: Question) -> tuple[np.ndarray | None, list[Mode], dict[str, Any]]:
    """The matrix (None if it is too large), what each mode needed, and the data for the page."""
    engine, out, inputs = question.engine, question.out, question.inputs
    rows, columns = out.numel(), sum(x.numel() for x in inputs)
    modes = [
        reverse(engine, out, inputs),
        forward(engine, question.call, inputs, rows),
    ]
    matrix = _both(modes)
    label = question.input_labels[0] if len(inputs) == 1 else ", ".join(question.input_labels)
    found = chain.factors(engine, inputs, label, question.stages) if out.requires_grad else []
    data: dict[str, Any] = {
        "out": {"label": question.out_label, "entries": names([question.out_label], [out])},
        "x": {"label": label, "entries": names(question.input_labels, inputs)},
        "rows": rows,
        "columns": columns,
        "cells": None,
        "pooled": None,
        "structure": None,
        "modes": [_mode(mode) for mode in modes],
        "chain": _chain(found) if found else None,
        "notes": [*question.notes, *notes(modes, matrix)],
    }
    if matrix is not None:
        named = structure(matrix)
        zeros = int(matrix.size - np.count_nonzero(matrix))
        data["structure"] = {"name": named.name, "meaning": named.meaning, "zeros": zeros}
        if matrix.size - zeros <= MOST_CELLS and max(matrix.shape) <= MOST_NAMED:
            data["cells"] = cells(matrix)
        else:
            data["pooled"] = pooled(matrix)
    return matrix, modes, data


def _both(modes: Sequence[Mode]) -> np.ndarray | None:
    """The matrix: the first mode's, with the other's numbers where that has 0 · ∞ = nan."""
    found = [mode.matrix for mode in modes if mode.matrix is not None]
    if not found:
        return None
    first, last = found[0], found[-1]
    return np.where(np.isnan(first) & np.isfinite(last), last, first)


def names(labels: Sequence[str], tensors: Sequence[Any]) -> list[str]:
    """`y[0,1]` for every entry, in C order; `y` for a single number."""
    if sum(tensor.numel() for tensor in tensors) > MOST_NAMED:
        return []
    return [
        f"{label}[{','.join(map(str, index))}]" if index else label
        for label, tensor in zip(labels, tensors, strict=True)
        for index in np.ndindex(*tensor.shape)
    ]


def cells(matrix: np.ndarray) -> dict[str, Any]:
    """The entries that are not zero: their rows, columns and values."""
    i, j = np.nonzero(matrix)
    return {"i": i.tolist(), "j": j.tolist(), "values": [short(v) for v in matrix[i, j]]}


def pooled(matrix: np.ndarray) -> dict[str, Any]:
    """The largest |entry| of each tile of at most TILES × TILES; nan counts as the largest."""
    down = -(-matrix.shape[0] // TILES)
    across = -(-matrix.shape[1] // TILES)
    size = np.nan_to_num(np.abs(matrix), nan=np.inf)
    tiles = [
        [short(size[i : i + down, j : j + across].max()) for j in range(0, matrix.shape[1], across)]
        for i in range(0, matrix.shape[0], down)
    ]
    return {"rows": down, "columns": across, "largest": tiles}


def short(value: Any) -> Any:
    """One entry as it travels: as many digits as are shown, and a few more."""
    return number(float(f"{value:.{DIGITS}g}"))


def notes(modes: Sequence[Mode], matrix: np.ndarray | None) -> list[str]:
    """What has to be said: entries that are no numbers, modes that disagree, too large."""
    found = []
    both = [mode.matrix for mode in modes if mode.matrix is not None]
    if len(both) == 2:
        with np.errstate(invalid="ignore"):
            apart = np.abs(both[0] - both[1])
        scale = np.max(np.abs(both[0]), initial=1.0, where=np.isfinite(both[0]))
        gap = np.max(apart, initial=0.0, where=np.isfinite(apart))
        if np.any(np.isfinite(both[0]) != np.isfinite(both[1])):
            found.append(
                "Where a slope is infinite the two modes differ, as 0 · ∞ is nan: shown is the one "
                "that has a number there."
            )
        if gap > 1e-4 * scale:
            found.append(
                f"The two modes disagree by up to {gap:.3g}. Is something random (dropout) or "
                "computed under no_grad(), or is a derivative of your own wrong?"
            )
    if matrix is None:
        found.append(
            "Too large to compute here: only a sample of the passes was run. Ask for fewer "
            "outputs, such as jacobian(y[:3], x)."
        )
    elif bad := int(np.sum(~np.isfinite(matrix))):
        found.append(f"{bad} entr{'y is' if bad == 1 else 'ies are'} nan or infinite.")
    return found


def _mode(mode: Mode) -> dict[str, Any]:
    data = {key: getattr(mode, key) for key in ("name", "needed", "run", "seconds", "problem")}
    return data | {"seconds": float(f"{mode.seconds:.3g}")}


def _chain(found: Sequence[chain.Factor]) -> dict[str, Any]:
    return {
        "factors": [
            {
                "of": factor.of,
                "by": factor.by,
                "operation": factor.operation,
                "shape": list(factor.shape),
                "values": None
                if factor.matrix is None or factor.matrix.size > FACTOR
                else [[short(v) for v in row] for row in factor.matrix],
            }
            for factor in found
        ],
        "costs": chain.costs([factor.shape for factor in found]),
        "goals": chain.GOALS,
    }
