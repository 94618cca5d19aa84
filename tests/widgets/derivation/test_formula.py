"""Reading formulas: what is understood, what is refused and in which words, and how fast."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.derivation import FormulaError, evaluate, parse

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
    "x y": ("Put a * between `x` and `y`.", 2),
    "exp x": ("`exp` is a function", 0),
    "expp(x)": ("perhaps you meant `exp`", 0),
    "x.grad": ("would give the answer away", 2),
    "(x + 1": ("never closed", 0),
    "x + 1)": ("never opened", 5),
    "x +": ("missing at the end", 3),
    "0 < x < 1": ("Compare two things at a time", 6),
    "x.__class__": ("cannot be used here", 2),
    "__import__('os')": ("quotes", 11),
    "x % 2": ("there is no % in a formula", 2),
    "x @ [1, 2, 3]": ("shapes (2, 2) and (3,) do not fit for a matrix product", 0),
    "x + [1, 2, 3]": ("do not fit together", 0),
    "sum(x, 5)": ("no such axis", 0),
    "0,25*x": ("Write decimals with a point: 0.25.", 0),
    "x + 0,5": ("Write decimals with a point: 0.5.", 4),
    "½x": ("write 1/2 instead", 0),
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
    "shape": "ones(1e9, 1e9)",
}


@pytest.mark.parametrize("name", ABSURD)
def test_an_absurd_formula_is_refused_or_done_within_a_second(name):
    start = time.process_time()
    try:
        value = evaluate(parse(ABSURD[name], VALUES), VALUES)
    except FormulaError:
        pass
    else:
        assert not np.all(np.isfinite(value))
    assert time.process_time() - start < 1.0


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
