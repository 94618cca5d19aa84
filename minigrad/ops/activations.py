"""The bends that make a network more than a matrix: relu and its relatives, sigmoid, tanh, gelu, …

Where a function has a kink any slope between the two sides is a subgradient. PyTorch has chosen one
for each (relu at 0: 0; leaky_relu at 0: the slope of the negative side), and so do we.
Sources of the formulas: the PyTorch pages of the layers of these names.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .fused import fuse
from .half import in_single
from .operation import Operation
from .refusals import check_range, floats_only, refuse_kinds
from .with_numbers import minus, plus

relu = Operation("relu", "self", lambda self: _rectified(self), jvp="entrywise")
relu.derivative("self", r"grad \odot [result > 0]", lambda grad, result: (
    _threshold(grad, result, 0) if isinstance(grad, Tensor)
    else either.cleared(grad, result <= 0)))  # fmt: skip
# What comes back to nan passes, as in PyTorch.

threshold = Operation(
    "threshold", "self",
    lambda self, threshold, value: _above(self, threshold, value), options="threshold value",
    jvp="entrywise",
)  # fmt: skip
threshold.derivative(
    "self", r"grad \odot [self > threshold]",
    lambda grad, self, threshold: either.apply(_threshold, grad, self, threshold),
)  # fmt: skip


def _above(x: np.ndarray, threshold: float, value: float) -> Any:
    refuse_kinds(x, "b", "threshold_cpu")
    kind = x.dtype.type
    check_range(threshold, x.dtype)
    return np.where(x <= kind(threshold), kind(value), x)


def _rectified(x: np.ndarray) -> Any:
    if x.dtype.kind == "b":
        raise RuntimeError("Boolean inputs not supported for relu")
    return np.maximum(0, x)  # in this order -0 stays -0


def _passing(name: str, option: str, latex: str, forward: Any) -> Operation:
    """What lets `grad` pass where `self` is beyond a limit: it is its own derivative by `grad`.

    That by `self` is 0, but it has one: as in PyTorch, a second backward pass finds the way.
    """
    passing = Operation(name, "grad self", forward, options=option, jvp="entrywise")
    passing.derivative(
        "grad", latex, lambda grad, self, limit: either.apply(passing, grad, self, limit),
        needs=("self", option),
    )  # fmt: skip
    passing.derivative("self", "0", lambda grad: either.zeros(grad))
    return passing


_threshold: Operation = _passing(
    "threshold_backward", "threshold", r"grad \odot [self > threshold]",
    lambda grad, self, threshold: np.where(self <= threshold, 0.0, grad),
)  # fmt: skip

sigmoid = Operation(
    "sigmoid", "self", in_single(lambda self: np.reciprocal(1 + np.exp(-self))), promote="float"
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


def _flat(name: str, options: str, function: Any) -> Operation:
    """The slope of a function made of straight pieces.

    Its own derivative is 0, but it has one: as in PyTorch, a second backward pass finds the way.
    """
    operation = Operation(
        name, "self", lambda self, *rest: function(self, *rest).astype(self.dtype), options=options,
        jvp="entrywise",
    )  # fmt: skip
    operation.derivative("self", "0", either.zeros)
    return operation


_leaky_slope = _flat(
    "leaky_relu_backward", "negative_slope",
    lambda x, slope: np.where(x > 0, x.dtype.type(1), x.dtype.type(slope)),
)  # fmt: skip
_hardtanh_slope = _flat(
    "hardtanh_backward", "min_val max_val", lambda x, low, high: ~((x <= low) | (x >= high))
)

_leaky_relu = Operation(
    "leaky_relu", "self",
    floats_only("leaky_relu_cpu", lambda self, slope: np.where(self > 0, self, self * slope)),
    options="negative_slope", jvp="entrywise",
)  # fmt: skip
_leaky_relu.derivative(
    "self",
    r"grad \odot (1 \text{ if } self > 0 \text{ else } negative_slope)",
    lambda grad, self, negative_slope: grad * either.apply(_leaky_slope, self, negative_slope),
)


def leaky_relu(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """`input` where it is positive, `negative_slope * input` elsewhere."""
    return _leaky_relu(input, negative_slope)


_elu = Operation(
    "elu", "self",
    floats_only(
        "elu_cpu", lambda self, alpha: np.where(self > 0, self, alpha * np.expm1(self))
    ),
    options="alpha", jvp="entrywise",
)  # fmt: skip
_elu.derivative(
    "self",
    r"grad \odot (1 \text{ if } self > 0 \text{ else } alpha \, e^{self})",
    lambda grad, self, alpha: either.where(
        self <= 0, grad * (alpha * either.exp(either.mask(self, self < 0))), grad
    ),
)
_elu.shows("self alpha", scale=1, input_scale=1)


def elu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`input` where it is positive, `alpha (exp(input) - 1)` elsewhere."""
    return _elu(input, alpha)


