"""Powers: `x ** 2`, `x ** y`, `2 ** x`; squares and roots.

PyTorch has a node for each of the three, because their derivatives save different things.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..dtypes import plain
from ..tensor import Tensor
from . import either
from .operands import to_common
from .operation import Operation
from .refusals import NO_MINUS, refuse_kinds
from .type_casts import to
from .with_numbers import scaled, times

_pow = Operation(
    "pow", "self", lambda self, exponent: _power(self, exponent), options="exponent",
    shown="self ** exponent", jvp="entrywise",
)  # fmt: skip
_pow.derivative(
    "self",
    r"grad \odot exponent \, self^{exponent - 1}",
    lambda grad, self, exponent: (
        grad * scaled(either.power(self, exponent - 1), exponent)
        if exponent != 0
        else either.zeros(grad)
    ),
)


def _less_one(exponent: Any) -> Any:
    """`exponent - 1`. Raises RuntimeError for truth values, as in PyTorch."""
    if either.numpy_dtype(exponent).kind == "b":
        raise RuntimeError(NO_MINUS)
    return exponent - 1


_pow_tensor = Operation(
    "pow", "self exponent", lambda self, exponent: _power_of_both(self, exponent),
    shown="self ** exponent", node="PowBackward1", promote="common",
)  # fmt: skip
_pow_tensor.derivative(
    "self",
    r"grad \odot exponent \odot self^{exponent - 1}",
    lambda grad, self, exponent: either.without(
        grad * (exponent * self ** _less_one(exponent)), exponent == 0
    ),
)
_pow_tensor.derivative(
    "exponent",
    r"grad \odot result \odot \ln self",
    lambda grad, self, exponent, result: (
        grad * either.without(result * either.log(self), (self == 0) & (exponent >= 0))
    ),
)

_pow_scalar = Operation(
    "pow", "exponent", lambda exponent, self: _power_of_both(*to_common((self, exponent))),
    options="self", shown="self ** exponent", node="PowBackward2", jvp="entrywise", layout="C",
)  # fmt: skip
_pow_scalar.derivative(
    "exponent",
    r"grad \odot result \, \ln self",
    lambda grad, self, exponent, result: (
        grad * times(result, float(np.log(self)))
        if self > 0
        else grad * either.mask(result * -math.inf, ~(exponent >= 0))
        if self == 0
        else grad * (result * math.nan)
    ),
)


def pow(input: Any, exponent: Any) -> Tensor:
    """`input` to the power `exponent`; either may be a number. Raises RuntimeError for an integer
    tensor to a negative power.
    """
    if not isinstance(exponent, Tensor):
        return _pow(input, plain(exponent))
    if not isinstance(input, Tensor):
        return _pow_scalar(exponent, input)
    return _pow_tensor(input, exponent)


def _power(base: np.ndarray, exponent: float) -> Any:
    """NumPy's power, except that 2, 0.5 and -0.5 take the exact short way and integers stay what
    they are.
    """
    if base.dtype.kind != "f":
        if base.dtype.kind == "b" and isinstance(exponent, bool):
            return base | (not exponent)
        if not isinstance(exponent, float) and exponent < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        if isinstance(exponent, float) or base.dtype.kind == "b":
            return np.power(*to_common((base, exponent)))
    if exponent == 2:
        return np.square(base)
    if base.dtype == np.float16:  # PyTorch's way with it is not the short one: (-inf) ** 0.5 is inf
        exponents = np.full(base.shape, exponent, np.float32)  # of one number NumPy takes the root
        return np.power(base.astype(np.float32), exponents).astype(base.dtype)
    if exponent == -0.5:
        return 1 / np.sqrt(base)
    return np.sqrt(base) if exponent == 0.5 else np.power(base, base.dtype.type(exponent))


def _power_of_both(base: Any, exponent: Any) -> Any:
    refuse_kinds(np.asarray(base), "b", "pow")
    if np.asarray(base).dtype.kind != "f" and np.any(exponent < 0):
        return np.where(
            exponent < 0, _reciprocal_power(base, exponent), base ** abs(exponent)
        ).astype(base.dtype)
    return np.power(base, exponent)


def _reciprocal_power(base: Any, exponent: Any) -> Any:
    """An integer to a negative power, cut to an integer: 0 unless the base is 1 or -1."""
    return np.where(base == 1, 1, np.where(base == -1, 1 - 2 * (abs(exponent) % 2), 0))


def square(input: Tensor) -> Tensor:
    """`input ** 2`."""
    return _pow(input, 2)


def float_power(input: Any, exponent: Any) -> Tensor:
    """`input ** exponent`, computed and returned in float64."""
    wide = [to(v, float) if isinstance(v, Tensor) else float(v) for v in (input, exponent)]
    return pow(*wide)
