"""Sums and differences with a factor: `add(x, y, alpha=2)` is `x + 2 * y`. `rsub`: reversed.

With a factor of 1 they are the plain ones of `arithmetic.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from .arithmetic import add, sub, to_common_unless_bool
from .operands import mismatch, to_common
from .operation import Operation
from .refusals import check_range
from .with_numbers import times

_rsub = Operation(
    "rsub", "self", lambda self, other, alpha: _minus(other, self, alpha), options="other alpha",
    shown="other - self", node="RsubBackward1", jvp="entrywise",
)  # fmt: skip
_rsub.derivative("self", r"-alpha \, grad", lambda grad, alpha: times(-grad, alpha))

_rsub_tensor = Operation(
    "rsub", "self other", lambda self, other, alpha: _minus(other, self, alpha), options="alpha",
    shown="other - alpha * self", promote="common", layout="other self",
)  # fmt: skip
_rsub_tensor.derivative("self", r"-alpha \, grad", lambda grad, alpha: times(-grad, alpha))
_rsub_tensor.derivative("other", "grad", lambda grad: grad)
_rsub_tensor.promotion = to_common_unless_bool

_add_multiple = Operation(
    "add", "self other", lambda self, other, alpha: _plus(self, other, alpha), options="alpha",
    shown="self + alpha * other", promote="common",
)  # fmt: skip
_add_multiple.derivative("self", "grad", lambda grad: grad)
_add_multiple.derivative("other", r"alpha \, grad", lambda grad, alpha: times(grad, alpha))

_sub_multiple = Operation(
    "sub", "self other", lambda self, other, alpha: _minus(self, other, alpha), options="alpha",
    shown="self - alpha * other", promote="common",
)  # fmt: skip
_sub_multiple.derivative("self", "grad", lambda grad: grad)
_sub_multiple.derivative("other", r"-alpha \, grad", lambda grad, alpha: times(-grad, alpha))
_sub_multiple.promotion = to_common_unless_bool


def _plus(x: Any, y: Any, alpha: Any) -> Any:
    x, y = to_common((x, y))
    return np.add(x, np.multiply(y, whole(alpha, x.dtype), dtype=x.dtype))


def _minus(x: Any, y: Any, alpha: Any) -> Any:
    x, y = to_common_unless_bool((x, y))
    try:
        if alpha == 1:
            return np.subtract(x, y)
        some = x if isinstance(x, np.ndarray) else y
        return np.subtract(x, np.multiply(y, whole(alpha, some.dtype), dtype=some.dtype))
    except ValueError:  # `rsub` names them in this order, too
        raise mismatch(x, y) from None


def whole(factor: Any, dtype: np.dtype, name: str = "alpha") -> Any:
    """A factor in a dtype. Raises RuntimeError for a fraction of integers, or what is too large."""
    if isinstance(factor, float) and dtype.kind != "f":
        raise RuntimeError(
            f"For integral input tensors, argument {name} must not be a floating point number."
        )
    check_range(factor, dtype)
    return np.asarray(factor).astype(dtype)[()]


def _is_one(alpha: Any) -> bool:
    """A factor of 1.0 is for floating point numbers alone; the operations look."""
    return alpha == 1 and not isinstance(alpha, float)


def add_multiple(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """`input + alpha * other`. Raises RuntimeError for a fraction of integers."""
    refuse_truth(alpha, input, other)
    return add(input, other) if _is_one(alpha) else _add_multiple(input, other, alpha)


def sub_multiple(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """`input - alpha * other`. Raises RuntimeError for bool tensors."""
    refuse_truth(alpha, input, other)
    return sub(input, other) if alpha == 1 else _sub_multiple(input, other, alpha)


def refuse_truth(factor: Any, *operands: Any, name: str = "alpha") -> None:
    """Raise RuntimeError for a factor True or False of what is not bool."""
    if factor is True or factor is False:
        arrays = [value._array if isinstance(value, Tensor) else value for value in operands]
        if any(np.asarray(array).dtype.kind != "b" for array in arrays):
            raise RuntimeError(f"Boolean {name} only supported for Boolean results.")


def rsub(input: Tensor, other: Any, *, alpha: Any = 1) -> Tensor:
    """`other - alpha * input`."""
    refuse_truth(alpha, input, other)
    return (_rsub_tensor if isinstance(other, Tensor) else _rsub).call(input, other, alpha)
