"""A backward pass that runs, for those who want to know more of it than their own gradient."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Any

from .grad_mode import state
from .node import AccumulateGrad, Node
from .wanted import Wanted

number = itertools.count().__next__


class Task:
    """One backward pass: what it starts from, and what it is limited to."""

    __slots__ = ("__weakref__", "_nodes", "callbacks", "keeps", "number", "roots", "walk", "wanted")

    def __init__(
        self,
        roots: Sequence[tuple[Node, int]] = (),
        wanted: Wanted | None = None,
        keeps: bool = False,
    ) -> None:
        self.number = number()
        self.callbacks: list[Callable[[], Any]] = []
        """What is to be called when the pass has ended."""
        self.roots, self.wanted = roots, wanted
        self.keeps = keeps
        """True if the graph is to be retained."""
        self.walk: Any = None
        """The generator that does the work (`engine.walk`)."""
        self._nodes: set[Node] | None = None

    def node(self) -> Node | None:
        """The node that is at work. The walk is not asked to say so at each: it is looked up."""
        frame = getattr(self.walk, "gi_frame", None)  # none when it has ended
        return None if frame is None else frame.f_locals.get("node")

    def reaches(self, node: Node) -> bool:
        """True if the pass comes to a node; PyTorch does not count the only one it starts from."""
        if self._nodes is None:
            self._nodes = set(self.order())
            if len(self.roots) == 1:
                self._nodes.discard(self.roots[0][0])
        return node in self._nodes

    def executes(self, node: Node) -> bool:
        """The same. Raises RuntimeError for a leaf whose gradient is looked for, and not kept."""
        wanted = self.wanted
        if (
            isinstance(node, AccumulateGrad)
            and wanted is not None
            and not wanted.works
            and any(target is node for target, _ in wanted.targets)
            and self.reaches(node)
        ):
            raise RuntimeError(
                "A leaf node was passed to _will_engine_execute_node but we are currently running "
                "autograd.grad(). This is currently not supported."
            )
        return self.reaches(node)

    def order(self) -> list[Node]:
        """All nodes of the pass, in the order in which they work."""
        from .engine import expect

        missing = {node: those.missing for node, those in expect(self.roots, self.wanted).items()}
        ready: list[tuple[int, Node]] = []
        for node, count in missing.items():
            if not count:
                heappush(ready, (node.order, node))
        found = []
        while ready:
            node = heappop(ready)[1]
            found.append(node)
            for edge in node.edges if self.wanted is None else self.wanted.edges(node):
                if edge is not None:
                    following = edge[0]
                    missing[following] = missing.get(following, 1) - 1
                    if not missing[following]:
                        heappush(ready, (following.order, following))
        return found


def queue_callback(callback: Callable[[], Any]) -> None:
    """Call `callback()` when the backward pass that is running has ended.

    Raises RuntimeError if none is.
    """
    if state.task is None:
        raise RuntimeError("Final callbacks can only be installed during backward pass.")
    state.task.callbacks.append(callback)
