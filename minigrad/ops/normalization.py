"""Layer and batch normalisation: entries brought to mean 0 and variance 1, along some axes.

Both are the same formula. They differ in the axes, and in the shape of weight and bias.
"""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np

from . import either
from .fused import fuse
from .half import in_single
from .operation import Operation


class How(NamedTuple):
    """How to normalise: along which axes; the shape in which weight and bias stretch."""

    axes: tuple[int, ...]
    shape: tuple[int, ...]
    eps: float
    training: bool = True
    running: tuple[Any, Any] = (None, None)
    """Mean and variance that are followed in training, and then stand for those of the entries."""


def mean(x: Any, axes: tuple[int, ...], exactly: bool = False) -> Any:
    """The mean over `axes`, which stay with length 1.

    exactly: of arrays with twice the digits, so that entries that are all the same have this mean.
    """
    count = max(prod(x.shape[axis] for axis in axes), 1)
    if exactly and isinstance(x, either.ARRAY):
        return (np.add.reduce(x, axes, np.float64, keepdims=True) / count).astype(x.dtype)
    return either.sum(x, axes, True) / count


def standard(x: Any, how: How) -> tuple[Any, Any]:
    """`x` with mean 0 and variance 1, and the factor that made it so."""
    if not how.training:
        middle, variance = (either.like(x, t._array.reshape(how.shape)) for t in how.running)
        factor = either.rsqrt(variance + how.eps)
        return (x - middle) * factor, factor
    centred = x - mean(x, how.axes, True)
    factor = either.rsqrt(mean(centred * centred, how.axes) + how.eps)
    return centred * factor, factor


def standard_moved(moved: Any, x: Any, how: How) -> Any:
    """The derivative of `standard`, forward or backward: its Jacobian is symmetric.

    What moves all entries alike, or stretches them, is taken away again by the normalisation.
    """
    result, factor = standard(x, how)
    if not how.training:
        return factor * moved
    shift, stretch = mean(moved, how.axes), mean(moved * result, how.axes)
    return factor * (moved - shift) + result * (-factor * stretch)


def _normalised(input: np.ndarray, weight: Any, bias: Any, how: How) -> Any:
    result = _scaled(standard(input, how)[0], weight, how)
    result = result if bias is None else result + bias.reshape(how.shape)
    return result.astype(input.dtype, copy=False)


def _scaled(x: Any, weight: Any, how: How) -> Any:
    return x if weight is None else x * either.reshape(weight, how.shape)


def _shown(how: Any, weight: Any) -> str:
    """The formula as the options have it: outside of training, the deviation is a constant."""
    scaled = "grad" if weight is None else r"weight \odot grad"
    if not getattr(how, "training", True):
        return rf"\tfrac{{1}}{{\sigma}} \, {scaled}"
    centred = r"\left(G - \overline{G} - \hat{x} \odot \overline{G \odot \hat{x}}\right)"
    return (
        rf"\tfrac{{1}}{{\sigma}} {centred}, "
        rf"\; G = {scaled}, \; \hat{{x}} = \tfrac{{input - \overline{{input}}}}{{\sigma}}"
    )


def _operation(name: str) -> Operation:
    operation = Operation(
        name, "input weight bias", in_single(_normalised), options="how", fit=True,
        shown=f"{name.removeprefix('native_')}(input, weight, bias)", layout="C",
    )  # fmt: skip
    operation.derivative(
        "input",
        _shown,
        lambda grad, input, weight, how: standard_moved(_scaled(grad, weight, how), input, how),
    )
    operation.derivative(
        "weight",
        r"\textstyle\sum grad \odot \hat{x}",
        lambda grad, input, weight, how, weight_sizes: either.reshape(
            either.sum_to(grad * standard(input, how)[0], how.shape), weight_sizes
        ),
    )
    operation.derivative(
        "bias",
        r"\textstyle\sum grad",
        lambda grad, input, weight, how, bias_sizes: either.reshape(
            either.sum_to(grad, how.shape), bias_sizes
        ),
    )
    operation.saving["weight"] = ()  # whoever asks: PyTorch has one formula for all three

    @operation.tangent
    def moved(tangents: dict[str, Any], input: Any, weight: Any, how: How) -> Any:
        parts = []
        if "input" in tangents:
            parts.append(_scaled(standard_moved(tangents["input"], input, how), weight, how))
        if "weight" in tangents:
            parts.append(_scaled(standard(input, how)[0], tangents["weight"], how))
        if "bias" in tangents:
            stretched = either.reshape(tangents["bias"], how.shape)
            parts.append(either.expand(stretched, input.shape))
        return sum(parts[1:], parts[0])

    return operation


def _found(k: int, layer: bool) -> Any:
    """The means (k = 0) or factors of a normalisation: for each layer, or for each channel."""

    def found(input: Any, how: How) -> np.ndarray:
        x = input._array
        if not how.training:
            return np.zeros(0, x.dtype)
        array = mean(x, how.axes, True) if k == 0 else standard(x, how)[1]
        return array if layer else array.reshape(-1)

    return found


_native_layer_norm = _operation("native_layer_norm")
_native_layer_norm.shows("input weight bias", normalized_shape=lambda how: how.shape,
                         result1=_found(0, True), result2=_found(1, True))  # fmt: skip
_native_batch_norm = _operation("native_batch_norm")
_native_batch_norm.shows(
    "input weight", eps=lambda how: how.eps, training=lambda how: how.training,
    running_mean=lambda how: how.running[0], running_var=lambda how: how.running[1],
    result1=_found(0, False), result2=_found(1, False),
)  # fmt: skip
_native_layer_norm.settings = {"normalized_shape": ("how", "shape"), "eps": ("how", "eps")}
_native_batch_norm.settings = {"training": ("how", "training"), "eps": ("how", "eps")}
_native_layer_norm.further = {"result1": _found(0, True), "result2": _found(1, True)}
_native_batch_norm.further = {
    "running_mean": lambda how: how.running[0], "running_var": lambda how: how.running[1],
    "result1": _found(0, False), "result2": _found(1, False),
}  # fmt: skip
for _input in _native_layer_norm.inputs:
    fuse(_native_layer_norm, _input, "NativeLayerNormBackwardBackward0", True)
    fuse(_native_batch_norm, _input, "NativeBatchNormBackwardBackward0", True)
