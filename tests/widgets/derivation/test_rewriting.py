"""No right answer is called wrong, however it is written: random rewritings of right formulas."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from widgets.derivation import FormulaProblem, build, check

from .rewriting import Tree, name, num, rewritten, spelled
from .table import DERIVATIONS

x, y, h, d, s, a, z, u, e = map(name, "xyhdsazue")
W, X, w, t, A, B, C, b = map(name, ("W", "X", "w", "t", "A", "B", "C", "b"))


def times(*parts: Tree) -> Tree:
    """The product of all parts."""
    found = parts[0]
    for part in parts[1:]:
        found = ("*", found, part)
    return found


def power(base: Tree, exponent: int) -> Tree:
    """A power with a number in the exponent."""
    return ("**", base, num(exponent))


ANSWERS: dict[tuple[str, str], Tree] = {
    ("notes", "∂out/∂z"): num("1/4"),
    ("notes", "∂z/∂y"): times(num(6), y),
    ("notes", "∂out/∂x"): times(num("3/2"), ("+", x, num(2))),
    ("sine", "∂out/∂x"): times(num(2), x, ("call", "cos", power(x, 2))),
    ("exp2", "∂out/∂x"): times(num(2), ("call", "exp", ("+", x, x))),
    ("square", "∂out/∂x"): times(num(2), ("@", ("T", W), h)),
    ("mse", "∂out/∂w"): times(num("1/2"), ("@", ("T", X), ("-", ("@", X, w), t))),
    ("mse", "∂out/∂d"): ("/", d, num(2)),
    ("sigmoid", "∂s/∂x"): times(s, ("-", num(1), s)),
    ("layer", "∂a/∂h"): ("-", num(1), power(a, 2)),
    ("product", "∂out/∂x"): ("+", ("call", "sin", x), times(x, ("call", "cos", x))),
    ("branches", "∂out/∂x"): times(num(6), power(x, 2)),
    ("reciprocal", "∂y/∂x"): ("neg", power(x, -2)),
    ("log", "∂out/∂x"): ("/", times(num(2), x), ("+", num(1), power(x, 2))),
    ("quotient", "∂out/∂x"): ("/", num(1), power(("+", num(1), x), 2)),
    ("cube", "∂out/∂x"): times(num(3), power(x, 2)),
    ("inner", "∂out/∂x"): times(num(12), power(("+", times(num(3), x), num(1)), 3)),
    ("matrices", "∂out/∂A"): ("@", C, ("T", B)),
    ("cosine", "∂out/∂x"): ("neg", ("call", "sin", times(num(3), x))),
    ("poly", "∂y/∂x"): ("-", times(num(3), power(x, 2)), num(2)),
}  # fmt: skip


@pytest.fixture(scope="module")
def keys() -> dict[str, Any]:
    found = {}
    for problem in {problem for problem, _ in ANSWERS}:
        steps, wrt, leaves, constants = DERIVATIONS[problem]
        found[problem] = build(FormulaProblem(steps, "out", wrt, leaves, constants))
    return found


def matrices_of(key: Any) -> set[str]:
    return {label for label, value in key.values[0].items() if np.ndim(value) == 2}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(which=st.sampled_from(sorted(ANSWERS)), seed=st.integers(0, 10**9), rounds=st.integers(0, 9))
@example(which=("mse", "∂out/∂w"), seed=1, rounds=9)
def test_a_rewritten_answer_is_right(
    keys: dict[str, Any], which: tuple[str, str], seed: int, rounds: int
) -> None:
    problem, question = which
    random = Random(seed)
    key = keys[problem]
    text = spelled(rewritten(ANSWERS[which], matrices_of(key), random, rounds), random)
    row = check(key, {question: text})[question]
    assert row.right, f"{problem}: {question} = {text}\n{row.cause}"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(which=st.sampled_from(sorted(ANSWERS)), seed=st.integers(0, 10**9))
def test_and_a_rewritten_wrong_one_is_wrong(
    keys: dict[str, Any], which: tuple[str, str], seed: int
) -> None:
    problem, question = which
    random = Random(seed)
    key = keys[problem]
    factor = num(random.choice([2, -1, 3]))
    tree = rewritten(("*", factor, ANSWERS[which]), matrices_of(key), random, 4)
    row = check(key, {question: spelled(tree, random)})[question]
    assert not row.right
    assert row.status == "wrong"
