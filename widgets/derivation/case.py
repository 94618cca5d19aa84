"""One wrong answer under examination: what every cause in the catalogue looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .budget import Budget
from .evaluate import evaluate
from .judge import Attempt, fit, rounding
from .key import AnswerKey, Arrays, Question
from .tree import FormulaError, Node

CLOSE = 1e-6
WORK = 30_000_000  # entries computed while the cause is looked for


@dataclass(frozen=True)
class Cause:
    """Why an answer is wrong: a short name, one sentence that helps, and where in the formula."""

    name: str
    hint: str
    at: int | None = None
    end: int | None = None


@dataclass
class Case:
    """One wrong answer under examination."""

    key: AnswerKey
    question: Question
    tried: Attempt

    as_numbers: bool = False
    budget: Budget = field(default_factory=lambda: Budget(WORK))

    @cached_property
    def numbers(self) -> bool:
        """Is it looked at as numbers, which are meant for the reader's own values only?"""
        if not self.as_numbers:
            return False
        walked = self.tried.formula.tree.walk()
        names = any(node.kind == "name" and node.value in self.key.at(0) for node in walked)
        truths = self.truths
        return not names and not all(close(truth, truths[0]) for truth in truths)

    @cached_property
    def alike(self) -> bool:
        """Numbers that say little: one point, and one size of slope there."""
        truth = np.abs(self.truths[0])
        return self.numbers and bool(np.all(truth <= np.min(truth, initial=np.inf) * (1 + CLOSE)))

    @cached_property
    def points(self) -> list[int]:
        """The points that count: all but those with other constants, where the answer is finite."""
        values = self.tried.values
        wanted = [i for i, kind in enumerate(self.key.kinds) if kind != "constants"]
        wanted = [0] if self.numbers else wanted
        return [i for i in wanted if values[i] is not None and np.all(np.isfinite(values[i]))]

    @cached_property
    def answer(self) -> Arrays | None:
        """The answer in the truth's shape, per counted point; None if it does not fit."""
        fitted = [fit(self.tried.values[i], self.shape) for i in self.points]
        return None if not fitted or any(a is None for a in fitted) else fitted  # type: ignore

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """The shape of the truth."""
        return self.truths[0].shape

    @cached_property
    def truths(self) -> Arrays:
        """What it should have been, per point: the Jacobian, if the answer has its shape only."""
        own, dense = self.tried.values[0], self.question.dense
        if own is None or not dense or fit(own, self.question.shape) is not None:
            return self.question.truths
        return dense if own.shape == dense[0].shape else self.question.truths

    @cached_property
    def raw(self) -> Arrays:
        """The answer in its own shape, per counted point."""
        return self.at(self.tried.values)

    @cached_property
    def truth(self) -> Arrays:
        """What it should have been, per counted point."""
        return self.at(self.truths)

    def at(self, arrays: list[Any]) -> list[Any]:
        """Of something that is listed per point: the counted ones."""
        return [arrays[i] for i in self.points]

    def same(self, candidates: Arrays | None, truths: Arrays | None = None) -> bool:
        """Are two families of arrays equal at every counted point?"""
        truths = self.truth if truths is None else truths
        if not candidates or (len(candidates) < 2 and not self.numbers):
            return False
        loose = rounding(self.tried.formula.text)[0] if self.numbers else 0.0
        return all(close(a, b, loose) for a, b in zip(candidates, truths))

    def is_answer(self, candidates: Arrays) -> bool:
        """Is this what was answered?"""
        return self.answer is not None and self.same(self.answer, candidates)

    def ratio(self, truths: Arrays | None = None, answer: Arrays | None = None) -> float | None:
        """The constant c with answer = c · truth at every point, if there is one."""
        truths = self.truth if truths is None else truths
        answer = self.answer if answer is None else answer
        if answer is None or (len(answer) < 2 and not self.numbers):
            return None
        if any(a.shape != t.shape for a, t in zip(answer, truths)):
            return None
        with np.errstate(all="ignore"):
            below = sum(float(np.sum(t * t)) for t in truths)
            above = sum(float(np.sum(a * t)) for a, t in zip(answer, truths))
            if not (math.isfinite(above) and math.isfinite(below)) or below == 0 or above == 0:
                return None
            c = above / below
            if self.alike and not _simple(c):
                return None
            return c if self.same(answer, [c * t for t in truths]) else None

    def right(self, tree: Node) -> bool:
        """Would this formula be right? Stops at the first point where it is not."""
        try:
            for index in self._all_points:
                fitted = fit(evaluate(tree, self.key.at(index), self.budget), self.shape)
                if fitted is None or not close(fitted, self.truths[index]):
                    return False
        except FormulaError:
            return False
        return True

    @property
    def tired(self) -> bool:
        """Has looking for the cause taken long enough?"""
        return self.budget.left < 0

    @property
    def _all_points(self) -> list[int]:
        return [i for i, kind in enumerate(self.key.kinds) if kind != "constants"][::-1]

    @cached_property
    def named(self) -> set[str]:
        """The tensors that the answer names."""
        return {n.value for n in self.tried.formula.tree.walk() if n.kind == "name"}

    @cached_property
    def sources(self) -> str:
        """The lines of code that the answer is the derivative of."""
        if self.question.whole:
            return self.key.source
        return self.question.source

    def cause(self, name: str, hint: str, place: Node | None = None) -> Cause:
        """A cause that points at a piece of the formula, if there is one."""
        return Cause(name, hint, place.at, place.end) if place else Cause(name, hint)

    def piece(self, node: Node) -> str:
        """The text of a piece of the formula."""
        return self.tried.formula.text[node.at : node.end]


def _simple(c: float) -> bool:
    """A whole number or one divided by it: what a count may have to do with."""
    size = max(abs(c), 1 / abs(c))
    return size < 1000 and math.isclose(size, round(size), rel_tol=1e-4)


def close(a: Any, b: Any, loose: float = 0.0) -> bool:
    """Are two arrays equal, up to shape (`fit`) and rounding? `loose`: of the decimals, as well."""
    if np.shape(a) != np.shape(b):
        fitted = fit(np.asarray(a), np.shape(b))
        if fitted is None:
            return False
        a = fitted
    if not np.all(np.isfinite(b)):
        return False
    with np.errstate(all="ignore"):
        scale = np.max(np.abs(b), initial=0.0)
        return bool(np.all(np.abs(a - b) <= max(CLOSE, loose) * scale + 1e-10))
