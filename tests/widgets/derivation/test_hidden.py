"""Graphs with constants that are not constant, and with tensors beside them that one can name."""

from __future__ import annotations

import json

import pytest

import minigrad
import widgets
from widgets.derivation import AnswerKey, build, check
from widgets.engines import problem

ENGINES = ["minigrad", pytest.param("torch", marks=pytest.mark.oracle)]


@pytest.fixture(params=ENGINES)
def run(request):
    """A function that runs a program with either engine and gives the key of ∂L/∂x."""
    engine = minigrad if request.param == "minigrad" else request.getfixturevalue("torch")

    def key_of(program: str, names: tuple[str, ...] = ()) -> AnswerKey:
        engine.manual_seed(3)
        variables = {"torch": engine}
        with widgets.recording():
            exec(program, variables)
        seen = {n: v for n, v in variables.items() if n[:1] != "_" and n != "torch"}
        key = build(problem(seen["L"], seen["x"], seen))
        return AnswerKey.from_dict(json.loads(json.dumps(key.to_dict())))

    return key_of


HIDDEN = {
    "L = (x.detach()*x**2).sum()": ("2*x**2", "2x²", "3*x**2"),
    "c = x.detach(); L = (c*x**2).sum()": ("2*c*x", "2*x**2", "3*x**2"),
    "y = x**3; L = (y.detach()*y).sum()": ("3*x**5", "3*y*x**2", "6*y*x**2"),
    "L = torch.where(x > 0.2, x**2, -x).sum()": (
        "where(x > 0.2, 2*x, -1)", "2*x*(x > 0.2) - (x <= 0.2)", "where(x > 0.2, -1, 2*x)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("line", HIDDEN)
def test_what_was_cut_off_moves_along_and_has_no_slope(run, line):
    key = run(f"x = torch.randn(5, requires_grad=True)\n{line}")
    *right, wrong = HIDDEN[line]
    for answer in right:
        row = check(key, answer)["∂L/∂x"]
        assert row.right, answer
        assert row.extent == "everywhere"
    assert not check(key, wrong).ok


def test_entries_chosen_by_a_mask_are_right_for_values_like_these(run):
    key = run("x = torch.randn(5, requires_grad=True)\nL = (x**2)[x > 0].sum()")
    assert check(key, "2*x*(x > 0)").ok
    assert check(key, "2*relu(x)").ok
    assert not check(key, "2*x").ok


def test_a_computation_without_grad_is_run_again():
    x = minigrad.tensor([1.0, 3.0, 2.0], requires_grad=True)
    with minigrad.no_grad():
        m = (x * 2).max() / 2
    e = minigrad.exp(x - m)
    loss = e.sum()
    key = build(problem(loss, x, {"x": x, "loss": loss}))
    assert check(key, "exp(x - max(x))")["∂loss/∂x"].extent == "everywhere"
    assert check(key, "exp(x - 3)")["∂loss/∂x"].status == "wrong"


def test_a_random_mask_is_not_drawn_again():
    minigrad.manual_seed(1)
    x = minigrad.ones(6, requires_grad=True)
    kept = minigrad.rand_like(x) > 0.5
    state = minigrad.rand(3).tolist()
    minigrad.manual_seed(1)
    kept = minigrad.rand_like(x) > 0.5
    loss = (x.masked_fill(~kept, 0.0) ** 2).sum()
    key = build(problem(loss, x, {"x": x, "loss": loss, "kept": kept}))
    assert minigrad.rand(3).tolist() == state
    assert check(key, "2*x*kept").ok


BESIDE = {
    "k = torch.randn(3, 2)\nL = (x @ k.T).sum()": ("ones(2, 3) @ k", "k.sum(0)*ones(2, 1)"),
    "t = torch.tensor([1, 0])\nL = torch.nn.functional.cross_entropy(x, t)": (
        "(softmax(x, 1) - one_hot(t, 2))/2", "(softmax(x, 1) - eye(2)[t])/len(t)",
    ),
    "lam = 0.3\nL = lam*(x**2).sum()": ("2*lam*x",),
    "import numpy\nc = numpy.array([1.0, -2.0])\nL = (x*torch.tensor(c)).sum()": ("c*ones(2, 1)",),
    "p = torch.softmax(x, 1)\nL = torch.logsumexp(x, 1).sum()": ("p", "p*1"),
    "s = torch.sigmoid(2*x)\nq = s*s\nL = torch.sigmoid(2*x).sum()": ("2*s - 2*q",),
}  # fmt: skip


@pytest.mark.parametrize("lines", BESIDE)
def test_what_lies_beside_the_graph_may_be_named(run, lines):
    key = run(f"x = torch.randn(2, 2, requires_grad=True)\n{lines}")
    for answer in BESIDE[lines]:
        row = check(key, answer)["∂L/∂x"]
        assert row.right, (answer, row.cause)
        assert row.extent == "everywhere"
    assert not check(key, f"{BESIDE[lines][0]} + 1").ok


def test_what_has_nothing_to_do_with_it_may_not(run):
    key = run(
        "x = torch.randn(2, requires_grad=True)\nother = torch.randn(2, requires_grad=True)\n"
        "u = other*2\nL = (x**2).sum()"
    )
    hint = check(key, "2*x*u").hint
    assert hint == "There is no tensor called `u` here; the names are x, L."
    assert not check(key, "2*_ + x").ok


def test_whole_numbers_stay_whole_numbers(run):
    key = run(
        "x = torch.randn(3, 2, requires_grad=True)\nrows = torch.tensor([2, 0, 2])\n"
        "L = (x[rows]**2).sum()"
    )
    assert check(key, "2*x*[[1], [0], [2]]").ok
