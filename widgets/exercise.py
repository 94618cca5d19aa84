"""Exercises that check themselves.

    @exercise("01-kept", points=4, hint="Which of them is a leaf?")
    def kept(prediction):
        x, y = run()                                   # the truth is computed as it is asked for
        return compare(prediction, {"x.grad": x.grad, "y.grad": y.grad}, because={…})

    kept({"x.grad": 4.5, "y.grad": None})              # a verdict, at once
    kept.hint()                                        # a hint, on demand

An exercise is a plain function of the answer that returns findings. It can be called in a notebook
and outside of one, by a student or by a grader.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np


class Finding(NamedTuple):
    """One thing that was looked at: what it is, whether it is right, and what to say about it."""

    what: str
    right: bool
    said: str


class Verdict:
    """What an exercise says about an answer: findings, and points for the share that is right."""

    def __init__(self, id: str, points: float, findings: Iterable[Finding]) -> None:
        self.id = id
        self.points = points
        self.findings = list(findings)

    @property
    def ok(self) -> bool:
        """True if everything is right."""
        return bool(self.findings) and all(finding.right for finding in self.findings)

    @property
    def earned(self) -> float:
        """The points: in proportion to what is right."""
        right = sum(finding.right for finding in self.findings)
        return self.points * right / len(self.findings) if self.findings else 0.0

    def summary(self) -> str:
        """One line: how much is right."""
        if self.ok:
            return f"All right: {self.points:g} of {self.points:g} points."
        right = sum(finding.right for finding in self.findings)
        return f"{right} of {len(self.findings)} right: {self.earned:g} of {self.points:g} points."

    def __repr__(self) -> str:
        lines = [f"  {'✓' if f.right else '✗'} {f.what}: {f.said}" for f in self.findings]
        return "\n".join([self.summary(), *lines])

    def _repr_html_(self) -> str:
        left = "style='text-align:left'"
        rows = "".join(
            f"<tr><td {left}>{'✓ right' if finding.right else '✗ not yet'}</td>"
            f"<td {left}><code>{html.escape(finding.what)}</code></td>"
            f"<td {left}>{html.escape(finding.said)}</td></tr>"
            for finding in self.findings
        )
        return (
            f"<p role='status'><strong>{html.escape(self.summary())}</strong></p>"
            f"<table style='font-size:inherit'>{rows}</table>"
        )


class Exercise:
    """A check with its id, points and hint; call it with an answer."""

    def __init__(
        self, check: Callable[..., Iterable[Finding]], id: str, points: float, hint: str
    ) -> None:
        functools.update_wrapper(self, check)
        self.check = check
        self.id = id
        self.points = points
        self._hint = hint

    def __call__(self, *answer: Any) -> Verdict:
        """The verdict on an answer. An error of the answer's own is a finding, not a crash."""
        return Verdict(self.id, self.points, self.check(*answer))

    def hint(self) -> str:
        """The hint, for whoever asks."""
        return self._hint

    def __repr__(self) -> str:
        return f"<exercise {self.id}, {self.points:g} points>"


def exercise(
    id: str, *, points: float, hint: str
) -> Callable[[Callable[..., Iterable[Finding]]], Exercise]:
    """Decorator: make a function of an answer that returns findings into an exercise."""
    return lambda check: Exercise(check, id, points, hint)


def compare(prediction: Any, truth: Mapping[str, Any], because: Mapping[str, str]) -> list[Finding]:
    """A prediction against what really happened: one finding per entry of `truth`.

    prediction: name → what the reader expects: None, a number, a text, nested lists or a tensor.
    because: name → the idea, said when the prediction is wrong. The true value is not given away.
    """
    if not isinstance(prediction, Mapping):
        asked = ", ".join(repr(name) for name in truth)
        return [Finding("the answer", False, f"It must be a dictionary with the keys {asked}.")]
    findings = []
    for name, actual in truth.items():
        if name not in prediction or prediction[name] is ...:
            findings.append(Finding(name, False, "Not answered yet."))
        elif agrees(prediction[name], actual):
            findings.append(Finding(name, True, "Right."))
        else:
            findings.append(Finding(name, False, because.get(name, "That is not what happened.")))
    for name in prediction:
        if name not in truth:
            findings.append(Finding(str(name), False, "This was not asked; check the spelling."))
    return findings


def agrees(expected: Any, actual: Any) -> bool:
    """True if a prediction and a result are the same: None only with None, numbers to 0.1 %.

    A single number stands for a whole array of it.
    """
    if expected is None or actual is None:
        return expected is None and actual is None
    if isinstance(expected, (str, bool)) or isinstance(actual, (str, bool)):
        return type(expected) is type(actual) and expected == actual
    try:
        said = np.asarray(getattr(expected, "tolist", lambda: expected)(), float)
        real = np.asarray(getattr(actual, "tolist", lambda: actual)(), float)
    except (TypeError, ValueError):
        return False
    if said.shape not in ((), real.shape):
        return False
    return bool(np.allclose(said, real, rtol=1e-3, atol=1e-6, equal_nan=True))
