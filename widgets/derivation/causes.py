"""Why an answer is wrong: the catalogue of likely causes, most telling first.

Every cause is a hypothesis that can be tested on the numbers: "yours is the truth without ∂y/∂x",
"yours is the truth times a constant", "yours would be right if this operand were transposed". It is
believed only if it explains the answer at *every* point of the key. The first that does is the hint.
A hint names the idea and the place, never the right answer.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .check import Attempt, Cause, fit
from .evaluate import evaluate
from .formula import FormulaError, Node
from .key import AnswerKey, Arrays, Question
from .variants import ALL, PRODUCTS, Slips, normalised, put, variants

CLOSE = 1e-6
MAX_VARIANTS = 600


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
        return self.at(self.question.truths)

    def at(self, arrays: list[Any]) -> list[Any]:
        return [arrays[i] for i in self.points]

    def same(self, candidates: Arrays | None, truths: Arrays | None = None) -> bool:
        """Are two families of arrays equal at every counted point?"""
        truths = self.truth if truths is None else truths
        if candidates is None or len(candidates) < 2:
            return False
        return all(_close(a, b) for a, b in zip(candidates, truths))

    def is_answer(self, candidates: Arrays) -> bool:
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
                if fitted is None or not _close(fitted, self.question.truths[index]):
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
        return Cause(name, hint, place.at, place.end) if place else Cause(name, hint)

    def piece(self, node: Node) -> str:
        return self.tried.formula.text[node.at : node.end]


def _close(a: Any, b: Any) -> bool:
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


# --- the catalogue, in the order in which it is tried ---------------------------------------------


def undefined(case: Case) -> Cause | None:
    """Inf or nan where the derivative is a number."""
    own = case.tried.values[0]
    if case.tried.error or own is None or np.all(np.isfinite(own)):
        return None
    what = "not a number" if np.any(np.isnan(own)) else "infinite"
    hint = f"Yours is {what} here: is something divided by zero, or a logarithm of nothing taken?"
    return case.cause("undefined", hint)


def not_differentiated(case: Case) -> Cause | None:
    """The tensor itself, instead of its derivative."""
    return _itself(case, [case.question.of])


def not_differentiated_inside(case: Case) -> Cause | None:
    """For the whole chain: a tensor in the middle of it."""
    if not case.question.whole or case.ratio() is not None:
        return None
    return _itself(case, [question.wrt for question in case.key.questions[:-1]])


def _itself(case: Case, names: list[str]) -> Cause | None:
    for name in names:
        if name != case.key.wrt and case.is_answer(case.at([v[name] for v in case.key.values])):
            hint = f"That is `{name}` itself. How much does it change when "
            return case.cause("not differentiated", f"{hint}`{case.question.wrt}` does?")
    return None


def sign(case: Case) -> Cause | None:
    if case.is_answer([-t for t in case.truth]):
        hint = "Right except for the sign, everywhere: does it grow or shrink when "
        return case.cause("sign", f"{hint}`{case.question.wrt}` grows?")
    return None


def used_twice(case: Case) -> Cause | None:
    """Only some of the paths from `wrt` were added up."""
    uses = case.question.uses
    name = case.question.wrt
    for size in range(1, len(uses)):
        for chosen in itertools.combinations(range(len(uses)), size):
            total = [sum(uses[j][i] for j in chosen) for i in case.points]
            if not case.same(total) and case.is_answer(total):
                taken = "one of them" if size == 1 else f"{size} of them"
                hint = f"`{name}` is used {len(uses)} times and yours follows {taken}: "
                return case.cause("used twice", hint + "what arrives on each path is added up.")
    for factor in case.key.questions if case.question.whole else ():
        if factor is case.question or factor.shape != case.question.shape:
            continue
        for use in factor.uses:  # a factor further up the chain followed along one path only
            scaled = [a * f for a, f in zip(case.answer or [], case.at(factor.truths))]
            if case.same(scaled, [t * u for t, u in zip(case.truth, case.at(use))]):
                hint = (
                    f"In {factor.label}, `{factor.wrt}` is used {len(factor.uses)} times and yours "
                )
                hint += "follows one of them: what arrives on each path is added up."
                return case.cause("used twice", hint)
    return None


def forgotten_factor(case: Case) -> Cause | None:
    """The whole chain without one of its factors, or only a few of its factors."""
    for label, arrays in case.question.without.items():
        if case.is_answer(case.at(arrays)) and case.ratio() is None:
            hint = f"The chain is one factor short: where is {label} in yours?"
            return case.cause("missing inner derivative", hint)
    return None


def local_factor(case: Case) -> Cause | None:
    """Another question's answer."""
    if case.ratio() is not None:
        return None  # a constant says more
    asked, whole = case.question.label, case.question.whole
    known = {
        other.label: other.truths for other in case.key.questions if other is not case.question
    }
    known |= {f"∂{case.key.out}/∂{name}": total for name, total in case.key.totals.items()}
    for label, truths in known.items():
        if label != asked and case.same(case.raw, case.at(truths)):
            on = f"{asked} goes on down to `{case.key.wrt}`: the chain multiplies all its factors."
            hint = f"That is {label}; {on if whole else f'asked here is {asked}.'}"
            return case.cause("local factor", hint)
    return None


