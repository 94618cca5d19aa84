"""Losses as modules: each keeps its options; the functions are in `losses.py`."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import functional
from .losses import reduction_of
from .module import Module


class _Loss(Module):
    """A loss as a module: the function of its options, input and target."""

    function: Any

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        weight: Tensor | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self.reduction = reduction_of(size_average, reduce, reduction)
        self.options = options
        self.register_buffer("weight", weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """The loss."""
        weight = {} if self.weight is None else {"weight": self.weight}
        return type(self).function(
            input, target, reduction=self.reduction, **weight, **self.options
        )


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
        super().__init__(size_average, reduce, reduction, beta=beta)


class HuberLoss(_Loss):
    """Half the squared differences up to `delta`, straight from there on."""

    function = functional.huber_loss

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction, delta=delta)


class BCELoss(_Loss):
    """Binary cross entropy of probabilities. Takes `weight`."""

    function = functional.binary_cross_entropy

    def __init__(self, weight: Tensor | None = None, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction, weight=weight)


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
        super().__init__(size_average, reduce, reduction, weight, pos_weight=pos_weight)


class NLLLoss(_Loss):
    """Minus the log-probability of the target's class. Takes `weight` and `ignore_index`."""

    function = functional.nll_loss

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
        **options: Any,
    ) -> None:
        super().__init__(
            size_average, reduce, reduction, weight, ignore_index=ignore_index, **options
        )


class CrossEntropyLoss(NLLLoss):
    """Cross entropy of scores with classes or probabilities. Takes also `label_smoothing`."""

    function = functional.cross_entropy
