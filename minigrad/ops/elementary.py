"""Functions of one number, entry by entry: exponentials, logarithms, angles, rounding.

An integer tensor becomes one of the default dtype first, except where it is only rounded. Source of
the derivatives: PyTorch's `derivatives.yaml`; the choice of saved value (`self` or `result`) too.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .operation import Operation
from .refusals import floats_only, refuse_kinds
from .with_numbers import minus, plus, times

LN2, LN10 = math.log(2), math.log(10)

exp = Operation("exp", "self", np.exp, promote="float")
exp.derivative("self", r"grad \odot result", lambda grad, result: grad * result)

log = Operation("log", "self", np.log, promote="float")
log.derivative("self", r"grad \odot \frac{1}{self}", lambda grad, self: grad / self)

sqrt = Operation("sqrt", "self", np.sqrt, promote="float")
sqrt.derivative("self", r"\frac{grad}{2 \, result}", lambda grad, result: grad / times(result, 2))

abs = Operation("abs", "self", lambda self: _absolute(self), jvp="entrywise")
abs.derivative(
    "self", r"grad \odot \operatorname{sign}(self)", lambda grad, self: grad * either.sign(self)
)


def _absolute(x: np.ndarray) -> Any:
    refuse_kinds(x, "b", "abs_cpu")
    return np.absolute(x)


sign, sgn = (  # of complex numbers they would differ
    Operation(name, "self", lambda self: either.sign(self), jvp="entrywise")
    for name in ("sign", "sgn")
)
sign.derivative("self", "0", either.zeros)
sgn.derivative("self", "0", either.zeros)
sgn.shows("self result")

exp2 = Operation("exp2", "self", np.exp2, promote="float")
exp2.derivative("self", r"grad \odot result \, \ln 2", lambda grad, result: (
    times(grad * result, LN2)))  # fmt: skip

expm1 = Operation("expm1", "self", np.expm1, promote="float")
expm1.derivative("self", r"grad \odot (result + 1)", lambda grad, result: grad * plus(result, 1))

log1p = Operation("log1p", "self", np.log1p, promote="float", node="Log1PBackward0")
log1p.derivative("self", r"\frac{grad}{self + 1}", lambda grad, self: grad / plus(self, 1))

log2 = Operation("log2", "self", np.log2, promote="float")
log2.derivative("self", r"\frac{grad}{self \, \ln 2}", lambda grad, self: grad / times(self, LN2))

log10 = Operation("log10", "self", np.log10, promote="float")
log10.derivative(
    "self", r"\frac{grad}{self \, \ln 10}", lambda grad, self: grad / times(self, LN10)
)

rsqrt = Operation("rsqrt", "self", lambda self: 1 / np.sqrt(self), promote="float")
rsqrt.derivative(
    "self",
    r"-\tfrac{1}{2} \, grad \odot result^3",
    lambda grad, result: times(grad, -0.5) * result**3,
)

sin = Operation("sin", "self", np.sin, promote="float")
sin.derivative("self", r"grad \odot \cos self", lambda grad, self: grad * either.cos(self))

cos = Operation("cos", "self", np.cos, promote="float")
cos.derivative("self", r"-grad \odot \sin self", lambda grad, self: grad * -either.sin(self))

tan = Operation("tan", "self", np.tan, promote="float")
tan.derivative("self", r"grad \odot (1 + result^2)", lambda grad, result: grad * plus(result**2, 1))

sinh = Operation("sinh", "self", np.sinh, promote="float")
sinh.derivative("self", r"grad \odot \cosh self", lambda grad, self: grad * either.cosh(self))

cosh = Operation("cosh", "self", np.cosh, promote="float")
cosh.derivative("self", r"grad \odot \sinh self", lambda grad, self: grad * either.sinh(self))

asin = Operation("asin", "self", np.arcsin, promote="float")
asin.derivative(
    "self",
    r"\frac{grad}{\sqrt{1 - self^2}}",
    lambda grad, self: grad * either.rsqrt(plus(-self * self, 1)),
)

acos = Operation("acos", "self", np.arccos, promote="float")
acos.derivative(
    "self",
    r"\frac{-grad}{\sqrt{1 - self^2}}",
    lambda grad, self: grad * -either.rsqrt(plus(-self * self, 1)),
)

atan = Operation("atan", "self", np.arctan, promote="float")
atan.derivative("self", r"\frac{grad}{self^2 + 1}", lambda grad, self: grad / plus(self * self, 1))

asinh = Operation("asinh", "self", np.arcsinh, promote="float")
asinh.derivative(
    "self",
    r"\frac{grad}{\sqrt{self^2 + 1}}",
    lambda grad, self: grad * either.rsqrt(plus(self**2, 1)),
)

acosh = Operation("acosh", "self", np.arccosh, promote="float")
acosh.derivative(
    "self",
    r"\frac{grad}{\sqrt{self^2 - 1}}",
    lambda grad, self: grad * either.rsqrt(self * self - 1),
)

atanh = Operation("atanh", "self", np.arctanh, promote="float")
atanh.derivative("self", r"\frac{grad}{1 - self^2}", lambda grad, self: grad / minus(1, self**2))

_complement = np.frompyfunc(math.erfc, 1, 1)

_logit = Operation(
    "logit", "self", lambda self, eps: _log_odds(self, eps), options="eps", promote="float",
    shown="logit(self)",
)  # fmt: skip
_logit.derivative(
    "self",
    lambda eps: r"\frac{grad}{self \odot (1 - self)}" + (
        "" if eps is None else r" \odot [eps \le self \le 1 - eps]"),
    lambda grad, self, eps: either.where(
        (self >= _least(eps)) & (self <= 1 - _least(eps)),
        grad / (self * (1 - self)),
        math.nan if eps is None or eps < 0 else 0.0,
    ),
)  # fmt: skip


def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """The inverse of sigmoid: ln(x / (1 - x)). `eps`: x is kept within [eps, 1 - eps] first."""
    return _logit(input, None if eps is None else float(eps))


def _least(eps: float | None) -> float:
    return 0.0 if eps is None or eps < 0 else eps


def _log_odds(x: np.ndarray, eps: float | None) -> Any:
    if eps is not None and eps >= 0:
        x = np.minimum(np.maximum(x, x.dtype.type(eps)), x.dtype.type(1 - eps))
    return np.log(x / (1 - x))


erf = Operation("erf", "self", lambda self: either.erf(self), promote="float")
erf.derivative(
    "self",
    r"\tfrac{2}{\sqrt{\pi}} \, e^{-self^2} \odot grad",
    lambda grad, self: times(either.exp(-(self**2)), 2 / math.sqrt(math.pi)) * grad,
)

erfc = Operation(
    "erfc", "self", lambda self: np.asarray(_complement(self)).astype(self.dtype), promote="float"
)
erfc.derivative(
    "self",
    r"-\tfrac{2}{\sqrt{\pi}} \, e^{-self^2} \odot grad",
    lambda grad, self: times(either.exp(-(self**2)), -2 / math.sqrt(math.pi)) * grad,
)


def _rounding(name: str, function: Any) -> Operation:
    """A function that is flat between its steps: its derivative is 0. Integers stay as they are."""

    def forward(self: np.ndarray) -> Any:
        refuse_kinds(self, "b", f"{name}_vml_cpu")
        return function(self) if self.dtype.kind == "f" else self.copy()

    operation = Operation(name, "self", forward, jvp="entrywise")
    operation.derivative("self", "0", either.zeros)
    return operation


floor = _rounding("floor", np.floor)
ceil = _rounding("ceil", np.ceil)
trunc = _rounding("trunc", np.trunc)
_round = _rounding("round", np.rint)

_round_decimals = Operation(
    "round", "self", lambda self, decimals: _rounded(self, decimals), options="decimals",
    node="RoundBackward1", jvp="entrywise",
)  # fmt: skip
_round_decimals.derivative("self", "0", either.zeros)


def _rounded(x: np.ndarray, decimals: int) -> Any:
    refuse_kinds(x, "biu", "round_cpu")
    scale = 10.0 ** (decimals if decimals > 0 else -decimals)
    return np.rint(x * scale) / scale if decimals > 0 else np.rint(x / scale) * scale


def round(input: Tensor, *, decimals: int | None = None) -> Tensor:
    """`input` rounded to whole numbers (halves to the even one), or to `decimals` digits."""
    return _round(input) if decimals is None else _round_decimals(input, decimals)


frac = Operation(
    "frac", "self", floats_only("frac_cpu", lambda self: self - np.trunc(self)), jvp="entrywise"
)
frac.derivative("self", "grad", lambda grad: grad)
