"""What the checker knows about a computation: named arrays, how to recompute them, their gradients.

A `Problem` is the whole interface between a derivation and whatever computes it: minigrad, PyTorch,
plain Python functions, or formulas written as text (which need no engine, and can be graded outside
the process of the person who is graded).

In every method `values` maps names to float64 arrays that are *given*: the leaves, and any tensor
in between that is to be held fixed. Everything that depends only on given names is recomputed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from inspect import signature

import numpy as np

from .evaluate import evaluate
from .formula import parse
from .tree import Formula, Node

Values = Mapping[str, np.ndarray]


class Problem(ABC):
    """∂`out`/∂`wrt` and everything named on the way.

    out, wrt    names of the two ends
    values      name → float64 array: every named tensor, at the reader's own point
    varying     names of the leaves that may move (those that require a gradient)
    constants   names of the other leaves; they keep their values, except to see whether an answer
                also holds for other ones
    parents     name → names of the tensors that it is computed from (leaves: none)
    oracle      what `gradient` is, in words, for the table's heading
    note        what whoever answers has to know of how it is checked, or ""
    tolerance   how exact `gradient` is, relative to the largest entry
    local       only near the own values is it what the reader's program computes there: it has a
                mask of which nobody knows where it came from
    """

    out: str
    wrt: str
    values: dict[str, np.ndarray]
    varying: tuple[str, ...]
    constants: tuple[str, ...]
    parents: dict[str, tuple[str, ...]]
    oracle: str = "autograd"
    note: str = ""
    local: bool = False
    tolerance: float = 1e-6  # float64 leaves 1e-15, finite differences 1e-9

    @abstractmethod
    def evaluate(self, values: Values) -> dict[str, np.ndarray]:
        """All named arrays that follow from the given ones, the given ones included."""

    def gradient(self, values: Values, of: str, wrt: str, cotangent: np.ndarray) -> np.ndarray:
        """cotangentᵀ · ∂of/∂wrt, in the shape of `wrt`, where `values` are given.

        Names in `values` are independent of one another: giving an intermediate tensor cuts what is
        behind it. Here: two finite differences, extrapolated (Richardson 1911).
        """
        coarse = finite_differences(self, values, of, wrt, cotangent, step=2e-3)
        fine = finite_differences(self, values, of, wrt, cotangent, step=1e-3)
        finer = finite_differences(self, values, of, wrt, cotangent, step=5e-4)
        first, second = (4 * fine - coarse) / 3, (4 * finer - fine) / 3
        return (16 * second - first) / 15

    def moved(self, values: Values, wrt: str, by: np.ndarray) -> dict[str, np.ndarray]:
        """The same with `by` for `wrt`; what was detached from it stays as it was."""
        return self.evaluate({**values, wrt: by})

    def beside(self, values: Values) -> dict[str, np.ndarray]:
        """What else may be named in an answer, at this point: arrays that nobody asks about."""
        return {}

    def uses(self, values: Values, of: str, wrt: str, cotangent: np.ndarray) -> list[np.ndarray]:
        """The same gradient split by the places where `wrt` is used in `of`; [] where unknown."""
        return []

    def explain(self, of: str) -> str:
        """The text of the computation of `of` (its line of code), or ""."""
        return ""


def finite_differences(
    problem: Problem,
    values: Values,
    of: str,
    wrt: str,
    cotangent: np.ndarray,
    step: float = 6e-6,
    most: int | None = None,
) -> np.ndarray:
    """cotangentᵀ · ∂of/∂wrt by central differences: two evaluations for every entry of `wrt`.

    Of more than `most` entries only so many are computed, evenly spread; the others are nan.
    """
    start = np.asarray(values[wrt], dtype=np.float64)
    slopes = np.full(start.size, np.nan)
    count = start.size if most is None else min(start.size, most)
    for entry in np.linspace(0, start.size - 1, count).astype(int):
        ends = []
        width = step * max(1.0, abs(start.flat[entry]))
        for sign in (1.0, -1.0):
            moved = start.copy()
            moved.flat[entry] += sign * width
            ends.append(problem.moved(values, wrt, moved)[of])
        with np.errstate(all="ignore"):
            slopes[entry] = np.sum(cotangent * (ends[0] - ends[1])) / (2 * width)
    return slopes.reshape(start.shape)


def ancestors(parents: Mapping[str, Sequence[str]], name: str) -> set[str]:
    """Every named tensor that `name` is computed from, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


