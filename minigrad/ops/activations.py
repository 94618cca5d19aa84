"""The bends: relu, clamp, sigmoid, tanh, maximum, minimum.

Where a function has a kink any slope between the two sides is a subgradient. PyTorch has chosen one
for each (relu at 0: 0; clamp at its limits: 1; a tie in maximum: one half each), and so do we.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dtypes import result_type
from ..tensor import Tensor
from . import either
from .operation import Operation, to_common

relu = Operation("relu", "self", lambda self: np.maximum(self, self.dtype.type(0)))
relu.derivative("self", r"grad \odot [result > 0]", lambda grad, result: (
    either.mask(grad, result > 0) if isinstance(grad, either.ARRAY)
    else _threshold(grad, result)))  # fmt: skip

_threshold: Operation = Operation(
    "threshold_backward", "grad self", lambda grad, self: either.mask(grad, self > 0)
)
_threshold.derivative(
    "grad", r"grad \odot [self > 0]", lambda grad, self: either.mask(grad, self > 0)
)
_threshold.derivative("self", "0", lambda grad: grad * 0)

sigmoid = Operation(
    "sigmoid", "self", lambda self: np.reciprocal(1 + np.exp(-self)), promote="float"
)
sigmoid.derivative(
    "self",
    r"grad \odot result \odot (1 - result)",
    lambda grad, result: grad * (1 - result) * result,
)

tanh = Operation("tanh", "self", np.tanh, promote="float")
tanh.derivative(
    "self", r"grad \odot (1 - result^2)", lambda grad, result: grad * (1 - result * result)
)

_clamp = Operation(
    "clamp", "self", lambda self, min, max: _kept(self, min, max), options="min max",
    shown="clamp(self, min, max)", node="ClampBackward1",
)  # fmt: skip
_clamp.derivative(
    "self",
    r"grad \odot [min \le self \le max]",
    lambda grad, self, min, max: either.mask(grad, _inside(self, min, max)),
)


def _kept(x: np.ndarray, low: float | None, high: float | None) -> Any:
    if x.dtype.kind != "f":
        x = x.astype(result_type(tuple(v for v in (x, low, high) if v is not None)))
    if low is not None:
        x = np.maximum(x, x.dtype.type(low))
    return x if high is None else np.minimum(x, x.dtype.type(high))


def _inside(x: Any, low: float | None, high: float | None) -> Any:
    if low is None:
        return x <= high
    return x >= low if high is None else (x >= low) & (x <= high)


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """`input` kept within [min, max]; either limit may be left out.

    Raises RuntimeError if both are.
    """
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    return _clamp(input, min, max)


def _winner(grad: Any, wins: Any, ties: Any) -> Any:
    """The whole cotangent to the winner, half of it to either side of a tie."""
    return either.mask(grad, wins) + either.mask(grad / 2, ties)


maximum = Operation("maximum", "self other", np.maximum, promote="common")
maximum.derivative(
    "self",
    r"grad \odot [self > other] \; (\tfrac12 \text{ if equal})",
    lambda grad, self, other: _winner(grad, self > other, self == other),
)
maximum.derivative(
    "other",
    r"grad \odot [other > self] \; (\tfrac12 \text{ if equal})",
    lambda grad, self, other: _winner(grad, other > self, self == other),
)

minimum = Operation("minimum", "self other", np.minimum, promote="common")
minimum.derivative(
    "self",
    r"grad \odot [self < other] \; (\tfrac12 \text{ if equal})",
    lambda grad, self, other: _winner(grad, self < other, self == other),
)
minimum.derivative(
    "other",
    r"grad \odot [other < self] \; (\tfrac12 \text{ if equal})",
    lambda grad, self, other: _winner(grad, other < self, self == other),
)

_where = Operation(
    "where", "condition self other",
    lambda condition, self, other: np.where(condition, *to_common((self, other))),
    shown="where(condition, self, other)", fit=True,
)  # fmt: skip
_where.derivative(
    "self",
    r"grad \text{ where } condition",
    lambda grad, condition: either.mask(grad, condition),
)
_where.derivative(
    "other",
    r"grad \text{ where not } condition",
    lambda grad, condition: either.mask(grad, ~condition),
)


def where(condition: Tensor, input: Any, other: Any) -> Tensor:
    """`input` where the condition holds, `other` elsewhere."""
    return _where(condition, input, other)
