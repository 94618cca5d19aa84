"""Limiting a walk to certain tensors: what `grad(…, inputs)` and `backward(inputs=…)` ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .graph import Edge, Node


class Wanted:
    """The paths that lead from the roots to the wanted tensors, and what arrived there."""

    def __init__(
        self, roots: Sequence[tuple[Node, int]], targets: Sequence[tuple[Node, int]]
    ) -> None:
        self.targets = list(targets)
        self.arrived: list[Any] = [None] * len(targets)
        self.reached = [False] * len(targets)
        self._nodes = {node for node, _ in targets}
        self._edges = self._leading_edges(roots)

    def _leading_edges(self, roots: Sequence[tuple[Node, int]]) -> dict[Node, tuple[Edge, ...]]:
        """For each node the edges that lead to a wanted one (None in place of the others)."""
        order: list[Node] = []  # inputs before outputs
        seen: set[Node] = set()
        stack = [(node, False) for node, _ in roots]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((edge[0], False) for edge in node.edges if edge is not None)
        leading: set[Node] = set()
        edges: dict[Node, tuple[Edge, ...]] = {}
        for node in order:
            edges[node] = tuple(
                edge if edge is not None and edge[0] in leading else None for edge in node.edges
            )
            if node in self._nodes or any(edge is not None for edge in edges[node]):
                leading.add(node)
        return edges

    def edges(self, node: Node) -> tuple[Edge, ...]:
        """The edges of `node` that lead to a wanted tensor, None in place of the others."""
        return self._edges[node]

    def passes(self, node: Node, incoming: list[Any]) -> bool:
        """Note what arrived, if it was wanted here. True if the walk has to go on from here."""
        if node in self._nodes:
            for k, target in enumerate(self.targets):
                if target[0] is node:
                    self.arrived[k] = incoming[target[1]]
                    self.reached[k] = True
        return any(edge is not None for edge in self._edges[node])
