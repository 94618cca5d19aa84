"""Further bends: mish, celu, selu, prelu, rrelu, and those made of straight pieces.

Where a function has a kink PyTorch has chosen a slope, as in `activations.py`.
Sources of the formulas: the PyTorch pages of the layers of these names.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..random import source
from ..tensor import Tensor
from . import either
from .activations import _passing, _rising
from .fused import fuse
from .in_place import overwrite
from .operation import Operation
from .refusals import floats_only, refuse_kinds, type_word

mish = Operation(
    "mish", "self", floats_only("mish_cpu", lambda self: self * _gate(self)), jvp="entrywise"
)
mish.derivative(
    "self",
    r"grad \odot (t + self \odot \sigma(self) \odot (1 - t^2)), \; "
    r"t = \tanh(\log(1 + e^{self}))",
    lambda grad, self: grad * _mish_slope(self, _gate(self)),
)


def _gate(x: Any) -> Any:
    """The part of the entry that passes: tanh(log(1 + exp(x)))."""
    return either.tanh(either.log1p(either.exp(x)))


def _mish_slope(x: Any, gate: Any) -> Any:
    return gate + x * either.sigmoid(x) * (1 - gate * gate)


# ---- made of straight pieces ---------------------------------------------------------------------

_hardsigmoid_slope = Operation(
    "hardsigmoid_backward", "grad_output self",
    lambda grad_output, self: either.mask(grad_output / 6, np.abs(self) < 3),
    jvp="entrywise", node="NotImplemented",
).refusing(
    RuntimeError("derivative for aten::hardsigmoid_backward is not implemented")
)  # fmt: skip

hardsigmoid = Operation(
    "hardsigmoid", "self",
    floats_only("hardsigmoid_cpu", lambda self: np.clip(self + 3, 0, 6) / 6), jvp="entrywise",
)  # fmt: skip
hardsigmoid.derivative(
    "self",
    r"grad \odot \tfrac{1}{6} [-3 < self < 3]",
    lambda grad, self: either.apply(_hardsigmoid_slope, grad, self),
)

hardswish = Operation(
    "hardswish", "self",
    floats_only("hardswish_cpu", lambda self: self * np.clip(self + 3, 0, 6) / 6), jvp="entrywise",
)  # fmt: skip
hardswish.derivative(
    "self",
    r"grad \odot (0 \text{ if } self \le -3, \; 1 \text{ if } self \ge 3, \; "
    r"\text{else } \tfrac{self}{3} + \tfrac{1}{2})",
    lambda grad, self: either.where(
        self < 3, either.mask(grad * (self / 3 + 0.5), self > -3), grad
    ),
)


def _within(x: np.ndarray, lambd: float) -> Any:
    return (x >= -lambd) & (x <= lambd)


_hardshrink_backward = _passing(
    "hardshrink_backward", "lambd", r"grad \odot [|self| > lambd]",
    lambda grad, self, lambd: either.mask(grad, ~_within(self, lambd)),
)  # fmt: skip

_hardshrink = Operation(
    "hardshrink", "self",
    floats_only("hardshrink_cpu", lambda self, lambd: either.mask(self, ~_within(self, lambd))),
    options="lambd", jvp="entrywise",
)  # fmt: skip
_softshrink = Operation(
    "softshrink", "self",
    lambda self, lambd: np.where(
        _within(self, lambd), self * 0, self - np.copysign(self.dtype.type(lambd), self)),
    options="lambd", jvp="entrywise",
)  # fmt: skip
for _operation in (_hardshrink, _softshrink):
    _operation.derivative(
        "self",
        r"grad \odot [|self| > lambd]",
        lambda grad, self, lambd: either.apply(_hardshrink_backward, grad, self, lambd),
    )


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """The entry, 0 where it is within [-lambd, lambd]."""
    return _hardshrink(input, lambd)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """The entry, `lambd` closer to 0; 0 where it is within [-lambd, lambd].

    Raises RuntimeError for a negative `lambd`.
    """
    refuse_kinds(input._array, "biu", "softshrink_check")
    if lambd < 0:
        largest = float(np.finfo(input._array.dtype).max)
        raise RuntimeError(
            f"lambda must be in range [0, {largest:g}] for input dtype {type_word(input._array)}, "
            f"but found {lambd:g}"
        )
    return _softshrink(input, lambd)


# ---- relatives of elu ----------------------------------------------------------------------------

_celu = Operation(
    "celu", "self",
    floats_only("elu_cpu", lambda self, alpha: np.where(
        self > 0, self, alpha * np.expm1(self * (1 / alpha)))),
    options="alpha", jvp="entrywise",
)  # fmt: skip
_celu.derivative(
    "self",
    r"grad \odot (1 \text{ if } self > 0 \text{ else } e^{self / alpha})",
    lambda grad, self, alpha: either.where(
        self <= 0, grad * either.exp(either.mask(self, self < 0) * (1 / alpha)), grad
    ),
)
_celu_in_place = Operation(
    "celu", "self", _celu.forward, options="alpha", node="CeluBackward1", jvp="entrywise"
)
_celu_in_place.derivative(
    "self",
    r"grad \odot (1 \text{ if } result > 0 \text{ else } \tfrac{result}{alpha} + 1)",
    lambda grad, result, alpha: either.where(
        _rising(result, alpha, "elu") <= 0, grad * (1 / alpha) * (result + alpha), grad
    ),
)


def celu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`input` where it is positive, `alpha (exp(input / alpha) - 1)` elsewhere.

    Raises RuntimeError if `alpha` is 0.
    """
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return _celu(input, alpha)


