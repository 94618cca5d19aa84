"""The nodes and edges of a trace: the graph as it is, and what lies behind its ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import names as naming
from .data import BRIEF, DETAILED, WHOLE, array_data
from .source import Described, Past, Source

FINDING_PLACES = frozenset(["max", "min", "median", "nanmedian", "sort", "topk"])
"""Operations that keep, besides the values, where they found them."""


class GraphRecorder:
    """Collects the nodes and edges of one trace.

    inputs: leaves that are shown even if no way leads to them.
    """

    def __init__(self, source: Source, names: dict[str, Any], inputs: Sequence[Any] = ()) -> None:
        self.source = source
        firsts = {  # a node is called after the first of its results
            name: value
            for name, value in names.items()
            if source.key(value) is None or not source.slot(value)
        }
        self.labels = naming.Labels(firsts, source.key)
        self.values = {
            key: value for value in firsts.values() if (key := source.key(value)) is not None
        }
        if not source.slot(source.out):
            self.values[source.key(source.out)] = source.out
        self.further = {  # names of the results of a node, but for the first
            (source.key(value), slot): name
            for name, value in names.items()
            if source.key(value) is not None and (slot := source.slot(value)) and name[:1] != "_"
        }
        for key, name in source.former_names(names).items():
            self.labels.also(key, name)
        self.ids: dict[Any, str] = {}
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self.first: dict[Any, np.ndarray] = {}  # what leaves and constants held when first used
        self.described: dict[Any, Described] = {}
        self.whole = WHOLE if len(source.order) <= DETAILED else BRIEF
        self.edge_ids: dict[tuple[str, str, str], str] = {}
        for node, scope in zip(source.order, source.scopes(names), strict=True):
            self._add_operation(node, scope)
        if not source.order:
            self._add_tensor(source.out)
        for tensor in inputs:
            self._add_tensor(tensor)
        self.output = self.ids[source.key(source.out)]

    def _add_operation(self, node: Any, scope: Sequence[tuple[str, str, int]]) -> None:
        source = self.source
        own = source.own_key(node)
        described = self.described[own] = source.describe(node)
        self._add_inputs(described)
        label = self.labels.label(own, "t")
        value = described.value
        if value is None and own in self.values:
            value = source.array(self.values[own])
        identity = self._new_node(
            own,
            kind="operation",
            label=label,
            operation=described.operation,
            expression=self._expression(described),
            grad_fn=described.grad_fn,
            source=described.source,
            value=None if value is None else self._data(value),
            requires_grad=True,
            is_leaf=False,
            retains_grad=source.is_retained(node),
            saved=self._saved(described, own, f"n{len(self.nodes)}"),
            scope=[list(part) for part in scope],
        )
        more = [
            {"output": slot, "label": self.result_label(own, slot), "value": self._data(further)}
            for slot, further in enumerate(described.further, 1)
            if further is not None
        ]
        if more:
            self.node(identity)["more"] = more
        if described.packed:
            self.node(identity)["packed"] = True
        self._add_edges(identity, described)

    def _add_edges(
        self, identity: str, described: Described, cut: tuple[str, str] | None = None
    ) -> None:
        """An edge from each input; `cut`: why no gradient goes back along it."""
        for name, value in _drawn(described):
            start = self.ids.get(self.source.key(value))
            if start is None:
                continue
            edge: dict[str, Any]
            edge = {"id": f"e{len(self.edges)}", "from": start, "to": identity, "input": name}
            if slot := self.source.slot(value):
                edge["output"] = slot
            if name in described.overwritten:
                held, writer = described.overwritten[name]
                edge |= {"held": self._data(held), "writer": writer}
            elif name in described.held:
                held, first = described.held[name], self.first.get(self.source.key(value))
                if first is not None and not _same(held, first):
                    edge |= {"held": self._data(held), "writer": ""}
            self.edge_ids.setdefault((start, identity, name), edge["id"])
            if cut is not None and self.node(start)["requires_grad"]:
                edge["severed"] = {"reason": cut[0], "text": cut[1]}
            self.edges.append(edge)

    def _add_inputs(self, described: Described) -> None:
        """The leaves that an operation was given, and what lies behind the end of a history."""
        for name, value in _drawn(described):
            if isinstance(value, Past):
                self._add_past(value)
            elif (leaf := self.source.leaf(value)) is not None:
                self._add_tensor(leaf, described.held.get(name))

    def _add_past(self, past: Past) -> None:
        """What lies behind the end of a history, oldest first."""
        if past.key in self.ids:
            return
        described = past.described
        self._add_inputs(described)
        if past.name:
            self.labels.also(past.key, past.name)
        letter = {"operation": "t", "leaf": "leaf", "constant": "c"}[past.kind]
        label = self.labels.label(past.key, letter)
        value = None if described.value is None else self._data(described.value)
        identity = self._new_node(
            past.key,
            kind=past.kind,
            label=label,
            operation=described.operation or None,
            expression=self._expression(described) or label,
            grad_fn=described.grad_fn or ("AccumulateGrad" if past.kind == "leaf" else None),
            source=described.source,
            value=value,
            requires_grad=past.requires_grad,
            is_leaf=past.cut is not None or past.kind != "operation",
            retains_grad=False,
            saved=[],
            scope=[],
        )
        self._add_edges(identity, described, past.cut)

    def _add_tensor(self, tensor: Any, held: np.ndarray | None = None) -> None:
        """A leaf or a constant. held: its entries when it was used first."""
        own = self.source.key(tensor)
        if own in self.ids:
            return
        past = self.source.past(tensor)
        if past is not None:
            self._add_past(past)
            return
        leaf = bool(tensor.requires_grad)
        now = self.source.array(tensor)
        array = now if held is None else held
        if leaf:
            label = self.labels.label(own, "leaf")
        elif array.size == 1 and self.labels.name(own) is None:
            label = naming.plain(array.item())
        else:
            label = self.labels.label(own, "c")
        self._new_node(
            own,
            kind="leaf" if leaf else "constant",
            label=label,
            operation=None,
            expression=label,
            grad_fn="AccumulateGrad" if leaf else None,
            source=None,
            value=self._data(array),
            requires_grad=leaf,
            is_leaf=True,
            retains_grad=False,
            saved=[],
            scope=[],
        )
        self.first[own] = array
        if held is not None and not _same(held, now):
            self.nodes[-1] |= {"now": self._data(now), "writer": self.source.writer(tensor)}

    def _new_node(self, own: Any, **fields: Any) -> str:
        identity = self.ids[own] = f"n{len(self.nodes)}"
        self.nodes.append({"id": identity, "name": self.labels.name(own), **fields})
        return identity

    def _label(self, value: Any) -> str:
        key = self.source.key(value)
        if key is None:
            return "?" if value is None else naming.plain(value)
        identity = self.ids.get(key)
        if identity is None:
            return "?"
        return self.result_label(key, self.source.slot(value))

    def result_label(self, key: Any, slot: int) -> str:
        """What one of the results of a node is called."""
        return self._called(key, slot, self.node(self.ids[key])["label"])

    def _own(self, own: Any, slot: int) -> str:
        """The same of a node that is not there yet."""
        return self._called(own, slot, self.labels.label(own, "t"))

    def _called(self, key: Any, slot: int, first: str) -> str:
        return self.further.get((key, slot), f"{first}[{slot}]") if slot else first

    def _expression(self, described: Described) -> str:
        labels = {name: self._label(value) for name, value in described.inputs.items()}
        labels |= {
            name: self._label(value) if isinstance(value, Past) else naming.option(name, value)
            for name, value in described.options.items()
        }
        shown = naming.short(described.shown, described.options)
        parts = [label for name, label in labels.items() if name in described.inputs]
        return naming.written(naming.listed(shown, parts), described.call, labels)

    def _saved(self, described: Described, own: Any, identity: str) -> list[dict[str, Any]]:
        saved: list[dict[str, Any]] = []
        for kept in described.saved:
            known = self._own(own, kept.slot) if kept.own else self._label(kept.tensor)
            called = None if kept.own else self.labels.name(self.source.key(kept.tensor))
            if known == "?" and called is not None:  # an index that has no box of its own
                known = called
            elif known == "?":  # a result that nobody has, such as the places of a maximum
                known, further = kept.name, kept.name.removeprefix("result")
                if further.isdigit():
                    known = self._own(own, int(further))
                if described.operation in FINDING_PLACES:
                    known = "indices"
            node = identity if kept.own else self.ids.get(self.source.key(kept.tensor))
            item = {"name": kept.name, "node": node, "label": known, "version": kept.version}
            if kept.version is None:
                item["freed"] = True
            elif kept.now is not None and kept.now != kept.version:
                item |= {"now": kept.now, "writer": kept.writer}
            saved.append(item)
        return saved

    def node(self, identity: str) -> dict[str, Any]:
        """A node of the trace by its id."""
        return self.nodes[int(identity[1:])]

    def _data(self, array: Any) -> dict[str, Any]:
        return array_data(array, self.whole)

    def _mark_reached(self) -> None:
        """Say of what requires grad whether a walk from the output leads there."""
        reached = {self.output}
        ways: dict[str, list[str]] = {}
        for edge in self.edges:
            if "severed" not in edge:
                ways.setdefault(edge["to"], []).append(edge["from"])
        unseen = [self.output] if self.node(self.output)["requires_grad"] else []
        while unseen:
            for start in ways.get(unseen.pop(), ()):
                if start not in reached and self.node(start)["requires_grad"]:
                    reached.add(start)
                    unseen.append(start)
        for node in self.nodes:
            if node["requires_grad"] and node["id"] not in reached:
                node["reached"] = False


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def _drawn(described: Described) -> list[tuple[str, Any]]:
    """(name, value) of the arguments that may have boxes: the inputs, and options read off one."""
    options = [(n, value) for n, value in described.options.items() if isinstance(value, Past)]
    return [*described.inputs.items(), *options]
