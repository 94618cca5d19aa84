"""Functions as layers: no parameters, and few options."""

from __future__ import annotations

from typing import Any

from ..calling import checked
from ..ops import activations
from ..tensor import Tensor
from ..warn import warn
from . import functional
from .module import Module


class _Function(Module):
    """A layer without parameters: `function(input, …)` with its options, and what it says of them.

    arguments: the names of the attributes that the function is given behind the input.
    """

    function: Any
    arguments = ""
    shown = ""

    def __init_subclass__(cls) -> None:
        """Each layer has a `forward` of its own, so that errors say whose it is."""

        def forward(self: Any, input: Tensor) -> Tensor:
            """The function of the input."""
            return cls.function(input, *[getattr(self, name) for name in names])

        names = cls.arguments.split()
        forward.__qualname__ = f"{cls.__qualname__}.forward"
        if "function" in vars(cls):
            cls.forward = forward  # type: ignore[method-assign]

    def extra_repr(self) -> str:
        """The options."""
        options = [self.shown.format(self=self)] if self.shown else []
        if getattr(self, "inplace", False):
            options.append("inplace=True")
        return ", ".join(options)


class ReLU(_Function):
    """The larger of the entry and 0."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Relu of the input."""
        return functional.relu(input, self.inplace)


class SiLU(_Function):
    """The entry times its sigmoid."""

    function = functional.silu
    arguments = "inplace"

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace


class Mish(_Function):
    """The entry times tanh(softplus(x))."""

    function = functional.mish
    arguments = "inplace"

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace


class SELU(_Function):
    """`ELU` with an alpha, and times a scale, that keep mean 0 and variance 1."""

    function = functional.selu
    arguments = "inplace"

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace


class Hardsigmoid(_Function):
    """(x + 3) / 6, but at least 0 and at most 1."""

    function = functional.hardsigmoid
    arguments = "inplace"

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        """PyTorch's says nothing."""
        return ""


class Hardswish(Hardsigmoid):
    """The entry times its hard sigmoid."""

    function = functional.hardswish
    arguments = "inplace"


class Softsign(_Function):
    """x / (|x| + 1)."""

    function = functional.softsign


class Tanhshrink(_Function):
    """x - tanh(x)."""

    function = functional.tanhshrink


class Tanh(_Function):
    """The hyperbolic tangent."""

    function = checked(activations.tanh, "tanh")


class Sigmoid(_Function):
    """1 / (1 + exp(-x))."""

    function = checked(activations.sigmoid, "sigmoid")


class LeakyReLU(_Function):
    """The entry, times `negative_slope` if it is negative."""

    function = functional.leaky_relu
    arguments = "negative_slope inplace"
    shown = "negative_slope={self.negative_slope}"

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace


class RReLU(_Function):
    """The entry; where it is negative, times a slope drawn anew each time, between two numbers.

    In evaluation the slope in their middle.
    """

    function = functional.rrelu
    arguments = "lower upper training inplace"
    shown = "lower={self.lower}, upper={self.upper}"

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        super().__init__()
        self.lower, self.upper, self.inplace = lower, upper, inplace


class ELU(_Function):
    """The entry; where it is negative, alpha * (exp(x) - 1)."""

    function = functional.elu
    arguments = "alpha inplace"
    shown = "alpha={self.alpha}"

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha, self.inplace = alpha, inplace


class CELU(_Function):
    """The entry; where it is negative, alpha * (exp(x / alpha) - 1)."""

    function = functional.celu
    arguments = "alpha inplace"
    shown = "alpha={self.alpha}"

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha, self.inplace = alpha, inplace


class Softshrink(_Function):
    """The entry, `lambd` closer to 0."""

    function = functional.softshrink
    arguments = "lambd"
    shown = "{self.lambd}"

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd


class Hardshrink(Softshrink):
    """The entry; 0 where it is within [-lambd, lambd]."""

    function = functional.hardshrink
    arguments = "lambd"


class Softplus(_Function):
    """A smooth relu: ln(1 + exp(beta * x)) / beta, and x itself where beta * x > threshold."""

    function = functional.softplus
    arguments = "beta threshold"
    shown = "beta={self.beta}, threshold={self.threshold}"

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold


class Hardtanh(_Function):
    """The entry, kept within [min_val, max_val].

    Raises AssertionError unless max_val is greater than min_val.
    """

    function = functional.hardtanh
    arguments = "min_val max_val inplace"
    shown = "min_val={self.min_val}, max_val={self.max_val}"

    def __init__(
        self,
        min_val: float = -1.0,
        max_val: float = 1.0,
        inplace: bool = False,
        min_value: float | None = None,
        max_value: float | None = None,
    ) -> None:
        super().__init__()
        for old, new, value in (("min", "min_val", min_value), ("max", "max_val", max_value)):
            if value is not None:
                warn(f"keyword argument `{old}_value` is deprecated and renamed to `{new}`",
                     FutureWarning)  # fmt: skip
        self.min_val = min_val if min_value is None else min_value
        self.max_val = max_val if max_value is None else max_value
        self.inplace = inplace
        if self.max_val <= self.min_val:
            raise AssertionError(
                f"max_val ({self.max_val}) must be greater than min_val ({self.min_val})"
            )


class ReLU6(Hardtanh):
    """The entry, kept within [0, 6]."""

    shown = ""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)


class LogSigmoid(_Function):
    """The logarithm of sigmoid."""

    function = functional.logsigmoid


class Threshold(_Function):
    """The entry, replaced by `value` where it is not greater than `threshold`."""

    function = functional.threshold
    arguments = "threshold value inplace"
    shown = "threshold={self.threshold}, value={self.value}"

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold, self.value, self.inplace = threshold, value, inplace


class GELU(_Function):
    """The entry times the probability that a normal number is smaller."""

    shown = "approximate={self.approximate!r}"

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        """Gelu of the input."""
        return functional.gelu(input, approximate=self.approximate)


class Softmax(_Function):
    """Positive numbers that add up to 1 along `dim`."""

    function = functional.softmax
    arguments = "dim"
    shown = "dim={self.dim}"

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim


class Softmin(_Function):
    """The softmax of minus the input."""

    function = functional.softmin
    arguments = "dim"
    shown = "dim={self.dim}"

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim


class LogSoftmax(_Function):
    """The logarithm of softmax."""

    function = functional.log_softmax
    arguments = "dim"
    shown = "dim={self.dim}"

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim
