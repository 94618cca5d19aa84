"""How parameters begin: each function fills a tensor in place, unrecorded, and returns it.

The scales of `xavier_*` and `kaiming_*` keep the spread of values about the same from layer to
layer. Sources: Glorot and Bengio 2010; He et al. 2015; the PyTorch page "torch.nn.init".
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import creation, random
from ..autograd.grad_mode import no_grad
from ..tensor import Tensor, on_array
from ..warn import warn


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Tensor:
    """Random numbers from `a` up to `b`."""
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Tensor:
    """Normal random numbers."""
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def constant_(tensor: Tensor, val: float) -> Tensor:
    """Every entry `val`."""
    with no_grad():
        return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """Ones."""
    return constant_(tensor, 1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Zeros."""
    with no_grad():
        return tensor.zero_()


def eye_(tensor: Tensor) -> Tensor:
    """Ones on the diagonal, zeros elsewhere. Raises ValueError if there are not 2 axes."""
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    with no_grad():
        return tensor.copy_(creation.eye(*tensor.shape))


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """How many inputs and outputs a weight (out, in, …) connects. Raises ValueError below 2-d."""
    if tensor.dim() < 2:
        raise ValueError(
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        )
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


CONVOLUTIONS = [f"conv{kind}{axes}d" for kind in ("", "_transpose") for axes in (1, 2, 3)]


def calculate_gain(nonlinearity: str, param: Any = None) -> float:
    """By how much a weight must be larger to make up for what a nonlinearity takes away.

    Raises ValueError for a nonlinearity or a parameter that is not known.
    """
    if nonlinearity in ("linear", "sigmoid", *CONVOLUTIONS):
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "leaky_relu":
        if param is not None and (isinstance(param, bool) or not isinstance(param, (int, float))):
            raise ValueError(f"negative_slope {param} not a valid number")
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity == "selu":
        return 3.0 / 4
    raise ValueError(f"Unsupported nonlinearity {nonlinearity}")


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """Uniform numbers of variance gain² · 2 / (fan in + fan out)."""
    bound = gain * math.sqrt(6.0 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    """Normal numbers of variance gain² · 2 / (fan in + fan out)."""
    std = gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return normal_(tensor, 0.0, std, generator)


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    """The number of inputs ("fan_in") or outputs ("fan_out"). Raises ValueError for others."""
    modes = ["fan_in", "fan_out"]
    if mode.lower() not in modes:
        raise ValueError(f"Mode {mode.lower()} not supported, please use one of {modes}")
    return _calculate_fan_in_and_fan_out(tensor)[modes.index(mode.lower())]


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    fan = _calculate_correct_fan(tensor, mode)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Tensor:
    """Uniform numbers of variance gain² / fan; `a` is the slope of a leaky relu."""
    if 0 in tensor.shape:
        warn("Initializing zero-element tensors is a no-op")
        return tensor
    bound = math.sqrt(3.0) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Tensor:
    """Normal numbers of variance gain² / fan; `a` is the slope of a leaky relu."""
    if 0 in tensor.shape:
        warn("Initializing zero-element tensors is a no-op")
        return tensor
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity), generator)


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Any = None,
) -> Tensor:
    """Normal random numbers within [a, b]: those outside are drawn again.

    Where few would lie within, uniform numbers are drawn until enough are accepted, each with the
    share that its density has of the largest one.
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of "
            "values may be incorrect."
        )
    ends = [math.erf((end - mean) / (std * math.sqrt(2))) / 2 for end in (a, b)]
    draw = _within if ends[1] - ends[0] > 0.3 else _accepted
    with no_grad():
        return tensor.copy_(on_array(draw(tensor._array, (mean, std), a, b, generator)))


Normal = tuple[float, float]
"""The mean of a distribution, and its deviation."""


def _within(like: np.ndarray, normal: Normal, a: float, b: float, generator: Any) -> Any:
    """Normal numbers in the shape of an array, each drawn again until it lies within [a, b]."""
    low, high = like.dtype.type(a), like.dtype.type(b)
    found = random.normal_as(like, generator, *normal)
    while (outside := (found < low) | (found > high)).any():
        again = random.normal_as(found, generator, *normal)
        found = np.where(outside, again, found)
    return found


def _accepted(like: np.ndarray, normal: Normal, a: float, b: float, generator: Any) -> Any:
    """The same for an interval in which few normal numbers lie."""
    mean, std = normal
    peak = (max(a, min(mean, b)) - mean) / std
    found, pending = np.zeros_like(like), np.ones(like.shape, bool)
    while pending.any():
        again = random.uniform_as(like, generator, a, b)
        share = np.exp((peak**2 - ((again - mean) / std) ** 2) / 2)
        found = np.where(pending, again, found)
        pending &= random.uniform_as(like, generator) > share
    return found


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Any = None) -> Tensor:
    """A random matrix whose rows or columns, whichever are fewer, are orthogonal and of length
    `gain`; all axes but the first count as one. Raises ValueError if there are not 2 axes or more.
    """
    if tensor.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if not tensor.numel():
        return tensor
    shape = (tensor.shape[0], tensor.numel() // tensor.shape[0])
    numbers = random.normal_as(np.empty(shape, tensor._array.dtype), generator)
    wide = shape[0] < shape[1]
    q, r = np.linalg.qr(numbers.T if wide else numbers)
    q = q * np.sign(np.diag(r))  # else not all matrices would be equally likely
    found = q.T if wide else q
    with no_grad():
        tensor.view(shape).copy_(on_array(gain * found))
    return tensor


def _old(name: str) -> Any:
    """A function under the name that it had, without its last letter."""
    new = globals()[name]

    def deprecated(*args: Any, **kwargs: Any) -> Tensor:
        warn(
            f"`nn.init.{name[:-1]}` is now deprecated in favor of `nn.init.{name}`.", FutureWarning
        )
        return new(*args, **kwargs)

    deprecated.__name__ = deprecated.__qualname__ = name[:-1]
    deprecated.__doc__ = f"The old name of `{name}`."
    return deprecated


uniform, normal, constant, eye = map(_old, ("uniform_", "normal_", "constant_", "eye_"))
xavier_uniform, xavier_normal = map(_old, ("xavier_uniform_", "xavier_normal_"))
kaiming_uniform, kaiming_normal = map(_old, ("kaiming_uniform_", "kaiming_normal_"))
orthogonal = _old("orthogonal_")
