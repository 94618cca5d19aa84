"""`layer_norm` and `batch_norm`: what they accept, and along which axes they normalise."""

from __future__ import annotations

from math import prod
from operator import index
from typing import Any

import numpy as np

from .. import dtypes
from ..calling import as_number
from ..explaining import passing_on
from ..flags import check_flag
from ..ops import moments, normalization
from ..ops.normalization import How
from ..ops.refusals import refuse_history, refuse_kinds, type_word
from ..tensor import Tensor
from ..versions import with_places


@passing_on("layer_norm")
def layer_norm(
    input: Tensor,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Each part of shape `normalized_shape` (the last axes) with mean 0 and variance 1.

    Then times `weight`, plus `bias`. Raises RuntimeError if the input does not end in that shape,
    or if the dtypes differ.
    """
    shape = tuple(map(index, normalized_shape))
    _check_types(input, weight, bias)
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least "
            "one element, but got normalized_shape = []"
        )
    for name, value in (("weight", weight), ("bias", bias)):
        if value is not None and tuple(value.shape) != shape:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                f"{list(value.shape)} and normalized_shape = {list(shape)}"
            )
    if tuple(input.shape[input.ndim - len(shape) :]) != shape or input.ndim < len(shape):
        inner = ", ".join(map(str, shape))
        raise RuntimeError(
            f"Given normalized_shape=[{inner}], expected input with shape [*, {inner}], but got "
            f"input of size{list(input.shape)}"
        )
    refuse_kinds(input._array, "biu", "LayerNormKernelImpl")
    axes = tuple(range(input.ndim - len(shape), input.ndim))
    return normalization._native_layer_norm(input, weight, bias, How(axes, shape, eps))


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel (axis 1) with mean 0 and variance 1 over the batch, then `* weight + bias`.

    In training the running mean and variance move by `momentum` towards those of the batch; in
    evaluation they are used in place of them. Raises ValueError for one value per channel, or for
    an `eps` that is too small.
    """
    if training and input.shape[0] * prod(input.shape[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 value per channel when training, got input size {input.size()}"
        )
    if training and eps <= 0.0:
        raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    if eps < 0.0:
        raise ValueError(f"batch_norm eps must be non-negative, but got {eps}")
    return _batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, as_number(eps)
    )


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel of each sample with mean 0 and variance 1, then `* weight + bias`.

    That is a batch normalisation of one sample with all their channels. The running mean and
    variance move towards the mean of the samples; without `use_input_stats` they are used instead.
    Raises ValueError for one value per channel.
    """
    if use_input_stats and prod(input.shape[2:]) == 1:
        raise ValueError(
            f"Expected more than 1 spatial element when training, got input size {input.size()}"
        )
    return _instance_norm(
        input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps
    )


@passing_on("instance_norm")
def _instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
) -> Tensor:
    running = (running_mean, running_var)
    if not use_input_stats and None in running:
        raise RuntimeError(
            "Expected running_mean and running_var to be defined when use_input_stats is false"
        )
    samples = input.shape[0]
    of_samples = [None if t is None else t.repeat(samples) for t in (*running, weight, bias)]
    mean, var, weights, biases = of_samples
    channels = input.reshape(1, samples * input.size(1), *input.shape[2:])
    out = _batch_norm(channels, mean, var, weights, biases, use_input_stats, momentum, eps)
    for own, each in zip(running, (mean, var), strict=True):
        if own is not None and each is not None:
            own.copy_(each.view(samples, -1).mean(0))
    return out.view(input.shape)


@passing_on("batch_norm")
def _batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None,
    bias: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
) -> Tensor:
    check_flag(training, "batch_norm", "training", 6)
    if not input.numel():
        out = input.clone()
        out = out if weight is None else out * weight.select(0, 0)
        return out if bias is None else out + bias.select(0, 0)
    channels = input.shape[1] if input.ndim > 1 else 0
    running = {"running_mean": running_mean, "running_var": running_var}
    for name, value in {**running, "weight": weight, "bias": bias}.items():
        if value is None and not training and name in running:
            raise RuntimeError(f"{name} must be defined in evaluation mode")
        if value is not None and value.numel() != channels:
            raise RuntimeError(f"{name} should contain {channels} elements not {value.numel()}")
    refuse_history("native_batch_norm", **running)
    if (running_mean is None) is not (running_var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    channels = input.size(1)  # raises IndexError where there are none
    refuse_kinds(input._array, "biu", "batch_norm")
    _check_types(input, weight, bias, running_mean, running_var)
    axes = (0, *range(2, input.ndim))
    shape = (1, channels, *(1,) * (input.ndim - 2))
    how = How(axes, shape, eps, training, (running_mean, running_var))
    out = normalization._native_batch_norm(input, weight, bias, how)
    if training:
        variance, mean = moments._var_mean.forward(input._array, axes, 1, False)
        _follow(running_mean, mean, momentum)
        _follow(running_var, variance, momentum)
    return with_places(out, "how", *(r for r in how.running if r is not None))


def _follow(running: Tensor | None, found: np.ndarray, momentum: float) -> None:
    if running is not None:
        running._array[...] += momentum * (found - running._array)


def _check_types(input: Tensor, *parameters: Tensor | None) -> None:
    """Raise RuntimeError unless all have one dtype; beside float16, parameters may be float32."""
    given = [p for p in parameters if p is not None]
    if given and given[0].dtype is not input.dtype:
        if any(p.dtype is not dtypes.float32 for p in given):
            raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
        if input.dtype is not dtypes.float16:
            raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")
    for other in given:
        if other.dtype is not given[0].dtype:
            raise RuntimeError(
                f"expected scalar type {type_word(input._array)} but found "
                f"{type_word(other._array)}"
            )
