"""Functions of two or three tensors, entry by entry: `lerp`, `addcmul`, `hypot`, `logaddexp`, …"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.forward_ad import nothing
from ..tensor import Tensor
from . import either
from .half import in_single
from .operation import Operation
from .refusals import check_range, floats_only, refuse_kinds
from .with_numbers import minus, plus, ratio, scaled, times

atan2 = Operation("atan2", "self other", np.arctan2, promote="float", rows=True)
atan2.derivative(
    "self",
    r"grad \odot \frac{other}{self^2 + other^2}",
    lambda grad, self, other: grad * other * _of_square(self, other),
)
atan2.derivative(
    "other",
    r"-grad \odot \frac{self}{self^2 + other^2}",
    lambda grad, self, other: grad * -self * _of_square(self, other),
)


@atan2.tangent
def _atan2_moved(moved: dict[str, Any], self: Any, other: Any) -> Any:
    up = moved["self"] * other if "self" in moved else nothing(other)
    across = -moved["other"] * self if "other" in moved else nothing(self)
    return (up + across) / (self * self + other * other)


def _of_square(self: Any, other: Any) -> Any:
    """1 / (self² + other²); 0 at the origin, where the angle is not defined."""
    square = self * self + other * other
    return either.cleared(1 / square, square == 0)


hypot = Operation("hypot", "self other", floats_only("hypot_cpu", np.hypot), promote="common")
hypot.derivative(
    "self", r"grad \odot \frac{self}{result}", lambda grad, self, result: (grad * self) / result
)
hypot.derivative(
    "other", r"grad \odot \frac{other}{result}", lambda grad, other, result: (grad * other) / result
)

logaddexp = Operation(
    "logaddexp", "self other", floats_only("logaddexp_cpu", np.logaddexp), promote="common"
)
logaddexp.derivative(
    "self",
    r"\frac{grad}{1 + e^{other - self}}",
    lambda grad, self, other: grad / plus(either.exp(other - self), 1),
)
logaddexp.derivative(
    "other",
    r"\frac{grad}{1 + e^{self - other}}",
    lambda grad, self, other: grad / plus(either.exp(self - other), 1),
)

_copysign = Operation("copysign", "self other", np.copysign, promote="float")
_copysign_number = Operation(
    "copysign", "self", lambda self, other: np.copysign(self, self.dtype.type(other)),
    options="other", promote="float", node="CopysignBackward1",
)  # fmt: skip
for _operation in (_copysign, _copysign_number):
    _operation.derivative(
        "self",
        r"grad \odot \frac{result}{self}",
        lambda grad, self, result: grad * either.cleared(result / self, self == 0),
    )
_copysign.derivative("other", "0", either.zeros)


def copysign(input: Tensor, other: Any) -> Tensor:
    """The sizes of `input` with the signs of `other`, a tensor or a number."""
    return (_copysign if isinstance(other, Tensor) else _copysign_number)(input, other)


def _times_log(x: Any, y: Any) -> Any:
    return np.where((x == 0) & ~np.isnan(y), np.zeros((), x.dtype), x * np.log(y))


_logs = in_single(_times_log)
_xlogy = Operation("xlogy", "self other", _logs, promote="float")
_xlogy.derivative(
    "self",
    r"grad \odot \log other",
    lambda grad, self, other: either.cleared(
        either.apply(_xlogy, grad, other), (self == 0) & (other <= 0)
    ),
)
_number_xlogy = Operation(
    "xlogy", "other", lambda other, self: _logs(np.asarray(self, other.dtype), other),
    options="self", promote="float", node="XlogyBackward1", shown="xlogy(self, other)",
)  # fmt: skip
for _operation in (_xlogy, _number_xlogy):
    _operation.derivative(
        "other",
        r"grad \odot \frac{self}{other}",
        lambda grad, self, other: (grad * self) / other,
    )
_xlogy_number = Operation(
    "xlogy", "self", lambda self, other: _logs(self, np.asarray(other, self.dtype)),
    options="other", promote="float", node="XlogyBackward2",
)  # fmt: skip
_xlogy_number.derivative(
    "self",
    r"grad \odot \log other",
    lambda grad, self, other: (
        either.apply(_xlogy_number, grad, other) if other > 0
        else either.cleared(either.apply(_xlogy_number, grad, other), self == 0)),
)  # fmt: skip


def xlogy(input: Any, other: Any) -> Tensor:
    """`input * log(other)`, 0 where `input` is 0. One of both may be a number."""
    if not isinstance(input, Tensor):
        return _number_xlogy(other, input)
    return (_xlogy if isinstance(other, Tensor) else _xlogy_number)(input, other)


def _between(start: np.ndarray, end: np.ndarray, weight: Any) -> Any:
    """The value at `weight` on the way, counted from the nearer end, as PyTorch does."""
    near = np.abs(weight) < 0.5
    return np.where(
        near, start + weight * (end - start), end - (end - start) * (1 - weight)
    ).astype(start.dtype, copy=False)


_lerp_number = Operation(
    "lerp", "self end", floats_only("lerp_kernel_scalar", _between), options="weight", fit=True,
    jvp="entrywise",
)  # fmt: skip
_lerp_number.derivative("self", r"(1 - weight) \, grad", lambda grad, weight: times(
    grad, 1 - weight))  # fmt: skip
_lerp_number.derivative("end", r"weight \, grad", lambda grad, weight: times(grad, weight))

_lerp = Operation(
    "lerp", "self end weight", floats_only("lerp_kernel_tensor", _between), node="LerpBackward1",
    promote="common",
)  # fmt: skip
_lerp.derivative("self", r"grad \odot (1 - weight)", lambda grad, weight: grad * minus(1, weight))
_lerp.derivative("end", r"grad \odot weight", lambda grad, weight: grad * weight)
_lerp.derivative("weight", r"grad \odot (end - self)", lambda grad, self, end: grad * (end - self))


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """`input + weight (end - input)`; `weight` is a number or a tensor.

    Raises RuntimeError if the dtypes differ, but for that of a weight without axes.
    """
    for name, value in (("end", end), ("weight", weight)):
        if not isinstance(value, Tensor) or (name == "weight" and not value.ndim):
            continue
        if value._array.dtype != input._array.dtype:
            raise RuntimeError(
                f"expected dtype {input.dtype.c_name} for `{name}` but got dtype "
                f"{value.dtype.c_name}"
            )
    if isinstance(weight, Tensor):
        return _lerp(input, end, weight)
    kind = input._array.dtype
    if kind.kind == "f":
        check_range(weight, np.dtype(np.float32) if kind == np.float16 else kind)
    return _lerp_number(input, end, weight)


_addcmul = Operation(
    "addcmul", "self tensor1 tensor2",
    in_single(lambda self, tensor1, tensor2, value: _plus_product(self, tensor1, tensor2, value)),
    options="value", shown="self + value * tensor1 * tensor2", promote="common",
)  # fmt: skip
_addcmul.derivative("self", "grad", lambda grad: grad)
_addcmul.derivative(
    "tensor1",
    r"value \, grad \odot tensor2",
    lambda grad, tensor2, value: grad * scaled(tensor2, value),
)
_addcmul.derivative(
    "tensor2",
    r"value \, grad \odot tensor1",
    lambda grad, tensor1, value: grad * scaled(tensor1, value),
)


def _plus_product(x: np.ndarray, a: np.ndarray, b: np.ndarray, value: Any) -> Any:
    refuse_kinds(x, "b", "addcmul_cpu_out")
    return x + x.dtype.type(value) * a * b


_addcdiv = Operation(
    "addcdiv", "self tensor1 tensor2",
    in_single(
        lambda self, tensor1, tensor2, value: self + self.dtype.type(value) * tensor1 / tensor2
    ),
    options="value", shown="self + value * tensor1 / tensor2", promote="common",
)  # fmt: skip
_addcdiv.derivative("self", "grad", lambda grad: grad)
_addcdiv.derivative(
    "tensor1", r"value \, \frac{grad}{tensor2}", lambda grad, tensor2, value: (
        grad * ratio(value, tensor2)))  # fmt: skip
_addcdiv.derivative(
    "tensor2",
    r"-value \, grad \odot \frac{tensor1}{tensor2^2}",
    lambda grad, tensor1, tensor2, value: -grad * (value * tensor1 / (tensor2 * tensor2)),
)


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """`input + value * tensor1 * tensor2`."""
    return _addcmul(input, tensor1, tensor2, value)


INTEGER_ADDCDIV = (
    "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will "
    "perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be "
    "implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer "
    "inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv "
    "behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all "
    "dtypes."
)


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    """`input + value * tensor1 / tensor2`. Raises RuntimeError if both are integers."""
    if tensor1._array.dtype.kind != "f" and tensor2._array.dtype.kind != "f":
        raise RuntimeError(INTEGER_ADDCDIV)
    return _addcdiv(input, tensor1, tensor2, value)