def some_factors(case: Case) -> Cause | None:
    """The product of some of the element-wise factors, not of all."""
    if not case.question.whole or case.ratio() is not None:
        return None
    factors = [q for q in case.key.questions if not q.whole and q.kind != "total"]
    shape = case.question.shape
    factors = [q for q in factors if q.shape == shape]
    for size in range(len(factors) - 1, 1, -1):
        for chosen in itertools.combinations(factors, size):
            product = [math.prod(q.truths[i] for q in chosen) for i in case.points]
            if case.is_answer(product):
                missing = ", ".join(q.label for q in factors if q not in chosen)
                hint = f"The chain is short of {missing}: multiply by every factor from "
                hint += f"`{case.key.out}` down to `{case.key.wrt}`."
                return case.cause("missing inner derivative", hint)
    return None


def inner_derivative(case: Case) -> Cause | None:
    """f(u) was differentiated, and u was not: found by differentiating the u in the answer."""
    if case.answer is None:
        return None
    for node in case.tried.formula.tree.walk():
        inner = _inner(node)
        if inner is None or inner.kind in ("name", "number"):
            continue
        named = {n.value for n in inner.walk() if n.kind == "name"}
        for name in sorted(named & set(case.key.values[0])):
            if case.key.values[0][name].shape != case.question.shape:
                continue
            slopes = [_slope(inner, case.key.values[i], name) for i in case.points]
            if any(s is None for s in slopes) or case.same(
                slopes, [np.ones_like(s) for s in slopes]
            ):
                continue
            if case.same([a * s for a, s in zip(case.answer, slopes)]):
                hint = f"Outside done, inside not: multiply by the derivative of `{case.piece(inner)}`."
                return case.cause("missing inner derivative", hint, inner)
    return None


def _inner(node: Node) -> Node | None:
    """The u of f(u), u**n and c/u."""
    if node.kind == "call" and node.children and node.value not in ("sum", "mean", "numel"):
        return node.children[0]
    if node.kind == "op" and node.value == "**":
        base, exponent = node.children
        return base if exponent.kind == "number" or base.kind == "op" else exponent
    if node.kind == "op" and node.value == "/":
        return node.children[1]
    return None


def _slope(tree: Node, values: dict[str, np.ndarray], name: str) -> np.ndarray | None:
    """D tree / d name entry by entry (all entries moved at once)."""
    step = 1e-5
    try:
        ends = [evaluate(tree, {**values, name: values[name] + s * step}) for s in (1, -1)]
    except FormulaError:
        return None
    slope = (ends[0] - ends[1]) / (2 * step)
    return slope if slope.shape == values[name].shape and np.all(np.isfinite(slope)) else None


def constant_factor(case: Case) -> Cause | None:
    c = case.ratio()
    if c is None:
        return None
    times = abs(c) if abs(c) > 1 else 1 / abs(c)
    size = "large" if abs(c) > 1 else "small"
    opposite = " and has the other sign" if c < 0 else ""
    hint = f"Yours is {_number(times)} times too {size} everywhere{opposite}: "
    return case.cause("constant factor", hint + _origin(case, abs(c)))


