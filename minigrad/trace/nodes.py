"""What a trace asks of a node: its name, its inputs, what it saved, where it was written."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import recording
from ..autograd.node import NOWHERE, AccumulateGrad, Node
from ..ops.operation_node import OperationNode
from ..ops.saved_attributes import LISTS, TENSORS, asks
from ..tensor import Tensor
from ..versions import INFERENCE
from ..views import CopySlices
from .source import Saved


def forward_order(out: Tensor) -> list[Node]:
    """The operations that `out` was computed by, oldest first."""
    seen: set[Node] = set()
    unseen = [out.grad_fn] if out.grad_fn else []
    while unseen:
        node = unseen.pop()
        if node not in seen and not isinstance(node, AccumulateGrad) and node is not NOWHERE:
            seen.add(node)
            unseen.extend(edge[0] for edge in node.edges if edge is not None)
    return sorted(seen, key=lambda node: -node.order)


def custom(node: Node) -> bool:
    """True for a node of a user's `Function`."""
    return not isinstance(node, (OperationNode, CopySlices))


def operation_name(node: Node) -> str:
    """`mul` for MulBackward0, the class name for a custom Function."""
    if isinstance(node, OperationNode):
        return node.operation.name
    return type(node).__name__.removesuffix("Backward")


def input_names(node: Node, count: int | None = None) -> list[str]:
    """The names of a node's inputs; a custom Function's are numbered, numbers among them too."""
    if isinstance(node, OperationNode):
        return list(node.operation.inputs)
    if count is None and hasattr(node, "_is_tensor"):
        return [f"input{k}" for k, is_tensor in enumerate(node._is_tensor) if is_tensor]
    return [f"input{k}" for k in range(len(node.edges) if count is None else count)]


def saved_tensors(node: Node) -> list[Saved]:
    """All tensors that a node saved, or has freed since."""
    if not isinstance(node, OperationNode):
        return [
            _saved(f"saved_tensors[{k}]", value, version, slot is not None)._replace(slot=slot or 0)
            for k, (value, version, slot) in enumerate(getattr(node, "_kept", ()))
            if value is not None
        ]
    if node.saved is None:
        return _freed(node)
    found = []
    for k, (need, value) in enumerate(zip(node.operation.saving, node.saved, strict=False)):
        if isinstance(value, Tensor):
            version = node.versions[k] if node.versions else 0
            found.append(_saved(need, value, version, need == "result"))
    order = list(node.operation.saving)
    found += _places(node, next((name for name in order if name in TENSORS), ""))
    return sorted(found, key=lambda saved: order.index(saved.name.partition("[")[0]))


def _places(node: OperationNode, need: str) -> list[Saved]:
    """An index, a mask, targets; of an index that was a list only that it was saved."""
    kept = (node.extras or {}).get("places", ())
    if node.operation.name not in LISTS:
        return [_saved(need, tensor, version, False) for tensor, version in kept]
    if kept:
        return [_saved(f"{need}[{k}]", t, version, False) for k, (t, version) in enumerate(kept)]
    index = node.saved[list(node.operation.saving).index(need)] if need and node.saved else ()
    parts = [part for part in index or () if isinstance(part, np.ndarray)]
    return [Saved(f"{need}[{k}]", None, 0, False) for k in range(len(parts))]


def _saved(name: str, tensor: Any, version: int, own: bool) -> Saved:
    """One saved tensor, with what has become of it since."""
    counter = getattr(tensor, "_counter", None)
    if counter is None or counter is INFERENCE:
        return Saved(name, tensor, version, own)
    writer = recording.writer(tensor) if counter.value != version else ""
    return Saved(name, tensor, version, own, counter.value, writer)


def _freed(node: OperationNode) -> list[Saved]:
    """What a node had saved and has freed."""
    record = recording.of(node)
    given = dict(zip(node.operation.arguments, record.arguments if record else (), strict=False))
    return [
        Saved(need, given.get(need), None, need == "result")
        for need, users in node.operation.saving.items()
        if need == "result" or isinstance(given.get(need), Tensor)
        if asks(users, node.edges)
    ]


def came_by(node: Node, values: dict[str, Any]) -> dict[str, Any]:
    """Input name → the edge it came by; a tensor without one, or a number, as it is.

    By edges, as the tensor itself may have been overwritten since and have another history.
    """
    edges = iter(node.edges)
    inputs = {}
    for name, value in values.items():
        has_edge = isinstance(node, OperationNode) or isinstance(value, Tensor)
        edge = next(edges) if has_edge else None
        inputs[name] = value if edge is None or edge[0] is NOWHERE else edge
    return inputs


def edge_of(saved: Saved, names: list[str], arguments: Any, inputs: dict[str, Any]) -> Any:
    """The edge by which something saved came: it is an input by its name, or by its identity."""
    if saved.own or saved.name in inputs:
        return inputs.get(saved.name, saved.tensor)
    same = (inputs[n] for n, value in zip(names, arguments, strict=False) if value is saved.tensor)
    return next(same, saved.tensor)


def kept_values(node: Node) -> dict[str, Any]:
    """Name → value of all that an operation's derivatives need, but for its own result."""
    if not isinstance(node, OperationNode):
        return {}
    kept = zip(node.operation.saving, node.saved or (), strict=False)
    return {need: value for need, value in kept if need != "result"}


def source(record: recording.Record | None) -> dict[str, Any] | None:
    """Where an operation was written."""
    if record is None:
        return None
    return {
        "where": recording.place(record.file, record.line),
        "line": record.line,
        "text": recording.source_line(record.file, record.line),
    }
