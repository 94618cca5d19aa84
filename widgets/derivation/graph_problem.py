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
from minigrad.autograd.graph import Node
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
        if out._edge is None:
            raise ValueError(
                "this tensor has no graph: it was not computed from anything that requires grad"
            )
        self._tensors: dict[Place, Tensor] = {}
        self._order = self._collect(out, wrt)
        if _place(wrt) not in self._tensors:
            raise ValueError("the first tensor was not computed from the second: nothing to derive")
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

    def _collect(self, out: Tensor, wrt: Tensor) -> list[tuple[Place, recording.Record]]:
        """Every operation between `out` and its leaves (or `wrt`), inputs before outputs."""
        done: dict[Place, recording.Record] = {}
        waiting: list[tuple[Tensor, bool]] = [(out, False)]
        while waiting:
            tensor, inputs_done = waiting.pop()
            place = _place(tensor)
            if place in self._tensors and not inputs_done:
                continue
            self._tensors.setdefault(place, tensor)
            if tensor._edge is None or place == _place(wrt):
                continue
            record = _record(tensor._edge[0])
            if inputs_done:
                done[place] = record
                continue
            waiting.append((tensor, True))
            waiting += [(each, False) for each in _inputs(record)]
        return list(done.items())

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
        for record in self._unnamed(place):
            for tensor in _inputs(record):
                if _place(tensor) in self._names:
                    found[self._names[_place(tensor)]] = None
        return tuple(found)

    def _unnamed(self, place: Place) -> Iterator[recording.Record]:
        """The operation at `place` and those behind it, up to tensors that have a name."""
        records, seen, waiting = dict(self._order), {place}, [place]
        while waiting:
            record = records.get(waiting.pop())
            if record is None:
                continue
            yield record
            for tensor in _inputs(record):
                if (following := _place(tensor)) not in self._names and following not in seen:
                    seen.add(following)
                    waiting.append(following)

    def explain(self, of: str) -> str:
        """The operations that compute `of`, written out, the last one first: `mean(z)`."""
        lines = []
        for record in self._unnamed(self._place_of[of]):
            labels = [self._label(argument) for argument in record.arguments]
            lines.append(naming.expression(record, labels))
        return "\n".join(lines)

    def _label(self, argument: Any) -> str:
        if isinstance(argument, Tensor):
            return self._names.get(_place(argument), "…")
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
        for place, record in self._order:
            if place in known or any(_place(t) not in known for t in _inputs(record)):
                continue
            arguments = [
                special[place, k] if (place, k) in special else _replace(argument, known)
                for k, argument in enumerate(record.arguments)
            ]
            call = getattr(record.operation, "apply", record.operation)
            result = call(*arguments)
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
        wanted = {id(record) for record in self._unnamed(self._place_of[of])}
        for target, record in self._order:
            for k, argument in enumerate(record.arguments):
                taken = isinstance(argument, Tensor) and _place(argument) == place
                if taken and id(record) in wanted:
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
    edge = tensor._edge
    return (id(tensor), -1) if edge is None else (id(edge[0]), edge[1])


def _record(node: Node) -> recording.Record:
    record = recording.of(node)
    if record is None:
        raise ValueError(
            "this graph was made before recording was on: put `import widgets` above the cell "
            "that computes it, and run that cell again"
        )
    return record


def _inputs(record: recording.Record) -> Iterator[Tensor]:
    """The tensors among an operation's arguments, also those inside lists."""
    for argument in record.arguments:
        if isinstance(argument, Tensor):
            yield argument
        elif isinstance(argument, list | tuple):
            yield from (part for part in argument if isinstance(part, Tensor))


def _replace(argument: Any, known: Mapping[Place, Tensor]) -> Any:
    if isinstance(argument, Tensor):
        return known[_place(argument)]
    if isinstance(argument, list | tuple):
        parts = [_replace(part, known) for part in argument]
        return parts if isinstance(argument, list) else tuple(parts)
    return argument