def _origin(case: Case, c: float) -> str:
    """Where a constant factor is likely to come from."""
    counts = {value.size for value in case.key.values[0].values() if value.size > 1}
    counts |= {n for value in case.key.values[0].values() for n in value.shape if n > 1}
    mean = "mean" in case.sources or "mse" in case.sources
    powers = {float(p) for p in re.findall(r"(?:\*\*|\^)\s*(\d+(?:\.\d+)?)", case.sources)}
    if mean and any(math.isclose(c, n, rel_tol=1e-6) for n in counts):
        return "what does mean divide by?"
    if any(math.isclose(c, 1 / p, rel_tol=1e-6) for p in powers):
        return "what happens to the exponent when a power is differentiated?"
    if mean and any(math.isclose(1 / c, v.size, rel_tol=1e-6) for v in case.key.values[0].values()):
        return "is there a division by the number of entries too many?"
    return "look at the numbers that stand in front."


def _number(value: float) -> str:
    return f"{round(value)}" if math.isclose(value, round(value), rel_tol=1e-6) else f"{value:.4g}"


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


def extra_factor(case: Case) -> Cause | None:
    """A factor of the chain that was multiplied in twice, or into a factor."""
    if case.ratio() is not None:
        return None
    for other in case.key.questions:
        if other is case.question or other.whole or other.shape not in (case.question.shape, ()):
            continue
        if case.is_answer([t * f for t, f in zip(case.truth, case.at(other.truths))]):
            if case.question.whole:
                hint = f"{other.label} is in yours once too often."
            else:
                hint = f"{other.label} is another link of the chain: leave it out of this one."
            return case.cause("extra factor", hint)
    return None


def upside_down(case: Case) -> Cause | None:
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
        if truths and truths[0].shape == case.raw[0].shape[::-1]:
            if case.same([a.T for a in case.raw], case.at(truths)):
                shape = tuple(int(n) for n in truths[0].shape)
                hint = f"The right numbers, transposed: the derivative has the shape {shape}"
                what = f" of `{case.question.wrt}`." if truths is case.question.truths else "."
                return case.cause("transposed operand", hint + what)
    return None


_SLIPS = {
    "transposed operand": "Look at `{}`: which operand has to be transposed, and in which order do "
    "they stand? The shapes tell.",
    "element-wise against matrix product": "Look at `{}`: is this product taken entry by entry (*) or "
    "as a matrix product (@)?",
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
    """One product of another kind, or with its operands transposed or in another order, is right."""
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


def missing_derivative_of_function(case: Case) -> Cause | None:
    """One part of the formula lacks a factor that the rest of it implies, e.g. inside a product."""
    tree = normalised(case.tried.formula.tree)
    for node in list(tree.walk()):
        if node.kind not in ("name", "call", "op") or np.ndim(node.value) > 0:
            continue
        for question in case.key.questions:
            if question.kind == "total" or question.whole or _steady(case.at(question.truths)):
                continue
            for exponent in (1.0, -1.0):
                factor = Node("name", "\0", ())
                new = Node("op", "*" if exponent > 0 else "/", (node, factor), node.at, node.end)
                if _right_with(case, put(tree, node, new), question.truths):
                    missing = exponent > 0
                    name = "missing inner derivative" if missing else "extra factor"
                    short = (
                        "The chain is one factor short: where is" if missing else "Once too often:"
                    )
                    return case.cause(
                        name, f"{short} {question.label}{'?' if missing else '.'}", node
                    )
    return None


def _steady(arrays: Arrays) -> bool:
    """One number everywhere: a factor that is only a constant."""
    return all(_close(a, np.full(a.shape, arrays[0].flat[0])) for a in arrays)


def _right_with(case: Case, tree: Node, factor: Arrays) -> bool:
    try:
        for i in case._all_points:
            value = fit(
                evaluate(tree, {**case.key.values[i], "\0": factor[i]}), case.question.shape
            )
            if value is None or not _close(value, case.question.truths[i]):
                return False
    except FormulaError:
        return False
    return True


def only_here(case: Case) -> Cause | None:
    """Right at the reader's own values by coincidence."""
    if case.points[:1] == [0] and case.answer and _close(case.answer[0], case.truth[0]):
        hint = "Right at these values, but only by coincidence: at other values it is not."
        return case.cause("only here", hint)
    return None


def wrong_shape(case: Case) -> Cause | None:
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
        hint = f"{size - count} of {size} entries that were tried are right: what is special where it is not?"
        return case.cause("partly right", hint)
    return None


CATALOGUE: tuple[Callable[[Case], Cause | None], ...] = (
    undefined, not_differentiated, sign, used_twice, inner_derivative, forgotten_factor,
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
