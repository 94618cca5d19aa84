"""Lesson 12: the engine that the reader has written, as a Trace that can be stepped through.

    step_through(trace_of(out, in_order, pass_back, fit, globals()))

Every number in the trace comes from the reader's own functions: they are called as always, and
what goes in and comes out is written down on the way. So a part that is not right yet can be seen
in the picture, too. Nothing here knows a derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from minigrad.trace import Trace, names, text
from minigrad.trace.data import array_data, jacobian_data
from minigrad.trace.failure import error
from minigrad.trace.recorder import step

Function = Callable[[Any], Any]


def trace_of(
    result: Any,
    in_order: Callable[[Any], list[Any]],
    pass_back: Callable[[list[Any]], None],
    fit: Callable[[Any, tuple[int, ...]], Any],
    variables: Mapping[str, Any],
) -> Trace:
    """Run the reader's backward pass from `result`, and write down what happens.

    in_order, pass_back, fit: parts 2, 3 and 4 of the lesson.
    variables: name → what it is bound to; arrays are called by these names.

    If a part raises, the trace ends there, with the error.
    """
    return _Recorder(result, variables).record(in_order, pass_back, fit)


class _Recorder:
    def __init__(self, result: Any, variables: Mapping[str, Any]) -> None:
        self.result = result
        self.arrays = _computed_from(result)
        named = {id(v): name for name, v in variables.items() if name[:1] != "_"}
        self.labels: dict[int, str] = {}
        for array in self.arrays:
            other = f"t{len(self.labels) + 1}" if array.sources else f"{np.round(array.data, 4)}"
            self.labels[id(array)] = named.get(id(array), other)
        self.ids = {id(array): f"n{k}" for k, array in enumerate(self.arrays)}
        self.edges: list[dict[str, Any]] = []
        self.backward: list[dict[str, Any]] = []
        self.open: tuple[dict[str, Any], Any] | None = None

    def record(self, in_order: Any, pass_back: Any, fit: Any) -> Trace:
        nodes = [self._node(array) for array in self.arrays]
        own = [(array, array.sources) for array in self.arrays]
        problem = None
        try:
            for array, sources in own:
                array.grad = None
                array.sources = [
                    (source, self._watched(array, k, source, function, fit))
                    for k, (source, function) in enumerate(sources)
                ]
            try:
                pass_back(in_order(self.result))
            except Exception as raised:
                at = self.backward[-1]["node"] if self.backward else self.ids[id(self.result)]
                problem = error("backward", at, raised, [])
            self._settle()
        finally:
            for array, sources in own:
                array.sources = sources
        if problem is None:
            self._leaves()
        for done in self.backward:
            _tell(done, nodes)
        return Trace(
            {
                "schema": 1,
                "engine": "your own",
                "output": self.ids[id(self.result)],
                "nodes": nodes,
                "edges": self.edges,
                "forward": [{"node": n["id"], "text": text.forward_sentence(n)} for n in nodes],
                "backward": self.backward,
                "error": problem,
                "layout": None,
            }
        )

    def _node(self, array: Any) -> dict[str, Any]:
        label, identity = self.labels[id(array)], self.ids[id(array)]
        operation = _operation(array.sources)
        for k, (source, _) in enumerate(array.sources):
            edge = {"id": f"e{len(self.edges)}", "from": self.ids[id(source)], "to": identity}
            self.edges.append({**edge, "input": f"source {k + 1}"})
        inputs = ", ".join(self.labels[id(source)] for source, _ in array.sources)
        return {
            "id": identity,
            "name": label,
            "kind": "operation" if array.sources else "leaf",
            "label": label,
            "operation": operation,
            "expression": f"{operation}({inputs})" if array.sources else label,
            "grad_fn": operation,
            "source": None,
            "value": array_data(array.data),
            "requires_grad": True,
            "is_leaf": not array.sources,
            "retains_grad": bool(array.sources),  # every array keeps its gradient here
            "saved": [],
            "scope": [],
        }

    def _watched(self, array: Any, k: int, source: Any, function: Function, fit: Any) -> Function:
        """The reader's function for one source, fitted, which writes down each call."""

        def send(gradient: Any) -> Any:
            self._settle()
            visit = self._step(array, gradient)
            sent = fit(function(gradient), source.data.shape)
            product = {
                "edge": self._edge(array, k),
                "to": self.ids[id(source)],
                "input": f"source {k + 1}",
                "rule": "",
                "jacobian": _jacobian(array, source, function, fit),
                "contribution": array_data(sent),
                "before": None if _empty(source.grad) else array_data(source.grad),
                "after": None,
            }
            visit["products"].append(product)
            self.open = (product, source)
            return sent

        return send

    def _settle(self) -> None:
        """What the last call's source holds now: the reader's walk has put it there meanwhile."""
        if self.open is not None:
            product, source = self.open
            product["after"] = array_data(0.0 if source.grad is None else source.grad)
            self.open = None

    def _step(self, array: Any, gradient: Any) -> dict[str, Any]:
        identity = self.ids[id(array)]
        if not self.backward:
            self._append("seed", self.ids[id(self.result)], self.result.grad)
        last = self.backward[-1]
        if last["kind"] != "operation" or last["node"] != identity:
            last = self._append("operation", identity, gradient)
        return last

    def _append(self, kind: str, node: str, incoming: Any) -> dict[str, Any]:
        self.backward.append(step(kind, node, array_data(0.0 if incoming is None else incoming)))
        return self.backward[-1]

    def _leaves(self) -> None:
        """What is in .grad of the arrays without sources at the end."""
        for array in self.arrays:
            if not array.sources and array.grad is not None:
                last = self._append("accumulate", self.ids[id(array)], array.grad)
                last["accumulate"] = _held(self.labels[id(array)], last["incoming"])

    def _edge(self, array: Any, k: int) -> str:
        to = self.ids[id(array)]
        return [edge["id"] for edge in self.edges if edge["to"] == to][k]


