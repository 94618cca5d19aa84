"""Exercises that check themselves.

    @exercise(
        "01-kept", kind="prediction", points=4, answer="my_prediction",
        hints=("Which of them is a leaf?", "What did retain_grad() ask for?"),
        idea="Leaves keep their gradients, and so does what was asked to.",
    )
    def kept(prediction):
        x, y = program()                               # the truth is computed as it is asked for
        return compare(prediction, {"x.grad": x.grad, "y.grad": y.grad}, because={…})

    kept({"x.grad": 4.5, "y.grad": None})              # a verdict, at once
    kept.hint()                                        # a hint; then the other; then the idea

An exercise is a plain function of the answer that returns findings. It can be called in a notebook
and outside of one, by a student or by a grader. An answer that is code is only ever used through
`widgets.probe`, so that a grader may hand in a stand-in that runs it somewhere else.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .probe import Unusable

KINDS = ("derivation", "prediction", "repair", "code")
SHORT = 24  # letters of what was looked at that stay on one line


class Finding(NamedTuple):
    """One thing that was looked at: what it is, whether it is right, and what to say about it."""

    what: str
    right: bool
    said: str


class Verdict:
    """What an exercise says about an answer: findings, and points for the share that is right."""

    def __init__(self, exercise: Exercise, findings: Iterable[Finding]) -> None:
        self.exercise = exercise
        self.id = exercise.id
        self.points = exercise.points
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
        earned = round(self.earned, 2)
        return f"{right} of {len(self.findings)} right: {earned:g} of {self.points:g} points."

    def __repr__(self) -> str:
        lines = [f"  {'✓' if f.right else '✗'} {f.what}: {f.said}" for f in self.findings]
        return "\n".join([self.summary(), *lines])

    def _repr_html_(self) -> str:
        left = "style='text-align:left'"
        whole = "style='text-align:left;white-space:nowrap'"
        rows = "".join(
            f"<tr><td {whole}>{'✓ right' if finding.right else '✗ not yet'}</td>"
            f"<td {whole if len(finding.what) <= SHORT else left}>"
            f"<code>{html.escape(finding.what)}</code></td>"
            f"<td {left}>{html.escape(finding.said)}</td></tr>"
            for finding in self.findings
        )
        return (
            f"<p role='status'><strong>{html.escape(self.summary())}</strong></p>"
            f"<table style='font-size:inherit'>{rows}</table>{self.exercise.help(self.ok)}"
        )


class Exercise:
    """A check with its id, points and hints; call it with an answer.

    kind: "derivation", "prediction", "repair" or "code".
    answer: the variable of the notebook that holds the answer; several with commas; with a dot for
        something in it, such as "MyRelu.apply".
    hints: two, each a step further. idea: how the solution goes, without giving it.
    transfer: True if it asks about something that the lesson does not show.
    program: the function that runs the program in question. The lesson shows its lines; a test
        holds the two together.
    without: packages that a grader must not let the answer use, such as the engine where readers
        build their own. In a notebook they are there.
    """

    def __init__(
        self,
        check: Callable[..., Iterable[Finding]],
        id: str,
        *,
        kind: str,
        points: float,
        answer: str,
        hints: tuple[str, str],
        idea: str,
        transfer: bool = False,
        program: Callable[..., Any] | None = None,
        without: tuple[str, ...] = (),
    ) -> None:
        if kind not in KINDS:
            raise ValueError(f"{id}: kind must be one of {', '.join(KINDS)}, not {kind!r}")
        if points <= 0 or isinstance(hints, str) or len(hints) != 2:
            raise ValueError(f"{id}: an exercise has points and two hints")
        functools.update_wrapper(self, check)
        self.check = check
        self.id, self.kind, self.points, self.answer = id, kind, points, answer
        self.hints, self.idea, self.transfer, self.program = hints, idea, transfer, program
        self.without = tuple(without)
        self._asked = 0

    def __call__(self, *answer: Any) -> Verdict:
        """The verdict on an answer. An error of the answer's own is a finding, not a crash."""
        try:
            return Verdict(self, self.check(*answer))
        except Unusable as problem:
            return Verdict(self, [Finding("your answer", False, str(problem))])

    def hint(self) -> str:
        """The first hint; called again, the second; and then the idea of the solution."""
        said = [*self.hints, f"The idea: {self.idea}"][min(self._asked, 2)]
        self._asked += 1
        return said

    def help(self, solved: bool = False) -> str:
        """The hints and the idea as HTML, each to be opened when it is wanted."""
        parts = () if solved else (("A hint", self.hints[0]), ("One more hint", self.hints[1]))
        folded = ""
        for title, text in reversed((*parts, ("The idea of the solution", self.idea))):
            folded = (
                f"<details style='margin:4px 0 4px 12px'><summary>{title}</summary>"
                f"<p style='margin:4px 0 4px 16px'>{html.escape(text)}</p>{folded}</details>"
            )
        return folded

    def _repr_html_(self) -> str:
        return f"<p>A {self.kind} for {self.points:g} points.</p>{self.help()}"

    def __repr__(self) -> str:
        return f"<exercise {self.id}, a {self.kind} for {self.points:g} points>"


def exercise(id: str, **about: Any) -> Callable[[Callable[..., Iterable[Finding]]], Exercise]:
    """Decorator: make a function of an answer that returns findings into an `Exercise`."""
    return lambda check: Exercise(check, id, **about)
