"""Plus, minus, times, divided by, powers, comparison: entry by entry, with broadcasting.

The shape of a result is the broadcast shape of its inputs. Derivatives ignore broadcasting: the
engine sums a cotangent back to the shape of its input (`autograd/cotangents.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .operation import Operation, to_common

add = Operation("add", "self other", np.add, shown="self + other", promote="common")
add.derivative("self", "grad", lambda grad: grad)
add.derivative("other", "grad", lambda grad: grad)

sub = Operation("sub", "self other", np.subtract, shown="self - other", promote="common")
sub.derivative("self", "grad", lambda grad: grad)
sub.derivative("other", "-grad", lambda grad: -grad)

_rsub = Operation(
    "rsub", "self", lambda self, other: np.subtract(*to_common((other, self))), options="other",
    shown="other - self",
    node="RsubBackward1",
)  # fmt: skip
_rsub.derivative("self", "-grad", lambda grad: -grad)

mul = Operation("mul", "self other", np.multiply, shown="self * other", promote="common")
mul.derivative("self", r"grad \odot other", lambda grad, other: grad * other)
mul.derivative("other", r"grad \odot self", lambda grad, self: grad * self)

div = Operation("div", "self other", np.true_divide, shown="self / other", promote="float")
div.derivative("self", r"\frac{grad}{other}", lambda grad, other: grad / other)
div.derivative(
    "other",
    r"-grad \odot \frac{self}{other^2}",
    lambda grad, self, other: -grad * ((self / other) / other),
)

neg = Operation("neg", "self", np.negative, shown="-self")
neg.derivative("self", "-grad", lambda grad: -grad)

reciprocal = Operation("reciprocal", "self", np.reciprocal, shown="1 / self", promote="float")
reciprocal.derivative(
    "self", r"-grad \odot result^2", lambda grad, result: -grad * (result * result)
)

_pow = Operation(
    "pow", "self", lambda self, exponent: _power(self, exponent), options="exponent",
    shown="self ** exponent",
)  # fmt: skip
_pow.derivative(
    "self",
    r"grad \odot exponent \, self^{exponent - 1}",
    lambda grad, self, exponent: (
        grad * (exponent * either.power(self, exponent - 1)) if exponent != 0 else grad * 0
    ),
)

_pow_tensor = Operation(
    "pow", "self exponent", np.power, shown="self ** exponent", node="PowBackward1",
    promote="common",
)  # fmt: skip
_pow_tensor.derivative(
    "self",
    r"grad \odot exponent \odot self^{exponent - 1}",
    lambda grad, self, exponent: either.mask(
        grad * (exponent * self ** (exponent - 1)), exponent != 0
    ),
)
_pow_tensor.derivative(
    "exponent",
    r"grad \odot result \odot \ln self",
    lambda grad, self, exponent, result: either.mask(
        grad * (result * either.log(self)), ~((self == 0) & (exponent >= 0))
    ),
)

_pow_scalar = Operation(
    "pow", "exponent", lambda exponent, self: np.power(*to_common((self, exponent))),
    options="self", shown="self ** exponent", node="PowBackward2",
)  # fmt: skip
_pow_scalar.derivative(
    "exponent",
    r"grad \odot result \, \ln self",
    lambda grad, self, result: grad * (result * float(np.log(self))) if self else grad * 0,
)


def pow(input: Any, exponent: Any) -> Tensor:
    """`input` to the power `exponent`; either may be a number. Raises RuntimeError for an integer
    tensor to a negative power.
    """
    if not isinstance(exponent, Tensor):
        return _pow(input, exponent)
    if not isinstance(input, Tensor):
        return _pow_scalar(exponent, input)
    return _pow_tensor(input, exponent)


def _power(base: np.ndarray, exponent: float) -> Any:
    """NumPy's power, except that 2 and 0.5 take the exact short way and integers stay integers."""
    if base.dtype.kind != "f":
        if not isinstance(exponent, float) and exponent < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        if isinstance(exponent, float) or base.dtype.kind == "b":
            return np.power(*to_common((base, exponent)))
    if exponent == 2:
        return np.square(base)
    return np.sqrt(base) if exponent == 0.5 else np.power(base, base.dtype.type(exponent))


def rsub(input: Tensor, other: Any) -> Tensor:
    """`other - input`."""
    return sub(other, input) if isinstance(other, Tensor) else _rsub(input, other)


def rdiv(input: Tensor, other: Any) -> Tensor:
    """`other / input`: PyTorch computes the reciprocal first."""
    return mul(reciprocal(input), other)


exp = Operation("exp", "self", np.exp, promote="float")
exp.derivative("self", r"grad \odot result", lambda grad, result: grad * result)

log = Operation("log", "self", np.log, promote="float")
log.derivative("self", r"\frac{grad}{self}", lambda grad, self: grad / self)

sqrt = Operation("sqrt", "self", np.sqrt, promote="float")
sqrt.derivative("self", r"\frac{grad}{2 \, result}", lambda grad, result: grad / (2 * result))

abs = Operation("abs", "self", np.absolute)
abs.derivative(
    "self", r"grad \odot \operatorname{sign}(self)", lambda grad, self: grad * either.sign(self)
)

sign = Operation("sign", "self", np.sign)
sign.derivative("self", "0", lambda grad: grad * 0)

eq = Operation("eq", "self other", np.equal, shown="self == other", promote="common")
ne = Operation("ne", "self other", np.not_equal, shown="self != other", promote="common")
lt = Operation("lt", "self other", np.less, shown="self < other", promote="common")
le = Operation("le", "self other", np.less_equal, shown="self <= other", promote="common")
gt = Operation("gt", "self other", np.greater, shown="self > other", promote="common")
ge = Operation("ge", "self other", np.greater_equal, shown="self >= other", promote="common")

logical_not = Operation("logical_not", "self", np.logical_not, shown="~self")
logical_and = Operation("logical_and", "self other", np.logical_and, shown="self & other", fit=True)
logical_or = Operation("logical_or", "self other", np.logical_or, shown="self | other", fit=True)

clone = Operation("clone", "self", np.copy)
clone.derivative("self", "grad", lambda grad: grad)

_to = Operation(
    "to_copy", "self", lambda self, dtype: self.astype(dtype.numpy), options="dtype",
    shown="self.to(dtype)", fit=True,
)  # fmt: skip
_to.derivative("self", "grad", lambda grad: grad)  # the engine casts it back


def to(input: Tensor, dtype: Any) -> Tensor:
    """`input` in another dtype; the same tensor if it has that dtype already."""
    from ..dtypes import named

    wanted = named(dtype)
    if wanted is input.dtype:
        return input
    return _to(input if wanted.is_floating_point else input.detach(), wanted)
