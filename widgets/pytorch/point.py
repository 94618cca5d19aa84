"""A derivation on a graph that was not recorded: only where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from ..derivation.beside import fixed
from ..derivation.graph_problem import NO_GRAPH
from ..derivation.problem import Problem, Values
from .graph import ACCUMULATE, Graph
from .recording import paused
from .tensors import array, one_thread

NOTE = (
    "Checked at these values only: PyTorch has not kept what is needed to compute it at others. "
    "Compute it inside `with widgets.recording():`, and it is tried at random points as well."
)


class PointProblem(Problem):
    """∂`out`/∂`wrt` at the tensors' own values, by the derivatives of the graph's own nodes.

    names: name → object, the caller's variables. Raises ValueError for a tensor without a graph, or
    if `out` does not depend on `wrt`; RuntimeError, with PyTorch's text, for a freed graph.
    """

    note = NOTE

    def __init__(self, out: Any, wrt: Any, names: Mapping[str, Any]) -> None:
        if out.grad_fn is None:
            raise ValueError(NO_GRAPH)
        self.tolerance = min(max(self.tolerance, 200 * torch.finfo(out.dtype).eps), 0.05)
        self._graph = graph = Graph(out, torch.ones_like(out), dict(names))
        inputs = {
            graph.own_key(node): [graph.key(v) for v in graph.nodes[node].inputs.values()]
            for node in graph.order
        }
        here = {*inputs, *(key for keys in inputs.values() for key in keys)} - {None}
        if graph.key(wrt) not in here:
            raise ValueError(
                "the first tensor was not computed from the second: nothing to derive; "
                "did you swap the two? derive(output, input)"
            )
        bound: dict[Any, tuple[str, Any]] = {}
        for name, value in names.items():
            key = None if name.startswith("_") else graph.key(value)
            if key in here and not value.output_nr:
                bound.setdefault(key, (name, value))
        for tensor, fallback in ((out, "out"), (wrt, "x")):
            while fallback in names or any(fallback == name for name, _ in bound.values()):
                fallback += "_"
            bound.setdefault(graph.key(tensor), (fallback, tensor))
        order = [key for key in bound if key not in inputs] + [k for k in inputs if k in bound]
        self._keys = {bound[key][0]: key for key in order}
        held = {bound[key][0]: bound[key][1] for key in order}
        self.out, self.wrt = bound[graph.key(out)][0], bound[graph.key(wrt)][0]
        self._fixed = fixed(
            {
                n: array(v) if torch.is_tensor(v) and not v.requires_grad else v
                for n, v in names.items()
            }
        )
        self.values = {name: array(t).astype(np.float64) for name, t in held.items()}
        ends = {name: t for name, t in held.items() if t.grad_fn is None or name == self.wrt}
        self.varying = tuple(name for name, t in ends.items() if t.requires_grad)
        self.constants = tuple(
            name for name, t in ends.items() if not t.requires_grad and t.is_floating_point()
        )
        names_of = {key: name for name, key in self._keys.items()}
        self.parents = {
            name: tuple(_behind(key, inputs, names_of)) for name, key in self._keys.items()
        }

    def evaluate(self, values: Values) -> dict[str, np.ndarray]:
        """What was given; the rest cannot be computed, and is not a number."""
        unknown = {name: np.full(value.shape, np.nan) for name, value in self.values.items()}
        return {**unknown, **values}

    def beside(self, values: Values) -> dict[str, np.ndarray]:
        """See `Problem`."""
        return self._fixed

    def gradient(self, values: Values, of: str, wrt: str, cotangent: np.ndarray) -> np.ndarray:
        """By one walk from `of` to `wrt` that ends at every other name that is given."""
        graph = self._graph
        start, target = self._keys[of], self._keys[wrt]
        cut = {self._keys[name] for name in values} - {start}
        if of == wrt:
            return np.asarray(cotangent, np.float64)
        arrived: dict[Any, list[Any]] = {}
        for node in reversed(graph.order):
            key = graph.own_key(node)
            if key == start:
                arrived[key] = [cotangent] + [None] * (len(node._input_metadata) - 1)
            if key not in arrived or key in cut:
                continue
            with paused(), one_thread():
                outgoing = graph.send(node, arrived[key])
            for (following, slot), sent in zip(node.next_functions, outgoing, strict=True):
                if following is None or sent is None:
                    continue
                end = following.name() == ACCUMULATE
                place = id(following.variable) if end else graph.own_key(following)
                slots = arrived.setdefault(place, [None] * len(following._input_metadata))
                slots[slot] = sent if slots[slot] is None else slots[slot] + sent
        found = arrived.get(target, [None])[0]
        shape = self.values[wrt].shape
        return np.zeros(shape) if found is None else np.asarray(found, np.float64)

    def explain(self, of: str) -> str:
        """The operation that computes `of`."""
        node = self._keys[of][0] if isinstance(self._keys[of], tuple) else None
        return "" if node is None else self._graph.describe(node).call


def _behind(key: Any, inputs: Mapping[Any, Any], names: Mapping[Any, str]) -> list[str]:
    """The nearest named tensors behind one."""
    found: dict[str, None] = {}
    seen, waiting = set(), list(inputs.get(key, ()))
    while waiting:
        behind = waiting.pop()
        if behind in names:
            found[names[behind]] = None
        elif behind not in seen:
            seen.add(behind)
            waiting += inputs.get(behind, ())
    return list(found)
