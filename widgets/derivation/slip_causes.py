"""Causes that are one slip in the formula: undone, it is right. They tell where it is."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from .case import Case, Cause
from .evaluate import evaluate
from .judge import fit
from .tree import FormulaError, Node
from .variants import ALL, CONDITIONS, POWERS, PRODUCTS, SUMS, Slips, normalised, variants

MAX_VARIANTS = 1_200
MAX_NODES = 60_000  # of all variants together


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
    "missing inner derivative": "Look at `{}`: the derivative of what is inside is missing there.",
    "missing factor": "Look at `{}`: a factor is missing there.",
    "missing term": "Look at `{}`: something is missing beside it.",
}


def wrong_product(case: Case) -> Cause | None:
    """With one product of another kind, or its operands transposed or swapped, it is right."""
    return one_slip(case, PRODUCTS)


def wrong_condition(case: Case) -> Cause | None:
    """With one comparison the other way round, it is right."""
    return one_slip(case, CONDITIONS)


def power_and_number(case: Case) -> Cause | None:
    """With another power of one piece, it is the truth times a number."""
    tree = normalised(case.tried.formula.tree)
    for variant in itertools.islice(variants(tree, case.key.values[0], POWERS), 100):
        if variant.place.kind != "op" or case.ratio() is not None or case.numbers:
            continue
        try:
            values = [evaluate(variant.tree, case.key.at(i), case.budget) for i in case.points]
        except FormulaError:
            continue
        moved = [fit(value, case.shape) for value in values]
        if all(m is not None for m in moved) and _constant(case, moved):
            hint = _SLIPS["wrong power"].format(case.piece(variant.place))
            also = " The number in front is off as well."
            return case.cause("wrong power", hint + also, variant.place)
    return None


def _constant(case: Case, moved: list[Any]) -> bool:
    """Are these the truth, times a number?"""
    return replace(case, tried=replace(case.tried, values=_spread(case, moved))).ratio() is not None


def _spread(case: Case, moved: list[Any]) -> list[Any]:
    """Values of the counted points as a list over all points."""
    found: list[Any] = [None] * len(case.key.kinds)
    for i, value in zip(case.points, moved):
        found[i] = value
    return found


def one_slip(case: Case, kinds: tuple[Slips, ...] = ALL) -> Cause | None:
    """A formula that is one slip away from a right one."""
    tree = normalised(case.tried.formula.tree)
    values = case.key.values[0]
    most = min(MAX_VARIANTS, MAX_NODES // sum(1 for _ in tree.walk()))
    for variant in itertools.islice(variants(tree, values, kinds), most):
        if case.tired:
            break
        if case.right(variant.tree):
            hint = _SLIPS[variant.slip].format(case.piece(variant.place))
            call = _call_around(tree, variant.place) if variant.slip == "wrong power" else None
            if call is not None:  # not a power that was differentiated, but where that is taken
                hint = f"At which tensor is `{call.value}` taken? Look at `{case.piece(call)}`."
                return case.cause("wrong tensor", hint, call)
            return case.cause(variant.slip, hint, variant.place)
    return None


def _call_around(tree: Node, place: Node) -> Node | None:
    """The innermost function of which a piece is the argument."""
    found = None
    for node in tree.walk():
        inside = any(part is place for child in node.children for part in child.walk())
        if node.kind == "call" and inside:
            found = node
    return found


def wrong_sum(case: Case) -> Cause | None:
    """With one sum over other axes, or a mean in its place, it is right."""
    return one_slip(case, SUMS)