class FunctionProblem(Problem):
    """A chain of plain Python functions over arrays.

        FunctionProblem({"y": lambda x: x + 2, "out": lambda y: y.mean()}, out="out", wrt="x",
                        leaves={"x": np.ones((2, 2))})

    The parameters of a step are the names of its inputs. `gradient`, if given, is called like the
    method of the same name and is the second opinion (live PyTorch in the tests).
    """

    def __init__(
        self,
        steps: Mapping[str, Callable[..., np.ndarray]],
        out: str,
        wrt: str,
        leaves: Mapping[str, np.ndarray],
        constants: Sequence[str] = (),
        gradient: Callable[[Values, str, str, np.ndarray], np.ndarray] | None = None,
    ) -> None:
        self.steps, self.out, self.wrt = dict(steps), out, wrt
        if steps:
            self.parents = {name: tuple(signature(step).parameters) for name, step in steps.items()}
        self.constants = tuple(constants)
        self.varying = tuple(name for name in leaves if name not in self.constants)
        arrays = {name: np.asarray(value, dtype=np.float64) for name, value in leaves.items()}
        self.values = self.evaluate(arrays)
        self.oracle = "autograd" if gradient else "extrapolation"
        if gradient:
            self.gradient = gradient  # type: ignore

    def evaluate(self, values: Values) -> dict[str, np.ndarray]:
        """Run every step whose inputs are known."""
        known = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}
        with np.errstate(all="ignore"):
            for name, inputs in self.parents.items():
                if name not in known and all(i in known for i in inputs):
                    known[name] = np.asarray(self.compute(name, [known[i] for i in inputs]))
        return known

    def compute(self, name: str, inputs: list[np.ndarray]) -> np.ndarray:
        """One step."""
        return self.steps[name](*inputs)


class FormulaProblem(FunctionProblem):
    """The same, with every step written as a formula: plain data, so it can travel as JSON.

        FormulaProblem({"y": "x + 2", "z": "y*y*3", "out": "mean(z)"}, out="out", wrt="x",
                       leaves={"x": np.ones((2, 2))})

    Raises FormulaError for a step that cannot be read or computed.
    """

    def __init__(
        self,
        steps: Mapping[str, str],
        out: str,
        wrt: str,
        leaves: Mapping[str, np.ndarray],
        constants: Sequence[str] = (),
    ) -> None:
        known = list(leaves)
        self.formulas: dict[str, Formula] = {}
        for name, text in steps.items():
            self.formulas[name] = parse(text, known)
            known.append(name)
        self.parents = {
            name: tuple(dict.fromkeys(n.value for n in formula.tree.walk() if n.kind == "name"))
            for name, formula in self.formulas.items()
        }
        super().__init__({}, out, wrt, leaves, constants)

    def compute(self, name: str, inputs: list[np.ndarray]) -> np.ndarray:
        """One step."""
        return evaluate(self.formulas[name], dict(zip(self.parents[name], inputs)))

    def explain(self, of: str) -> str:
        """The step as it was written."""
        return f"{of} = {self.formulas[of].text}" if of in self.formulas else ""

    def uses(self, values: Values, of: str, wrt: str, cotangent: np.ndarray) -> list[np.ndarray]:
        """The gradient through each occurrence of `wrt`, the other ones held fixed."""
        tree, found = self.formulas[of].tree, []
        given = {name: value for name, value in values.items() if name in self.parents[of]}
        for place in tree.walk():
            if place.kind == "name" and place.value == wrt:
                single = _OneStep(_rename(tree, place, "\0"), of)
                at = {**given, "\0": values[wrt]}
                found.append(single.gradient(at, of, "\0", cotangent))
        return found


class _OneStep(Problem):
    """A single formula, of which one occurrence of a name has been given a name of its own."""

    def __init__(self, tree: Node, of: str) -> None:
        self.tree, self.of = tree, of

    def evaluate(self, values: Values) -> dict[str, np.ndarray]:
        return {**values, self.of: evaluate(self.tree, values)}


def _rename(tree: Node, place: Node, name: str) -> Node:
    if tree is place:
        return replace(tree, value=name)
    return replace(tree, children=tuple(_rename(child, place, name) for child in tree.children))