# With these two numbers, activations of mean 0 and variance 1 lead to such in the next layer
# (Klambauer and others 2017).
ALPHA, SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946

selu = Operation(
    "selu", "self",
    floats_only("elu_cpu", lambda self: np.where(
        self > 0, self * SCALE, np.expm1(self) * (ALPHA * SCALE))),
    node="EluBackward0", jvp="entrywise",
)  # fmt: skip
selu.derivative(
    "self",
    r"grad \odot \lambda \cdot (1 \text{ if } self > 0 \text{ else } \alpha \, e^{self})",
    lambda grad, self: either.where(
        self <= 0, grad * (either.exp(either.mask(self, self < 0)) * (ALPHA * SCALE)),
        grad * SCALE),
)  # fmt: skip
selu.shows("self", alpha=ALPHA, scale=SCALE, input_scale=1)
_selu_in_place = Operation("selu", "self", selu.forward, node="EluBackward1", jvp="entrywise")
_selu_in_place.derivative(
    "self",
    r"grad \odot (\lambda \text{ if } result > 0 \text{ else } result + \lambda \cdot \alpha)",
    lambda grad, result: either.where(result > 0, grad * SCALE, grad * (result + ALPHA * SCALE)),
)
_selu_in_place.shows("result", alpha=ALPHA, scale=SCALE, input_scale=1)


# ---- a slope that is learned ---------------------------------------------------------------------

_prelu = Operation(
    "_prelu_kernel", "self weight",
    floats_only("prelu_cpu", lambda self, weight: np.where(self > 0, self, weight * self)),
    node="PreluKernelBackward0", fit=True, jvp="entrywise",
)  # fmt: skip
_prelu.derivative(
    "self",
    r"grad \odot (1 \text{ if } self > 0 \text{ else } weight)",
    lambda grad, self, weight: either.where(self > 0, grad, weight * grad),
)
_prelu.derivative(
    "weight",
    r"grad \odot (0 \text{ if } self > 0 \text{ else } self)",
    lambda grad, self, weight: either.mask(self * grad, self <= 0),
)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """`input` where it is positive, `weight * input` elsewhere.

    weight: one, or one for each entry of axis 1. Raises RuntimeError if there are as many as that
    of neither, or if the dtypes differ.
    """
    if weight.dtype is not input.dtype:
        raise RuntimeError(
            f"prelu: Type promoting not supported. Got {type_word(input._array)} and "
            f"{type_word(weight._array)}"
        )
    count = weight.numel()
    if count != 1:
        if not input.ndim:
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels = input.shape[1] if input.ndim > 1 else 1
        if channels != count:
            raise RuntimeError(
                "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
                f"{count} and channel size = {channels}."
            )
    if weight.ndim > 1:
        raise RuntimeError(
            f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.ndim}"
        )
    if input.ndim != weight.ndim:
        weight = weight.view([count if axis == 1 else 1 for axis in range(input.ndim)])
    return _prelu(input, weight)


