"""watch() sees what PyTorch computes, and tells it as it tells minigrad's."""

from __future__ import annotations

import json
import re
import threading
from typing import Any

import pytest

import minigrad
from widgets import watch
from widgets.packing import unpack

pytestmark = pytest.mark.oracle


def loop(torch: Any) -> str:
    with watch() as w:
        x = torch.ones(2, 3, requires_grad=True)
        weight = torch.ones(3, 2, requires_grad=True)
        for k in range(5):
            h = (x @ weight).relu()
            if k > 2:
                h = h * 2
            loss = h.sum()
            loss.backward()
    return str(w)


def test_the_same_words_as_for_minigrad(torch: Any) -> None:
    ours, theirs = loop(minigrad), loop(torch)
    assert ours == theirs
    assert "Added: `if k > 2:" in theirs or "Added: `h = h * 2`" in theirs


def test_a_training_loop(torch: Any) -> None:
    net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    optimizer = torch.optim.SGD(net.parameters(), 0.01)
    data = torch.rand(5, 4)
    with watch() as w:
        for _ in range(6):
            optimizer.zero_grad()
            loss = net(data).pow(2).mean()
            torch.autograd.backward(loss)  # which is no call that a mode sees: step() ends it
            optimizer.step()
    assert str(w).splitlines()[:4] == [
        "Iterations 1 to 6, all alike: 5 operations",
        "    t1 = linear(data, net.0.weight, net.0.bias)",
        "    t2 = tanh(t1)",
        "    t3 = linear(t2, net.2.weight, net.2.bias)",
    ]


def test_what_was_computed_before_is_known_by_its_graph(torch: Any) -> None:
    x = torch.ones(3, requires_grad=True)
    before = x.exp()
    with watch() as w:
        loss = (before * 2).sum()
        del loss
    assert "before = exp(x)" in str(w)


def test_a_failure_is_told_with_its_operands(torch: Any) -> None:
    with pytest.raises(RuntimeError), watch() as w:  # noqa: PT012
        u = torch.ones(2, 3, requires_grad=True)
        v = torch.ones(2, 3)
        z = u * 2
        z @ v
    assert re.search(r"Failed: matmul of z \(2×\[3\], float32\), v \(\[2\]×3, float32\)", str(w))


def test_a_backward_that_fails(torch: Any) -> None:
    with pytest.raises(RuntimeError), watch() as w:  # noqa: PT012
        x = torch.ones(3, requires_grad=True)
        y = x.exp()
        y += 1
        y.sum().backward()
    assert "The backward pass failed at ExpBackward0 of x (3, float32)" in str(w)
    assert "modified by an inplace operation" in str(w)
    assert str(w).splitlines()[1:3] == ["    t1 = exp(x)", "    y = t1 + 1"]
    assert w.journal.entries[int(w.journal.failure.at[1:])][2] == (3,)


def test_a_backward_of_a_function_that_raises(torch: Any) -> None:
    class Odd(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x.clone()

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return inner(grad)

    def inner(grad: Any) -> Any:
        raise ArithmeticError("no derivative on odd days")

    with pytest.raises(ArithmeticError), watch() as w:  # noqa: PT012
        x = torch.ones(3, requires_grad=True)
        y = x * 2
        z = Odd.apply(y)
        (z * z).sum().backward()
    assert "The backward pass failed at OddBackward of y (3, float32)" in str(w)
    story = json.loads(unpack(w.story))
    frame = story["frames"][story["runs"][-1]["frame"]]
    (red,) = [node for node in frame["nodes"] if node["kind"] == "failed"]
    assert (red["label"], red["fault"]) == ("z", "failed in backward")
    assert frame["failure"]["error"] == "ArithmeticError: no derivative on odd days"


def test_a_second_backward(torch: Any) -> None:
    with pytest.raises(RuntimeError), watch() as w:  # noqa: PT012
        x = torch.ones(3, requires_grad=True)
        y = (x.exp() * 2).sum()
        y.backward()
        y.backward()
    assert "The backward pass failed at MulBackward0" in str(w)
    assert "a second time" in str(w)


def test_nothing_is_left_when_it_stops(torch: Any) -> None:
    from torch.overrides import _get_current_function_mode

    w = watch()
    x = torch.ones(3, requires_grad=True)
    assert x.sum().item() == 3
    assert _get_current_function_mode() is not None
    other = threading.Thread(target=w.stop)  # a button's message may come on another thread
    other.start()
    other.join()
    count = len(w.journal.entries)
    x.exp()
    assert len(w.journal.entries) == count
    w.resume()
    x.exp()
    assert len(w.journal.entries) > 0
    w.stop()
    assert _get_current_function_mode() is None


def test_arguments_that_say_nothing_are_left_out(torch: Any) -> None:
    functional = torch.nn.functional
    x, y = torch.ones(2, 3, requires_grad=True), torch.tensor([0, 2])
    with watch() as w:
        a = functional.leaky_relu(x)
        b = functional.cross_entropy(a, y)
        c = functional.cross_entropy(a, y, reduction="sum", label_smoothing=0.1)
    assert str(w).splitlines()[1:] == [
        "    a = leaky_relu(x)",
        "    b = cross_entropy(a, y)",
        "    c = cross_entropy(a, y, sum, 0.1)",
    ]
    assert b.requires_grad
    assert c.requires_grad
