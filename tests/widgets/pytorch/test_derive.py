"""Derivations on PyTorch's graphs: recorded, given as a function, and as they stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad
import widgets
from tests.widgets.pytorch.programs import network, numbers, worked
from widgets import derive
from widgets.derivation import AnswerKey, build, check
from widgets.engines import problem

pytestmark = pytest.mark.oracle

NOTE = "Checked at these values only"


def hidden(torch: Any) -> dict[str, Any]:
    X = torch.tensor(numbers(3, 4))  # noqa: N806
    x = torch.tensor(numbers(4, 2, seed=1), requires_grad=True)
    b = torch.tensor(numbers(2, seed=2), requires_grad=True)
    h = torch.cat([X @ x + b, (X @ x).sigmoid()], 1).clamp(min=0.5)
    s = h.softmax(1)
    out = (s[:, 1:] * h[:, :3]).sum() / 2
    return locals()


def key(engine: Any, run: Any, wrt: str = "x") -> AnswerKey:
    with widgets.recording():
        names = run(engine)
    return build(problem(names["out"], names[wrt], names))


@pytest.mark.parametrize("run, wrt", [(worked, "x"), (hidden, "x"), (network, "w1")])
def test_the_same_questions_and_truths_as_minigrad(run: Any, wrt: str, torch: Any) -> None:
    ours, theirs = key(minigrad, run, wrt), key(torch, run, wrt)
    assert [q.label for q in ours.questions] == [q.label for q in theirs.questions]
    assert [q.source for q in ours.questions] == [q.source for q in theirs.questions]
    assert ours.kinds == theirs.kinds
    assert {"near", "random"} <= set(theirs.kinds)
    for one, other in zip(ours.questions, theirs.questions, strict=True):
        for a, b in zip(one.truths, other.truths, strict=True):
            assert b.dtype == np.float64
            np.testing.assert_allclose(a, b, 1e-6, 1e-9)  # the own point came from float32
        assert len(one.uses) == len(other.uses)


def test_nothing_of_the_user_is_touched(torch: Any) -> None:
    with widgets.recording():
        names = hidden(torch)
        x, out = names["x"], names["out"]
        x.grad = torch.ones(4, 2)
        widget = derive(out, x, names)
    assert x.grad.tolist() == [[1.0, 1.0]] * 4
    assert x._version == 0
    out.backward()
    total = widget.key.questions[-1].truths[0]
    torch.testing.assert_close(x.grad - 1, torch.tensor(total, dtype=torch.float32))
    assert derive(out, x, names).key.kinds == widget.key.kinds  # also after the graph is freed


def test_a_function(torch: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)

    def f() -> Any:
        y = x * x
        loss = y.exp().sum()
        assert loss.grad_fn
        return loss

    widget = derive(f, x)
    assert [q.label for q in widget.key.questions] == ["∂loss/∂y", "∂y/∂x", "∂loss/∂x"]
    assert widget.check("2*x*exp(y)").ok
    assert not widget.check("exp(y)").ok


@pytest.mark.parametrize("run, wrt", [(worked, "x"), (hidden, "x"), (network, "w1")])
def test_without_a_recording_the_own_point_is_right(run: Any, wrt: str, torch: Any) -> None:
    names = run(torch)
    found = build(problem(names["out"], names[wrt], names))
    full = key(torch, run, wrt)
    assert found.kinds == ["own"]
    assert [q.label for q in found.questions] == [q.label for q in full.questions]
    for one, other in zip(found.questions, full.questions, strict=True):
        scale = np.max(np.abs(other.truths[0]))
        np.testing.assert_allclose(one.truths[0], other.truths[0], 1e-4, 1e-5 * scale)


def test_without_a_recording_the_result_says_so(torch: Any) -> None:
    names = worked(torch)
    widget = derive(names["out"], names["x"], names)
    right = widget.check({"∂z/∂y": "6*y", "∂out/∂x": "6*y/4"})
    assert right.ok
    assert str(right).count(NOTE) == 2
    wrong = widget.check("6*y")
    assert not wrong.ok
    assert "4 times too large" in wrong.hint or "number" in wrong.hint
    kept = AnswerKey.from_dict(widget.key.to_dict())
    assert NOTE in str(check(kept, "6*y/4"))


def test_what_cannot_be_derived(torch: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    y = (x * x).sum()
    other = torch.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="not computed from the second"):
        derive(y, other)
    with pytest.raises(ValueError, match="has no graph"):
        derive(x, y)
    with pytest.raises(TypeError, match="two tensors"):
        derive(y, minigrad.ones(2, requires_grad=True))
    y.backward()
    with pytest.raises(RuntimeError, match=r"second time.*\nRun the forward pass again"):
        derive(y, x)
