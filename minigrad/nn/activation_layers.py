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
    """A layer without parameters: `function(input, …)`, and what it says of its options."""

    function: Any
    shown = ""

    def __init_subclass__(cls) -> None:
        """Each layer has a `forward` of its own, so that errors say whose it is."""

        def forward(self: Any, input: Tensor) -> Tensor:
            """The function of the input."""
            return cls.function(input)

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
        return input.relu_() if self.inplace else functional.relu(input)


class SiLU(_Function):
    """The entry times its sigmoid."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Silu of the input."""
        return functional.silu(input, inplace=self.inplace)


class Mish(_Function):
    """The entry times tanh(softplus(x))."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Mish of the input."""
        return functional.mish(input, inplace=self.inplace)


class SELU(_Function):
    """`ELU` with an alpha, and times a scale, that keep mean 0 and variance 1."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Selu of the input."""
        return functional.selu(input, self.inplace)


class Hardsigmoid(_Function):
    """(x + 3) / 6, but at least 0 and at most 1."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        """Hard sigmoid of the input."""
        return functional.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        """PyTorch's says nothing."""
        return ""


class Hardswish(Hardsigmoid):
    """The entry times its hard sigmoid."""

    def forward(self, input: Tensor) -> Tensor:
        """Hard swish of the input."""
        return functional.hardswish(input, self.inplace)


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

    shown = "negative_slope={self.negative_slope}"

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Leaky relu of the input."""
        return functional.leaky_relu(input, self.negative_slope, self.inplace)


class ELU(_Function):
    """The entry; where it is negative, alpha * (exp(x) - 1)."""

    shown = "alpha={self.alpha}"

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Elu of the input."""
        return functional.elu(input, self.alpha, self.inplace)


class CELU(_Function):
    """The entry; where it is negative, alpha * (exp(x / alpha) - 1)."""

    shown = "alpha={self.alpha}"

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Celu of the input."""
        return functional.celu(input, self.alpha, self.inplace)


class Softshrink(_Function):
    """The entry, `lambd` closer to 0."""

    shown = "{self.lambd}"

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        """Softshrink of the input."""
        return functional.softshrink(input, self.lambd)


class Hardshrink(Softshrink):
    """The entry; 0 where it is within [-lambd, lambd]."""

    def forward(self, input: Tensor) -> Tensor:
        """Hardshrink of the input."""
        return functional.hardshrink(input, self.lambd)


class Softplus(_Function):
    """A smooth relu: ln(1 + exp(beta * x)) / beta, and x itself where beta * x > threshold."""

    shown = "beta={self.beta}, threshold={self.threshold}"

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input: Tensor) -> Tensor:
        """Softplus of the input."""
        return functional.softplus(input, self.beta, self.threshold)


class Hardtanh(_Function):
    """The entry, kept within [min_val, max_val].

    Raises AssertionError unless max_val is greater than min_val.
    """

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

    def forward(self, input: Tensor) -> Tensor:
        """Hardtanh of the input."""
        return functional.hardtanh(input, self.min_val, self.max_val, self.inplace)


class ReLU6(Hardtanh):
    """The entry, kept within [0, 6]."""

    shown = ""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0.0, 6.0, inplace)


class LogSigmoid(_Function):
    """The logarithm of sigmoid."""

    def forward(self, input: Tensor) -> Tensor:
        """Log-sigmoid of the input."""
        return functional.logsigmoid(input)


class Threshold(_Function):
    """The entry, replaced by `value` where it is not greater than `threshold`."""

    shown = "threshold={self.threshold}, value={self.value}"

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__()
        self.threshold, self.value, self.inplace = threshold, value, inplace

    def forward(self, input: Tensor) -> Tensor:
        """Threshold of the input."""
        return functional.threshold(input, self.threshold, self.value, self.inplace)


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

    shown = "dim={self.dim}"

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """Softmax of the input."""
        return functional.softmax(input, self.dim)


class Softmin(_Function):
    """The softmax of minus the input."""

    shown = "dim={self.dim}"

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """Softmin of the input."""
        return functional.softmin(input, self.dim)


class LogSoftmax(_Function):
    """The logarithm of softmax."""

    shown = "dim={self.dim}"

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """Log-softmax of the input."""
        return functional.log_softmax(input, self.dim)
