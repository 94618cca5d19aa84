"""The losses as functions: checks and reductions around the operations of `ops/losses.py`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops import losses
from ..ops.softmax import log_softmax
from ..tensor import Tensor
from ..warn import warn


def reduction_named(size_average: bool | None, reduce: bool | None, reduction: str) -> str:
    """The `reduction`, also for those who still say `size_average` or `reduce`.

    Who calls `MSELoss(prediction, target)` lands here: tensors of several entries are neither true
    nor false (RuntimeError).
    """
    if size_average is None and reduce is None:
        return reduction
    averaged, reduced = size_average is None or size_average, reduce is None or reduce
    if averaged and reduced:
        reduction = "mean"
    else:
        reduction = "sum" if reduced else "none"
    warn(
        "size_average and reduce args will be deprecated, please use "
        f"reduction='{reduction}' instead."
    )
    return reduction


def reduction_of(size_average: bool | None, reduce: bool | None, reduction: str) -> str:
    """The same. Raises ValueError for a `reduction` that is none."""
    reduction = reduction_named(size_average, reduce, reduction)
    if reduction not in losses.REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def _same_shape(input: Any, target: Any) -> tuple[Any, Any]:
    """Both in the shape that they stretch to; warns if they have to stretch."""
    if not isinstance(target, Tensor):
        raise AttributeError(f"'{type(target).__name__}' object has no attribute 'size'")
    if input.shape == target.shape:
        return input, target
    warn(
        f"Using a target size ({target.size()}) that is different to the input size "
        f"({input.size()}). This will likely lead to incorrect results due to broadcasting. "
        "Please ensure they have the same size."
    )
    try:
        shape = np.broadcast_shapes(input.shape, target.shape)
    except ValueError:
        input - target  # says so
        raise
    return input.expand(shape), target.expand(shape)


def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The squares of the differences, (input - target)²: their mean, sum, or each."""
    reduction = reduction_of(size_average, reduce, reduction)
    return losses._mse_loss(*_same_shape(input, target), losses.REDUCTIONS[reduction])


def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The sizes of the differences, |input - target|: their mean, sum, or each."""
    reduction = reduction_of(size_average, reduce, reduction)
    one, other = _same_shape(input, target)
    return losses.reduced((one - other).abs(), losses.REDUCTIONS[reduction])


def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """|difference| - beta / 2 from `beta` on, difference² / (2 beta) below: mean, sum, or each.

    Raises RuntimeError for a negative `beta`.
    """
    how = losses.REDUCTIONS[reduction_of(size_average, reduce, reduction)]
    one, other = _same_shape(input, target)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return losses.reduced((one - other).abs(), how)
    return losses._smooth_l1_loss(one, other, how, beta)


def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """difference² / 2 up to `delta`, from there on straight: mean, sum, or each; then `* weight`.

    Raises RuntimeError for a `delta` that is not positive.
    """
    how = losses.REDUCTIONS[reduction_of(None, None, reduction)]
    one, other = _same_shape(input, target)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    if weight is None:
        return losses._huber_loss(one, other, how, delta)
    return losses.reduced(losses._huber_loss(one, other, 0, delta) * weight, how)


def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """-log of the probability `input` where the target is 1, of `1 - input` where it is 0.

    Raises ValueError if the shapes differ, RuntimeError if an entry of `input` is no probability.
    """
    if input.shape != target.shape:
        raise ValueError(
            f"Using a target size ({target.size()}) that is different to the input size "
            f"({input.size()}) is deprecated. Please ensure they have the same size."
        )
    if input.numel() and not bool(((input._array >= 0) & (input._array <= 1)).all()):
        raise RuntimeError("all elements of input should be between 0 and 1")
    how = losses.REDUCTIONS[reduction_of(None, None, reduction)]
    if weight is None:
        return losses._binary_cross_entropy(input, target, how)
    return losses.reduced(losses._binary_cross_entropy(input, target, 0) * weight, how)


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """`binary_cross_entropy` of sigmoid(input), safe for large inputs.

    weight: of each entry. pos_weight: of the entries whose target is 1.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if input.shape != target.shape:
        raise ValueError(
            f"Target size ({target.size()}) must be the same as input size ({input.size()})"
        )
    weights = (None if w is None else w._array for w in (weight, pos_weight))
    return losses._bce_with_logits(input, target, *weights, losses.REDUCTIONS[reduction])


def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Minus the log-probability that `input` gives to the class named by `target`.

    input: (C,) or (N, C, …), logarithms of probabilities. target: int64, without the axis C.
    weight: (C,); the mean is then weighted. Entries whose target is `ignore_index` do not count.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    batch = input.shape[:1] if input.ndim > 1 else ()
    if input.ndim > 1 and target.shape[:1] != batch:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size "
            f"({target.shape[0] if target.ndim else 1})."
        )
    places = target._array
    if places.dtype != np.int64:
        raise RuntimeError(
            "expected target dtype to be Long or Byte, but got "
            f"{target.dtype.type_name.removesuffix('Tensor')}"
        )
    classes = input.shape[1 if input.ndim > 1 else 0]
    for place in places[(places != ignore_index) & ((places < 0) | (places >= classes))]:
        raise IndexError(f"Target {place} is out of bounds.")
    weights = None if weight is None else weight._array
    how = losses.REDUCTIONS[reduction]
    operation = losses._nll_loss if input.ndim < 3 else losses._nll_loss2d
    return operation(input, places, weights, how, ignore_index)


def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Any = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """`nll_loss` of `log_softmax(input)`: input holds scores, not yet probabilities.

    target: classes (int64), or probabilities of the shape of the input.
    label_smoothing: how much of each target is spread evenly over all classes.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    axis = 1 if input.ndim > 1 else 0
    logs = log_softmax(input, axis)
    if target._array.dtype.kind == "f" and target.shape == input.shape:
        return _soft_cross_entropy(logs, target, weight, reduction, label_smoothing)
    loss = nll_loss(logs, target, weight, None, ignore_index, None, reduction)
    if label_smoothing == 0:
        return loss
    weighted = logs if weight is None else logs * _stretched(weight, logs)
    counted: Any = target != ignore_index
    even = -weighted.sum(axis) * counted
    if reduction == "sum":
        even = even.sum()
    elif reduction == "mean":
        of = counted.sum() if weight is None else (weight[target * counted] * counted).sum()
        even = even.sum() / of
    return loss * (1 - label_smoothing) + even * (label_smoothing / input.shape[axis])


def _soft_cross_entropy(
    logs: Tensor, target: Tensor, weight: Any, reduction: str, smoothing: float
) -> Tensor:
    axis = 1 if logs.ndim > 1 else 0
    classes = logs.shape[axis]
    if smoothing > 0:
        target = target * (1 - smoothing) + smoothing / classes
    each = logs * target if weight is None else logs * target * _stretched(weight, logs)
    if reduction == "none":
        return -each.sum(axis)
    total = -each.sum()
    return total / (logs.numel() / classes) if reduction == "mean" else total


def _stretched(weight: Tensor, like: Tensor) -> Tensor:
    return weight.view(-1, *(1,) * (like.ndim - 2)) if like.ndim > 1 else weight
