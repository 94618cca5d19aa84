"""Sums, products and quotients in forward mode: recorded, and signed, as in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import on_array
from .arithmetic import div, mul, sub
from .operation import Operation


@sub.tangent
def _sub_moved(moved: dict[str, Any], result: Any) -> Any:
    still = on_array(np.zeros_like(result._array))
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
    above = moved["self"] if "self" in moved else on_array(np.full_like(result._array, -0.0))
    return (above - product(moved.get("other"), result)) / other
