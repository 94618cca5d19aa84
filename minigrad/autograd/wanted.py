"""Limiting a walk to certain tensors: what `grad(…, inputs)` and `backward(inputs=…)` ask for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import attrgetter
from typing import Any

from .arrivals import tell_version, version_of
from .node import Edge, Node

OBSERVERS = ("hooks", "retained", "prehooks", "posthooks")
"""What a node may carry that looks at each cotangent (see `hooks.py`)."""


AGE = attrgetter("order")


class Wanted:
    """The paths that lead from the roots to the wanted tensors, and what arrived there.

    works: the nodes of the targets do their work too, as `backward(inputs=…)` has it.
    """

    _noted: frozenset[Node] = frozenset()
    """The nodes where what arrived has been noted before their hooks saw it."""

    def __init__(
        self,
        roots: Sequence[tuple[Node, int]],
        targets: Sequence[tuple[Node, int]],
        works: bool = False,
    ) -> None:
        self.works = works
        self.targets = list(targets)
        self.arrived: list[Any] = [None] * len(targets)
        self.versions = [0] * len(targets)
        self.ends = {node for node, _ in targets}
        self.paths: dict[Node, tuple[Edge, ...]] = {}
        """For each node on a path, its edges, with None for those that lead to nothing wanted."""
        self._find_paths(roots)

    def _find_paths(self, roots: Sequence[tuple[Node, int]]) -> None:
        seen = {node for node, _ in roots}
        unseen = list(seen)
        while unseen:
            for edge in unseen.pop().edges:
                if edge is not None and edge[0] not in seen:
                    seen.add(edge[0])
                    unseen.append(edge[0])
        leading = self.ends & seen
        # An edge leads to an older node, or to a leaf: from the oldest on, one look will do,
        # unless somebody has numbered nodes anew.
        nodes, known = sorted(seen, key=AGE, reverse=True), -1
        while known < len(leading):
            known = len(leading) if Node.renumbered else len(seen)
            for node in nodes:
                edges = [e if e and e[0] in leading else None for e in node.edges]
                if edges.count(None) < len(edges):
                    leading.add(node)
                    self.paths[node] = tuple(edges)

    def begun(
        self, roots: list[tuple[Node, int]], cotangents: list[Any]
    ) -> tuple[list[tuple[Node, int]], list[Any]]:
        """The roots from which a path leads to a wanted tensor, and their cotangents. (From an only
        root PyTorch starts in any case.)
        """
        if len(roots) == 1:
            return roots, cotangents
        leads = [root[0] in self.ends or root[0] in self.paths for root in roots]
        return list(compress(roots, leads)), list(compress(cotangents, leads))

    def edges(self, node: Node) -> tuple[Edge, ...]:
        """The edges of `node` that lead to a wanted tensor, None in place of the others."""
        return self.paths.get(node, ())

    def only(self, node: Node, outgoing: Sequence[Any]) -> list[Any]:
        """The cotangents that go on from `node`, None in place of the others."""
        if not node.selective:
            return list(outgoing)
        edges = self.paths.get(node, (None,) * len(outgoing))
        return [None if e is None else c for e, c in zip(edges, outgoing, strict=True)]

    def passes(self, node: Node, incoming: list[Any]) -> bool:
        """Note what arrived, if it was wanted here. True if the walk has to go on from here."""
        if node in self.ends:
            if self.works:
                return True
            if node not in self._noted:
                self._note(node, incoming)
        return node in self.paths

    def before_hooks(self, node: Node, incoming: list[Any]) -> None:
        """The same of a node that works, too: what arrived there is noted as hooks have not yet
        seen it, as in PyTorch.
        """
        if node in self.ends and node in self.paths and not self.works:
            self._note(node, incoming)
            self._noted = self._noted | {node}

    def _note(self, node: Node, incoming: list[Any]) -> None:
        for k, target in enumerate(self.targets):
            if target[0] is node:
                arrived, version = incoming[target[1]], version_of(incoming)
                self.arrived[k], self.versions[k] = arrived, version
                if hasattr(arrived, "_array"):  # before others save it
                    tell_version(arrived, version)

    def observed(self) -> bool:
        """True if hooks look at cotangents on the paths: they expect one at a time."""
        return any(
            node.extras is not None and not node.extras.keys().isdisjoint(OBSERVERS)
            for node in self.ends | self.paths.keys()
        )

    def largest(self) -> int:
        """The number of entries of the largest tensor that is known to lie on the paths."""
        sizes = [1]
        for node in self.paths:
            for value in getattr(node, "saved", None) or ():
                array = getattr(value, "_array", None)
                sizes.append(0 if array is None else array.size)
        return max(sizes)
