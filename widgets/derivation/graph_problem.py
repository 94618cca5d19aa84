"""A minigrad graph as a `Problem`: the recorded operations, run again in float64 at any point.

Needs the records that `minigrad.recording` keeps (`import widgets` switches them on), so it works
even after `backward()` has freed the saved tensors. Runs are made on fresh tensors: nobody's
`.grad`, version or graph is touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

import minigrad
from minigrad import Tensor, recording
from minigrad.autograd.graph import AccumulateGrad, Edge, Node
from minigrad.trace import names as naming

from .problem import Problem, Values

Place = tuple[int, int]
"""Which tensor, by identity: (id of its node, which output), or (id of the leaf, -1)."""


class GraphProblem(Problem):
    """∂`out`/∂`wrt` of a minigrad graph.

    names: name → object, the caller's variables; tensors that are not bound to a name do not appear
        in the questions. Names that start with an underscore are not used.
    Raises TypeError for what is not a tensor, ValueError for a tensor without a graph, for a graph
    made while nothing was recorded, and when `out` does not depend on `wrt`.
    """

    def __init__(self, out: Tensor, wrt: Tensor, names: Mapping[str, Any]) -> None:
        for tensor in (out, wrt):
            if not isinstance(tensor, Tensor):
                raise TypeError(f"derive() takes two tensors, but got a {type(tensor).__name__}")
        if out.grad_fn is None:
            raise ValueError(
                "this tensor has no graph: it was not computed from anything that requires grad; "
                "did you swap the two? derive(output, input)"
            )
        self._tensors: dict[Place, Tensor] = {}
        self._order = self._collect(out, wrt)
        if _place(wrt) not in self._tensors:
            raise ValueError(
                "the first tensor was not computed from the second: nothing to derive; "
                "did you swap the two? derive(output, input)"
            )
        self._names = self._bind(out, wrt, names)
        self.out, self.wrt = self._names[_place(out)], self._names[_place(wrt)]
        self._place_of = {name: place for place, name in self._names.items()}
        leaves = {
            name: self._tensors[place]
            for place, name in self._names.items()
            if place[1] == -1 or name == self.wrt
        }
        self.varying = tuple(n for n, t in leaves.items() if t.requires_grad)
        self.constants = tuple(
            n for n, t in leaves.items() if not t.requires_grad and t._array.dtype.kind == "f"
        )
        self.parents = {name: self._parents(place) for place, name in self._names.items()}
        self.values = self.evaluate(
            {name: np.asarray(tensor._array, np.float64) for name, tensor in leaves.items()}
        )

    # --- reading the graph ----------------------------------------------------------------------

    def _collect(self, out: Tensor, wrt: Tensor) -> list[tuple[Place, _Call]]:
        """Every operation between `out` and its leaves (or `wrt`), inputs before outputs."""
        found: dict[Place, _Call] = {}
        waiting: list[tuple[Place, Tensor, Node | None]] = [(_place(out), out, out.grad_fn)]
        while waiting:
            place, tensor, node = waiting.pop()
            if place in self._tensors:
                continue
            self._tensors[place] = tensor
            if node is None or place == _place(wrt):
                continue
            call = found[place] = _Call(node)
            waiting += call.inputs
        return sorted(found.items(), key=lambda item: -item[1].order)

    def _bind(self, out: Tensor, wrt: Tensor, names: Mapping[str, Any]) -> dict[Place, str]:
        """Names for the places: the caller's, and `out` and `x` for ends without one."""
        bound: dict[Place, str] = {}
        for name, value in names.items():
            if isinstance(value, Tensor) and not name.startswith("_"):
                place = _place(value)
                if place in self._tensors:
                    bound.setdefault(place, name)
        for tensor, fallback in ((out, "out"), (wrt, "x")):
            while fallback in names or fallback in bound.values():
                fallback += "_"
            bound.setdefault(_place(tensor), fallback)
        # In the order of the computation, which is the order of the questions and of the table.
        order = [p for p in self._tensors if p[1] == -1 or p == _place(wrt)]
        order += [place for place, _ in self._order if place not in order]
        return {place: bound[place] for place in order if place in bound}

    def _parents(self, place: Place) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for call in self._unnamed(place):
            for source, _, _ in call.inputs:
                if source in self._names:
                    found[self._names[source]] = None
        return tuple(found)

    def _unnamed(self, place: Place) -> Iterator[_Call]:
        """The operation at `place` and those behind it, up to tensors that have a name."""
        calls, seen, waiting = dict(self._order), {place}, [place]
        while waiting:
            call = calls.get(waiting.pop())
            if call is None:
                continue
            yield call
            for source, _, _ in call.inputs:
                if source not in self._names and source not in seen:
                    seen.add(source)
                    waiting.append(source)

    def explain(self, of: str) -> str:
        """The operations that compute `of`, written out, the last one first: `mean(z)`."""
        lines = []
        for call in self._unnamed(self._place_of[of]):
            labels = [self._label(call, argument) for argument in call.record.arguments]
            lines.append(naming.expression(call.record, labels))
        return "\n".join(lines)

    def _label(self, call: _Call, argument: Any) -> str:
        if isinstance(argument, Tensor):
            return self._names.get(call.places[id(argument)], "…")
        return naming.plain(argument)

    # --- running it again -------------------------------------------------------------------------

    def _run(
        self, given: Mapping[Place, Tensor], special: Mapping[tuple[Place, int], Tensor] = {}
    ) -> dict[Place, Tensor]:
        """Run every operation whose inputs are known; `special` replaces single arguments."""
        known = dict(given)
        for place, tensor in self._tensors.items():
            if place[1] == -1 and place not in known and place not in self._names:
                known[place] = _double(tensor)  # an unnamed leaf keeps its value
            elif place[1] == -1 and place not in known and tensor._array.dtype.kind != "f":
                known[place] = tensor
        for place, call in self._order:
            if place in known or any(source not in known for source, _, _ in call.inputs):
                continue
            arguments = [
                special[place, k] if (place, k) in special else call.replaced(argument, known)
                for k, argument in enumerate(call.record.arguments)
            ]
            operation = call.record.operation
            result = getattr(operation, "apply", operation)(*arguments)
            known[place] = result[place[1]] if isinstance(result, tuple) else result
        return known

    def evaluate(self, values: Values) -> dict[str, np.ndarray]:
        """All named arrays that follow from the given ones."""
        given = {self._place_of[name]: minigrad.tensor(v) for name, v in _doubles(values)}
        with minigrad.no_grad(), recording.recording(False), np.errstate(all="ignore"):
            known = self._run(given)
        return {
            name: np.asarray(known[place]._array, np.float64)
            for place, name in self._names.items()
            if place in known
        }

    def gradient(self, values: Values, of: str, wrt: str, cotangent: np.ndarray) -> np.ndarray:
        """Minigrad's own backward pass, in float64."""
        if of == wrt:
            return np.asarray(cotangent, np.float64)
        given = {self._place_of[n]: minigrad.tensor(v) for n, v in _doubles(values) if n != wrt}
        return self._backward(given, {}, of, wrt, values, cotangent)

    def uses(self, values: Values, of: str, wrt: str, cotangent: np.ndarray) -> list[np.ndarray]:
        """The gradient through each operation that takes `wrt`, on the way to `of`."""
        place, found = self._place_of[wrt], []
        fixed = {self._place_of[n]: minigrad.tensor(v) for n, v in _doubles(values)}
        wanted = {id(call) for call in self._unnamed(self._place_of[of])}
        for target, call in self._order:
            for k, argument in enumerate(call.record.arguments):
                taken = isinstance(argument, Tensor) and call.places[id(argument)] == place
                if taken and id(call) in wanted:
                    one = (target, k)
                    found.append(self._backward(fixed, {one: None}, of, wrt, values, cotangent))
        return found

    def _backward(
        self, given: dict[Place, Tensor], special: dict[tuple[Place, int], Any],
        of: str, wrt: str, values: Values, cotangent: np.ndarray,
    ) -> np.ndarray:  # fmt: skip
        with recording.recording(False), minigrad.enable_grad(), np.errstate(all="ignore"):
            leaf = minigrad.tensor(np.asarray(values[wrt], np.float64), requires_grad=True)
            if special:
                known = self._run(given, dict.fromkeys(special, leaf))
            else:
                known = self._run({**given, self._place_of[wrt]: leaf})
            out = known[self._place_of[of]]
            if not out.requires_grad:
                return np.zeros(leaf._array.shape)
            weight = np.broadcast_to(np.asarray(cotangent, np.float64), out._array.shape)
            out.backward(minigrad.tensor(np.ascontiguousarray(weight).reshape(out._array.shape)))
        grad = leaf.grad
        return np.zeros(leaf._array.shape) if grad is None else np.array(grad._array, np.float64)


