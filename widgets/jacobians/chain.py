"""The factors of a chain, J = J₃ J₂ J₁, and what it costs to multiply them from either end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .graph import Stage
from .modes import reverse

MOST = 8  # factors that are shown; with more, neighbours are taken together
MOST_ENTRIES = 1 << 18  # a larger factor is known by its shape alone


class Factor(NamedTuple):
    """∂of/∂by; the operations that it stands for; its matrix, or None if it is too large."""

    of: str
    by: str
    operation: str
    shape: tuple[int, int]
    matrix: np.ndarray | None


def factors(
    engine: Any, inputs: Sequence[Any], input_label: str, stages: Sequence[Stage]
) -> list[Factor]:
    """From the output to the input, as they stand in the product; none for a chain of one."""
    if len(stages) < 2:
        return []
    chosen = chosen_stages(stages)
    found = []
    before: Sequence[Any] = inputs
    by = input_label
    for operations, stage in chosen:
        shape = (stage.tensor.numel(), sum(x.numel() for x in before))
        matrix = None
        if shape[0] * shape[1] <= MOST_ENTRIES:
            matrix = reverse(engine, stage.tensor, before).matrix
        found.append(Factor(stage.label, by, operations, shape, matrix))
        before, by = [stage.tensor], stage.label
    return found[::-1]


def chosen_stages(stages: Sequence[Stage]) -> list[tuple[str, Stage]]:
    """At most MOST stages, evenly spread, each with the names of the operations that it ends."""
    count = min(MOST, len(stages))
    ends = [round((k + 1) * len(stages) / count) - 1 for k in range(count)]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [
        (_operations(stages[start : end + 1]), stages[end])
        for start, end in zip(starts, ends, strict=True)
    ]


def _operations(stages: Sequence[Stage]) -> str:
    names = [stage.operation for stage in stages]
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} … {names[-1]}"


def cost(shapes: Sequence[tuple[int, int]], end: str) -> list[int]:
    """Multiplications of numbers in each matrix product, begun at the "left" or "right" end.

    A product of a p×q and a q×r matrix takes one multiplication for each of the p·r entries of the
    result and each of the q terms of its sum.
    """
    if end == "right":  # the same product, seen in a mirror
        return cost([(columns, rows) for rows, columns in reversed(shapes)], "left")
    rows, inner = shapes[0]
    found = []
    for _, columns in shapes[1:]:
        found.append(rows * inner * columns)
        inner = columns
    return found


GOALS = {
    "row": "vᵀJ, one row: what a backward pass computes",
    "column": "J·u, one column: what a forward pass computes",
    "whole": "J, the whole matrix",
}


def costs(shapes: Sequence[tuple[int, int]]) -> dict[str, dict[str, list[int]]]:
    """Goal → end → the multiplications of each product."""
    sequences = {
        "row": [(1, shapes[0][0]), *shapes],
        "column": [*shapes, (shapes[-1][1], 1)],
        "whole": list(shapes),
    }
    return {
        goal: {end: cost(sequence, end) for end in ("left", "right")}
        for goal, sequence in sequences.items()
    }