def _computed_from(result: Any) -> list[Any]:
    """All arrays that a result was computed from, each after its sources. Not the reader's order:
    the picture must not depend on what it shows.
    """
    found: list[Any] = []
    seen: set[int] = set()
    waiting = [(result, False)]
    while waiting:
        array, done = waiting.pop()
        if done:
            found.append(array)
        elif id(array) not in seen:
            seen.add(id(array))
            waiting.append((array, True))
            waiting.extend((source, False) for source, _ in reversed(array.sources))
    return found


def _operation(sources: list[Any]) -> str:
    """The name of the function that made an array: its sources' functions stand inside of it."""
    if not sources:
        return ""
    return getattr(sources[0][1], "__qualname__", "operation").partition(".")[0]


def _empty(gradient: Any) -> bool:
    return gradient is None or not np.any(gradient)


def _jacobian(array: Any, source: Any, function: Function, fit: Any) -> dict[str, Any]:
    """What the reader's function makes of each one-hot gradient, row by row."""
    shape = (array.data.size, source.data.size)
    if max(shape) > 64:
        return jacobian_data(None, shape)
    rows = [
        np.ravel(fit(function(one_hot.reshape(array.data.shape)), source.data.shape))
        for one_hot in np.eye(shape[0])
    ]
    return jacobian_data(np.array(rows, float).reshape(shape), shape)


def _held(label: str, gradient: dict[str, Any]) -> dict[str, Any]:
    """What an array's .grad holds, as a change of it."""
    said = f"{label}.grad is {text.told(gradient)}"
    return {"before": None, "contribution": gradient, "after": gradient, "text": said}


def _tell(done: dict[str, Any], nodes: list[dict[str, Any]]) -> None:
    """The step's sentence and its formulas."""
    labels = {node["id"]: node["label"] for node in nodes}
    info = next(node for node in nodes if node["id"] == done["node"])
    output = nodes[-1]["label"]
    partial = names.partial(output, info["label"])
    if done["kind"] == "seed":
        done["text"] = text.seed_sentence(info["label"], done["incoming"])
        done["rule"] = [f"{partial} = {text.short(done['incoming'])}"]
    elif done["kind"] == "accumulate":
        done["text"] = f"{done['accumulate']['text']}. Without sources, the way ends here."
        done["rule"] = [names.latex(info["label"]) + r"\text{.grad} = " + partial]
    else:
        for product in done["products"]:
            to = labels[product["to"]]
            product["rule"] = (
                names.partial(output, to)
                + r" \mathrel{+}= "
                + partial
                + r" \cdot "
                + names.partial(info["label"], to)
            )
        done["rule"] = [product["rule"] for product in done["products"]]
        done["text"] = text.operation_sentence(info, done, labels, output)
        done["accumulate"] = _held(info["label"], done["incoming"])
