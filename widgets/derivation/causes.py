"""Why an answer is wrong: the catalogue of likely causes, most telling first.

Every cause is a hypothesis that can be tested on the numbers: "yours is the truth without ∂y/∂x",
"yours is the truth times a constant", "yours would be right if this operand were transposed". It
is believed only if it explains the answer at *every* point of the key. The first that does is told.
A hint names the idea and the place, never the right answer.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator

import numpy as np

from .case import CLOSE, Case, Cause, close
from .chain_causes import (
    extra_factor,
    forgotten_factor,
    inner_derivative,
    local_factor,
    missing_derivative_of_function,
    not_differentiated,
    not_differentiated_inside,
    sign,
    some_factors,
    undefined,
    used_twice,
)  # fmt: skip
from .judge import Attempt, fit
from .key import AnswerKey, Question
from .number_causes import added_constant, mean_divisor, value_itself, zero
from .variants import ALL, PRODUCTS, Slips, normalised, variants

MAX_VARIANTS = 600


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
    if any(math.isclose(c, 1 / p, rel_tol=1e-6) for p in powers):
        return "what happens to the exponent when a power is differentiated?"
    return "look at the numbers that stand in front."


def wrong_power(case: Case, powers: tuple[float, ...] = (1, -1, 0.5, -0.5)) -> Cause | None:
    """The truth times a power of one tensor: y**3 for y**2."""
    for name, power in itertools.product(case.key.values[0], powers):
        if fit(case.key.values[0][name], case.question.shape) is None:
            continue
        with np.errstate(all="ignore"):
            moved = [t * v[name] ** power for t, v in zip(case.truth, case.at(case.key.values))]
        if any(m.shape != case.question.shape or not np.all(np.isfinite(m)) for m in moved):
            continue
        c = case.ratio(moved)
        if c is not None:
            sense = "high" if power > 0 else "low"
            hint = f"The power of `{name}` is too {sense}: differentiating x**n leaves x**(n-1)."
            also = (
                "" if math.isclose(c, 1, rel_tol=1e-6) else " The number in front is off as well."
            )
            return case.cause("wrong power", hint + also)
    return None


def very_wrong_power(case: Case) -> Cause | None:
    """The same, two powers off."""
    return wrong_power(case, (2, -2))


def upside_down(case: Case) -> Cause | None:
    """One divided by the truth."""
    with np.errstate(all="ignore"):
        if case.is_answer([1 / t for t in case.truth]):
            hint = "Upside down: yours is one divided by the derivative."
            return case.cause("upside down", hint)
    return None


def summed_wrongly(case: Case) -> Cause | None:
    """The answer in a larger shape: the sum over the axes that were broadcast is missing."""
    if case.tried.error or not case.points:
        return None
    raw = case.raw
    shape, wrt = case.question.shape, case.question.wrt
    if raw[0].size > np.prod(shape, dtype=int) or raw[0].ndim > len(shape):
        for axes in _axes(raw[0].ndim):
            sums = [np.sum(a, axis=axes) for a in raw]
            means = [np.mean(a, axis=axes) for a in raw]
            for found in (sums, means):
                if found[0].size == np.prod(shape, dtype=int) and case.same(found):
                    hint = f"`{wrt}` has the shape {shape} and is used in every row or entry of a "
                    hint += f"larger array; yours has {raw[0].shape}: what arrives is summed up."
                    return case.cause("missing sum", hint)
    for axes in _axes(len(shape)) if case.ratio() is None else ():
        sums = [np.sum(t, axis=axes, keepdims=True) for t in case.truth]
        spread = [s + 0 * t for s, t in zip(sums, case.truth)]
        if not case.same(sums) and case.is_answer(spread):
            hint = f"One sum too many: every entry of `{wrt}` has a derivative of its own."
            return case.cause("extra sum", hint)
    return None


def _axes(ndim: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, ndim + 1):
        yield from itertools.combinations(range(ndim), size)


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


_SLIPS = {
    "transposed operand": "Look at `{}`: which operand has to be transposed, and in which order do "
    "they stand? The shapes tell.",
    "element-wise against matrix product": "Look at `{}`: is this product taken entry by "
    "entry (*) or as a matrix product (@)?",
    "wrong power": "Look at the power of `{}`: differentiating x**n leaves x**(n-1).",
    "sign": "One sign is wrong: look at `{}`.",
    "wrong condition": "Look at `{}`: on which side of the kink is the slope zero?",
    "wrong function": "Look at `{}`: what is the derivative of that function?",
    "sum against mean": "Look at `{}`: is it a sum or a mean?",
    "extra sum": "Look at `{}`: is there one sum too many?",
    "wrong axis": "Look at `{}`: over which axis is the sum?",
    "wrong tensor": "At which tensor is it taken? Look at `{}`.",
    "extra term": "One term too many, or one that has no slope: look at `{}`.",
    "upside down": "Look at `{}`: multiplied or divided?",
    "wrong number": "Look at `{}`: is the number in front of it right?",
    "missing factor": "Look at `{}`: a factor is missing there.",
    "missing term": "Look at `{}`: something is missing beside it.",
}


def wrong_product(case: Case) -> Cause | None:
    """With one product of another kind, or its operands transposed or swapped, it is right."""
    return one_slip(case, PRODUCTS)


def one_slip(case: Case, kinds: tuple[Slips, ...] = ALL) -> Cause | None:
    """A formula that is one slip away from a right one."""
    tree = normalised(case.tried.formula.tree)
    values = case.key.values[0]
    for variant in itertools.islice(variants(tree, values, kinds), MAX_VARIANTS):
        if case.right(variant.tree):
            hint = _SLIPS[variant.slip].format(case.piece(variant.place))
            return case.cause(variant.slip, hint, variant.place)
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
    if case.answer is None or case.question.shape == ():
        return None
    wrong = [
        np.abs(a - t) > CLOSE * np.max(np.abs(t), initial=0.0) + 1e-10
        for a, t in zip(case.answer, case.truth)
    ]
    count, size = sum(int(np.sum(w)) for w in wrong), sum(w.size for w in wrong)
    if 0 < count < 0.8 * size:
        hint = f"{size - count} of {size} entries that were tried are right: "
        hint += "what is special about the others?"
        return case.cause("partly right", hint)
    return None


CATALOGUE: tuple[Callable[[Case], Cause | None], ...] = (
    undefined, zero, added_constant, value_itself, not_differentiated, sign,
    used_twice, inner_derivative, forgotten_factor,
    some_factors, transposed, wrong_product, summed_wrongly, local_factor,
    not_differentiated_inside, constant_factor, upside_down, extra_factor, wrong_power, one_slip,
    very_wrong_power, missing_derivative_of_function, wrong_shape, only_here, partly_right,
)  # fmt: skip


def find_cause(key: AnswerKey, question: Question, tried: Attempt) -> Cause:
    """The first cause that explains the wrong answer; "different" if none does."""
    case = Case(key, question, tried)
    with np.errstate(all="ignore"):
        for hypothesis in CATALOGUE:
            try:
                found = hypothesis(case)
            except (ValueError, IndexError):
                continue  # shapes that do not even fit explain nothing
            if found is not None:
                return found
    hint = f"Not it yet. Change one entry of `{question.wrt}` a little: which entries of "
    return Cause("different", f"{hint}`{question.of}` move, and by how much?")
