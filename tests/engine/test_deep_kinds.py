"""A long chain of every kind of node: it goes backward without recursion, and nothing is left."""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad.autograd import forward_ad
from minigrad.autograd.graph import saved_tensors_hooks
from minigrad.autograd.node import Node

DEEP = 20_000


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Reference counts alone free every node."""
    gc.freeze()  # what there is already is left out of account: that is most of a test run's memory
    gc.disable()
    yield
    left = sum(issubclass(type(thing), Node) for thing in gc.get_objects())
    gc.enable()
    assert left == 0, f"{left} nodes left"


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x * 1

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return grad + 0 * ctx.saved_tensors[0]


def hooked(y: Any) -> Any:
    y = y * 1.0
    y.register_hook(lambda grad: grad * 1)
    y.retain_grad()
    y.grad_fn.register_prehook(lambda grads: None)
    y.grad_fn.register_hook(lambda grads, incoming: None)
    return y


def written_through_a_view(y: Any) -> Any:
    y[1:3].mul_(1.0)
    return y


def split_and_joined(y: Any) -> Any:
    first, second = y.split(2)
    return torch.cat([first, second])


STEPS: dict[str, Callable[[Any], Any]] = {
    "saves its result": lambda y: y.relu(),
    "saves its input": lambda y: y * y,
    "hooks": hooked,
    "a custom function": Twice.apply,
    "views": lambda y: y.view(4),
    "written in place": lambda y: y.add_(0),
    "views written to": written_through_a_view,
    "several results": split_and_joined,
    "diamonds": lambda y: y * 0.5 + y * 0.5,
}


def chain(step: Callable[[Any], Any], length: int = DEEP) -> tuple[Any, Any]:
    x = torch.ones(4, requires_grad=True)
    y = x * 1
    for _ in range(length):
        y = step(y)
    return x, y


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_backward(step: Callable[[Any], Any]) -> None:
    square = step is STEPS["saves its input"]
    x, y = chain(step, 12 if square else DEEP // 4)
    y.sum().backward()
    assert x.grad.tolist() == [2.0**12 if square else 1.0] * 4


@pytest.mark.parametrize("step", STEPS.values(), ids=list(STEPS))
def test_freed_without_backward(step: Callable[[Any], Any]) -> None:
    chain(step)


def test_with_hooks_on_saving() -> None:
    with saved_tensors_hooks(lambda tensor: tensor, lambda kept: kept):
        x, y = chain(lambda y: y * y.detach())
    y.sum().backward()
    assert x.grad.tolist() == [1] * 4
    with saved_tensors_hooks(lambda tensor: tensor, lambda kept: kept):
        chain(lambda y: y * y)


def test_second_derivatives() -> None:
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(DEEP // 4):
        y = y * x
    n = DEEP // 4 + 1
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (curved,) = torch.autograd.grad(slope.sum(), x)
    assert slope.tolist() == [n, n]
    assert curved.tolist() == [n * (n - 1)] * 2


def test_all_rows_at_once() -> None:
    x, y = chain(lambda y: y + 0)
    (rows,) = torch.autograd.grad(y, x, torch.eye(4), is_grads_batched=True)
    assert rows.tolist() == np.eye(4).tolist()


def test_tangents() -> None:
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(torch.ones(4, requires_grad=True), torch.ones(4))
        y = dual
        for _ in range(DEEP):
            y = y * 1.0
        assert forward_ad.unpack_dual(y).tangent.tolist() == [1] * 4


def test_looking_at_it() -> None:
    """Neither a text nor a copy of a leaf follows the graph."""
    x, y = chain(lambda y: y * 1.0)
    assert "MulBackward0" in repr(y.grad_fn) + repr(y) + repr(y.grad_fn.next_functions)
    y.sum().backward()
    assert copy.deepcopy(x).grad.tolist() == [1] * 4
