"""The recorder: the graph as it is, then one real walk, written down. It knows no engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import failure, text
from . import names as naming
from .data import DETAILED, SCHEMA, WHOLE, Trace, array_data, collector_paused
from .graph_recorder import GraphRecorder
from .jacobian import ROWS, local_jacobians, quiet
from .kinks import kinks
from .nudged import nudged
from .source import Arrays, Described, Source

NO_LIMIT = {"min": r"-\infty", "max": r"\infty"}
"""What stands in a formula for a limit that was left out."""

MOST = 3
"""Results of an operation whose formula names what arrives at each: `grad0`, `grad1`, …"""

SHORT = 16
"""Characters of numbers in brackets; longer ones stay in a formula under the argument's name."""


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


class Recorder(GraphRecorder):
    """Collects the steps of a walk as well."""

    def __init__(self, source: Source, names: dict[str, Any], inputs: Sequence[Any] = ()) -> None:
        super().__init__(source, names, inputs)
        self.backward: list[dict[str, Any]] = []
        self.error: dict[str, Any] | None = None
        self.gathered: dict[Any, Any] = {}
        self.before: dict[int, Any] = {}

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
        key = self.source.key(leaf)
        identity = self.ids[key]
        label = self.node(identity)["label"]
        change = self._sum(label, self.before[id(leaf)], cotangent)
        changed = self._changed_by_a_hook(key, 0, cotangent)
        rule = naming.latex(label) + r"\text{.grad} \mathrel{+}= " + self._partial(label)
        self.backward.append(
            step("accumulate", identity, change["contribution"], rule=[rule], accumulate=change,
                 text=f"AccumulateGrad adds to the leaf: {change['text']}.", **changed)
        )  # fmt: skip
        if changed:
            self.backward[-1]["text"] += text.hook_sentence(changed["hooked"])

    def _operation(self, node: Any, incoming: Arrays, outgoing: Arrays) -> None:
        own = self.source.own_key(node)
        identity, described = self.ids[own], self.described[own]
        info = self.node(identity)
        products: list[dict[str, Any]] = []
        nothing: list[str] = []
        slots = [k for k, cotangent in enumerate(incoming) if cotangent is not None]
        slot = slots[0]
        jacobians = {k: self._jacobians(node, k, incoming, outgoing) for k in slots}
        alone = self._alone(node, incoming, outgoing)
        for position, edge in enumerate(self.source.edges(node)):
            if edge is None:
                continue
            (name, tensor, result), cotangent = edge, outgoing[position]
            to, called = self.ids[tensor], self.result_label(tensor, result)
            if cotangent is None:
                nothing.append(to)
                continue
            earlier = self.gathered.get((tensor, result))
            later = cotangent if earlier is None else earlier + cotangent
            self.gathered[tensor, result] = later
            products.append({
                "edge": self.edge_ids[to, identity, name],
                "to": to,
                "input": name,
                "rule": self._rule(own, described, slots, name, called),
                "jacobian": jacobians[slot][position],
                "contribution": self._data(cotangent),
                "before": None if earlier is None else self._data(earlier),
                "after": self._data(later),
            })  # fmt: skip
            if result:
                products[-1]["label"] = called
            if alone[position] is not None and _differ(alone[position], cotangent):
                products[-1]["alone"] = self._data(alone[position])
            omitted = products[-1]["jacobian"]["kind"] == "omitted"
            kinked = None if omitted else self._kinks(node, position, products[-1]["jacobian"])
            if kinked is not None:
                products[-1]["kinks"] = kinked
            judged = not omitted and slot == 0
            tried = self._nudged(node, position, products[-1]["jacobian"]) if judged else None
            if tried is not None:
                products[-1]["nudged"] = tried
            if slots[1:]:
                products[-1]["more"] = [
                    {"output": k, "label": self.result_label(own, k),
                     "incoming": self._data(incoming[k]), "jacobian": jacobians[k][position]}
                    for k in slots[1:]
                ]  # fmt: skip
        change = None
        for tensor in self.source.retained(node):
            at = self.source.slot(tensor)
            if incoming[at] is not None:
                label = self.result_label(own, at)
                change = self._sum(label, self.before[id(tensor)], incoming[at])
        done = step(
            "operation", identity, self._data(incoming[slot]), rule=[p["rule"] for p in products],
            products=products, nothing=nothing, accumulate=change,
            freed=[saved.name for saved in described.saved],
        )  # fmt: skip
        done |= self._changed_by_a_hook(own, slot, incoming[slot])
        if slot:
            done |= {"output": slot, "label": self.result_label(own, slot)}
        ends = [*(product["to"] for product in products), *nothing]
        labels = {end: self.node(end)["label"] for end in ends}
        done["text"] = text.operation_sentence(info, done, labels, self.node(self.output)["label"])
        if change:
            done["text"] += f" It is retained: {change['text']}."
        self.backward.append(done)

    def _changed_by_a_hook(self, key: Any, slot: int, arrived: Any) -> dict[str, Any]:
        """What had been sent to a tensor, if something else than its sum has arrived."""
        sent = self.gathered.get((key, slot))
        changed = sent is not None and _differ(sent, arrived)
        return {"hooked": self._data(sent)} if changed else {}

    def _alone(self, node: Any, incoming: Arrays, outgoing: Arrays) -> Sequence[Any]:
        """What a node sends by its own derivative: a hook on it may have changed that."""
        sizes = [int(np.size(cotangent)) for cotangent in incoming if cotangent is not None]
        if len(self.backward) > DETAILED or max(sizes) > ROWS:
            return [None] * len(outgoing)
        copies = [None if cotangent is None else cotangent.copy() for cotangent in incoming]
        with quiet():
            return self.source.send(node, copies)

    def _kinks(self, node: Any, position: int, jacobian: dict[str, Any]) -> Any:
        again = self.source.again(node, position)
        if again is None:
            return None
        run, x, result = again
        try:
            return kinks(run, x, jacobian, result)
        except Exception:  # what cannot be run again is drawn all the same
            return None

    def _nudged(self, node: Any, position: int, jacobian: dict[str, Any]) -> Any:
        forward = self.source.forward(node, position)
        if forward is None:
            return None
        run, x, result = forward
        try:
            with quiet():
                return nudged(run, x, jacobian, result)
        except Exception:  # what cannot be run again is drawn all the same
            return None

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

    def _rule(self, own: Any, described: Described, slots: list[int], name: str, to: str) -> str:
        result = self.result_label(own, slots[0])
        left = self._partial(to) + r" \mathrel{+}= "
        template = described.latex.get(name)
        if template is None:
            results = [self.result_label(own, slot) for slot in slots[:MOST]]
            parts = [self._partial(of) + r" \cdot " + naming.partial(of, to) for of in results]
            return left + " + ".join([*parts, r"\dots"] if slots[MOST:] else parts)
        template = naming.template(template, {**described.kept, **described.options})
        words = {"grad": self._partial(result), "result": naming.latex(result)}
        for k in range(MOST):
            words[f"grad{k}"] = self._partial(self.result_label(own, k))
        for argument, value in {**described.kept, **described.inputs, **described.options}.items():
            known = value is None or self.source.key(value) is not None
            label = self._label(value) if known else naming.option(argument, value)
            if value is None and argument in NO_LIMIT:
                words[argument] = NO_LIMIT[argument]
            elif label != "?" and not (label[0] in "[(" and len(label) > SHORT):
                words[argument] = naming.latex(label)
        return left + naming.rule(template, words)

    def _partial(self, by: str) -> str:
        return naming.partial(self.node(self.output)["label"], by)

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


def _differ(sent: np.ndarray, arrived: np.ndarray) -> bool:
    """Has a cotangent been changed, by more than its last digits?"""
    if sent.shape != arrived.shape:
        return False
    exact = _precision(arrived)
    with np.errstate(all="ignore"):
        size = np.max(np.abs(sent), initial=0.0, where=np.isfinite(sent))
        same = np.abs(sent - arrived) <= 100 * exact * size
    alike = same | (sent == arrived) | (np.isnan(sent) & np.isnan(arrived))
    return not np.all(alike)


def _precision(array: np.ndarray) -> float:
    """The relative precision of an array's numbers; bfloat16 comes as float32."""
    if array.dtype.kind != "f":
        return 0.0
    if array.dtype == np.float32 and not np.any(array.astype("<f4").view("<u4") & 0xFFFF):
        return 2.0**-8
    return float(np.finfo(array.dtype).eps)


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
