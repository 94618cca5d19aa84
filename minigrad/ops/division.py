"""Division that rounds or leaves a remainder: `div(rounding_mode=)`, `//`, `%`, `fmod`.

`remainder` (Python's `%`) has the sign of the divisor, `fmod` (C's) that of the dividend.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.forward_ad import nothing, zeros
from ..tensor import Tensor
from . import either
from .arithmetic import div
from .operands import to_common
from .operation import Operation
from .refusals import refuse_kinds

_div_rounded = Operation(
    "div", "self other", lambda self, other, rounding_mode: rounded(self, other, rounding_mode),
    options="rounding_mode", node="DivBackward2", promote="common",
)  # fmt: skip
_div_rounded.derivative("self", "0", lambda grad, other: either.zeros(grad))
_div_rounded.derivative("other", "0", lambda grad, self, other: either.zeros(grad))
_div_rounded.shows("self other rounding_mode")


_div_exact = Operation(
    "div", "self other", lambda self, other, rounding_mode: np.true_divide(self, other),
    options="rounding_mode", shown="self / other", node="DivBackward2", promote="float",
)  # fmt: skip
for _input in div.inputs:
    _div_exact.derivative(_input, div.latex[_input], div.rules[_input])
_div_exact.shows("self other rounding_mode")


def rounded(x: Any, y: Any, rounding_mode: str) -> Any:
    """The quotient of two arrays, rounded down ("floor") or towards 0 ("trunc").

    Raises RuntimeError where an integer is divided by 0; a float becomes infinite, as in PyTorch.
    """
    x, y = to_common((x, y))
    refuse_kinds(x, "b", f"div_{rounding_mode}_cpu")
    if x.dtype.kind == "f":
        exact = np.true_divide(x, y)
        floored = np.where(np.equal(y, 0), exact, np.floor_divide(x, y))
        return floored if rounding_mode == "floor" else np.trunc(exact)
    if not np.all(y) and 0 not in np.broadcast_shapes(x.shape, y.shape):  # a misfit comes first
        raise RuntimeError("ZeroDivisionError")
    return np.floor_divide(x if rounding_mode == "floor" else x - np.fmod(x, y), y)


NOT_GIVEN = object()


def divide(input: Any, other: Any, *, rounding_mode: Any = NOT_GIVEN) -> Tensor:
    """`input / other`; rounded, with `rounding_mode` "floor" or "trunc". (None given is another
    node in PyTorch than none.)

    Raises RuntimeError for another mode, or where an integer is divided by 0 and rounded.
    """
    if rounding_mode is NOT_GIVEN:
        return div(input, other)
    if rounding_mode is None:
        return _div_exact(input, other, None)
    if rounding_mode not in ("trunc", "floor"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
            f"'{rounding_mode}'"
        )
    return _div_rounded(input, other, rounding_mode)


def _whole(name: str, function: Any) -> Any:
    """`function`, but it raises RuntimeError where an integer is divided by 0."""

    def forward(self: Any, other: Any) -> Any:
        refuse_kinds(np.asarray(self), "b", f"{name}_cpu")
        if np.asarray(self).dtype.kind in "iu" and np.any(np.equal(other, 0)):
            shape = np.broadcast_shapes(np.shape(self), np.shape(other))  # a misfit comes first
            if 0 not in shape:
                raise RuntimeError("ZeroDivisionError")
        return function(self, other)

    return forward


def _modulo(self: Any, other: Any) -> Any:
    """NumPy's remainder, where a zero keeps the sign of what was divided."""
    found = np.remainder(self, other)
    if found.dtype.kind != "f":
        return found
    return np.where(found == 0, np.copysign(np.zeros_like(found), self), found)


_safe_fmod, _safe_remainder = _whole("fmod", np.fmod), _whole("remainder", _modulo)


def _quotient(x: Any, y: Any, rounding_mode: str) -> Any:
    """Whole numbers, and flat: nothing flows back through them."""
    if isinstance(x, either.ARRAY):
        return rounded(x, y, rounding_mode)
    return x.div(y, rounding_mode=rounding_mode)


_floor_divide = Operation(
    "floor_divide", "self other", lambda self, other: rounded(self, other, "floor"),
    shown="self // other", promote="common", node="NotImplemented",
)  # fmt: skip
_floor_divide, to_overwrite = (
    _floor_divide.refusing(
        RuntimeError(f"derivative for aten::{name} is not implemented"),
        forward=f"aten::{name} that does not support it.",
    )
    for name in ("floor_divide", "floor_divide_")
)


def floor_divide(input: Any, other: Any) -> Tensor:
    """`input // other`: the quotient rounded down. It has no derivative, as in PyTorch.

    Raises RuntimeError where an integer is divided by zero.
    """
    return _floor_divide(input, other)


def _left_moved(moved: dict[str, Any], self: Any, other: Any, result: Any, rounding: str) -> Any:
    """The tangent of what is left over: how often `other` fits in does not change."""
    times = _quotient(self, other, rounding)
    fits = moved["other"] * times if "other" in moved else zeros(result) + nothing(times)
    return moved.get("self", -zeros(result)) - fits


_fmod = Operation("fmod", "self other", _safe_fmod, promote="common", node="FmodBackward1")
_fmod.derivative("self", "grad", lambda grad: grad)
_fmod.derivative(
    "other",
    r"-grad \odot \operatorname{trunc}(self / other)",
    lambda grad, self, other: -grad * _quotient(self, other, "trunc"),
)
_fmod.tangent(lambda moved, self, other, result: _left_moved(moved, self, other, result, "trunc"))

_fmod_number = Operation(
    "fmod", "self", lambda self, other: _safe_fmod(*to_common((self, other))),
    options="other", node="FmodBackward0", jvp="entrywise", fit=True,
)  # fmt: skip
_fmod_number.derivative("self", "grad", lambda grad: grad)


def fmod(input: Tensor, other: Any) -> Tensor:
    """The remainder with the sign of `input`. Raises RuntimeError for an integer modulo zero."""
    return (_fmod if isinstance(other, Tensor) else _fmod_number)(input, other)


_remainder = Operation(
    "remainder", "self other", _safe_remainder, shown="self % other", promote="common",
    node="RemainderBackward1",
)  # fmt: skip
_remainder.derivative("self", "grad", lambda grad: grad)
_remainder.derivative(
    "other",
    r"-grad \odot \lfloor self / other \rfloor",
    lambda grad, self, other: -grad * _quotient(self, other, "floor"),
)
_remainder.tangent(
    lambda moved, self, other, result: _left_moved(moved, self, other, result, "floor")
)

_remainder_number = Operation(
    "remainder", "self", lambda self, other: _safe_remainder(*to_common((self, other))),
    options="other", shown="self % other", node="RemainderBackward0", jvp="entrywise", fit=True,
)  # fmt: skip
_remainder_number.derivative("self", "grad", lambda grad: grad)


_number_remainder = Operation(
    "remainder", "other", lambda other, self: _safe_remainder(*to_common((self, other))),
    options="self", shown="self % other", node="NotImplemented",
)  # fmt: skip
_number_remainder = _number_remainder.refusing(
    RuntimeError("derivative for aten::remainder is not implemented"),
    forward="aten::remainder that does not support it.",
)


def remainder(input: Any, other: Any) -> Tensor:
    """`input % other`, with the sign of `other`. Raises RuntimeError for an integer modulo zero."""
    if not isinstance(input, Tensor):
        return _number_remainder(other, input)
    return (_remainder if isinstance(other, Tensor) else _remainder_number)(input, other)
