"""Why an answer is wrong: the catalogue of likely causes, most telling first.

Every cause is a hypothesis that can be tested on the numbers: "yours is the truth without ∂y/∂x",
"yours is the truth times a constant", "yours would be right if this operand were transposed". It
is believed only if it explains the answer at *every* point of the key. The first that does is told.
A hint names the idea and the place, never the right answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np

from .case import CLOSE, Case, Cause, close
from .chain_causes import (
    extra_factor,
    factor_of_other_shape,
    forgotten_factor,
    inner_derivative,
    itself_times_a_number,
    local_factor,
    missing_derivative_of_function,
    not_differentiated,
    not_differentiated_inside,
    sign,
    some_factors,
    undefined,
    used_twice,
)  # fmt: skip
from .judge import Attempt
from .key import AnswerKey, Question
from .number_causes import added_constant, mean_divisor, value_itself, zero
from .power_causes import missing_inside, missing_tensor, very_wrong_power, wrong_power
from .slip_causes import one_slip, power_and_number, wrong_condition, wrong_product, wrong_sum
from .sum_causes import extra_sum, mask, missing_cotangent, missing_sum, missing_term


def constant_factor(case: Case) -> Cause | None:
    """The truth times the same number at every entry of every point."""
    c = case.ratio()
    if c is None or math.isclose(c, 1, rel_tol=1e-6):
        return None
    size = abs(c) if abs(c) > 1 else 1 / abs(c)
    hint = "It is a constant times the right one"
    if math.isclose(size, round(size), rel_tol=1e-6) and round(size) > 1:
        much = "large" if abs(c) > 1 else "small"
        hint = f"Yours is {round(size)} times too {much} everywhere"
    if c < 0:
        hint += " and has the other sign"
    return case.cause("constant factor", f"{hint}: {_origin(case, abs(c))}")


def _origin(case: Case, c: float) -> str:
    """Where a constant factor is likely to come from."""
    powers = {float(p) for p in re.findall(r"(?:\*\*|\^)\s*(\d+(?:\.\d+)?)", case.sources)}
    divisor = mean_divisor(case, c)
    if divisor:
        return divisor
    if c < 1 and "mean" in case.tried.formula.text and "mean" not in case.sources:
        return "a mean divides, a sum does not."
    if any(math.isclose(c, 1 / p, rel_tol=1e-6) for p in powers):
        return "what happens to the exponent when a power is differentiated?"
    return "look at the numbers that stand in front."


def upside_down(case: Case) -> Cause | None:
    """One divided by the truth."""
    with np.errstate(all="ignore"):
        if case.is_answer([1 / t for t in case.truth]):
            hint = "Upside down: yours is one divided by the derivative."
            return case.cause("upside down", hint)
    return None


def transposed(case: Case) -> Cause | None:
    """The right numbers in the transposed shape."""
    if case.tried.error or not case.points or case.raw[0].ndim != 2:
        return None
    for truths in (case.question.truths, case.question.dense):
        if not truths or truths[0].shape != case.raw[0].shape[::-1]:
            continue
        if case.same([a.T for a in case.raw], case.at(truths)):
            shape = tuple(int(n) for n in truths[0].shape)
            hint = f"The right numbers, transposed: the derivative has the shape {shape}"
            what = f" of `{case.question.wrt}`." if truths is case.question.truths else "."
            return case.cause("transposed operand", hint + what)
    return None


def only_here(case: Case) -> Cause | None:
    """Right at the reader's own values by coincidence."""
    if case.points[:1] == [0] and case.answer and close(case.answer[0], case.truth[0]):
        hint = "Right at these values, but only by coincidence: at other values it is not."
        return case.cause("only here", hint)
    return None


def wrong_shape(case: Case) -> Cause | None:
    """Shapes that do not fit together, or a result that cannot be read in the truth's shape."""
    if case.tried.error:
        hint = f"{case.tried.error.reason} Which operand has to be transposed, or is it * for @?"
        fits = "fit for a matrix product" in case.tried.error.reason or "fit together" in hint
        return Cause("shapes", hint, case.tried.error.at, case.tried.error.end) if fits else None
    if case.answer is None and case.points:
        shape = tuple(int(n) for n in case.tried.values[0].shape)
        hint = f"The derivative has the shape of `{case.question.wrt}`, {case.question.shape}; "
        return case.cause("wrong shape", f"{hint}yours has {shape}.")
    return None


def partly_right(case: Case) -> Cause | None:
    """Some entries are right at every point: a mask, a boundary."""
    if case.answer is None or case.shape == ():
        return None
    wrong = [
        np.abs(a - t) > CLOSE * np.max(np.abs(t), initial=0.0) + 1e-10
        for a, t in zip(case.answer, case.truth)
    ]
    count, size = sum(int(np.sum(w)) for w in wrong), sum(w.size for w in wrong)
    if not 0 < count < 0.8 * size:
        return None
    here = wrong[0] if case.points[0] == 0 else np.zeros(0)
    right = here.size - int(np.sum(here))
    hint = "At the values that were tried, a part of the entries is right"
    if 0 < right < here.size:
        verb = "is" if right == 1 else "are"
        hint = f"{right} of the {here.size} entries {verb} right at your values"
    return case.cause("partly right", f"{hint}: what is special about the others?")


def mean_of(case: Case) -> Cause | None:
    """In numbers: off by what a mean divides by."""
    c = case.ratio()
    return constant_factor(case) if c and mean_divisor(case, abs(c)) else None


Causes = tuple[Callable[[Case], Cause | None], ...]
CATALOGUE: Causes = (
    undefined, wrong_condition, zero, added_constant, value_itself, not_differentiated, sign,
    missing_cotangent, used_twice, inner_derivative, forgotten_factor, some_factors, transposed,
    mask, missing_sum, factor_of_other_shape, extra_sum, wrong_sum, wrong_product, local_factor,
    not_differentiated_inside, constant_factor, upside_down, extra_factor, wrong_power, one_slip,
    power_and_number, missing_term, missing_tensor, very_wrong_power, missing_inside,
    itself_times_a_number, missing_derivative_of_function, wrong_shape, only_here, partly_right,
)  # fmt: skip
OF_NUMBERS: Causes = (undefined, zero, added_constant, value_itself, sign, mean_of)
WEAK = {"different", "partly right", "only here", "wrong shape"}


def find_cause(key: AnswerKey, question: Question, tried: Attempt) -> Cause:
    """The first cause that explains the wrong answer; "different" if none does.

    What has no tensor's name in it may be meant as numbers or as a formula.
    """
    numbers, formula = Case(key, question, tried, True), Case(key, question, tried)
    found = _first(OF_NUMBERS, numbers) if numbers.numbers else None
    found = found or _first(CATALOGUE, formula)
    if numbers.numbers and (found is None or found.name in WEAK):
        other = _first(CATALOGUE, numbers)
        found = other if other and other.name not in WEAK else found or other
    if found is not None:
        return found
    hint = f"Not it yet. Change one entry of `{question.wrt}` a little: which entries of "
    return Cause("different", f"{hint}`{question.of}` move, and by how much?")


def _first(causes: Causes, case: Case) -> Cause | None:
    with np.errstate(all="ignore"):
        for hypothesis in causes:
            try:
                found = hypothesis(case)
            except (ValueError, IndexError):
                continue  # shapes that do not even fit explain nothing
            if found is not None:
                return found
    return None
