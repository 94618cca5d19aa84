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

from .. import tensor as tensors_module
from ..size import Size
from . import engine
from .cotangents import misfit, worked
from .gradient_edge import like_of_output
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


def stacked(columns: Sequence[Any]) -> list[Any]:
    """The gradients of all cotangents, for each input along a first axis."""
    from ..ops.joining import stack

    stacks: dict[int, Any] = {}
    for column in zip(*columns, strict=True):
        if id(column[0]) not in stacks:
            stacks[id(column[0])] = None if column[0] is None else stack(column)
    return [stacks[id(first)] for first in columns[0]]


NO_BATCH = (
    "vmap(vjp, in_dims=0, ...)(<inputs>): Got in_dim=0 for an input but the input is of type "
    "<class 'NoneType'>. We cannot vmap over non-Tensor arguments, please use None as the "
    "respective in_dim"
)


def batches(outs: Any, given: Any) -> list[Any]:
    """The cotangents of each output, along a first axis. Raises, in PyTorch's words, if they are
    not.
    """
    for k, (out, batch) in enumerate(zip(outs, given, strict=False)):
        like = like_of_output(out)
        if batch is None:
            if not getattr(out, "requires_grad", True):
                raise ValueError(NO_BATCH)
            if like is None or like.size != 1:
                raise RuntimeError("grad can be implicitly created only for scalar outputs")
            if like.ndim:  # a 1 in its shape, of which the first axis is taken for the batch
                raise misfit(None, k, like[0], like.shape)
            raise ValueError(
                "vmap(vjp, in_dims=0, ...)(<inputs>): Got in_dim=0 for some input, but that input "
                "is a Tensor of dimensionality 0 so expected in_dim to satisfy 0 <= in_dim < 0."
            )
        if not isinstance(batch, tensors_module.Tensor):
            raise TypeError(
                f"gradients can be either Tensors or None, but got {type(batch).__name__}"
            )
        if batch.ndim == 0:
            raise IndexError(
                "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
                "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
            )
        if like is not None and batch.shape[1:] != like.shape:
            raise RuntimeError(
                "If `is_grads_batched=True`, we interpret the first dimension of each grad_output "
                "as the batch dimension. The sizes of the remaining dimensions are expected to "
                f"match the shape of corresponding output, but a mismatch was detected: "
                f"grad_output[{k}] has a shape of {batch.shape[2:]} and output[{k}] has a shape of "
                f"{Size.of(like.shape)}. If you only want some tensors in "
                "`grad_output` to be considered batched, consider using vmap."
            )
    counts = [len(batch) for batch in given]
    if len(set(counts)) > 1:
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{counts} for the mapped dimension"
        )
    if not counts[0]:
        raise IndexError("index 0 is out of bounds for dimension 0 with size 0")
    return given