# In place the result is saved: `self` is gone. It has the sign of `self` if the slope has.

_elu_in_place = Operation(
    "elu", "self", _elu.forward, options="alpha", node="EluBackward1", jvp="entrywise"
)
_elu_in_place.derivative(
    "self",
    r"grad \odot (1 \text{ if } result > 0 \text{ else } result + alpha)",
    lambda grad, result, alpha: either.where(
        _rising(result, alpha, "elu") <= 0, grad * (result + alpha), grad
    ),
)
_elu_in_place.shows("result alpha", scale=1, input_scale=1)

_leaky_relu_in_place = Operation(
    "leaky_relu", "self", _leaky_relu.forward, options="negative_slope",
    node="LeakyReluBackward1", jvp="entrywise",
)  # fmt: skip
_leaky_relu_in_place.derivative(
    "self",
    r"grad \odot (1 \text{ if } result > 0 \text{ else } negative_slope)",
    lambda grad, result, negative_slope: (
        grad
        * either.apply(_leaky_slope, _rising(result, negative_slope, "leakyReLu"), negative_slope)
    ),
)

_threshold_in_place = Operation(
    "threshold", "self", threshold.forward, options="threshold value", node="ThresholdBackward1",
    jvp="entrywise",
)  # fmt: skip
_threshold_in_place.derivative("self", threshold.latex["self"], threshold.rules["self"])

IN_PLACE = {
    "elu": _elu_in_place, "leaky_relu": _leaky_relu_in_place, "threshold": _threshold_in_place,
}  # fmt: skip
"""Those that have a derivative of their own in place."""


def _rising(result: Any, slope: float, name: str) -> Any:
    """The result. Raises RuntimeError if its sign does not tell that of the input."""
    if slope < 0:
        text = (
            f"In-place {name} backward calculation is triggered with a negative slope which is not "
            "supported. This is caused by calling in-place forward function with a negative slope, "
            "please call out-of-place version instead."
        )
        if name == "leakyReLu":
            text += (
                " File an issue at https://github.com/pytorch/pytorch if you do require supporting "
                "in-place leakRelu backward calculation with negative slope"
            )
        raise RuntimeError(text)
    return result


silu = Operation(
    "silu", "self", floats_only("silu_cpu", lambda self: self / (1 + np.exp(-self))),
    jvp="entrywise",
)  # fmt: skip
silu.derivative(
    "self",
    r"grad \odot \sigma(self) \odot (1 + self \odot (1 - \sigma(self)))",
    lambda grad, self: _silu_back(grad, self, either.sigmoid(self)),
)


def _silu_back(grad: Any, x: Any, gate: Any) -> Any:
    return grad * gate * plus(x * minus(1, gate), 1)


_softplus = Operation(
    "softplus", "self",
    floats_only("softplus_cpu", lambda self, beta, threshold: np.where(
        self * beta > threshold, self, np.log1p(np.exp(self * beta)) / beta)),
    options="beta threshold", jvp="entrywise",
)  # fmt: skip
_softplus.derivative(
    "self",
    r"grad \odot \sigma(beta \, self)",
    lambda grad, self, beta, threshold: either.where(
        self * beta > threshold, grad, grad * either.sigmoid(self * beta)
    ),
)


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """A smooth relu, `log(1 + exp(beta x)) / beta`; `x` itself where `beta x > threshold`."""
    return _softplus(input, beta, threshold)


