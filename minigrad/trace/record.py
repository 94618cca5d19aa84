"""Recording a run: the graph as it is, then one real walk of the engine, written down."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import recording
from ..autograd import engine
from ..autograd.cotangents import fit
from ..autograd.differentiate import start
from ..autograd.graph import AccumulateGrad, Node
from ..tensor import Tensor
from . import names as naming
from . import text
from .data import SCHEMA, Trace, array_data
from .jacobian import local_jacobian
from .nodes import custom, forward_order, input_names, operation_name, saved_tensors, source


def record(out: Tensor, gradient: Any = None, names: dict[str, Any] | None = None) -> Trace:
    """The trace of a backward pass from `out`, without its consequences.

    gradient: the cotangent of `out`, of its shape; may be left out if `out` has one entry.
    names: variable names and their values, such as `globals()`.

    The walk is real, but afterwards every `.grad` is as it was and the graph is still there.
    Raises what `out.backward(gradient)` would raise.
    """
    roots, cotangents = start((out,), gradient, False)
    recorder = Recorder(out, names or {})
    with grads_kept(recorder.tensors()):
        recorder.walk(roots, cotangents)
    return Trace(recorder.data())


@contextlib.contextmanager
def grads_kept(tensors: list[Tensor]) -> Iterator[None]:
    """Puts every `.grad` back; inside, a copy of it may be added to."""
    before = [tensor._grad for tensor in tensors]
    for tensor, grad in zip(tensors, before, strict=True):
        tensor._grad = None if grad is None else grad.detach().clone()
    try:
        yield
    finally:
        for tensor, grad in zip(tensors, before, strict=True):
            tensor._grad = grad


NO_LIMIT = {"min": r"-\infty", "max": r"\infty"}
"""What stands in a formula for a limit that was left out."""


class Recorder:
    """Collects the nodes, edges and steps of one trace."""

    def __init__(self, out: Tensor, names: dict[str, Any]) -> None:
        self.labels = naming.Labels(names)
        self.values = {naming.key(v): v for v in names.values() if isinstance(v, Tensor)}
        self.values[naming.key(out)] = out
        self.ids: dict[Any, str] = {}
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, Any]] = []
        self.backward: list[dict[str, Any]] = []
        self.out = out
        self.order = forward_order(out)
        self.gathered: dict[Any, Any] = {}
        for node in self.order:
            self._add_operation(node)
        if out.grad_fn is None:
            self._add_tensor(out)
        self.output = self.ids[naming.key(out)]

    # ---- the graph ---------------------------------------------------------------------------

    def _add_operation(self, node: Node) -> None:
        record = recording.of(node)
        inputs = self._inputs(node, record)
        for value in inputs.values():
            if isinstance(value, Tensor) and value.is_leaf:
                self._add_tensor(value)
            elif isinstance(value, tuple) and value and isinstance(value[0], AccumulateGrad):
                self._add_tensor(value[0].variable)
        tensor_key = (node, 0)
        label = self.labels.label(tensor_key, "t")
        labels = {name: self._label(value) for name, value in inputs.items()}
        value = record.value if record else None
        if value is None and tensor_key in self.values:
            value = self.values[tensor_key]._array
        identity = self._new_node(
            tensor_key,
            kind="operation",
            label=label,
            operation=record.operation.__name__
            if custom(node) and record
            else operation_name(node),
            expression=self._expression(node, record, labels),
            grad_fn=type(node).__name__,
            source=source(record),
            value=None if value is None else array_data(value),
            requires_grad=True,
            is_leaf=False,
            retains_grad=bool(node.extras and node.extras.get("retained")),
            saved=self._saved(node),
        )
        for name, value in inputs.items():
            tensor = self._key(value)
            if tensor in self.ids:
                self.edges.append(
                    {"id": f"e{len(self.edges)}", "from": self.ids[tensor], "to": identity,
                     "input": name}
                )  # fmt: skip

    def _add_tensor(self, tensor: Tensor) -> None:
        tensor_key = naming.key(tensor)
        if tensor_key in self.ids:
            return
        leaf = tensor.requires_grad
        if leaf:
            label = self.labels.label(tensor_key, "leaf")
        elif tensor._array.size == 1 and self.labels.name(tensor_key) is None:
            label = naming.plain(tensor._array.item())
        else:
            label = self.labels.label(tensor_key, "c")
        self._new_node(
            tensor_key,
            kind="leaf" if leaf else "constant",
            label=label,
            operation=None,
            expression=label,
            grad_fn="AccumulateGrad" if leaf else None,
            source=None,
            value=array_data(tensor._array),
            requires_grad=leaf,
            is_leaf=True,
            retains_grad=False,
            saved=[],
        )

    def _new_node(self, tensor_key: Any, **fields: Any) -> str:
        identity = self.ids[tensor_key] = f"n{len(self.nodes)}"
        name = self.labels.name(tensor_key)
        self.nodes.append({"id": identity, "name": name, **fields})
        return identity

    def _inputs(self, node: Node, record: recording.Record | None) -> dict[str, Any]:
        """Input name → tensor, number, or (without a recording) the edge it came by."""
        if record is None:
            return dict(zip(input_names(node), node.edges, strict=True))
        arguments = record.arguments
        return dict(zip(input_names(node, len(arguments)), arguments, strict=False))

    def _key(self, value: Any) -> Any:
        if isinstance(value, Tensor):
            return naming.key(value)
        is_edge = isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], Node)
        return naming.edge_key(value) if is_edge else None

    def _label(self, value: Any) -> str:
        identity = self.ids.get(self._key(value))
        if identity is not None:
            return self.nodes[int(identity[1:])]["label"]
        return "?" if value is None or isinstance(value, Tensor) else naming.plain(value)

    def _expression(self, node: Node, record: Any, labels: dict[str, str]) -> str:
        if record is None:
            return f"{operation_name(node)}({', '.join(labels.values())})"
        return naming.expression(
            record, [*labels.values(), *map(naming.plain, record.arguments[len(labels) :])]
        )

    def _saved(self, node: Node) -> list[dict[str, Any]]:
        saved = []
        for name, tensor, version, own in saved_tensors(node):
            tensor_key = (node, 0) if own else self._key(tensor)
            known = self.labels.label(tensor_key, "t") if own else self._label(tensor)
            saved.append({"name": name, "node": self.ids.get(tensor_key), "label": known,
                          "version": version})  # fmt: skip
            if own:
                saved[-1]["node"] = f"n{len(self.nodes)}"
        return saved

    def tensors(self) -> list[Tensor]:
        """Every tensor whose `.grad` the walk would change."""
        found = [self.out] if self.out.is_leaf else []
        for end in {edge[0] for node in self.order for edge in node.edges if edge}:
            if isinstance(end, AccumulateGrad):
                found.append(end.variable)
        for node in self.order:
            for reference in (node.extras or {}).get("retained", {}).values():
                tensor = reference()
                if tensor is not None:
                    found.append(tensor)
        return found

    # ---- the walk ----------------------------------------------------------------------------

    def walk(self, roots: list[tuple[Node, int]], cotangents: list[Any]) -> None:
        """Let the engine walk, and write down each step."""
        before = {id(t): None if t._grad is None else t._grad._array.copy() for t in self.tensors()}
        seed = array_data(cotangents[0])
        label = self.node(self.output)["label"]
        self.backward.append(
            step("seed", self.output, seed, rule=[naming.partial(label, label) + " = "
                 + ("1" if not seed["shape"] else r"\text{gradient}")],
                 text=text.seed_sentence(label, seed))
        )  # fmt: skip
        for node, incoming, outgoing in engine.walk(roots, cotangents, keep_graph=True):
            if all(cotangent is None for cotangent in incoming[: node.outputs]):
                continue  # nothing was sent here
            if isinstance(node, AccumulateGrad):
                self._accumulate(node.variable, incoming[0], before)
            else:
                self._operation(node, incoming, outgoing, before)

    def _accumulate(self, leaf: Tensor, cotangent: Any, before: dict[int, Any]) -> None:
        identity = self.ids[id(leaf)]
        label = self.node(identity)["label"]
        change = accumulation(label, before[id(leaf)], cotangent)
        rule = naming.latex(label) + r"\text{.grad} \mathrel{+}= " + self._partial(label)
        self.backward.append(
            step("accumulate", identity, change["contribution"], rule=[rule], accumulate=change,
                 text=f"AccumulateGrad adds to the leaf: {change['text']}.")
        )  # fmt: skip

    def _operation(
        self, node: Node, incoming: list[Any], outgoing: Any, before: dict[int, Any]
    ) -> None:
        identity = self.ids[(node, 0)]
        info = self.node(identity)
        if node.shapes is not None:
            outgoing = fit(node, outgoing)
        slot = next(k for k, cotangent in enumerate(incoming) if cotangent is not None)
        names = input_names(node)
        products: list[dict[str, Any]] = []
        nothing: list[str] = []
        for position, (edge, cotangent) in enumerate(zip(node.edges, outgoing, strict=True)):
            if edge is None:
                continue
            tensor_key = naming.edge_key(edge)
            to = self.ids[tensor_key]
            if cotangent is None:
                nothing.append(to)
                continue
            earlier = self.gathered.get(tensor_key)
            later = cotangent if earlier is None else earlier + cotangent
            self.gathered[tensor_key] = later
            products.append({
                "edge": self._edge_id(to, identity, names[position]),
                "to": to,
                "input": names[position],
                "rule": self._rule(node, info, names[position], self.node(to)["label"]),
                "jacobian": local_jacobian(node, position, incoming, np.shape(cotangent)),
                "contribution": array_data(cotangent),
                "before": None if earlier is None else array_data(earlier),
                "after": array_data(later),
            })  # fmt: skip
        change = None
        for reference in (node.extras or {}).get("retained", {}).values():
            tensor = reference()
            if tensor is not None and incoming[0] is not None:
                change = accumulation(info["label"], before[id(tensor)], incoming[0])
        done = step(
            "operation", identity, array_data(incoming[slot]), rule=[p["rule"] for p in products],
            products=products, nothing=nothing, accumulate=change,
            freed=[name for name, *_ in saved_tensors(node)],
        )  # fmt: skip
        labels = {n["id"]: n["label"] for n in self.nodes}
        done["text"] = text.operation_sentence(info, done, labels, self.node(self.output)["label"])
        if change:
            done["text"] += f" It is retained: {change['text']}."
        self.backward.append(done)

    def _rule(self, node: Node, info: dict[str, Any], name: str, to: str) -> str:
        left = self._partial(to) + r" \mathrel{+}= "
        operation = getattr(node, "operation", None)
        if operation is None:
            return left + self._partial(info["label"]) + r" \cdot " + naming.partial(
                info["label"], to)  # fmt: skip
        words = {"grad": self._partial(info["label"]), "result": naming.latex(info["label"])}
        record = recording.of(node)
        for need, value in zip(operation.saving, getattr(node, "saved", None) or (), strict=False):
            if need != "result":
                words[need] = naming.latex(self._label(value))
        if record is not None:
            for argument, value in zip(operation.arguments, record.arguments, strict=True):
                words[argument] = naming.latex(self._label(value))
                if value is None and argument in NO_LIMIT:
                    words[argument] = NO_LIMIT[argument]
        return left + naming.rule(operation.latex[name], words)

    def _partial(self, by: str) -> str:
        return naming.partial(self.node(self.output)["label"], by)

    def _edge_id(self, source: str, to: str, name: str) -> str:
        for edge in self.edges:
            if (edge["from"], edge["to"], edge["input"]) == (source, to, name):
                return edge["id"]
        raise KeyError(f"no edge {source} → {to} for input {name}")

    def node(self, identity: str) -> dict[str, Any]:
        """A node of the trace by its id."""
        return self.nodes[int(identity[1:])]

    def data(self) -> dict[str, Any]:
        """The finished trace."""
        return {
            "schema": SCHEMA,
            "engine": "minigrad",
            "output": self.output,
            "nodes": self.nodes,
            "edges": self.edges,
            "forward": [
                {"node": node["id"], "text": text.forward_sentence(node)}
                for node in self.nodes
                if node["kind"] != "constant"
            ],
            "backward": self.backward,
            "layout": None,
        }


def step(kind: str, node: str, incoming: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A backward step with everything it has to have."""
    return {"kind": kind, "node": node, "text": "", "rule": [], "incoming": incoming,
            "products": [], "nothing": [], "accumulate": None, "freed": []} | fields  # fmt: skip


def accumulation(label: str, before: Any, contribution: Any) -> dict[str, Any]:
    """`before + contribution = after`, as data and in words."""
    after = contribution if before is None else before + contribution
    data = array_data(contribution)
    change = {
        "before": None if before is None else array_data(before),
        "contribution": data,
        "after": array_data(after),
    }
    said = text.accumulation(label, change["before"], data, array_data(after))
    return change | {"text": said}
