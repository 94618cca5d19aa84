"""What a computed tensor was, kept without its graph: for pictures of what was read off it."""

from __future__ import annotations

import weakref
from typing import Any

import torch

from .describe import Node
from .origins import Given, Origin, described, nothing
from .recording import Constant, Edge, of

KEY = "widgets.former"
BACK = 64  # operations that are remembered of one graph
ACCUMULATE = "torch::autograd::AccumulateGrad"


def former(tensor: Any) -> Origin | None:
    """What computed a tensor; None for a leaf, and for what was not recorded."""
    return None if tensor.grad_fn is None else _of_node(tensor.grad_fn, [BACK])


def _of_node(node: Any, left: list[int]) -> Origin | None:
    record = of(node)
    if record is None or left[0] <= 0:
        return None
    left[0] -= 1
    if KEY not in node.metadata:
        about = Node(node)
        arguments = [_argument(value, left) for value in about.inputs.values()]
        plain = about.described(None)
        name = plain.operation if plain.shown else plain.call
        node.metadata[KEY] = Origin(
            name, (*arguments, *plain.options.values()), None, *described(record.value),
            record.file, record.line, node=node._sequence_nr(), grad_fn=plain.grad_fn,
        )  # fmt: skip
    return node.metadata[KEY]


def _argument(value: Any, left: list[int]) -> Any:
    if isinstance(value, Constant):
        value = value.tensor
    if isinstance(value, torch.Tensor):
        return Given(weakref.ref(value), value.requires_grad, *described(value), None)
    if not isinstance(value, tuple) or not value or not hasattr(value[0], "next_functions"):
        return value
    node = value[0]
    if node.name() == ACCUMULATE:
        return _argument(node.variable, left)
    record = of(node)
    if record is None or value[1]:
        return None
    reference = value.tensor if isinstance(value, Edge) else nothing
    return Given(reference, True, *described(record.value), _of_node(node, left))
