"""A recorded minigrad graph run again from given inputs, and the tensors that all paths pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigrad import Tensor, enable_grad, recording
from minigrad.autograd.node import AccumulateGrad, Node
from minigrad.trace.nodes import custom, forward_order, operation_name

Place = tuple[Any, int]
"""Which tensor: (node, which of its outputs), or (id of a leaf, -1)."""


class NotAgain(Exception):
    """The graph cannot be run again; says why."""


@dataclass
class Stage:
    """A tensor on the way: its label, the operation that computed it, and itself."""

    label: str
    operation: str
    tensor: Any


class Rerun:
    """The operations between `inputs` and `out`, ready to be run at other values.

    `out` and `inputs` are copies with a graph of their own: the user's graph is not walked again.
    Raises NotAgain if an operation was not recorded, or computes something else the second time.
    """

    def __init__(self, out: Tensor, inputs: list[Tensor]) -> None:
        self.original = out
        self.places = [_place(x) for x in inputs]
        self.end = _place(out)
        self.nodes = self._between()
        with enable_grad():
            self.inputs = [x.detach().clone().requires_grad_(True) for x in inputs]
            self.known = self._run(self.inputs)
        self.out = self.known[self.end]
        if not np.array_equal(self.out._array, out._array, equal_nan=True):
            raise NotAgain(
                "running the operations again gave other numbers: one of them is random, or works "
                "in place"
            )

    def _between(self) -> list[Node]:
        """The nodes on the way from the inputs to the output, oldest first."""
        moving = {place for place in self.places if place[1] == -1}
        inner = {place[0] for place in self.places if place[1] != -1}
        found: list[Node] = []
        reached = set(inner)
        for node in forward_order(self.original):
            if node in inner:
                continue
            for edge in node.edges:
                if edge is None:
                    continue
                if edge[0] in reached or _edge_place(edge) in moving:
                    reached.add(node)
                    found.append(node)
                    break
        if any(recording.of(node) is None for node in found):
            raise NotAgain(
                "an operation was not recorded, so that it cannot be run again: import widgets "
                "before the forward pass"
            )
        return found

    def _run(self, inputs: list[Tensor]) -> dict[Place, Tensor]:
        known: dict[Place, Tensor] = dict(zip(self.places, inputs, strict=True))
        for node in self.nodes:
            record = recording.of(node)
            assert record is not None
            arguments = [
                known.get(_place(value), value) if isinstance(value, Tensor) else value
                for value in record.arguments
            ]
            run = record.operation.apply if custom(node) else record.operation
            results = run(*arguments)
            for slot, result in enumerate(results if isinstance(results, tuple) else (results,)):
                known[node, slot] = result
        return known

    def call(self, *inputs: Tensor) -> Tensor:
        """The output at other inputs of the same shapes."""
        return self._run(list(inputs))[self.end]

    def stages(self, names: Mapping[str, Any], last: str) -> list[Stage]:
        """The tensors that every path from the inputs to the output passes, the output last.

        With the nodes in the order of the computation: those that no edge leads past.
        """
        position = {node: k for k, node in enumerate(self.nodes)}
        past = [False] * len(self.nodes)
        starts = set(self.places)
        for k, node in enumerate(self.nodes):
            for edge in node.edges:
                if edge is None:
                    continue
                start = -1 if _edge_place(edge) in starts else position.get(edge[0])
                if start is not None:
                    past[start + 1 : k] = [True] * (k - start - 1)
        bound = {
            _place(value): name
            for name, value in reversed(list(names.items()))
            if isinstance(value, Tensor) and not name.startswith("_")
        }
        found: list[Stage] = []
        for k, node in enumerate(self.nodes):
            if past[k] or node.outputs != 1 or not self.known[node, 0].numel():
                continue
            count = sum(stage.label.startswith("t") for stage in found) + 1
            label = last if (node, 0) == self.end else bound.get((node, 0), f"t{count}")
            found.append(Stage(label, operation_name(node), self.known[node, 0]))
        return found


def _place(tensor: Tensor) -> Place:
    history = tensor._history()
    return (id(tensor), -1) if history is None else (history[0], history[1])


def _edge_place(edge: tuple[Node, int]) -> Place:
    node = edge[0]
    return (id(node.variable), -1) if isinstance(node, AccumulateGrad) else (node, edge[1])
