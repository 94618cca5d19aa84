"""One wrong answer under examination: what every cause in the catalogue looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .evaluate import evaluate
from .judge import Attempt, fit
from .key import AnswerKey, Arrays, Question
from .tree import FormulaError, Node

CLOSE = 1e-6


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

    @cached_property
    def points(self) -> list[int]:
        """The points that count: all but those with other constants, where the answer is finite."""
        values = self.tried.values
        wanted = [i for i, kind in enumerate(self.key.kinds) if kind != "constants"]
        return [i for i in wanted if values[i] is not None and np.all(np.isfinite(values[i]))]

    @cached_property
    def answer(self) -> Arrays | None:
        """The answer in the truth's shape, per counted point; None if it does not fit."""
        fitted = [fit(self.tried.values[i], self.question.shape) for i in self.points]
        return None if not fitted or any(a is None for a in fitted) else fitted  # type: ignore

    @cached_property
    def raw(self) -> Arrays:
        """The answer in its own shape, per counted point."""
        return self.at(self.tried.values)

    @cached_property
    def truth(self) -> Arrays:
        """What it should have been, per counted point."""
        return self.at(self.question.truths)

    def at(self, arrays: list[Any]) -> list[Any]:
        """Of something that is listed per point: the counted ones."""
        return [arrays[i] for i in self.points]

    def same(self, candidates: Arrays | None, truths: Arrays | None = None) -> bool:
        """Are two families of arrays equal at every counted point?"""
        truths = self.truth if truths is None else truths
        if candidates is None or len(candidates) < 2:
            return False
        return all(close(a, b) for a, b in zip(candidates, truths))

    def is_answer(self, candidates: Arrays) -> bool:
        """Is this what was answered?"""
        return self.answer is not None and self.same(self.answer, candidates)

    def ratio(self, truths: Arrays | None = None) -> float | None:
        """The constant c with answer = c · truth at every point, if there is one."""
        truths = self.truth if truths is None else truths
        if self.answer is None or len(self.answer) < 2:
            return None
        if any(a.shape != t.shape for a, t in zip(self.answer, truths)):
            return None
        with np.errstate(all="ignore"):
            below = sum(float(np.sum(t * t)) for t in truths)
            above = sum(float(np.sum(a * t)) for a, t in zip(self.answer, truths))
            if not (math.isfinite(above) and math.isfinite(below)) or below == 0 or above == 0:
                return None
            c = above / below
            return c if self.same(self.answer, [c * t for t in truths]) else None

    def right(self, tree: Node) -> bool:
        """Would this formula be right? Stops at the first point where it is not."""
        try:
            for index in self._all_points:
                fitted = fit(evaluate(tree, self.key.values[index]), self.question.shape)
                if fitted is None or not close(fitted, self.question.truths[index]):
                    return False
        except FormulaError:
            return False
        return True

    @property
    def _all_points(self) -> list[int]:
        return [i for i, kind in enumerate(self.key.kinds) if kind != "constants"][::-1]

    @cached_property
    def sources(self) -> str:
        """The lines of code that the answer is the derivative of."""
        if self.question.whole:
            return "\n".join(dict.fromkeys(q.source for q in self.key.questions if q.source))
        return self.question.source

    def cause(self, name: str, hint: str, place: Node | None = None) -> Cause:
        """A cause that points at a piece of the formula, if there is one."""
        return Cause(name, hint, place.at, place.end) if place else Cause(name, hint)

    def piece(self, node: Node) -> str:
        """The text of a piece of the formula."""
        return self.tried.formula.text[node.at : node.end]


def close(a: Any, b: Any) -> bool:
    """Are two arrays equal, up to shape (`fit`) and rounding?"""
    if np.shape(a) != np.shape(b):
        fitted = fit(np.asarray(a), np.shape(b))
        if fitted is None:
            return False
        a = fitted
    if not np.all(np.isfinite(b)):
        return False
    with np.errstate(all="ignore"):
        scale = np.max(np.abs(b), initial=0.0)
        return bool(np.all(np.abs(a - b) <= CLOSE * scale + 1e-10))
