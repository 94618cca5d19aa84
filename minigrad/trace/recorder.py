"""The recorder: the graph as it is, then one real walk, written down. It knows no engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import failure, text
from . import names as naming
from .data import BRIEF, DETAILED, SCHEMA, WHOLE, Trace, array_data, collector_paused
from .jacobian import local_jacobians
from .kinks import kinks
from .source import Arrays, Described, Past, Source

NO_LIMIT = {"min": r"-\infty", "max": r"\infty"}
"""What stands in a formula for a limit that was left out."""


@collector_paused()
def recorded(
    source: Source, names: dict[str, Any], partial: bool = False, inputs: Sequence[Any] = ()
) -> Trace:
    """The trace of one backward pass through the graph of `source`.

    names: variable names and their values, such as `globals()`.
    partial: a walk that fails gives the trace up to the failing node, with its `error`.
    inputs: leaves that are shown even if the walk does not reach them.
    """
    recorder = Recorder(source, names, inputs)
    if source.refused is not None:
        recorder.error = failure.error("backward", recorder.output, source.refused, [])
        return Trace(recorder.data())
    try:
        recorder.walk()
    except Exception as problem:
        if not partial:
            raise
        recorder.failed(problem)
    return Trace(recorder.data())


class Recorder:
    """Collects the nodes, edges and steps of one trace."""

    def __init__(self, source: Source, names: dict[str, Any], inputs: Sequence[Any] = ()) -> None:
        self.source = source
        self.labels = naming.Labels(names, source.key)
        self.values = {
            key: value for value in names.values() if (key := source.key(value)) is not None
        }
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
        self.backward: list[dict[str, Any]] = []
        self.error: dict[str, Any] | None = None
        self.described: dict[Any, Described] = {}
        self.gathered: dict[Any, Any] = {}
        self.whole = WHOLE if len(source.order) <= DETAILED else BRIEF
        self.edge_ids: dict[tuple[str, str, str], str] = {}
        for node, scope in zip(source.order, source.scopes(names), strict=True):
            self._add_operation(node, scope)
        if not source.order:
            self._add_tensor(source.out)
        for tensor in inputs:
            self._add_tensor(tensor)
        self.output = self.ids[source.key(source.out)]
        self.before: dict[int, Any] = {}

    # ---- the graph ---------------------------------------------------------------------------

    def _add_operation(self, node: Any, scope: Sequence[tuple[str, str, int]]) -> None:
        source = self.source
        own = source.own_key(node)
        described = self.described[own] = source.describe(node)
        for value in described.inputs.values():
            leaf = source.leaf(value)
            if leaf is not None:
                self._add_tensor(leaf)
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
        self._add_edges(identity, described)

    def _add_edges(
        self, identity: str, described: Described, cut: tuple[str, str] | None = None
    ) -> None:
        """An edge from each input; `cut`: why no gradient goes back along it."""
        for name, value in described.inputs.items():
            start = self.ids.get(self.source.key(value))
            if start is None:
                continue
            edge: dict[str, Any]
            edge = {"id": f"e{len(self.edges)}", "from": start, "to": identity, "input": name}
            self.edge_ids.setdefault((start, identity, name), edge["id"])
            if cut is not None and self.node(start)["requires_grad"]:
                edge["severed"] = {"reason": cut[0], "text": cut[1]}
            self.edges.append(edge)

    def _add_past(self, past: Past) -> None:
        """What lies behind the end of a history, oldest first."""
        if past.key in self.ids:
            return
        described = past.described
        for value in described.inputs.values():
            if isinstance(value, Past):
                self._add_past(value)
            elif (leaf := self.source.leaf(value)) is not None:
                self._add_tensor(leaf)
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

    def _add_tensor(self, tensor: Any) -> None:
        own = self.source.key(tensor)
        if own in self.ids:
            return
        past = self.source.past(tensor)
        if past is not None:
            self._add_past(past)
            return
        leaf = bool(tensor.requires_grad)
        array = self.source.array(tensor)
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
        label, slot = self.node(identity)["label"], self.source.slot(value)
        return self.further.get((key, slot), f"{label}[{slot}]") if slot else label

    def _expression(self, described: Described) -> str:
        labels = {name: self._label(value) for name, value in described.inputs.items()}
        labels |= {name: naming.plain(value) for name, value in described.options.items()}
        shown = naming.short(described.shown, described.options)
        return naming.written(shown, described.call, labels)

    def _saved(self, described: Described, own: Any, identity: str) -> list[dict[str, Any]]:
        saved: list[dict[str, Any]] = []
        for kept in described.saved:
            known = self.labels.label(own, "t") if kept.own else self._label(kept.tensor)
            node = identity if kept.own else self.ids.get(self.source.key(kept.tensor))
            item = {"name": kept.name, "node": node, "label": known, "version": kept.version}
            if kept.version is None:
                item["freed"] = True
            elif kept.now is not None and kept.now != kept.version:
                item |= {"now": kept.now, "writer": kept.writer}
            saved.append(item)
        return saved

    # ---- the walk ----------------------------------------------------------------------------

    def walk(self) -> None:
        """Let the engine walk, and write down each step."""
        self.source.walk(self._begin, self._visit)

    def failed(self, problem: Exception) -> None:
        """Note what was raised, and at which node."""
        node, incoming = self.source.stood(problem)
        variable = None if node is None else self.source.variable(node)
        key = self.source.own_key(node) if variable is None else self.source.key(variable)
        identity = self.ids.get(key)
        given = [self.node(edge["from"]) for edge in self.edges if edge["to"] == identity]
        operands = [failure.operand(n["label"], n["value"]) for n in given if n["value"]]
        arrived = next((c for c in incoming or () if isinstance(c, np.ndarray)), None)
        self.error = failure.error("backward", identity, problem, operands, arrived)

    def _begin(self, gradient: np.ndarray) -> None:
        self.before = {id(tensor): self.source.grad(tensor) for tensor in self.source.tensors()}
        seed = self._data(gradient)
        label = self.node(self.output)["label"]
        self.backward.append(
            step("seed", self.output, seed, rule=[naming.partial(label, label) + " = "
                 + ("1" if not seed["shape"] else r"\text{gradient}")],
                 text=text.seed_sentence(label, seed))
        )  # fmt: skip

    def _visit(self, node: Any, incoming: Arrays, outgoing: Arrays) -> None:
        if all(cotangent is None for cotangent in incoming):
            return  # nothing was sent here
        variable = self.source.variable(node)
        if variable is None:
            self._operation(node, incoming, outgoing)
        else:
            self._accumulate(variable, incoming[0])

    def _accumulate(self, leaf: Any, cotangent: Any) -> None:
        identity = self.ids[self.source.key(leaf)]
        label = self.node(identity)["label"]
        change = self._sum(label, self.before[id(leaf)], cotangent)
        rule = naming.latex(label) + r"\text{.grad} \mathrel{+}= " + self._partial(label)
        self.backward.append(
            step("accumulate", identity, change["contribution"], rule=[rule], accumulate=change,
                 text=f"AccumulateGrad adds to the leaf: {change['text']}.")
        )  # fmt: skip

    def _operation(self, node: Any, incoming: Arrays, outgoing: Arrays) -> None:
        own = self.source.own_key(node)
        identity, described = self.ids[own], self.described[own]
        info = self.node(identity)
        products: list[dict[str, Any]] = []
        nothing: list[str] = []
        slots = [k for k, cotangent in enumerate(incoming) if cotangent is not None]
        slot = slots[0]
        jacobians = {k: self._jacobians(node, k, incoming, outgoing) for k in slots}
        for position, edge in enumerate(self.source.edges(node)):
            if edge is None:
                continue
            (name, tensor), cotangent = edge, outgoing[position]
            to = self.ids[tensor]
            if cotangent is None:
                nothing.append(to)
                continue
            earlier = self.gathered.get(tensor)
            later = self.gathered[tensor] = cotangent if earlier is None else earlier + cotangent
            products.append({
                "edge": self.edge_ids[to, identity, name],
                "to": to,
                "input": name,
                "rule": self._rule(described, info, name, self.node(to)["label"]),
                "jacobian": jacobians[slot][position],
                "contribution": self._data(cotangent),
                "before": None if earlier is None else self._data(earlier),
                "after": self._data(later),
            })  # fmt: skip
            omitted = products[-1]["jacobian"]["kind"] == "omitted"
            kinked = None if omitted else self._kinks(node, position, products[-1]["jacobian"])
            if kinked is not None:
                products[-1]["kinks"] = kinked
            if slots[1:]:
                products[-1]["more"] = [
                    {"output": k, "incoming": self._data(incoming[k]),
                     "jacobian": jacobians[k][position]}
                    for k in slots[1:]
                ]  # fmt: skip
        change = None
        for tensor in self.source.retained(node):
            if incoming[0] is not None:
                change = self._sum(info["label"], self.before[id(tensor)], incoming[0])
        done = step(
            "operation", identity, self._data(incoming[slot]), rule=[p["rule"] for p in products],
            products=products, nothing=nothing, accumulate=change,
            freed=[saved.name for saved in described.saved],
        )  # fmt: skip
        ends = [*(product["to"] for product in products), *nothing]
        labels = {end: self.node(end)["label"] for end in ends}
        done["text"] = text.operation_sentence(info, done, labels, self.node(self.output)["label"])
        if change:
            done["text"] += f" It is retained: {change['text']}."
        if slot:
            done["output"] = slot
        self.backward.append(done)

    def _kinks(self, node: Any, position: int, jacobian: dict[str, Any]) -> Any:
        again = self.source.again(node, position)
        if again is None:
            return None
        run, x, result = again
        try:
            return kinks(run, x, jacobian, result)
        except Exception:  # what cannot be run again is drawn all the same
            return None

    def _data(self, array: Any) -> dict[str, Any]:
        return array_data(array, self.whole)

    def _sum(self, label: str, before: Any, contribution: Any) -> dict[str, Any]:
        return accumulation(label, before, contribution, self.whole)

    def _jacobians(self, node: Any, slot: int, incoming: Arrays, outgoing: Arrays) -> Any:
        def send(one_hot: np.ndarray) -> Arrays:
            arriving = [one_hot if k == slot else None for k in range(len(incoming))]
            return self.source.send(node, arriving)

        like = incoming[slot]
        assert like is not None
        if len(self.backward) > DETAILED:
            shapes = [(like.size, 0 if c is None else int(np.size(c))) for c in outgoing]
            return [{"kind": "omitted", "shape": list(shape)} for shape in shapes]
        edges = zip(self.source.edges(node), outgoing, strict=True)
        sizes = {
            position: int(np.size(cotangent))
            for position, (edge, cotangent) in enumerate(edges)
            if edge is not None and cotangent is not None
        }
        return local_jacobians(send, like, sizes, self.source.entrywise(node))

    def _rule(self, described: Described, info: dict[str, Any], name: str, to: str) -> str:
        left = self._partial(to) + r" \mathrel{+}= "
        template = described.latex.get(name)
        if template is None:
            return left + self._partial(info["label"]) + r" \cdot " + naming.partial(
                info["label"], to)  # fmt: skip
        words = {"grad": self._partial(info["label"]), "result": naming.latex(info["label"])}
        words |= {need: naming.latex(self._label(value)) for need, value in described.kept.items()}
        for argument, value in (*described.inputs.items(), *described.options.items()):
            if value is None and argument in NO_LIMIT:
                words[argument] = NO_LIMIT[argument]
            elif self._label(value) != "?":
                words[argument] = naming.latex(self._label(value))
        return left + naming.rule(template, words)

    def _partial(self, by: str) -> str:
        return naming.partial(self.node(self.output)["label"], by)

    def node(self, identity: str) -> dict[str, Any]:
        """A node of the trace by its id."""
        return self.nodes[int(identity[1:])]

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

    def data(self) -> dict[str, Any]:
        """The finished trace."""
        self._mark_reached()
        cuts = {edge["to"]: edge["severed"] for edge in self.edges if "severed" in edge}
        return {
            "schema": SCHEMA,
            "engine": self.source.engine,
            "output": self.output,
            "nodes": self.nodes,
            "edges": self.edges,
            "forward": [
                {"node": node["id"], "text": text.forward_sentence(node, cuts.get(node["id"]))}
                for node in self.nodes
                if node["kind"] != "constant"
            ],
            "backward": self.backward,
            "error": self.error,
            "layout": None,
        }


def step(kind: str, node: str, incoming: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A backward step with everything it has to have."""
    return {"kind": kind, "node": node, "text": "", "rule": [], "incoming": incoming,
            "products": [], "nothing": [], "accumulate": None, "freed": []} | fields  # fmt: skip


def accumulation(label: str, before: Any, contribution: Any, whole: int = WHOLE) -> dict[str, Any]:
    """`before + contribution = after`, as data and in words."""
    after = contribution if before is None else before + contribution
    data = array_data(contribution, whole)
    change = {
        "before": None if before is None else array_data(before, whole),
        "contribution": data,
        "after": array_data(after, whole),
    }
    said = text.accumulation(label, change["before"], data, array_data(after, whole))
    return change | {"text": said}
