"""Is a derivation right? Answers against an `AnswerKey`, question by question.

    result = check(key, "1/4 * 6 * y")                        # the whole
    result = check(key, {"∂z/∂y": "6*y", "dout_dz": "1/4"})   # factors, in any spelling
    print(result)

An answer is right if its numbers are, at the reader's own point and at random ones: how it is written
never matters. The derivative may come in the tensor's shape, in one that broadcasts to it, as a flat
vector, or as the whole Jacobian matrix; as a formula, or as numbers (`4.5`), which can only be right
at the reader's own point. Only arrays are compared here; why an answer is wrong is found by
`widgets.derivation.causes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .evaluate import evaluate
from .formula import Formula, FormulaError, parse
from .key import AnswerKey, Arrays, Question

TOLERANCE = 1e-6  # relative to the largest entry; float64 leaves 1e-15, finite differences 1e-9


@dataclass(frozen=True)
class Cause:
    """Why an answer is wrong: a short name, one sentence that helps, and where in the formula."""

    name: str
    hint: str
    at: int | None = None
    end: int | None = None


@dataclass
class Row:
    """One question, answered.

    status   "right", "wrong", "unreadable" (the formula has an error) or "empty"
    yours, autograd, differences   at the reader's own point; `yours` is None without a value
    deviation    the largest |yours - autograd| over all points and entries
    extent       where a right answer is right: "everywhere", "nearby" (another branch of a root or a
                 kink elsewhere), or "here" (numbers: at the reader's own values only)
    """

    label: str
    answer: str
    status: str
    autograd: np.ndarray
    differences: np.ndarray
    whole: bool = False
    yours: np.ndarray | None = None
    deviation: float | None = None
    extent: str = "everywhere"
    notes: list[str] = field(default_factory=list)
    cause: Cause | None = None

    @property
    def right(self) -> bool:
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
        return next((row for row in self.answered if not row.right), None)

    @property
    def first_cause(self) -> Row | None:
        """The row whose cause is told: the first wrong one, or else the first that is unreadable."""
        wrong = (row for row in self.answered if row.status == "wrong")
        return next(wrong, self.first_wrong)

    @property
    def hint(self) -> str:
        """One sentence that helps with the first wrong factor; "" if there is none."""
        row = self.first_cause
        return row.cause.hint if row and row.cause else ""

    def __bool__(self) -> bool:
        return self.ok

    def __getitem__(self, label: str) -> Row:
        wanted = normal_label(label)
        for row in self.rows:
            if normal_label(row.label) == wanted:
                return row
        raise KeyError(label)

    def __str__(self) -> str:
        from .report import as_text

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
    raise KeyError(f"nobody asked for {label!r} here; the questions are {listed}")


# --- one answer ---------------------------------------------------------------------------------


def fit(answer: np.ndarray, shape: tuple[int, ...]) -> np.ndarray | None:
    """`answer` in `shape`, if it can be read so: broadcast, without axes of 1, or flattened."""
    try:
        return np.broadcast_to(answer, shape)
    except ValueError:
        pass
    squeezed = tuple(n for n in shape if n != 1)
    flat = answer.ndim == 1 and answer.size == np.prod(shape, dtype=int)
    if flat or tuple(n for n in answer.shape if n != 1) == squeezed:
        return answer.reshape(shape)
    return None


def readings(key: AnswerKey, question: Question) -> dict[str, Arrays]:
    """Everything that may rightly be meant by the question, by name; the first is the plain one."""
    found = {"": question.truths, **question.also}
    if question.dense:
        found["the Jacobian as a matrix"] = question.dense
        upper = key.values[0][question.of].shape
        if len(upper) + len(question.shape) != 2:
            shape = upper + question.shape
            found["the whole Jacobian"] = [dense.reshape(shape) for dense in question.dense]
    return {name: arrays for name, arrays in found.items() if len(arrays) == len(key.kinds)}


def deviations(answers: list[Any], truths: Arrays, own_mask: np.ndarray) -> list[float]:
    """Per point the largest |answer - truth|; inf where the shape differs, nan where undefined."""
    found = []
    for index, (answer, truth) in enumerate(zip(answers, truths)):
        fitted = None if answer is None else fit(answer, truth.shape)
        if fitted is None:
            found.append(np.inf)
            continue
        with np.errstate(all="ignore"):
            gap = np.abs(fitted - truth)
        if index == 0 and own_mask.shape == gap.shape:
            gap = np.where(own_mask > 0, gap, 0.0)
        found.append(float(np.max(gap, initial=0.0)))
    return found


def _scale(truth: np.ndarray) -> float:
    return float(np.max(np.abs(truth), initial=0.0, where=np.isfinite(truth)))


def rounding(text: str) -> tuple[float, str]:
    """How far off an answer may be because it is written with rounded decimals: 0.333 for 1/3."""
    loose, which = 0.0, ""
    for match in re.finditer(r"(?<![\w.])\d*\.\d+(?![\w.])", text):
        figures = len(match.group().replace(".", "").lstrip("0"))
        if figures >= 3 and 10.0 ** (1 - figures) / 2 > loose:
            loose, which = 10.0 ** (1 - figures) / 2, match.group()
    return loose, which


@dataclass
class Attempt:
    """An answer's values at every point of the key (None where it cannot be computed)."""

    formula: Formula
    values: list[Any]
    error: FormulaError | None = None


def attempt(key: AnswerKey, formula: Formula) -> Attempt:
    """Evaluate the formula at every point; remembers the error at the first one, if any."""
    values: list[Any] = []
    error = None
    for point in key.values:
        try:
            values.append(evaluate(formula, point))
        except FormulaError as problem:
            if not values:
                error = problem
            values.append(None)
        if error:
            break
    return Attempt(formula, values + [None] * (len(key.values) - len(values)), error)


@dataclass
class Verdict:
    right: bool
    deviation: float
    yours: np.ndarray | None
    extent: str = "everywhere"
    notes: list[str] = field(default_factory=list)


def judge(key: AnswerKey, question: Question, tried: Attempt) -> Verdict:
    """Compare with every reading of the question, and keep the one that fits best."""
    if tried.error or tried.values[0] is None:
        return Verdict(False, np.inf, None)
    verdicts = [
        _judge(key, question, tried, name, truths)
        for name, truths in readings(key, question).items()
    ]
    return min(verdicts, key=lambda verdict: not verdict.right)  # the first right one, or the first


def _judge(
    key: AnswerKey, question: Question, tried: Attempt, reading: str, truths: Arrays
) -> Verdict:
    mask = question.smooth if truths is question.truths else np.ones(())
    gaps = deviations(tried.values, truths, mask)
    loose, rounded = rounding(tried.formula.text)
    limits = [TOLERANCE * _scale(truth) + 1e-10 for truth in truths]
    slack = [max(limit, loose * _scale(truth)) for limit, truth in zip(limits, truths)]
    close = [gap <= allowed for gap, allowed in zip(gaps, slack)]
    known = [i for i, gap in enumerate(gaps) if not np.isnan(gap)]
    by_kind = {kind: [i for i in known if key.kinds[i] == kind] for kind in set(key.kinds)}
    near, far = by_kind.get("near", []), by_kind.get("random", [])
    other = by_kind.get("constants", [])
    yours = fit(tried.values[0], truths[0].shape)
    holds_near = bool(near) and all(close[i] for i in near)
    extent = ""
    if close[0] and holds_near:
        extent = "everywhere" if all(close[i] for i in far) else "nearby"
    elif close[0] and _steady(tried.values):
        extent = "here"
    counted = {"everywhere": [0, *near, *far], "nearby": [0, *near], "here": [0]}.get(extent, known)
    finite = [gaps[i] for i in counted if np.isfinite(gaps[i])]
    verdict = Verdict(bool(extent), max(finite, default=np.inf), yours, extent)
    right = verdict.right
    if yours is None:
        verdict.yours, verdict.deviation = tried.values[0], np.inf
    if right:
        narrow = not all(close[i] for i in other)
        verdict.notes = _notes(key, question, verdict, reading, narrow)
        if any(gaps[i] > limits[i] for i in counted):
            verdict.notes.append(
                f"Right up to the rounding of {rounded}; a fraction would be exact."
            )
        if tried.values[0].shape not in ((), truths[0].shape) and not reading:
            shape = tuple(int(n) for n in tried.values[0].shape)
            verdict.notes.append(
                f"Yours has the shape {shape}; the derivative's is {truths[0].shape}."
            )
    return verdict


def _steady(values: list[Any]) -> bool:
    """Is the answer the same numbers at every point? Then no tensor plays a part in it."""
    return all(value is not None and np.array_equal(value, values[0]) for value in values)


def _notes(
    key: AnswerKey, question: Question, verdict: Verdict, reading: str, narrow: bool
) -> list[str]:
    notes = []
    if reading and not (question.kind == "row" and reading == "the Jacobian as a matrix"):
        notes.append(f"Read as {reading}.")
    if verdict.extent == "here":
        notes.append(
            "Right as numbers, for these values; in the tensors' names it is right for all."
        )
    elif verdict.extent == "nearby":
        notes.append("Right for values like these; where a sign is different it would not be.")
    elif narrow:
        notes.append(
            "True for the constants as they are here; with other constants it would not be."
        )
    if not np.all(question.smooth > 0):
        notes.append(
            "Some entries sit exactly on a kink, where any slope between the two sides is right."
        )
    if key.disputed:
        notes.append(
            "Autograd and finite differences disagree on this computation: is a backward wrong?"
        )
    return notes


# --- all answers --------------------------------------------------------------------------------


def _text(answer: Any) -> str:
    """An answer as text: a formula, or numbers (an array, a tensor, a list) written out exactly."""
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
    wrong = [row for row in rows if row.status == "wrong"]
    if len(wrong) == 1 and wrong[0].whole and len(rows) > 1:
        if all(row.right for row in rows[:-1]) and wrong[0].cause:
            cause = wrong[0].cause
            hint = f"Every factor is right; the chain rule multiplies them all. {cause.hint}"
            wrong[0].cause = Cause(cause.name, hint, cause.at, cause.end)
    return Result(rows, key.oracle)


def answer_row(key: AnswerKey, question: Question, text: str) -> Row:
    """One question's row for one answer's text."""
    from .causes import find_cause

    row = Row(
        question.label, text, "empty", question.truths[0], question.differences[0], question.whole
    )
    if not text.strip():
        return row
    try:
        formula = parse(text, key.names)
    except FormulaError as error:
        row.status, row.cause = "unreadable", Cause("unreadable", error.reason, error.at, error.end)
        return row
    tried = attempt(key, formula)
    verdict = judge(key, question, tried)
    row.status = "right" if verdict.right else "wrong"
    row.yours, row.deviation, row.extent = verdict.yours, verdict.deviation, verdict.extent
    row.notes = [*formula.notes, *verdict.notes]
    if not verdict.right:
        row.cause = find_cause(key, question, tried)
        if tried.error and row.cause.name == "different":
            row.status = "unreadable"
            row.cause = Cause("unreadable", tried.error.reason, tried.error.at, tried.error.end)
    return row
