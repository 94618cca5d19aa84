"""Many cotangents through one graph: the rows of a Jacobian, and `grad(…, is_grads_batched=True)`.

The cotangents lie along a first axis and travel together, so that the graph is walked once and not
once per row. An operation whose derivatives are right with such an axis in front of `grad` (`rows`
in its table; entry by entry it goes without saying) takes all rows in one call. Any other node,
a custom function too, is asked row by row; what it gives is stacked.

How much faster that is than a walk per row, the table of `tests/benchmarks/` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import engine
from .cotangents import worked
from .node import Node
from .wanted import Wanted

Root = tuple[Node, int]

ENTRIES = 1 << 20
"""At most about so many entries of a cotangent travel together, so that memory stays bounded."""


def walk(
    roots: Sequence[Root],
    batches: Sequence[np.ndarray],
    wanted: Wanted,
    keep_graph: bool,
) -> list[Any]:
    """For each wanted tensor its gradients, one per cotangent, along a first axis (or None).

    batches: for each root its cotangents, along a first axis.
    """
    count = len(batches[0])
    step = max(1, ENTRIES // wanted.largest())
    found: list[list[Any]] = []
    for start in range(0, count, step):
        part = [b if step >= count else b[start : start + step] for b in batches]
        keep = keep_graph or start + step < count
        engine.run(roots, part, keep, False, wanted, backward)
        found.append(wanted.arrived)
        wanted.arrived = [None] * len(wanted.targets)
    if len(found) == 1:
        return found[0]
    return [joined(parts, np.concatenate) for parts in zip(*found, strict=True)]


def backward(node: Any, incoming: list[Any]) -> list[Any]:
    """The work of a node on many cotangents at once, made to fit its inputs."""
    operation = getattr(node, "operation", None)
    if operation is not None and operation.rows:
        return list(worked(node, incoming, leading=1))
    count = len(next(batch for batch in incoming if batch is not None))
    rows = []
    for k in range(count):
        row = [None if batch is None else batch[k, ...] for batch in incoming]
        rows.append(worked(node, row))
    return [joined(column, np.stack) for column in zip(*rows, strict=True)]


def joined(parts: Sequence[Any], join: Any) -> Any:
    """The parts in one array; zeros for those that are missing, None if all are."""
    some = next((part for part in parts if part is not None), None)
    if some is None:
        return None
    return join([np.zeros_like(some) if part is None else part for part in parts])
