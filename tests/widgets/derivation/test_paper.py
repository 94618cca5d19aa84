"""What people type who think of paper, of a calculator or of a print-out, and what it means."""

from __future__ import annotations

import numpy as np
import pytest

from widgets.derivation import FormulaProblem, build, check, evaluate, parse

r = np.random.default_rng(5)
X, Y, A = r.normal(size=(2, 2)), r.normal(size=(2, 2)), r.normal(size=(3, 2))
V, W, K = r.uniform(0.5, 2, 2), r.normal(size=2), np.array([1.0, 0.0])
VALUES = {"x": X, "y": Y, "A": A, "v": V, "w": W, "k": K, "m": X > 0}
T = np.array([[1.0, -2.5], [3.0, 4.0]])

MEANINGS = {
    "x[1:]": X[1:], "x[:1]": X[:1], "v[::-1]": V[::-1], "v[-1:]": V[-1:], "x[:, 1:]": X[:, 1:],
    "x[0:2:2]": X[0:2:2], "x[..., None]": X[..., None], "eye(2)[k]": np.eye(2)[[1, 0]],
    "x[m]": X[X > 0], "x[x > 0]": X[X > 0], "x[range(2), k]": X[[0, 1], [1, 0]],
    "cat([v[:1], w[1:]])": np.concatenate([V[:1], W[1:]]), "stack([v, w])": np.stack([V, W]),
    "v w": V * W, "2v w": 2 * V * W, "v cos(w)": V * np.cos(W), "v^2 w": V**2 * W,
    "1/2 v": V / 2, "-3/2 v": -1.5 * V, "2/3 (v + w)": 2 / 3 * (V + W), "½v": V / 2,
    "cos(v) 2v": 2 * V * np.cos(V), "ln 2": np.log(2), "v*ln 2": V * np.log(2), "cos v": np.cos(V),
    "tanh²(v)": np.tanh(V) ** 2, "sin^2(v)": np.sin(V) ** 2, "√v": np.sqrt(V), "v/√2": V / 2**0.5,
    "2√(v + 1)": 2 * np.sqrt(V + 1), "|w|": np.abs(W), "w/|w|": np.sign(W), "|w||v|": np.abs(W) * V,
    "||v||": np.linalg.norm(V), "v/‖v‖": V / np.linalg.norm(V), "2|w| + |v|": 2 * np.abs(W) + V,
    "x^T": X.T, "x^T @ v": X.T @ V, "A^{T}": A.T, "A⊤": A.T, "v**2": V**2,
    "3*(-1 < w < 1)": 3.0 * (np.abs(W) < 1), "(w > 0) & (v > 1)": (W > 0) * (V > 1) * 1.0,
    "(w > 0) | (v > 1)": ((W > 0) | (V > 1)) * 1.0, "~(w > 0)": (W <= 0) * 1.0,
    "w > 0 and v > 1": (W > 0) * (V > 1) * 1.0, "1[w > 0]": (W > 0) * 1.0,
    "v if w > 0 else 0": V * (W > 0), "max(w, 0)": np.maximum(W, 0), "max(0, w)": np.maximum(W, 0),
    "w.max(0)": np.max(W), "torch.max(x, 0)": X.max(0), "max(w)": np.max(W),
    r"\frac{3}{2} v": 1.5 * V, r"\frac{v}{w^2}": V / W**2, r"v \cdot w": V * W,
    r"\left(v + w\right)^{2}": (V + W) ** 2, r"\sigma(w)": 1 / (1 + np.exp(-W)),
    r"\sqrt{v} \exp(w)": np.sqrt(V) * np.exp(W), r"$v$": V, r"A^\top": A.T,
    "einsum('ij,j->i', A, v)": A @ V,
    'torch.einsum("ij->ji", A)': A.T, "einsum('i,i', v, w)": V @ W,
    "[[1. -2.5]\n [ 3. 4. ]]": T, "[[1 -2.5], [3 4]]": T, "[3 - 1, 2 - 2]": [2, 0],
    "tensor([[1.0, -2.5],\n        [3.0, 4.0]], dtype=torch.float64, grad_fn=<MulBackward0>)": T,
    "tensor([1., 2.], requires_grad=True)": [1, 2], "(w > 0).to(torch.float32)*v": V * (W > 0),
    "(w > 0).type(torch.float)": (W > 0) * 1.0, "(w > 0).int()": (W > 0) * 1.0,
    "flip(v, 0)": V[::-1], "v.repeat(3, 1)": np.tile(V, (3, 1)), "one_hot(k, 2)": np.eye(2)[[1, 0]],
    "pad(v, (1, 0))": [0, *V], "inv(x) @ x": np.eye(2), "A.view_as(A.T)": A.reshape(2, 3),
    "argmax(v)": np.argmax(V), "normalize(v, dim=0)": V / np.linalg.norm(V),
}  # fmt: skip


@pytest.mark.parametrize("text", MEANINGS)
def test_it_means_what_is_meant_on_paper(text):
    value = evaluate(parse(text, VALUES), VALUES)
    np.testing.assert_allclose(value, MEANINGS[text], rtol=1e-12, atol=1e-12)


LEAVES = {
    "X": r.normal(size=(4, 3)), "w": r.normal(size=3), "t": r.normal(size=4),
    "A": r.normal(size=(3, 3)),
}  # fmt: skip
STEPS = {"p": "X @ w", "out": "mean((p - t)**2) + w @ A @ w + sum(relu(w)) + norm(w)"}


@pytest.fixture(scope="module")
def key():
    return build(FormulaProblem(STEPS, "out", "w", LEAVES, ("X", "t", "A")))


EITHER = [
    "½ X^T (p - t) + (A + A^T) w + (w > 0) + w/||w||",
    "X^T·(p - t)/2 + A·w + A^T·w + 1[w > 0] + w/|w|",
    r"\frac{1}{2} X^\top (p - t) + (A + A^T) w + max(sign(w), 0) + w/\|w\|",
    "X.T @ (p - t) / 2 + w A + A w + (w > 0) w/w + w/√(w·w)",
]


@pytest.mark.parametrize("answer", EITHER)
def test_what_can_be_meant_in_two_ways_is_right_if_one_of_them_is(key, answer):
    row = check(key, answer)["∂out/∂w"]
    assert row.right, row.cause
    assert any("@" in note or "norm" in note for note in row.notes)


def test_and_wrong_if_none_is(key):
    row = check(key, "½ X^T (p + t) + (A + A^T) w + (w > 0) + w/||w||")["∂out/∂w"]
    assert row.status == "wrong"
    assert row.cause.name == "sign"


ROUNDED = [
    ("1551.33", True), ("1551.3", True), ("1551", True), ("1551.32", True), ("1.551e3", True),
           ("1540", False), ("1560.0", False), ("1000*(1 + r)**8", False)]  # fmt: skip


@pytest.mark.parametrize("answer, right", ROUNDED)
def test_numbers_may_be_cut_off_or_rounded_as_calculators_do(answer, right):
    steps = {"out": "100*(1 + r)**10"}  # ∂out/∂r = 1551.328…
    key = build(FormulaProblem(steps, "out", "r", {"r": np.array(0.05)}))
    assert check(key, answer).ok == right