def _doubles(values: Values) -> Iterator[tuple[str, np.ndarray]]:
    for name, value in values.items():
        yield name, np.asarray(value, np.float64)


def _double(tensor: Tensor) -> Tensor:
    """A tensor that has no history, in float64 if it is of a floating-point type."""
    array = tensor._array
    return minigrad.tensor(array.astype(np.float64) if array.dtype.kind == "f" else array.copy())


def _place(tensor: Tensor) -> Place:
    node = tensor.grad_fn
    return (id(tensor), -1) if node is None else (id(node), tensor.output_nr)


class _Call:
    """One recorded operation, and which tensors its arguments *were* when it ran.

    A tensor that is changed in place later belongs to another node then; the edges of the recorded
    node still tell where its inputs came from.
    """

    def __init__(self, node: Node) -> None:
        record = recording.of(node)
        if record is None:
            raise ValueError(
                "this graph was made before recording was on: put `import widgets` above the cell "
                "that computes it, and run that cell again"
            )
        self.node, self.record, self.order = node, record, node.order
        self.inputs: list[tuple[Place, Tensor, Node | None]] = []
        flat = list(_flat(record.arguments))
        edges = [*node.edges, *[None] * (len(flat) - len(node.edges))]
        for argument, edge in zip(flat, edges):
            if isinstance(argument, Tensor):
                self.inputs.append(_source(argument, edge))
        self.places = {id(tensor): place for place, tensor, _ in self.inputs}

    def replaced(self, argument: Any, known: Mapping[Place, Tensor]) -> Any:
        """An argument as it is now: tensors, also inside lists, by what they were computed as."""
        if isinstance(argument, Tensor):
            return known[self.places[id(argument)]]
        if isinstance(argument, list | tuple):
            parts = [self.replaced(part, known) for part in argument]
            return parts if isinstance(argument, list) else tuple(parts)
        return argument


def _source(tensor: Tensor, edge: Edge) -> tuple[Place, Tensor, Node | None]:
    """Where an argument came from: its place, itself, and its node if it was computed."""
    if edge is None or isinstance(edge[0], AccumulateGrad):
        return (id(tensor), -1), tensor, None
    return (id(edge[0]), edge[1]), tensor, edge[0]


def _flat(arguments: tuple[Any, ...]) -> Iterator[Any]:
    """The arguments one by one, those inside lists of tensors as well."""
    for argument in arguments:
        if isinstance(argument, list | tuple) and any(isinstance(a, Tensor) for a in argument):
            yield from argument
        else:
            yield argument
