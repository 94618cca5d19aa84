"""Is one answer right? Its arrays against the key's, in every way it may rightly be meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .budget import Budget
from .evaluate import evaluate
from .key import AnswerKey, Arrays, Question
from .tree import Formula, FormulaError

NUMBERS = 2e-5  # for an answer in numbers, which may have been computed in float32


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
    if key.disputed:  # a backward is wrong, and it is not the reader's fault
        found["finite differences say"] = question.differences
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


def rounding(text: str, whole: bool = False) -> tuple[float, str]:
    """How far off an answer may be because it is written with rounded decimals: 0.333 for 1/3.

    Relative to the answer: one in the last place, as calculators cut off as well as round. whole:
    numbers without a point count as well (1551 for 1551.33), if they have four figures.
    """
    loose, which = 0.0, ""
    point = r"\d*\.\d+|\d{4,}" if whole else r"\d*\.\d+"
    for match in re.finditer(rf"(?<![\w.])({point})([eE][+-]?\d+)?(?![\w.])", text):
        digits = match[1].replace(".", "").lstrip("0")
        if len(digits) >= 3 and 1 / int(digits) > loose:
            loose, which = 1 / int(digits), match.group()
    return loose, which


@dataclass
class Attempt:
    """An answer's values at every point of the key (None where it cannot be computed)."""

    formula: Formula
    values: list[Any]
    error: FormulaError | None = None


def attempt(key: AnswerKey, formula: Formula, budget: Budget) -> Attempt:
    """Evaluate the formula at every point; remembers the error at the first one, if any."""
    values: list[Any] = []
    error = None
    for point in range(len(key.kinds)):
        try:
            values.append(evaluate(formula, key.at(point), budget))
        except FormulaError as problem:
            if not values:
                error = problem
            values.append(None)
        if error:
            break
    return Attempt(formula, values + [None] * (len(key.values) - len(values)), error)


@dataclass
class Verdict:
    """Right or wrong, how far off, and what is to be remarked; the rest as in `check.Row`."""

    right: bool
    deviation: float
    yours: np.ndarray | None
    extent: str = ""
    notes: list[str] = field(default_factory=list)
    only_here: bool = False


def judge_formula(key: AnswerKey, question: Question, formula: Formula) -> tuple[Attempt, Verdict]:
    """What a formula gives, and whether that is right, by the first of its meanings that is.

    If none is, by the first that has a shape that fits. All of them share one budget.
    """
    budget = Budget()
    judged = []
    for meaning in (formula, *formula.others):
        tried = attempt(key, meaning, budget)
        judged.append((tried, judge(key, question, tried)))
        if judged[-1][1].right:
            return judged[-1]
    return min(judged, key=lambda pair: _unfit(question, pair[0]))


def _unfit(question: Question, tried: Attempt) -> tuple[int, int]:
    """How little an attempt looks like what was asked: it has an error, or another shape.

    Of those with an error, matrix products come first: it is they whose operands do not fit.
    """
    if tried.error or tried.values[0] is None:
        return 2, -sum(node.value == "@" for node in tried.formula.tree.walk())
    return int(fit(tried.values[0], question.shape) is None), 0


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
    steady = _steady(tried.values)
    loose, rounded = rounding(tried.formula.text, whole=steady)
    tolerance = max(NUMBERS if steady else 0.0, key.tolerance)
    limits = [tolerance * _scale(truth) + 1e-10 for truth in truths]
    slack = [max(limit, loose * _scale(truth)) for limit, truth in zip(limits, truths)]
    close = [gap <= allowed for gap, allowed in zip(gaps, slack)]
    known = [i for i, gap in enumerate(gaps) if not np.isnan(gap)]
    by_kind = {kind: [i for i in known if key.kinds[i] == kind] for kind in set(key.kinds)}
    near, far = by_kind.get("near", []), by_kind.get("random", [])
    other = by_kind.get("constants", [])
    yours = fit(tried.values[0], truths[0].shape)
    holds_near, holds_far = all(close[i] for i in near), all(close[i] for i in far)
    alone = set(key.kinds) <= {"own", "constants"}  # defined at the reader's own point only
    comparable = not mask.size or bool(np.any(mask > 0))
    extent = ""
    if close[0] and holds_near and (near or far) and (holds_far or near):
        extent = "everywhere" if holds_far else "nearby"
    elif close[0] and comparable and (alone or steady):
        extent = "here"
    counted = {"everywhere": [0, *near, *far], "nearby": [0, *near], "here": [0]}.get(extent, known)
    finite = [gaps[i] for i in counted if np.isfinite(gaps[i])]
    verdict = Verdict(bool(extent), max(finite, default=np.inf), yours, extent)
    right = verdict.right
    verdict.only_here = close[0] and not right and bool(np.any(mask > 0))
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
    if verdict.extent == "here" and key.note:
        notes.append(key.note)
    elif verdict.extent == "here":
        notes.append(
            "Right as numbers, for these values; in the tensors' names it is right for all."
        )
    elif verdict.extent == "nearby":
        notes.append("Right for values like these; where a sign is different it would not be.")
    elif narrow:
        notes.append(
            "True for the constants as they are here; with other constants it would not be."
        )
    if not np.all(question.smooth > 0) and not key.disputed:
        notes.append(
            "At some entries there is no one slope (a kink, or a value that is not a number): "
            "those are not compared here."
        )
    if key.disputed:
        notes.append(
            "Autograd and finite differences disagree on this computation: is a backward wrong?"
        )
    return notes
