"""A `.grad` is an array of its own: nobody else's memory changes when it is written to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad.autograd import engine, node


def numbers(*shape: int) -> Any:
    return torch.tensor(np.random.default_rng(sum(shape)).standard_normal(shape))


def two_leaves_of_a_sum(x: Any, held: list[Any]) -> Any:
    y = numbers(3, 4).requires_grad_()
    held.append(y)
    return (x + y) * numbers(3, 4)


def cotangent_of_the_caller(x: Any, held: list[Any]) -> Any:
    return x + 0


def kept_by_a_hook(x: Any, held: list[Any]) -> Any:
    x.register_hook(held.append)
    return x * numbers(3, 4)


def kept_by_a_node_hook(x: Any, held: list[Any]) -> Any:
    y = x * numbers(3, 4)
    y.grad_fn.register_hook(lambda grads, incoming: held.extend([grads[0], *incoming]))
    return y


def retained(x: Any, held: list[Any]) -> Any:
    y = x.clone()
    y.retain_grad()
    held.append(y)
    return y.clone()


def a_custom_function_that_keeps(x: Any, held: list[Any]) -> Any:
    class Keeps(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            out = grad * 2
            held.append(out)
            return out

    return Keeps.apply(x)


def a_saved_tensor(x: Any, held: list[Any]) -> Any:
    class Saved(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, scale: Any) -> Any:
            ctx.save_for_backward(scale)
            return x * scale

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return ctx.saved_tensors[0], None

    held.append(numbers(3, 4))
    return Saved.apply(x, held[0])


def a_transposed_product(x: Any, held: list[Any]) -> Any:
    return (x.t() * numbers(4, 3)).t()


@pytest.mark.parametrize(
    "program",
    [two_leaves_of_a_sum, cotangent_of_the_caller, kept_by_a_hook, kept_by_a_node_hook, retained,
     a_custom_function_that_keeps, a_saved_tensor, a_transposed_product],
)  # fmt: skip
def test_nobody_shares_a_gradient(program: Callable[[Any, list[Any]], Any]) -> None:
    x, held = numbers(3, 4).requires_grad_(), []
    out = program(x, held)
    cotangent = numbers(5, *out.shape)[2]
    out.backward(cotangent)
    others = [cotangent, x, *held, *[t.grad for t in held if t.requires_grad]]
    assert x.grad is not None
    for other in others:
        if other is not None:
            assert not np.shares_memory(x.grad._array, other._array)


def test_a_fresh_gradient_is_not_copied() -> None:
    """The array that the last node computed becomes the gradient."""
    w, x = numbers(5, 3).requires_grad_(), numbers(4, 5)
    arrived: list[int] = []
    keep = node.is_last_holder

    def noted(incoming: list[Any]) -> bool:
        arrived.append(incoming[0].__array_interface__["data"][0])
        return keep(incoming)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(node, "is_last_holder", noted)
        (x @ w).backward(numbers(4, 3))
    assert arrived == [w.grad.data_ptr()]


def test_who_walks_slowly_may_keep_what_is_shown() -> None:
    w, x = numbers(5, 3).requires_grad_(), numbers(4, 5)
    edge = (x @ w)._get_edge()
    steps = list(engine.walk([edge], [numbers(4, 3)._array]))
    shown = steps[-1][1][0]
    assert not np.shares_memory(shown, w.grad._array)
    assert shown.tolist() == w.grad.tolist()
