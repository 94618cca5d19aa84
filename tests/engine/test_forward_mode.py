"""Forward mode: tangents against backward passes, and forward over reverse against the Hessian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as torch

forward_ad = torch.autograd.forward_ad
RANDOM = np.random.default_rng(7)

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": lambda x: x.exp(),
    "tanh": lambda x: x.tanh(),
    "sigmoid times x": lambda x: x.sigmoid() * x,
    "sqrt": lambda x: (x * x + 1).sqrt(),
    "sum": lambda x: x.sum() * x,
    "sum of rows": lambda x: x.sum(0) * x,
    "mean": lambda x: x.mean() * x.exp(),
    "mean of columns": lambda x: x.mean(1, keepdim=True) * x,
    "matrix product": lambda x: x @ x.t(),
    "softmax": lambda x: torch.softmax(x, 1),
}


def numbers() -> Any:
    return torch.tensor(RANDOM.standard_normal((2, 3)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tangent_is_the_other_side_of_the_gradient(name: str) -> None:
    """v · (J t) = (v J) · t, with v and t random."""
    function = FUNCTIONS[name]
    point, direction = numbers(), numbers()
    with forward_ad.dual_level():
        out = function(forward_ad.make_dual(point, direction))
        tangent = forward_ad.unpack_dual(out).tangent
    x = point.clone().requires_grad_()
    out = function(x)
    cotangent = torch.tensor(RANDOM.standard_normal(tuple(out.shape)))
    (gradient,) = torch.autograd.grad(out, x, cotangent)
    assert (cotangent * tangent).sum().item() == pytest.approx((gradient * direction).sum().item())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_forward_over_reverse(name: str) -> None:
    """The tangent of a gradient is the Hessian times the direction."""
    function = FUNCTIONS[name]
    point, direction = numbers(), numbers()
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(point.clone().requires_grad_(), direction)
        (gradient,) = torch.autograd.grad(function(dual).sum(), dual, create_graph=True)
        moved = forward_ad.unpack_dual(gradient).tangent
    x = point.clone().requires_grad_()
    (gradient,) = torch.autograd.grad((function(x)).sum(), x, create_graph=True)
    if not gradient.requires_grad:  # a linear function
        assert moved is None or not moved.numpy().any()
        return
    (expected,) = torch.autograd.grad(gradient, x, direction)
    np.testing.assert_allclose(moved.detach().numpy(), expected.numpy(), atol=1e-12)
