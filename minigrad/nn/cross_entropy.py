"""Losses of classes: `nll_loss` of log-probabilities, `cross_entropy` of scores.

What PyTorch refuses is refused here in its words and in its order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops import losses
from ..ops.refusals import refuse_history, refuse_kinds, type_word
from ..ops.softmax import log_softmax
from ..ops.with_numbers import over, times
from ..tensor import Tensor
from ..versions import with_places
from .losses import reduction_of


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

    input: (C,) or (N, C, …), logarithms of probabilities. target: int64 (or uint8), without the
    axis C. weight: (C,); the mean is then weighted. Entries whose target is `ignore_index` do not
    count.

    Raises ValueError or RuntimeError if the shapes or dtypes do not fit, IndexError for a class
    that there is not.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    _check_batch(input, target)
    flat = input.ndim < 3
    refuse_history(f"nll_loss{'' if flat else '2d'}_forward", weight=weight)
    (_check_flat if flat else _check_spatial)(input, target, weight)
    if target._array.dtype not in (np.int64, np.uint8):
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {type_word(target._array)}"
        )
    refuse_kinds(input._array, "biu", f"nll_loss{'' if flat else '2d_forward'}_out_frame")
    if weight is not None and weight.dtype is not input.dtype:
        raise RuntimeError(
            f"expected scalar type {type_word(input._array)} but found {type_word(weight._array)}"
        )
    places = target._array.astype(np.int64, copy=False)
    classes = input.shape[1 if input.ndim > 1 else 0]
    for place in places[(places != ignore_index) & ((places < 0) | (places >= classes))]:
        raise IndexError(f"Target {place} is out of bounds.")
    if input.ndim == 1:
        places = places.reshape(())
    operation = losses._nll_loss if flat else losses._nll_loss2d
    weights = None if weight is None else weight._array.reshape(-1)
    rolled = not flat and input.ndim != 4
    if rolled:  # as an image that is one row high
        rows = (1, -1) if input.numel() else (0, 0)
        input = input.contiguous().view(*input.shape[:2], *rows)
        places = places.reshape(len(places), *rows)
    loss = operation(input, places, weights, losses.REDUCTIONS[reduction], ignore_index)
    with_places(loss, "target", target)
    if weight is not None:
        with_places(loss, "weight", weight)
    return loss.view(target.shape) if rolled and loss.ndim else loss


def _check_batch(input: Tensor, target: Tensor) -> None:
    """Raise ValueError unless each example has a target."""
    if input.ndim < 1:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    count = target.shape[0] if target.ndim else 0
    if input.ndim > 1 and input.shape[0] != count:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size ({count})."
        )


def _check_flat(input: Tensor, target: Tensor, weight: Tensor | None) -> None:
    """Raise an error unless (N, C) has targets (N,), or (C,) one, and there are C weights."""
    if target.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if input.ndim == 1 and target.numel() != 1:
        raise ValueError(
            "For 1D input, 1D target must have size 1, but got target size: " + str(target.numel())
        )
    if weight is not None and list(weight.shape) != [input.shape[-1]]:
        raise RuntimeError(_weights_needed(weight, input.shape[-1]))


def _check_spatial(input: Tensor, target: Tensor, weight: Tensor | None) -> None:
    """Raise RuntimeError unless (N, C, …) has targets (N, …)."""
    needed = [input.shape[0], *input.shape[2:]]
    if input.ndim == 4 and target.ndim != 3:
        raise RuntimeError(
            "only batches of spatial targets supported (3D tensors) but got targets of dimension: "
            f"{target.ndim}"
        )
    if input.ndim != 4 and list(target.shape) != needed:
        raise RuntimeError(f"Expected target size {needed}, got {list(target.shape)}")
    if list(target.shape) != needed:
        raise RuntimeError(
            f"size mismatch (got input: {list(input.shape)} , target: {list(target.shape)}"
        )
    if weight is not None and weight.numel() != input.shape[1]:
        raise RuntimeError("weight tensor should be defined either for all or no classes")


def _weights_needed(weight: Tensor, classes: int) -> str:
    return (
        f"weight tensor should be defined either for all {classes} classes or no classes but got "
        f"weight tensor of shape: {list(weight.shape)}"
    )


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

    Raises RuntimeError or ValueError if shapes or dtypes do not fit; see `nll_loss`.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target.shape == input.shape:
        if target._array.dtype.kind != "f":
            raise RuntimeError(
                "Expected floating point type for target with class probabilities, got "
                f"{type_word(target._array)}"
            )
        if ignore_index >= 0:
            raise RuntimeError("ignore_index is not supported for floating point target")
        return _of_probabilities(input, target, weight, reduction, label_smoothing)
    axis = 0 if input.ndim == 1 else 1
    if label_smoothing > 0:
        _check_smoothing(label_smoothing)
    logs = log_softmax(input, axis)
    loss = nll_loss(logs, target, weight, None, ignore_index, None, reduction)
    if label_smoothing <= 0:
        return loss
    weighted = logs if weight is None else logs * _stretched(weight, logs)
    ignored: Any = target == ignore_index
    even = (-weighted.sum(axis)).masked_fill(ignored, 0)
    if reduction == "sum":
        even = even.sum()
    elif reduction == "mean":
        kept = ~ignored
        weights = kept if weight is None else weight.gather(0, target.masked_select(kept))
        even = even.sum() / weights.sum()
    share = label_smoothing / input.shape[axis]
    return times(loss, 1 - label_smoothing) + times(even, share)


def _of_probabilities(
    input: Tensor, target: Tensor, weight: Any, reduction: str, smoothing: float
) -> Tensor:
    axis = 0 if input.ndim == 1 else 1
    classes = input.size(axis)
    if weight is not None and list(weight.shape) != [classes]:
        raise RuntimeError(f"cross_entropy: {_weights_needed(weight, classes)}")
    logs = log_softmax(input, axis)
    if smoothing > 0:
        _check_smoothing(smoothing)
        target = times(target, 1 - smoothing) + (smoothing / classes if classes else np.inf)
    each = logs * target if weight is None else logs * target * _stretched(weight, logs)
    if reduction == "none":
        return -each.sum(axis)
    total = each.sum()
    if reduction == "sum":
        return -total
    return over(-total, logs.numel() / classes) if logs.numel() else -total.fill_(np.nan)


def _check_smoothing(smoothing: float) -> None:
    if smoothing > 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {smoothing:g}")


def _stretched(weight: Tensor, like: Tensor) -> Tensor:
    return weight.view(-1, *(1,) * (like.ndim - 2)) if like.ndim > 1 else weight