# ---- a slope that is drawn -----------------------------------------------------------------------

_rrelu = Operation(
    "rrelu_with_noise", "self", lambda self, *rest: self * _drawn_slope(self, *rest),
    options="noise lower upper training", jvp="entrywise",
    shown="rrelu(self, lower, upper, training)",
)  # fmt: skip
_rrelu.derivative(
    "self",
    r"grad \odot (1 \text{ if } self > 0 \text{ else the slope})",
    lambda grad, self, noise, lower, upper, training: (
        grad * either.like(self, _drawn_slope(either.array(self), noise, lower, upper, training))),
)  # fmt: skip
_rrelu_in_place = Operation(
    "rrelu_with_noise", "self", _rrelu.forward, options="noise lower upper training",
    node="RreluWithNoiseBackward1", jvp="entrywise", shown=_rrelu.shown,
)  # fmt: skip
_rrelu_in_place.derivative(
    "self",
    r"grad \odot (1 \text{ if } result > 0 \text{ else the slope})",
    lambda grad, result, noise, lower, upper, training: _rrelu.rules["self"](
        grad,
        result if training else _rising(result, lower + upper, "leakyReLu"),
        noise, lower, upper, training,
    ),
)  # fmt: skip


def _drawn_slope(
    x: np.ndarray, noise: Any, lower: float, upper: float, training: bool
) -> np.ndarray:
    """What was drawn for each entry; what would be on average, where one does not train."""
    if training and upper - lower > 1e-6:
        return either.array(noise)
    return np.where(x > 0, x.dtype.type(1), x.dtype.type((lower + upper) / 2))


def rrelu(
    input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False,
    generator: Any = None,
) -> Tensor:  # fmt: skip
    """`input` where it is positive; elsewhere times a slope drawn between the two numbers, and the
    one in their middle where one does not train. Raises RuntimeError if they are not in order.
    """
    return _rrelu(input, _noise(input, lower, upper, training, generator), lower, upper, training)


def rrelu_(
    input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False,
    generator: Any = None,
) -> Tensor:  # fmt: skip
    """`rrelu` in place."""
    options = _noise(input, lower, upper, training, generator), lower, upper, training
    return overwrite(_rrelu_in_place, input, *options, writer="rrelu_with_noise_")


def _noise(input: Tensor, lower: float, upper: float, training: bool, generator: Any) -> Any:
    """A slope for each entry: 1 for what is positive."""
    for name, bound in (("lower", lower), ("upper", upper)):
        if not math.isfinite(bound):
            raise RuntimeError(f"rrelu: {name} bound must be finite, got {bound}")
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    x = input._array
    refuse_kinds(x, "biu", "rrelu_with_noise_out_cpu" if training else "leaky_relu_cpu")
    if training and x.dtype == np.float16:
        refuse_kinds(x, "f", "rrelu_with_noise_out_cpu")
    slopes = np.ones(x.shape, x.dtype) if training else np.zeros(x.shape, x.dtype)
    if training:
        bent = x <= 0
        slopes[bent] = source(generator).uniform(int(bent.sum()), np.float64, lower, upper)
    return slopes


IN_PLACE = {"celu": _celu_in_place, "selu": _selu_in_place}
"""Those that have a derivative of their own in place."""

for _operation, _inputs, _node in (
    (hardswish, "self", "Hardswish"), (_celu, "self", "Elu"), (_celu_in_place, "self", "Elu"),
    (selu, "self", "Elu"), (_selu_in_place, "self", "Elu"), (_hardshrink, "self", "Hardshrink"),
    (_softshrink, "self", "Softshrink"), (_rrelu, "self", "RreluWithNoise"),
    (_rrelu_in_place, "self", "RreluWithNoise"), (_prelu, "self weight", "PreluKernel"),
):  # fmt: skip
    for _input in _inputs.split():
        fuse(_operation, _input, f"{_node}BackwardBackward0")
