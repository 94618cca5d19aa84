"""The form in which a lesson's answers are kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    """A plausible wrong answer: the answer cell's code, and a part of what must be said of it."""

    code: str
    because: str


@dataclass(frozen=True)
class Answers:
    """To one exercise: a solution that gets all points, and wrong answers that must not.

    also: other solutions, written differently, that must get them as well.
    """

    solution: str
    wrong: tuple[Wrong, ...]
    also: tuple[str, ...] = ()
