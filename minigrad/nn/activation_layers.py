"""Functions as layers: no parameters, and few options."""

from __future__ import annotations

from typing import Any

from ..calling import checked
from ..ops import activations
from ..tensor import Tensor
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
        return self.shown.format(self=self)


class ReLU(_Function):
    """The larger of the entry and 0."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        """The option."""
        return "inplace=True" if self.inplace else ""

    def forward(self, input: Tensor) -> Tensor:
        """Relu of the input."""
        return input.relu_() if self.inplace else functional.relu(input)


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
        self.shown += ", inplace=True" if inplace else ""

    def forward(self, input: Tensor) -> Tensor:
        """Leaky relu of the input."""
        return functional.leaky_relu(input, self.negative_slope, self.inplace)


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


class LogSoftmax(_Function):
    """The logarithm of softmax."""

    shown = "dim={self.dim}"

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        """Log-softmax of the input."""
        return functional.log_softmax(input, self.dim)
