"""A recorded graph as a `Problem`: its operations, run again in float64 at any point.

Needs the records of the operations (minigrad keeps them from `import widgets` on, PyTorch's are
kept in `with widgets.recording():`), so it works even after `backward()` has freed the saved
tensors. Runs are made on fresh tensors: nobody's `.grad`, version or graph is touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from minigrad.trace import names as naming

from .beside import Beside
from .cut_off import Again, cut_off
from .graph_engine import Call, Engine, Minigrad, NotRecorded, Place
from .problem import Problem, Values

NO_GRAPH = (
    "this tensor has no graph: it was not computed from anything that requires grad, or something "
    "cut its history (detach(), no_grad(), a comparison, whole numbers); or did you swap the two? "
    "derive(output, input)"
)


class GraphProblem(Problem):
    """∂`out`/∂`wrt` of a graph. engine: whose graph it is.

    names: name → object, the caller's variables; tensors that are not bound to a name do not appear
        in the questions. Names that start with an underscore are not used.
    Raises TypeError for what is not a tensor, ValueError for a tensor without a graph, for a graph
    made while nothing was recorded, and when `out` does not depend on `wrt`.
    """

    def __init__(
        self, out: Any, wrt: Any, names: Mapping[str, Any], engine: Engine | None = None
    ) -> None:
        self.engine = engine = engine or Minigrad()
        for tensor in (out, wrt):
            if not engine.is_tensor(tensor):
                raise TypeError(
                    f"derive() takes two tensors, but got a {type(tensor).__name__}. Give the "
                    "result and the tensor to differentiate by: derive(loss, x)."
                )
        if out.grad_fn is None:
            raise ValueError(NO_GRAPH)
        self._tensors: dict[Place, Any] = {}
        self._order = self._collect(out, wrt)
        if engine.place(wrt) not in self._tensors:
            raise ValueError(
                "the first tensor was not computed from the second: nothing to derive; "
                "did you swap the two? derive(output, input)"
            )
        self._names = self._bind(out, wrt, names)
        self._detached: dict[Place, Again] = cut_off(engine, self._tensors, self._order, names)
        self.out, self.wrt = self._names[engine.place(out)], self._names[engine.place(wrt)]
        self._place_of = {name: place for place, name in self._names.items()}
        leaves = {
            name: self._tensors[place]
            for place, name in self._names.items()
            if (place[1] == -1 and place not in self._detached) or name == self.wrt
        }
        self.varying = tuple(n for n, t in leaves.items() if t.requires_grad)
        self.constants = tuple(
            n
            for n, t in leaves.items()
            if not t.requires_grad and engine.array(t).dtype.kind == "f"
        )
        self.local = self._has_masks()
        self.parents = {name: self._parents(place) for place, name in self._names.items()}
        self.values = self.evaluate(
            {name: np.asarray(engine.array(t), np.float64) for name, t in leaves.items()}
        )
        if self.out not in self.values:
            raise NotRecorded(
                "this graph cannot be computed again, as a check needs: something on the way was "
                "overwritten in place with what was read off itself. Write it out of place."
            )
        self._beside = Beside(engine, self._tensors, engine.place(wrt), names)

    # --- reading the graph ----------------------------------------------------------------------

    def _collect(self, out: Any, wrt: Any) -> list[tuple[Place, Call]]:
        """Every operation between `out` and its leaves (or `wrt`), inputs before outputs."""
        engine = self.engine
        found: dict[Place, Call] = {}
        waiting: list[tuple[Place, Any, Any]] = [(engine.place(out), out, out.grad_fn)]
        while waiting:
            place, tensor, node = waiting.pop()
            if place in self._tensors:
                continue
            is_wrt = place == engine.place(wrt)
            self._tensors[place] = wrt if is_wrt else tensor
            if node is None or is_wrt:
                continue
            call = found[place] = engine.call(node)
            waiting += call.inputs
        return sorted(found.items(), key=lambda item: -item[1].order)

    def _bind(self, out: Any, wrt: Any, names: Mapping[str, Any]) -> dict[Place, str]:
        """Names for the places: the caller's, and `out` and `x` for ends without one."""
        engine = self.engine
        bound: dict[Place, str] = {}
        for name, value in names.items():
            if engine.is_tensor(value) and not name.startswith("_"):
                place = engine.place(value)
                if place in self._tensors:
                    bound.setdefault(place, name)
        for tensor, fallback in ((out, "out"), (wrt, "x")):
            while fallback in names or fallback in bound.values():
                fallback += "_"
            bound.setdefault(engine.place(tensor), fallback)
        # In the order of the computation, which is the order of the questions and of the table.
        order = [p for p in self._tensors if p[1] == -1 or p == engine.place(wrt)]
        order += [place for place, _ in self._order if place not in order]
        return {place: bound[place] for place in order if place in bound}

    def _has_masks(self) -> bool:
        """Are there truths of which nobody knows where they came from?"""
        ends = [p for p in self._tensors if p[1] == -1 and p not in self._names]
        arrays = [self.engine.array(self._tensors[p]) for p in ends if p not in self._detached]
        arrays += [
            part
            for _, call in self._order
            for argument in call.arguments
            for part in (argument if isinstance(argument, list | tuple) else [argument])
            if isinstance(part, np.ndarray)
        ]
        return any(array.dtype == bool for array in arrays)

    def _parents(self, place: Place) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for call in self._unnamed(place):
            for source, _, _ in call.inputs:
                if source in self._names:
                    found[self._names[source]] = None
        return tuple(found)

    def _unnamed(self, place: Place) -> Iterator[Call]:
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
            lines.append(call.written([self._label(call, a) for a in call.arguments]))
        return "\n".join(lines)

    def _label(self, call: Call, argument: Any) -> str:
        place = call.place(argument)
        return naming.plain(argument) if place is None else self._names.get(place, "…")

    # --- running it again -------------------------------------------------------------------------

    def _run(
        self, given: Mapping[Place, Any], special: Mapping[tuple[Place, int], Any] = {}
    ) -> dict[Place, Any]:
        """Run every operation whose inputs are known; `special` replaces single arguments."""
        known = dict(given)
        for place, tensor in self._tensors.items():
            if place[1] == -1 and place not in known and place not in self._detached:
                fixed = place not in self._names or self.engine.array(tensor).dtype.kind != "f"
                if fixed:  # without a name, or no floats: it keeps its value
                    known[place] = self.engine.double(tensor)
        self._detach(known)
        for place, call in self._order:
            if place in known or any(source not in known for source, _, _ in call.inputs):
                continue
            arguments = [
                special[place, k] if (place, k) in special else call.replaced(argument, known)
                for k, argument in enumerate(call.arguments)
            ]
            result = call.run(arguments)
            known[place] = result[place[1]] if isinstance(result, tuple) else result
            self._detach(known)
        return known

    def _detach(self, known: dict[Place, Any]) -> None:
        """The values of what was detached from the tensors that are known by now."""
        for place, again in self._detached.items():
            if place not in known and all(source in known for source in again.needs):
                known[place] = again.run(known)

    def evaluate(self, values: Values) -> dict[str, np.ndarray]:
        """All named arrays that follow from the given ones."""
        return self._named(self._known(values))

    def moved(self, values: Values, wrt: str, by: np.ndarray) -> dict[str, np.ndarray]:
        """See `Problem`."""
        held = self._known(values) if self._detached else {}
        detached = {place: held[place] for place in self._detached if place in held}
        return self._named(self._known({**values, wrt: by}, detached))

    def beside(self, values: Values) -> dict[str, np.ndarray]:
        """See `Problem`."""
        with self.engine.quiet(grad=False):
            return self._beside.at(self._known(values))

    def _given(self, values: Values) -> dict[Place, Any]:
        """Fresh tensors of these values; whole numbers and truths stay what they are."""
        given = {}
        with self.engine.quiet(grad=False):
            for name, value in values.items():
                place = self._place_of[name]
                own = self._tensors[place]
                fixed = place[1] == -1 and self.engine.array(own).dtype.kind != "f"
                floats = np.asarray(value, np.float64)
                given[place] = self.engine.double(own) if fixed else self.engine.tensor(floats)
        return given

    def _known(self, values: Values, given: Mapping[Place, Any] = {}) -> dict[Place, Any]:
        engine = self.engine
        named = self._given(values)
        with engine.quiet(grad=False):
            return self._run({**given, **named})

    def _named(self, known: Mapping[Place, Any]) -> dict[str, np.ndarray]:
        return {
            name: np.asarray(self.engine.array(known[place]), np.float64)
            for place, name in self._names.items()
            if place in known
        }

    def gradient(self, values: Values, of: str, wrt: str, cotangent: np.ndarray) -> np.ndarray:
        """The engine's own backward pass, in float64."""
        if of == wrt:
            return np.asarray(cotangent, np.float64)
        given = self._given({name: value for name, value in values.items() if name != wrt})
        return self._backward(given, {}, of, wrt, values, cotangent)

    def uses(self, values: Values, of: str, wrt: str, cotangent: np.ndarray) -> list[np.ndarray]:
        """The gradient through each operation that takes `wrt`, on the way to `of`."""
        place, found = self._place_of[wrt], []
        fixed = self._given(values)
        wanted = {id(call) for call in self._unnamed(self._place_of[of])}
        for target, call in self._order:
            for k, argument in enumerate(call.arguments):
                if call.place(argument) == place and id(call) in wanted:
                    one = (target, k)
                    found.append(self._backward(fixed, {one: None}, of, wrt, values, cotangent))
        return found

    def _backward(
        self, given: dict[Place, Any], special: dict[tuple[Place, int], Any],
        of: str, wrt: str, values: Values, cotangent: np.ndarray,
    ) -> np.ndarray:  # fmt: skip
        engine = self.engine
        with engine.quiet(grad=True):
            leaf = engine.tensor(np.array(values[wrt], np.float64), requires_grad=True)
            if special:
                known = self._run(given, dict.fromkeys(special, leaf))
            else:
                known = self._run({**given, self._place_of[wrt]: leaf})
            out = known[self._place_of[of]]
            if not out.requires_grad:
                return np.zeros(tuple(leaf.shape))
            weight = np.broadcast_to(np.asarray(cotangent, np.float64), tuple(out.shape))
            out.backward(engine.tensor(np.array(weight)))
        grad = leaf.grad
        shape = tuple(leaf.shape)
        return np.zeros(shape) if grad is None else np.array(engine.array(grad), np.float64)
