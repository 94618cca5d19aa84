"""What is told of a slip is true of it: no cause that the graph at hand does not have."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

import minigrad as torch
from widgets import derive, recording


def hint(out: Any, by: Any, answer: str, **names: Any) -> str:
    result = derive(out, by, names=names).check(answer)
    assert not result.ok
    return result.hint


def sines() -> tuple[Any, Any]:
    x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    return x, (x**2).sin().sum()


def test_a_function_taken_at_another_tensor_is_no_power_rule() -> None:
    x, s = sines()
    assert hint(s, x, "2*x*cos(x)", x=x, s=s) == (
        "At which tensor is `cos` taken? Look at `cos(x)`."
    )


def test_what_was_not_broadcast_is_not_said_to_be() -> None:
    x, s = sines()
    assert "larger array" not in hint(s, x, "diag(2*x*cos(x**2))", x=x, s=s)


def test_entries_are_counted_at_the_readers_values() -> None:
    x, s = sines()
    assert hint(s, x, "2*x[0]*cos(x[0]**2)", x=x, s=s) == (
        "1 of the 4 entries is right at your values: what is special about the others?"
    )


def test_a_chain_of_one_factor_is_not_one_short() -> None:
    x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    s = torch.relu(x).sum()
    assert "one factor short" not in hint(s, x, "1", x=x, s=s)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("2/5*(r[:,None]*X).mean(0)", "Look at `(r[:,None]*X).mean(0)`: is it a sum or a mean?"),
        ("2/5*(r[:,None]*X).sum(1)", "Look at `(r[:,None]*X).sum(1)`: over which axis is the sum?"),
    ],
)
def test_a_wrong_sum_is_no_wrong_product(answer: str, told: str) -> None:
    torch.manual_seed(0)
    X, t, w = torch.randn(5, 3), torch.randn(5), torch.randn(3, requires_grad=True)  # noqa: N806
    r = X @ w - t
    loss = (r**2).mean()
    assert hint(loss, w, answer, X=X, t=t, w=w, r=r, loss=loss) == told


@pytest.mark.parametrize("name", ["minigrad", pytest.param("torch", marks=pytest.mark.oracle)])
@pytest.mark.parametrize("answer", ["1", "0", "sqrt(z)", "2*sqrt(z)"])
def test_without_a_finite_slope_nothing_is_right(name: str, answer: str) -> None:
    engine = importlib.import_module(name)
    z = engine.zeros(2, requires_grad=True)
    with recording():
        o = z.sqrt().sum()
    assert "no entry has a finite slope" in hint(o, z, answer, z=z, o=o)


def test_pytorchs_name_of_an_argument_is_read() -> None:
    z, t = torch.rand(2, 3, requires_grad=True), torch.tensor([0, 2])
    loss = torch.nn.functional.cross_entropy(z, t)
    names = {"z": z, "t": t, "loss": loss}
    right = "(softmax(z, 1) - F.one_hot(t, num_classes=3).float()) / 2"
    assert derive(loss, z, names=names).check(right).ok


def test_a_part_that_was_overwritten_is_told() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    y[0] = 0
    with pytest.raises(ValueError, match="a part of a tensor was overwritten on the way"):
        derive((y**2).sum(), x)
    with pytest.raises(ValueError, match="something cut its history"):
        derive((x > 0).float().sum(), x)


def test_what_cannot_be_computed_again_is_told() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    y.mul_(y.detach())
    with pytest.raises(ValueError, match="overwritten in place with what was read off itself"):
        derive(y.sum(), x)


@pytest.mark.parametrize(
    "written",
    [
        r"\frac{2}{5} X^{\mathsf{T}} r", r"\frac25 X^{\mathrm T} r", r"2/5 X^\intercal r",
        r"\tfrac 2 5 X^T (Xw - t)", "2/5*X.T@r  # by the chain rule", "`2/5*X.T@r`",
    ],
)  # fmt: skip
def test_more_ways_to_write_on_paper(written: str) -> None:
    torch.manual_seed(0)
    X, t, w = torch.randn(5, 3), torch.randn(5), torch.randn(3, requires_grad=True)  # noqa: N806
    r = X @ w - t
    loss = (r**2).mean()
    assert derive(loss, w, names={"X": X, "t": t, "w": w, "r": r}).check(written).ok
