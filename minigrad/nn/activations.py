"""The bends of a network as functions, under PyTorch's names; some may overwrite their input.

The operations themselves are in `ops/activations.py` and `ops/rarer_activations.py`.
"""

from __future__ import annotations

from typing import Any

from ..calling import as_number, checked
from ..creation import empty_like, zeros_like
from ..device import contiguous_format
from ..explaining import explain
from ..ops import activations, rarer_activations
from ..ops.in_place import overwrite
from ..tensor import Tensor
from ..warn import warn

IN_PLACE = activations.IN_PLACE | rarer_activations.IN_PLACE


def _bend(name: str, input: Tensor, inplace: bool, *options: Any) -> Tensor:
    """An activation, which may overwrite its input."""
    function = getattr(activations, name, None) or getattr(rarer_activations, name)
    if not (isinstance(input, Tensor) and all(type(o) in (float, int) for o in options)):
        explain(f"{name}_" if inplace else name, (input, *options), {})
        options = tuple([as_number(option) for option in options])
    if inplace:
        own = IN_PLACE.get(name, function)
        return overwrite(own, input, *options, writer=f"{name}_")
    return function(input, *options)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """The larger of the entry and 0."""
    return _bend("relu", input, inplace)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """The entry times its sigmoid."""
    return _bend("silu", input, inplace)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """The entry, but at least 0 and at most 6."""
    return _bend("relu6", input, inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """The entry, times `negative_slope` if it is negative."""
    return _bend("leaky_relu", input, inplace, negative_slope)


def rrelu(
    input: Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Tensor:
    """The entry; where it is negative, times a slope drawn between the two numbers."""
    return (rrelu_ if inplace else _rrelu)(input, lower, upper, training)


_rrelu, rrelu_ = (
    checked(rarer_activations.rrelu, "rrelu"),
    checked(rarer_activations.rrelu_, "rrelu_"),
)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The entry; `alpha * (exp(x) - 1)` if it is negative."""
    return _bend("elu", input, inplace, alpha)


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """The entry, but at least `min_val` and at most `max_val`.

    Raises ValueError if `min_val` is the larger of the two.
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return _bend("hardtanh", input, inplace, min_val, max_val)


gelu = checked(activations.gelu, "gelu")
softplus = checked(activations.softplus, "softplus")
logsigmoid = checked(activations.logsigmoid, "log_sigmoid")
prelu = checked(rarer_activations.prelu, "prelu")
softshrink = checked(rarer_activations.softshrink, "softshrink")
hardshrink = checked(rarer_activations.hardshrink, "hardshrink")


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """The entry times tanh(softplus(x))."""
    return _bend("mish", input, inplace)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """(x + 3) / 6, but at least 0 and at most 1."""
    return _bend("hardsigmoid", input, inplace)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """The entry times its `hardsigmoid`."""
    return _bend("hardswish", input, inplace)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The entry; `alpha * (exp(x / alpha) - 1)` if it is negative."""
    return _bend("celu", input, inplace, alpha)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """`elu` with an alpha, and times a scale, that keep mean 0 and variance 1."""
    return _bend("selu", input, inplace)


def softsign(input: Tensor) -> Tensor:
    """The entry over its size plus 1: x / (|x| + 1)."""
    return input / (input.abs() + 1)


def tanhshrink(input: Tensor) -> Tensor:
    """What tanh takes away: x - tanh(x)."""
    return input - input.tanh()


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return input.sigmoid()


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return input.tanh()


def _threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """`input` where it is above `threshold`, `value` elsewhere."""
    return _bend("threshold", input, inplace, threshold, value)


threshold = _threshold  # its errors name it so


def relu_(input: Tensor) -> Tensor:
    """`relu` in place."""
    return _bend("relu", input, True)


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """`leaky_relu` in place."""
    return _bend("leaky_relu", input, True, negative_slope)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`elu` in place."""
    return _bend("elu", input, True, alpha)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`hardtanh` in place."""
    return _bend("hardtanh", input, True, min_val, max_val)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """`threshold` in place."""
    return _bend("threshold", input, True, threshold, value)


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`celu` in place."""
    return _bend("celu", input, True, alpha)


def selu_(input: Tensor) -> Tensor:
    """`selu` in place."""
    return _bend("selu", input, True)


def softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """Positive numbers that add up to 1 along `dim`."""
    dim = _dim(input, dim, "softmax")
    return input.softmax(dim, dtype=dtype)


def log_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """The logarithm of `softmax`."""
    dim = _dim(input, dim, "log_softmax")
    return input.log_softmax(dim, dtype=dtype)


def softmin(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    """The softmax of `-input`."""
    return (-input).softmax(_dim(input, dim, "softmin"), dtype=dtype)


def gumbel_softmax(
    logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Tensor:
    """A random draw with the chances of `softmax(logits)`, softened so that it has a gradient: the
    softmax of `(logits + noise) / tau`, with noise of the Gumbel distribution.

    hard: one 1 and else 0, with the gradient of the soft draw ("straight through").
    """
    if eps != 1e-10:
        warn("`eps` parameter is deprecated and has no effect.")
    noise = -empty_like(logits, memory_format=contiguous_format).exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    place = soft.max(dim, keepdim=True)[1]
    ones = zeros_like(logits, memory_format=contiguous_format).scatter_(dim, place, 1.0)
    return ones - soft.detach() + soft


def _dim(input: Tensor, dim: int | None, name: str) -> int:
    if dim is not None:
        return dim
    ndim = input.dim()
    warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include "
        "dim=X as an argument."
    )
    return 0 if ndim in (0, 1, 3) else 1
