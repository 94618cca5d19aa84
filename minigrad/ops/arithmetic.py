"""Plus, minus, times, divided by: entry by entry, with broadcasting.

The shape of a result is the broadcast shape of its inputs. Derivatives ignore broadcasting: the
engine sums a cotangent back to the shape of its input (`autograd/cotangents.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, new_tensor
from .operands import to_common
from .operation import Operation
from .refusals import no_bools

not_bools = no_bools(to_common)

add = Operation("add", "self other", np.add, shown="self + other", promote="common")
add.derivative("self", "grad", lambda grad: grad)
add.derivative("other", "grad", lambda grad: grad)
add.saves("", alpha=1)  # what PyTorch's node shows: `_saved_alpha`, and no tensor

sub = Operation("sub", "self other", np.subtract, shown="self - other", promote="common", rows=True)
sub.derivative("self", "grad", lambda grad: grad)
sub.derivative("other", "-grad", lambda grad: -grad)
sub.saves("", alpha=1)

sub.promotion = not_bools

mul = Operation("mul", "self other", np.multiply, shown="self * other", promote="common", rows=True)
mul.derivative("self", r"grad \odot other", lambda grad, other: grad * other)
mul.derivative("other", r"grad \odot self", lambda grad, self: grad * self)

div = Operation(
    "div", "self other", np.true_divide, shown="self / other", promote="float", rows=True
)
div.derivative("self", r"\frac{grad}{other}", lambda grad, other: grad / other)
div.derivative(
    "other",
    r"-grad \odot \frac{self}{other^2}",
    lambda grad, self, other: -grad * ((self / other) / other),
)

neg = Operation("neg", "self", np.negative, shown="-self", jvp="linear", rows=True)
neg.derivative("self", "-grad", lambda grad: -grad)

reciprocal = Operation("reciprocal", "self", np.reciprocal, shown="1 / self", promote="float")
reciprocal.derivative(
    "self", r"-grad \odot result^2", lambda grad, result: -grad * (result * result)
)


def rdiv(input: Tensor, other: Any) -> Tensor:
    """`other / input`: PyTorch computes the reciprocal first."""
    return reciprocal(input) * other


# ---- tangents: recorded as PyTorch records them --------------------------------------------------


@sub.tangent
def _sub_moved(moved: dict[str, Any], result: Any) -> Any:
    still = new_tensor(np.zeros_like(result._array))
    moved = {name: tangent.to(result.dtype) for name, tangent in moved.items()}
    return moved.get("self", still) - moved.get("other", still)


_still = Operation("mul", "self other", lambda self, other: np.full_like(self * other, -0.0))
for _input in mul.inputs:
    _still.derivative(_input, mul.latex[_input], mul.rules[_input])


def product(tangent: Any, factor: Any) -> Any:
    """A tangent times a factor, to be added to another such product.

    None stands for a tangent of an input that stands still: it adds nothing, even if the factor is
    infinite. So -0.0 comes of it: x + (-0.0) == x for every x, but -0.0 + 0.0 == 0.0, another sign.
    It is recorded as a product all the same, as in PyTorch.
    """
    if tangent is not None:
        return tangent * factor
    return _still(factor.new_tensor(-0.0), factor) if hasattr(factor, "_array") else -0.0


@mul.tangent
def _mul_moved(moved: dict[str, Any], self: Any, other: Any) -> Any:
    return product(moved.get("other"), self) + product(moved.get("self"), other)


@div.tangent
def _div_moved(moved: dict[str, Any], self: Any, other: Any, result: Any) -> Any:
    above = moved["self"] if "self" in moved else new_tensor(np.full_like(result._array, -0.0))
    return (above - product(moved.get("other"), result)) / other
