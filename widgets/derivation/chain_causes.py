"""Causes around the chain rule: factors forgotten, paths not added, insides not differentiated."""

from __future__ import annotations

import itertools

import numpy as np

from .case import Case, Cause, close
from .evaluate import evaluate
from .judge import fit
from .key import Arrays
from .tree import FormulaError, Node
from .variants import normalised, put

_WITHOUT_A_POLE = {"exp", "sum", "mean", "sinh", "cosh", "square", "relu", "abs"}


def undefined(case: Case) -> Cause | None:
    """Inf or nan where the derivative is a number."""
    own = case.tried.values[0]
    if case.tried.error or own is None or np.all(np.isfinite(own)):
        return None
    nan = bool(np.any(np.isnan(own)))
    if not nan and not _has_a_pole(case.tried.formula.tree):
        return case.cause("undefined", "This number is too large to compute.")
    what = "not a number" if nan else "infinite"
    hint = f"Yours is {what} here: is something divided by zero, or a logarithm of nothing taken?"
    return case.cause("undefined", hint)


def _has_a_pole(tree: Node) -> bool:
    """Is there a division, a logarithm or a negative power?"""
    for node in tree.walk():
        if node.kind == "call" and node.value not in _WITHOUT_A_POLE:
            return True
        if node.kind == "op" and node.value == "/":
            return True
        if node.kind == "op" and node.value == "**" and _negative(node.children[1]):
            return True
    return False


def _negative(node: Node) -> bool:
    return node.value < 0 if node.kind == "number" else node.value == "neg"


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
        if name == case.key.wrt or (case.numbers and case.alike):
            continue
        values = case.at([v[name] for v in case.key.values])
        own_shape = bool(case.points) and case.raw[0].shape == values[0].shape
        if case.is_answer(values) or (own_shape and case.same(case.raw, values)):
            hint = f"That is `{name}` itself. How much does it change when "
            return case.cause("not differentiated", f"{hint}`{case.question.wrt}` does?")
    return None


def itself_times_a_number(case: Case) -> Cause | None:
    """The tensor itself, times a number, instead of its derivative."""
    names = [case.question.of, *(q.wrt for q in case.key.questions[:-1] if case.question.whole)]
    for name in names:
        values = case.at([v[name] for v in case.key.values])
        if name != case.key.wrt and values and values[0].size > 1 and case.ratio(values):
            hint = f"That is `{name}` itself, times a number. How much does it change when "
            return case.cause("not differentiated", f"{hint}`{case.question.wrt}` does?")
    return None


def sign(case: Case) -> Cause | None:
    """Minus the truth."""
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
            total = [np.sum([uses[j][i] for j in chosen], axis=0) for i in case.points]
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
        only = label == case.question.label  # a chain of one factor is not one short
        if not only and case.is_answer(case.at(arrays)) and case.ratio() is None:
            hint = f"The chain is one factor short: where is {label} in yours?"
            return case.cause("missing inner derivative", hint)
    return None


def factor_of_other_shape(case: Case) -> Cause | None:
    """Another question's answer, told by its shape."""
    if not case.points or case.raw[0].shape in ((), case.shape):
        return None
    return local_factor(case)


def local_factor(case: Case) -> Cause | None:
    """Another question's answer."""
    if case.ratio() is not None or case.alike:
        return None  # a constant says more
    asked, whole = case.question.label, case.question.whole
    known = {
        other.label: other.truths for other in case.key.questions if other is not case.question
    }
    known |= {f"∂{case.key.out}/∂{name}": total for name, total in case.key.totals.items()}
    for label, truths in known.items():
        if label != asked and case.points and case.same(case.raw, case.at(truths)):
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
    factors = [q for q in factors if not _steady(case.at(q.truths))]
    for size in range(len(factors) - 1, 1, -1):
        for chosen in itertools.combinations(factors, size):
            product = [np.prod([q.truths[i] for q in chosen], axis=0) for i in case.points]
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
            tried = [_slope(case, inner, i, name) for i in case.points]
            slopes = [slope for slope in tried if slope is not None]
            if len(slopes) < len(tried) or case.same(slopes, [np.ones_like(s) for s in slopes]):
                continue
            if case.same([a * s for a, s in zip(case.answer, slopes)]):
                hint = "Outside done, inside not: multiply by the derivative of "
                hint += f"`{case.piece(inner)}`."
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


def _slope(case: Case, tree: Node, point: int, name: str) -> np.ndarray | None:
    """D tree / d name entry by entry (all entries moved at once)."""
    step, values = 1e-5, case.key.at(point)
    try:
        ends = [
            evaluate(tree, {**values, name: values[name] + s * step}, case.budget) for s in (1, -1)
        ]
    except FormulaError:
        return None
    slope = (ends[0] - ends[1]) / (2 * step)
    return slope if slope.shape == values[name].shape and np.all(np.isfinite(slope)) else None


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


def missing_derivative_of_function(case: Case) -> Cause | None:
    """One part of the formula lacks a factor that the rest of it implies, e.g. inside a product."""
    tree = normalised(case.tried.formula.tree)
    for node in list(tree.walk()):
        if node.kind not in ("name", "call", "op") or np.ndim(node.value) > 0:
            continue
        for question in case.key.questions:
            if case.tired:
                return None
            alone = question.label == case.question.label
            if alone or question.kind == "total" or question.whole:
                continue
            if _steady(case.at(question.truths)):
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
    return all(close(a, np.full(a.shape, arrays[0].flat[0])) for a in arrays)


def _right_with(case: Case, tree: Node, factor: Arrays) -> bool:
    try:
        for i in case._all_points:
            value = fit(
                evaluate(tree, {**case.key.at(i), "\0": factor[i]}, case.budget), case.shape
            )
            if value is None or not close(value, case.truths[i]):
                return False
    except FormulaError:
        return False
    return True
