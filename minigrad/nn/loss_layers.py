"""Losses as modules: each keeps its options; the functions are in `losses.py`."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import functional
from .losses import reduction_named
from .module import Module


class _Loss(Module):
    """A loss as a module: the function of input and target, with what `options` gives."""

    function: Any

    def __init__(
        self, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean"
    ) -> None:
        super().__init__()
        self.reduction = reduction_named(size_average, reduce, reduction)

    def __init_subclass__(cls) -> None:
        """Each loss has a `forward` of its own, so that errors say whose it is."""

        def forward(self: Any, input: Tensor, target: Tensor) -> Tensor:
            """The loss."""
            return cls.function(input, target, reduction=self.reduction, **self.options())

        forward.__qualname__ = f"{cls.__qualname__}.forward"
        if "function" in vars(cls):
            cls.forward = forward  # type: ignore[method-assign]

    def options(self) -> dict[str, Any]:
        """Further arguments of the function."""
        return {}


class _WeightedLoss(_Loss):
    """A loss that takes `weight`, a buffer."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)

    def options(self) -> dict[str, Any]:
        """The weight."""
        return {"weight": self.weight}


class MSELoss(_Loss):
    """The mean of the squared differences."""

    function = functional.mse_loss


class L1Loss(_Loss):
    """The mean of the absolute differences."""

    function = functional.l1_loss


class SmoothL1Loss(_Loss):
    """The differences: squared where they are smaller than `beta`, straight from there on."""

    function = functional.smooth_l1_loss

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        beta: float = 1.0,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def options(self) -> dict[str, Any]:
        """Where the straight part begins."""
        return {"beta": self.beta}


class HuberLoss(_Loss):
    """Half the squared differences up to `delta`, straight from there on."""

    function = functional.huber_loss

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        if not isinstance(delta, (float, int)):
            raise TypeError(f"delta must be a float or int, got: {type(delta)}")
        self.delta = delta

    def options(self) -> dict[str, Any]:
        """Where the straight part begins."""
        return {"delta": self.delta}


class KLDivLoss(_Loss):
    """How far a distribution is from that whose logarithms are the input."""

    function = functional.kl_div

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        log_target: bool = False,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def options(self) -> dict[str, Any]:
        """Is the target one of logarithms, too?"""
        return {"log_target": self.log_target}


class HingeEmbeddingLoss(_Loss):
    """The entry where the target is 1; what it lacks to `margin`, if anything, where it is -1."""

    function = functional.hinge_embedding_loss

    def __init__(
        self,
        margin: float = 1.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def options(self) -> dict[str, Any]:
        """How far what is not alike has to be apart."""
        return {"margin": self.margin}


class BCELoss(_WeightedLoss):
    """Binary cross entropy of probabilities. Takes `weight`."""

    function = functional.binary_cross_entropy


class BCEWithLogitsLoss(_Loss):
    """Binary cross entropy of sigmoid(input). Takes `weight` and `pos_weight`."""

    function = functional.binary_cross_entropy_with_logits

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def options(self) -> dict[str, Any]:
        """The weights, of entries and of what is true."""
        return {"weight": self.weight, "pos_weight": self.pos_weight}


class NLLLoss(_WeightedLoss):
    """Minus the log-probability of the target's class. Takes `weight` and `ignore_index`."""

    function = functional.nll_loss

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def options(self) -> dict[str, Any]:
        """The weight, and the class that does not count."""
        return {"weight": self.weight, "ignore_index": self.ignore_index}


class CrossEntropyLoss(_WeightedLoss):
    """Cross entropy of scores with classes or probabilities. Takes also `label_smoothing`."""

    function = functional.cross_entropy

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def options(self) -> dict[str, Any]:
        """The weight, the class that does not count, and the smoothing."""
        return {
            "weight": self.weight,
            "ignore_index": self.ignore_index,
            "label_smoothing": self.label_smoothing,
        }