logsigmoid = Operation(
    "log_sigmoid", "self",
    floats_only(
        "log_sigmoid_cpu", lambda self: np.minimum(self, 0) - np.log1p(np.exp(-np.abs(self)))
    ),
    jvp="entrywise", layout="C",
)  # fmt: skip
logsigmoid.derivative(
    "self", r"grad \odot \sigma(-self)", lambda grad, self: grad * either.sigmoid(-self)
)
logsigmoid.shows("self", buffer=lambda self: np.asarray(np.exp(-np.abs(self._array))))

_hardtanh = Operation(
    "hardtanh", "self",
    lambda self, min_val, max_val: np.clip(
        self, self.dtype.type(min_val), self.dtype.type(max_val)
    ),
    options="min_val max_val", jvp="entrywise",
)  # fmt: skip
_hardtanh.derivative(
    "self",
    r"grad \odot [min_val < self < max_val]",
    lambda grad, self, min_val, max_val: _cut(
        grad, either.apply(_hardtanh_slope, self, min_val, max_val)
    ),
)


def _cut(grad: Any, slope: Any) -> Any:
    """The cotangent where the slope is 1, and 0 (with no sign) where it is 0."""
    return either.mask(grad, slope != 0) if isinstance(grad, either.ARRAY) else grad * slope


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`input` kept within [min_val, max_val]; unlike `clamp`, the slope at the limits is 0.

    Raises ValueError for limits in the wrong order, RuntimeError for bools.
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    if input._array.dtype.kind == "b":
        raise RuntimeError("Bool inputs not supported for hardtanh")
    return _hardtanh(input, min_val, max_val)


def relu6(input: Tensor) -> Tensor:
    """`min(max(0, input), 6)`."""
    return hardtanh(input, 0, 6)


# The two forms of gelu: x Φ(x), and its approximation by tanh. Source: the PyTorch page "GELU".
SLOPE, CUBIC = math.sqrt(2 / math.pi), 0.044715

_gelu = Operation(
    "gelu", "self", floats_only("GeluKernelImpl", lambda self, approximate: self * (
        _gate(self) if approximate == "tanh" else _normal(self))),
    options="approximate", jvp="entrywise",
)  # fmt: skip
_gelu.derivative(
    "self",
    r"grad \odot (\Phi(self) + self \odot \varphi(self))",
    lambda grad, self, approximate: (
        grad * (_gate(self) + self * _gate_slope(self)) if approximate == "tanh"
        else grad * (_normal(self) + self * (
            either.exp(self * self * -0.5) * (1 / math.sqrt(2 * math.pi))))),
)  # fmt: skip


def _normal(x: Any) -> Any:
    """Φ: the distribution function of the normal distribution."""
    return 0.5 * (1 + either.erf(x * math.sqrt(0.5)))


def _gate(x: Any) -> Any:
    return 0.5 * (1 + either.tanh(SLOPE * (x + CUBIC * x**3)))


def _gate_slope(x: Any) -> Any:
    tanh_inner = either.tanh(SLOPE * (x + CUBIC * x**3))
    return 0.5 * (1 - tanh_inner * tanh_inner) * (SLOPE * (1 + 3 * CUBIC * (x * x)))


def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """`input` times the probability that a normal random number is below it.

    approximate: "none", or "tanh" for a formula without the error function.

    Raises RuntimeError for another `approximate`.
    """
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return _gelu(input, approximate)


for _operation, _node in (
    (sigmoid, "Sigmoid"), (tanh, "Tanh"), (_leaky_relu, "LeakyRelu"), (_elu, "Elu"),
    (_gelu, "Gelu"), (_softplus, "Softplus"), (logsigmoid, "LogSigmoid"), (_hardtanh, "Hardtanh"),
):  # fmt: skip
    fuse(_operation, "self", f"{_node}BackwardBackward0")
