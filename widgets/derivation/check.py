"""Is a derivation right? Answers against an `AnswerKey`, question by question.

    result = check(key, "1/4 * 6 * y")                        # the whole
    result = check(key, {"∂z/∂y": "6*y", "dout_dz": "1/4"})   # factors, in any spelling
    print(result)

An answer is right if its numbers are, at the reader's own point and at random ones: how it is
written never matters. The derivative may come in the tensor's shape, in one that broadcasts to it,
as a flat vector, or as the whole Jacobian matrix; as a formula, or as numbers (`4.5`), which can
only be right at the reader's own point. Why an answer is wrong is found by `causes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..exercise import Finding
from ..probe import Unusable
from .case import Cause
from .causes import find_cause
from .formula import parse
from .judge import judge_formula
from .key import AnswerKey, Question
from .report import ONLY_HERE, WORDS, as_text
from .tree import FormulaError

NO_SLOPE = (
    "At these values no entry has a finite slope, so nothing can be compared: give the tensors "
    "other values."
)


class NotAsked(Unusable, KeyError):
    """A label that nobody asked for."""

    __str__ = Exception.__str__


@dataclass
class Row:
    """One question, answered.

    status   "right", "wrong", "unreadable" (the formula has an error) or "empty"
    yours, autograd, differences   at the reader's own point; `yours` is None without a value
    deviation    the largest |yours - autograd| over all points and entries
    extent       where a right answer is right: "everywhere", "nearby" (not where a sign, say, is
                 different), or "here" (numbers: at the reader's own values only);
                 "" if it is not right
    only_here    wrong, but right at the reader's own values by coincidence
    """

    label: str
    answer: str
    status: str
    autograd: np.ndarray
    differences: np.ndarray
    whole: bool = False
    yours: np.ndarray | None = None
    deviation: float | None = None
    extent: str = ""
    notes: list[str] = field(default_factory=list)
    cause: Cause | None = None
    only_here: bool = False

    @property
    def word(self) -> str:
        """The verdict in a few words."""
        return ONLY_HERE if self.only_here else WORDS[self.status]

    @property
    def right(self) -> bool:
        """Answered, and right."""
        return self.status == "right"

    @property
    def difference(self) -> np.ndarray | None:
        """Yours - autograd at the own point, or None where the shapes differ."""
        if self.yours is None or self.yours.shape != self.autograd.shape:
            return None
        with np.errstate(all="ignore"):
            return self.yours - self.autograd


@dataclass
class Result:
    """Every question's row, in the order of the chain; prints as a table with the first hint."""

    rows: list[Row]
    oracle: str = "autograd"

    @property
    def answered(self) -> list[Row]:
        """The rows that have an answer."""
        return [row for row in self.rows if row.status != "empty"]

    @property
    def ok(self) -> bool:
        """Something was answered and everything that was answered is right."""
        return bool(self.answered) and all(row.right for row in self.answered)

    @property
    def complete(self) -> bool:
        """Every factor and the whole are answered, and right."""
        return all(row.right for row in self.rows)

    @property
    def first_wrong(self) -> Row | None:
        """The first answer that is not right; None if all are."""
        return next((row for row in self.answered if not row.right), None)

    @property
    def first_cause(self) -> Row | None:
        """The row whose cause is told: the first wrong one, else the first unreadable one."""
        wrong = (row for row in self.answered if row.status == "wrong")
        return next(wrong, self.first_wrong)

    @property
    def hint(self) -> str:
        """One sentence that helps with the first wrong factor; "" if there is none."""
        row = self.first_cause
        return row.cause.hint if row and row.cause else ""

    def findings(self) -> list[Finding]:
        """One finding per question, for an exercise: what it was, whether right, and the hint."""
        said = {"right": "It holds.", "empty": "Not answered yet."}
        return [
            Finding(
                row.label,
                row.right,
                said.get(row.status) or (row.cause.hint if row.cause else "It does not hold."),
            )
            for row in self.rows
        ]

    def __bool__(self) -> bool:
        return self.ok

    def __getitem__(self, label: str) -> Row:
        wanted = normal_label(label)
        for row in self.rows:
            if normal_label(row.label) == wanted:
                return row
        raise KeyError(label)

    def __str__(self) -> str:
        return as_text(self)

    __repr__ = __str__


# --- labels -------------------------------------------------------------------------------------


def normal_label(label: Any) -> tuple[str, str] | str:
    """`∂z/∂y`, `dz/dy`, `dz_dy`, `d z / d y` and ("z", "y") are the same question."""
    if isinstance(label, tuple):
        return (str(label[0]), str(label[1]))
    text = re.sub(r"\s+", "", str(label))
    match = re.fullmatch(r"[∂d](.+?)(?:/|_)[∂d](.+)", text)
    return match.groups() if match else text  # type: ignore[return-value]


def find_question(key: AnswerKey, label: Any) -> Question:
    """The question that `label` means. Raises KeyError, listing the questions, if there is none."""
    wanted = normal_label(label)
    spelled = re.sub(r"\s+", "", str(label)).replace("_", "/").replace("∂", "d")
    for question in key.questions:
        if (question.of, question.wrt) == wanted or (wanted in ("whole", "") and question.whole):
            return question
        if spelled == question.label.replace("_", "/").replace("∂", "d"):
            return question
    listed = ", ".join(question.label for question in key.questions)
    raise NotAsked(f"nobody asked for {label!r} here; the questions are {listed}")


# --- all answers --------------------------------------------------------------------------------


def _text(answer: Any) -> str:
    """An answer as text: a formula, or numbers (an array, a tensor, a list) written out exactly."""
    if answer is None or answer is ...:
        return ""
    if isinstance(answer, str):
        return answer
    if hasattr(answer, "detach"):
        answer = answer.detach()
    listed = answer.tolist() if hasattr(answer, "tolist") else answer
    return repr(listed).replace("True", "1").replace("False", "0").replace("'", "")


def check(key: AnswerKey, answers: Any = None, **factors: Any) -> Result:
    """Check the whole derivative, or any of the questions by label; see the module's docstring.

    answers: a formula (or numbers) for the whole, or a dict from labels to formulas or numbers;
    factors: the same by keyword, `dz_dy="6*y"`. Never raises for what is inside an answer; raises
    KeyError for a label that nobody asked for.
    """
    given: dict[str, str] = {}
    if isinstance(answers, Mapping):
        factors = {**answers, **factors}
    elif answers is not None:
        given[key.questions[-1].label] = _text(answers)
    for label, answer in factors.items():
        given[find_question(key, label).label] = _text(answer)
    rows = [answer_row(key, question, given.get(question.label, "")) for question in key.questions]
    whole, parts = rows[-1], rows[:-1]
    if parts and all(row.right for row in parts) and whole.status == "wrong" and whole.cause:
        hint = f"Every factor is right; the chain rule multiplies them all. {whole.cause.hint}"
        whole.cause = replace(whole.cause, hint=hint)
    return Result(rows, key.oracle)


def answer_row(key: AnswerKey, question: Question, text: str) -> Row:
    """One question's row for one answer's text."""
    row = Row(
        question.label, text, "empty", question.truths[0], question.differences[0], question.whole
    )
    if not text.strip():
        return row
    text = text.encode("utf-8", "replace").decode()  # half a character cannot be sent to a page
    try:
        formula = parse(text, key.names, key.at(0))
    except FormulaError as error:
        row.status, row.cause = "unreadable", Cause("unreadable", error.reason, error.at, error.end)
        return row
    tried, verdict = judge_formula(key, question, formula)
    row.status = "right" if verdict.right else "wrong"
    row.yours, row.deviation, row.extent = verdict.yours, verdict.deviation, verdict.extent
    row.notes = [*tried.formula.notes, *verdict.notes]
    row.only_here = verdict.only_here
    if not verdict.right:
        absurd = tried.error is not None and tried.error.absurd
        row.cause = None if absurd else find_cause(key, question, tried)
        if question.smooth.size and not np.any(question.smooth > 0):
            row.cause = Cause("no slope", NO_SLOPE)
        if tried.error and (row.cause is None or row.cause.name == "different"):
            row.status = "unreadable"
            row.cause = Cause("unreadable", tried.error.reason, tried.error.at, tried.error.end)
    return row
