"""Questions whose answer is true or false, and arithmetic of bits.

Their results have no derivative. `&`, `|`, `^` and `~` act on the bits of integers, and on truth
values as and, or, exclusive or, not; the `logical_` forms take any number for true that is not 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..memory import arranged
from ..tensor import Tensor, made
from .operands import mismatch
from .operation import Operation
from .refusals import refuse_kinds, type_word

eq = Operation("eq", "self other", np.equal, shown="self == other", promote="common")
ne = Operation("ne", "self other", np.not_equal, shown="self != other", promote="common")
lt = Operation("lt", "self other", np.less, shown="self < other", promote="common")
le = Operation("le", "self other", np.less_equal, shown="self <= other", promote="common")
gt = Operation("gt", "self other", np.greater, shown="self > other", promote="common")
ge = Operation("ge", "self other", np.greater_equal, shown="self >= other", promote="common")

logical_not = Operation("logical_not", "self", np.logical_not, shown="~self")
logical_and = Operation(
    "logical_and", "self other", np.logical_and, shown="self & other", fit=True, layout="self other"
)
logical_xor = Operation("logical_xor", "self other", np.logical_xor, fit=True, layout="self other")
logical_or = Operation(
    "logical_or", "self other", np.logical_or, shown="self | other", fit=True, layout="self other"
)

isnan = Operation("isnan", "self", np.isnan)
isfinite = Operation("isfinite", "self", np.isfinite)
isinf = Operation("isinf", "self", np.isinf)
isposinf = Operation("isposinf", "self", lambda self: np.isinf(self) & (self > 0))
isneginf = Operation("isneginf", "self", lambda self: np.isinf(self) & (self < 0))
signbit = Operation("signbit", "self", lambda self: (
    np.signbit(self) if self.dtype.kind == "f" else self < 0))  # fmt: skip


def _bits(name: str, shown: str, function: Any, kernel: str, refused: str = "f") -> Operation:
    def forward(self: Any, other: Any) -> Any:
        np.broadcast_shapes(np.shape(self), np.shape(other))  # raises ValueError
        refuse_kinds(np.asarray(self), refused, kernel)
        return function(self, other)

    return Operation(name, "self other", forward, shown=shown, promote="common")


bitwise_and = _bits("bitwise_and", "self & other", np.bitwise_and, "bitwise_and_cpu")
bitwise_or = _bits("bitwise_or", "self | other", np.bitwise_or, "bitwise_or_cpu")
bitwise_xor = _bits("bitwise_xor", "self ^ other", np.bitwise_xor, "bitwise_xor_cpu")
bitwise_left_shift = _bits("lshift", "self << other", np.left_shift, "lshift_cpu", "bf")
bitwise_right_shift = _bits("rshift", "self >> other", np.right_shift, "rshift_cpu", "bf")

_invert = Operation("bitwise_not", "self", np.invert, shown="~self")


def bitwise_not(input: Tensor) -> Tensor:
    """Every bit turned round; of truth values: not. Raises NotImplementedError for floats."""
    refuse_kinds(input._array, "f", "bitwise_not_cpu")
    return _invert(input)


def invert(input: Tensor) -> Tensor:
    """The operator `~`. Raises TypeError for floating point tensors."""
    if input._array.dtype.kind == "f":
        raise TypeError(
            "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
        )
    return _invert(input)


_isin = Operation("isin", "elements test_elements", np.isin, fit=True)
_isnotin = Operation(
    "isin", "elements test_elements", lambda x, y: ~np.isin(x, y), fit=True, node="IsinBackward1",
    shown="isin(elements, test_elements, invert=True)",
)  # fmt: skip


def isin(
    elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False
) -> Tensor:
    """True where an entry of `elements` is one of `test_elements` (with `invert`: is none of them).

    One of the two may be a number. `assume_unique` may help PyTorch to be quick.

    Raises RuntimeError for two Python numbers.
    """
    for value in (elements, test_elements):
        if isinstance(value, Tensor) and value._array.dtype.kind == "b":
            raise RuntimeError("Unsupported input type encountered for isin(): Bool")
    return (_isnotin if invert else _isin)(elements, test_elements)


def isclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> Tensor:
    """True where `|input - other| <= atol + rtol |other|`. Raises RuntimeError for two dtypes."""
    a, b = input._array, other._array
    if a.dtype != b.dtype:
        raise RuntimeError(f"{type_word(a)} did not match {type_word(b)}")
    for name, value in (("rtol", rtol), ("atol", atol)):
        if not value >= 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value:g}")
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        raise mismatch(a, b) from None
    writes = (equal_nan and a.dtype.kind == "f") + (rtol != 0 or atol != 0)  # into `a == b`
    if a.dtype.kind != "f":
        a, b = a.astype(np.float64), b.astype(np.float64)
    out = made(arranged(np.asarray(np.isclose(a, b, rtol, atol, equal_nan)), a, b))
    out._own_counter().value = writes
    return out


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> bool:
    """True if `isclose` holds everywhere."""
    return bool(isclose(input, other, rtol, atol, equal_nan)._array.all())


def equal(input: Tensor, other: Tensor) -> bool:
    """True if both have the same shape and the same entries."""
    return bool(np.array_equal(input._array, other._array))


def is_nonzero(input: Tensor) -> bool:
    """True if the only entry is not 0. Raises RuntimeError if there are several."""
    return bool(input)
