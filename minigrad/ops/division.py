"""Division that leaves a remainder: `//`, `%`, `div(rounding_mode=)`, `fmod`.

`remainder` (Python's `%`) has the sign of the divisor, `fmod` (C's) that of the dividend.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .operation import Operation, to_common


def _whole(function: Any) -> Any:
    """`function`, but it raises RuntimeError where an integer is divided by 0."""

    def forward(self: Any, other: Any) -> Any:
        if np.asarray(self).dtype.kind in "biu" and np.any(np.equal(other, 0)):
            raise RuntimeError("ZeroDivisionError")
        return function(self, other)

    return forward


def _floored(x: Any, y: Any) -> Any:
    """NumPy's floor_divide, except that a number divided by 0 is infinite, as in PyTorch."""
    if np.asarray(x).dtype.kind != "f":
        return np.floor_divide(x, y)
    return np.where(np.equal(y, 0), np.true_divide(x, y), np.floor_divide(x, y))


def _truncated(x: Any, y: Any) -> Any:
    if np.asarray(x).dtype.kind == "f":
        return np.trunc(np.true_divide(x, y))
    return (x - np.fmod(x, y)) // y


def _no_derivative(grad: Any) -> Any:
    raise RuntimeError("derivative for aten::floor_divide is not implemented")


_floor_divide = Operation(
    "floor_divide", "self other", _whole(_floored), shown="self // other", promote="common",
    node="NotImplemented",
)  # fmt: skip
_floor_divide.derivative("self", r"\text{not implemented}", _no_derivative)
_floor_divide.derivative("other", r"\text{not implemented}", _no_derivative)


def floor_divide(input: Any, other: Any) -> Tensor:
    """`input // other`: the quotient rounded down. It has no derivative, as in PyTorch.

    Raises RuntimeError where an integer is divided by zero.
    """
    return _floor_divide(input, other)


fmod = Operation("fmod", "self other", _whole(np.fmod), promote="common", node="FmodBackward1")
fmod.derivative("self", "grad", lambda grad: grad)
fmod.derivative(
    "other",
    r"-grad \odot \operatorname{trunc}(self / other)",
    lambda grad, self, other: -grad * either.trunc(self / other),
)

_fmod_number = Operation(
    "fmod", "self", lambda self, other: _whole(np.fmod)(*to_common((self, other))),
    options="other", node="FmodBackward0", jvp="entrywise", fit=True,
)  # fmt: skip
_fmod_number.derivative("self", "grad", lambda grad: grad)

_remainder = Operation(
    "remainder", "self other", _whole(np.remainder), shown="self % other", promote="common",
    node="RemainderBackward1",
)  # fmt: skip
_remainder.derivative("self", "grad", lambda grad: grad)
_remainder.derivative(
    "other",
    r"-grad \odot \lfloor self / other \rfloor",
    lambda grad, self, other: -grad * either.floor(self / other),
)

_remainder_number = Operation(
    "remainder", "self", lambda self, other: _whole(np.remainder)(*to_common((self, other))),
    options="other", shown="self % other", node="RemainderBackward0", jvp="entrywise", fit=True,
)  # fmt: skip
_remainder_number.derivative("self", "grad", lambda grad: grad)


def remainder(input: Any, other: Any) -> Tensor:
    """`input % other`, with the sign of `other`. Raises RuntimeError for an integer modulo zero."""
    return (_remainder if isinstance(other, Tensor) else _remainder_number)(input, other)
