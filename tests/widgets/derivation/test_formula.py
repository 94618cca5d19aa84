"""Reading formulas: what is understood, what is refused and in which words, and how fast."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.derivation import FormulaError, FormulaProblem, build, check, evaluate, parse

X, Y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])
VALUES = {"x": X, "y": Y, "v": np.array([2.0, -1.0]), "ŷ": Y + 1, "net.weight": X * 2}

MEANINGS = {
    "2y": 2 * Y, "2 y": 2 * Y, "2(x + 1)y": 2 * (X + 1) * Y, "(x)(y)": X * Y, "y^2": Y**2,
    "y²": Y**2, "y⁻¹": 1 / Y, "-y**2": -(Y**2), "2**-1": 0.5, "2**3**2": 512.0, "x @ y": X @ Y,
    "xᵀ @ v": X.T @ VALUES["v"], "x.T.mm(y)": X.T @ Y, "6y/4": 1.5 * Y, "6y²/4": 1.5 * Y**2,
    "∂z/∂y = 6y": 6 * Y, "torch.sum(x, dim=0)": X.sum(0), "x.sum(0)": X.sum(0),
    "x.mean(axis=1, keepdim=True)": X.mean(1, keepdims=True), "x.shape[0]": 2.0, "x.numel()": 4.0,
    "(x > 2) * 1": (X > 2) * 1.0, "x >= 2": (X >= 2) * 1.0, "where(x > 2, y, 0)": Y * (X > 2),
    "[[1, 2], [3, 4]]": X, "x[0]": X[0], "x[:, None, 1]": X[:, None, 1], "x[-1, ::-1]": X[-1, ::-1],
    "ŷ - y": np.ones((2, 2)), "net.weight/2": X, "2e": 2 * np.e, "π": np.pi, "1e-3x": 1e-3 * X,
    "exp(x)·2": 2 * np.exp(X), "σ(x)": 1 / (1 + np.exp(-X)), "softmax(v, 0).sum()": 1.0,
    "outer(v, v)": np.outer([2, -1], [2, -1]), "diag(v)": np.diag([2.0, -1.0]),
    "e**(2x)": np.exp(2 * X),
    "clamp(v, min=0)": [2, 0], "relu(v)": [2, 0], "ones(2, 2)": np.ones((2, 2)), "x − y": X - Y,
    "torch.tensor([1.0, 2.0])": [1, 2], "norm(v)": 5**0.5, "x.std()": X.std(ddof=1),
    "logsumexp(v, 0)": np.log(np.exp(2) + np.exp(-1)), "np.where(v > 0, v, 0)": [2, 0],
}  # fmt: skip


@pytest.mark.parametrize("text", MEANINGS)
def test_a_formula_means_what_a_student_means(text):
    value = evaluate(parse(text, VALUES), VALUES)
    assert value.dtype == np.float64
    np.testing.assert_allclose(value, MEANINGS[text], rtol=1e-12)


REFUSED = {
    "2*q": ("There is no tensor called `q` here; the names are x, y, v, ŷ, net.weight.", 2),
    "1/2x": ("can be read in two ways", 2),
    "y^2x": ("can be read in two ways", 2),
    "1/y x": ("can be read in two ways", 2),
    "exp 2x": ("`exp` is a function", 0),
    "exp x / 2": ("`exp` is a function", 0),
    "xv": ("for a product write `x*v`, or `x @ v`", 0),
    "х*2": ("cyrillic small letter ha", 0),
    "x/torch.nom(x)": ("perhaps you meant `norm`", 2),
    "x if x > 0": ("needs an `else`", 2),
    "x\ny": ("a second line", 2),
    "einsum('ij,jk->ik', x)": ("2 groups of subscripts for 1 tensors", 0),
    "einsum('ij,j->i', x, ones(3))": ("the subscript j means 2 and 3 entries", 0),
    "sum(x, foo=1)": ("too few or too many arguments", 0),
    "x[0.5]": ("must be a whole number", 0),
    "(x, 1)": ("different lengths", 0),
    "v⊗v": ("write outer(a, b)", 1),
    "expp(x)": ("perhaps you meant `exp`", 0),
    "x.grad": ("would give the answer away", 2),
    "(x + 1": ("never closed", 0),
    "x + 1)": ("never opened", 5),
    "x +": ("missing at the end", 3),
    "x.__class__": ("cannot be used here", 2),
    "__import__('os')": ("quotes", 11),
    "x % 2": ("there is no % in a formula", 2),
    "x @ [1, 2, 3]": ("shapes (2, 2) and (3,) do not fit for a matrix product", 0),
    "x + [1, 2, 3]": ("do not fit together", 0),
    "sum(x, 5)": ("no such axis", 0),
    "0,25*x": ("Write decimals with a point: 0.25.", 0),
    "x + 0,5": ("Write decimals with a point: 0.5.", 4),
    "2*X": ("There is no tensor called `X` here; perhaps you meant `x`.", 2),
    "EXP(x)": ("perhaps you meant `exp`", 0),
    "None": ("Not answered yet", 0),
    "": ("nothing to read yet", 0),
    "2 3": ("side by side", 2),
    "x[9]": ("no such axis or entry", 0),
    "[1, [2, 3]]": ("different lengths", 0),
    "ones(100000, 100000)": ("10,000,000,000 entries", 0),
}


@pytest.mark.parametrize("text", REFUSED)
def test_an_error_says_what_where_and_what_to_do(text):
    words, at = REFUSED[text]
    with pytest.raises(FormulaError) as caught:
        evaluate(parse(text, VALUES), VALUES)
    assert words in caught.value.reason
    assert caught.value.at == at
    assert caught.value.reason.endswith(".")


PROMPT = 5.0
"""Seconds: one is enough where it is quiet; what goes wrong here would never end."""

ABSURD = {
    "power tower": "**".join(["9"] * 3000),
    "short tower": "**".join("9" * 100),
    "ten thousand brackets": "(" * 10_000 + "x" + ")" * 10_000,
    "a thousand brackets": "(" * 1_000 + "x" + ")" * 1_000,
    "a megabyte": "x+" * 500_000 + "x",
    "huge number": "9" * 3_999,
    "huge number of digits": "9" * 100_000,
    "signs": "-" * 3_900 + "x",
    "long sum": "+".join("x" * 1_900),
    "transposes": "x" + ".T" * 1_500,
    "axes": "x" + "[None]" * 600,
    "outer": "outer(" * 30 + "x" + ",x)" * 30,
    "products": "@".join(["ones(1000,1000)"] * 100),
    "work": "exp(" * 55 + "ones(1000,1000)" + ")" * 55,
    "implicit": "2(" * 1_000 + "x" + ")" * 1_000,
    "lists": "[" * 1_900 + "]" * 1_900,
    "axis": "sum(x, 1e300)",
    "einsum over much": "einsum('a,b,c->', ones(10**4), ones(10**4), ones(10**4))",
    "two broadcast": "max(ones(10**6, 1), ones(1, 10**6))",
    "bounds broadcast": "clamp(ones(10**6, 1), min=ones(1, 10**6))",
    "chosen entries": "ones(1, 10**6)[arange(1000)*0]",
    "many rows": "one_hot(arange(1000), 10**6)",
    "repeat": "x.repeat(10**6, 10**6)",
    "count": "arange(10**12)",
    "steps": "range(0, 1, 1e-300)",
    "inverse": "inv(ones(1000, 1000))",
    "kron": "kron(ones(1000, 1000), ones(1000, 1000))",
    "bars": "|" * 3_000,
    "fractions": r"\frac{1}{" * 400,
    "roots": "√" * 3_000 + "x",
    "nots": "~" * 3_000 + "x",
    "between": "x<(" * 25 + "x" + "<x)" * 25 + "<x",
    "accents": "x" + "\u0301" * 3_000,
    "shape": "ones(1e9, 1e9)",
}


@pytest.mark.parametrize("name", ABSURD)
def test_an_absurd_formula_is_refused_or_done_within_seconds(name):
    start = time.process_time()
    try:
        value = evaluate(parse(ABSURD[name], VALUES), VALUES)
    except FormulaError:
        pass
    else:
        assert not np.all(np.isfinite(value))
    assert time.process_time() - start < PROMPT


DONE = {
    "einsum": "einsum('ij,kl,mn,op,qr,st->ijklmnopqrst', x, x, x, x, x, x)",
    "two meanings": "x y " * 60,
    "larger ones": "max(" * 40 + "x" + ", 0)" * 40,
    "fractions": r"\frac{1}{" * 55 + "x" + "}" * 55,
    "many entries": "ones(1000, 1000)",
    "chosen": "ones(1, 10**6)[[0, 0, 0]]",
}
_leaf = {"x": X, "y": Y}
KEY = build(FormulaProblem({"out": "sum((x @ y)**2)"}, "out", "x", _leaf))


@pytest.mark.parametrize("name", [*ABSURD, *DONE])
def test_an_absurd_answer_is_judged_within_seconds(name):
    start = time.process_time()
    row = check(KEY, (ABSURD | DONE)[name])["∂out/∂x"]
    assert time.process_time() - start < PROMPT
    assert not row.right
    assert row.cause.hint.endswith((".", "?"))


PIECES = st.sampled_from(
    [
        "x",
        "y",
        "v",
        "q",
        "2",
        "1e9",
        ".5",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "+",
        "-",
        "*",
        "/",
        "**",
        "^",
        "@",
        ",",
        ".",
        ".T",
        "=",
        "==",
        "<",
        ":",
        "None",
        "exp(",
        "sum(",
        ".sum(",
        "²",
        "ᵀ",
        "∂",
        "'",
        "\\",
        "é",
        "\n",
        "diag(",
        "reshape(",
        "ones(",
        "tensor(",
        "eye(",
        "where(",
        "x[",
        "::",
        "|",
        "||",
        "√",
        r"\frac{",
        "·",
        " if ",
        " else ",
        "&",
        "½",
        "max(",
        "einsum(",
        "'ij->ji'",
        " T",
    ]
)


@settings(max_examples=400, deadline=1000, derandomize=True)
@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=40)))
def test_any_text_is_a_number_or_a_formula_error(text):
    try:
        value, place = evaluate(parse(text, VALUES), VALUES), 0
    except FormulaError as error:
        value, place = np.zeros(()), error.at
    assert value.dtype == np.float64
    assert 0 <= place <= len(text)
