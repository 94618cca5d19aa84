"""The losses as functions: checks and reductions around the operations of `ops/losses.py`.

Those of classes are in `cross_entropy.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..calling import as_float
from ..explaining import passing_on
from ..flags import check_flag
from ..ops import losses
from ..ops.combining import xlogy
from ..ops.in_place import check_shape
from ..ops.limits import where
from ..ops.operands import mismatch
from ..ops.refusals import NO_MINUS, refuse_history, refuse_kinds, type_word
from ..size import broadcast_shapes
from ..tensor import Tensor, on_array
from ..versions import with_places
from ..warn import warn


def reduction_named(size_average: bool | None, reduce: bool | None, reduction: str) -> str:
    """The `reduction`, also where it is still said as `size_average` or `reduce`.

    The classic mistake `MSELoss(prediction, target)`, tensors given to the constructor and not to
    the loss, ends here: they are taken for these two flags, and a tensor of several entries is
    neither true nor false (RuntimeError).
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
    if reduction == "elementwise_mean":
        warn("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.")
        return "mean"
    if reduction not in tuple(losses.REDUCTIONS):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def _same_shape(input: Any, target: Any) -> tuple[Any, Any]:
    """Both in the shape that they stretch to; warns if they have to stretch."""
    alike = target.size() == input.size()
    for place, value in enumerate((input, target)):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument 0, but got {type(value).__name__}"
            )
    if alike:
        return input, target
    warn(
        f"Using a target size ({target.size()}) that is different to the input size "
        f"({input.size()}). This will likely lead to incorrect results due to broadcasting. "
        "Please ensure they have the same size."
    )
    try:
        shape = np.broadcast_shapes(input.shape, target.shape)
    except ValueError:
        raise mismatch(input._array, target._array) from None
    one, other = (x if x.shape == shape else x.expand(shape) for x in (input, target))
    return one, other


def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The squares of the differences, (input - target)²: their mean, sum, or each.

    weight: of each entry; the mean is then weighted. Raises ValueError if its shape is not that of
    the input.
    """
    if weight is not None:
        one, other = _beside(weight, input, target)
        reduction = reduction_named(size_average, reduce, reduction)
        return _of_weighted((one - other) ** 2 * weight, reduction, weight)
    one, other = _same_shape(input, target)
    reduction = reduction_of(size_average, reduce, reduction)
    return losses._mse_loss(one, other, losses.REDUCTIONS[reduction])


def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The sizes of the differences, |input - target|: their mean, sum, or each.

    weight: as of `mse_loss`.
    """
    if weight is not None:
        one, other = _beside(weight, input, target)
        reduction = reduction_named(size_average, reduce, reduction)
        return _of_weighted((one - other).abs() * weight, reduction, weight)
    one, other = _same_shape(input, target)
    reduction = reduction_of(size_average, reduce, reduction)
    return losses.reduced((one - other).abs(), losses.REDUCTIONS[reduction])


def _beside(weight: Tensor, input: Tensor, target: Tensor) -> tuple[Any, Any]:
    """Input and target in one shape. Raises ValueError if the weight has not that of the input."""
    both = _same_shape(input, target)
    if weight.size() != input.size():
        raise ValueError("Weights and input must have the same size.")
    return both


def _of_weighted(each: Any, reduction: str, weight: Any = None) -> Tensor:
    """Weighted losses as they are, their sum, or their mean: over all that the weights weigh."""
    if reduction not in tuple(losses.REDUCTIONS):
        raise ValueError(
            f"Invalid reduction mode: {reduction}. Expected one of 'none', 'mean', 'sum'."
        )
    if reduction == "mean" and weight is not None:
        return each.sum() / weight.sum()
    return losses.reduced(each, losses.REDUCTIONS[reduction])


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
    one, other = _same_shape(input, target)
    reduction = reduction_of(size_average, reduce, reduction)
    if beta == 0:
        return losses.reduced((one - other).abs(), losses.REDUCTIONS[reduction])
    return _smooth(one, other, reduction, beta)


@passing_on("smooth_l1_loss")
def _smooth(input: Tensor, target: Tensor, reduction: str, beta: float) -> Tensor:
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    return losses._smooth_l1_loss(input, target, losses.REDUCTIONS[reduction], as_float(beta))


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
    if weight is not None:
        both = _beside(weight, input, target)
        return _of_weighted(_of_huber(*both, "none", delta) * weight, reduction)
    one, other = _same_shape(input, target)
    return _of_huber(one, other, reduction_of(None, None, reduction), delta)


@passing_on("huber_loss")
def _of_huber(input: Tensor, target: Tensor, reduction: str, delta: float) -> Tensor:
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    return losses._huber_loss(input, target, losses.REDUCTIONS[reduction], as_float(delta))


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """-log of the probability `input` where the target is 1, of `1 - input` where it is 0.

    Raises ValueError if the shapes differ, RuntimeError if the dtypes do or if an entry of `input`
    or `target` is no probability.
    """
    reduction = reduction_of(size_average, reduce, reduction)
    if target.size() != input.size():
        raise ValueError(
            f"Using a target size ({target.size()}) that is different to the input size "
            f"({input.size()}) is deprecated. Please ensure they have the same size."
        )
    if weight is not None:
        stretched = broadcast_shapes(target.size(), weight.size())
        weight = weight.expand(stretched)
    return _binary_cross_entropy(input, target, weight, reduction)


@passing_on("binary_cross_entropy")
def _binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None, reduction: str
) -> Tensor:
    if target.dtype is not input.dtype:
        raise RuntimeError(
            f"Found dtype {type_word(target._array)} but expected {type_word(input._array)}"
        )
    refuse_kinds(input._array, "biu", "binary_cross_entropy")
    for name, value in (("input", input), ("target", target)):
        if value.numel() and not bool(((value._array >= 0) & (value._array <= 1)).all()):
            raise RuntimeError(f"all elements of {name} should be between 0 and 1")
    if weight is not None:
        _check_fits(input, input, weight)
    weights = _as_arrays("binary_cross_entropy", input, weight=weight)
    loss = losses._binary_cross_entropy(input, target, *weights, losses.REDUCTIONS[reduction])
    return loss if weight is None else with_places(loss, "weight", weight)


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
    if target.size() != input.size():
        raise ValueError(
            f"Target size ({target.size()}) must be the same as input size ({input.size()})"
        )
    return _of_logits(input, target, weight, pos_weight, reduction)


@passing_on("binary_cross_entropy_with_logits")
def _of_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    pos_weight: Tensor | None,
    reduction: str,
) -> Tensor:
    if pos_weight is not None:
        if pos_weight._array.dtype.kind == "b":
            raise RuntimeError(NO_MINUS)
        _check_fits(input, pos_weight, target)
    if weight is not None:
        _check_fits(target, target, weight)
    name = "binary_cross_entropy_with_logits"
    weights = _as_arrays(name, target, weight=weight, pos_weight=pos_weight)
    loss = losses._bce_with_logits(input, target, *weights, losses.REDUCTIONS[reduction])
    for need, value in (("weight", weight), ("pos_weight", pos_weight)):
        if value is not None:
            with_places(loss, need, value)
    return loss


def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """The Kullback-Leibler divergence, target * (log(target) - input): `input` holds logarithms.

    log_target: the target does so, too. reduction: also "batchmean", the sum over the length of the
    first axis. Raises RuntimeError for integers.
    """
    old = size_average is not None or reduce is not None
    reduction = reduction_named(size_average, reduce, reduction)
    if reduction == "mean" and not old:
        warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math "
            "definition.'mean' will be changed to behave the same as 'batchmean' in the next major "
            "release."
        )
    of_batch = reduction == "batchmean" and not old
    how = reduction_of(None, None, "sum" if of_batch else reduction)
    divergence = _divergence(input, target, how, log_target)
    return divergence / input.size(0) if of_batch and input.ndim else divergence


@passing_on("kl_div")
def _divergence(input: Any, target: Any, reduction: str, log_target: bool) -> Tensor:
    if {input._array.dtype.kind, target._array.dtype.kind} != {"f"}:
        raise RuntimeError("kl_div: Integral inputs not supported.")
    check_flag(log_target, "kl_div", "log_target")
    if log_target:
        each = target.exp() * (target - input)
    else:
        each = xlogy(target, target) - target * input
    return losses.reduced(each, losses.REDUCTIONS[reduction])


def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The entry where the target is 1; what it lacks to `margin`, if anything, where it is -1."""
    reduction = reduction_of(size_average, reduce, reduction)
    return _of_hinge(input, target, margin, reduction)


@passing_on("hinge_embedding_loss")
def _of_hinge(input: Any, target: Any, margin: float, reduction: str) -> Tensor:
    zeros = on_array(np.zeros_like(input._array))
    limit = on_array(np.asarray(as_float(margin), input._array.dtype))
    apart = where(target != 1, (limit - input).clamp_min(0), zeros)
    alike = where(target != -1, input, zeros)
    return losses.reduced(apart + alike, losses.REDUCTIONS[reduction])


def _check_fits(place: Tensor, *factors: Tensor) -> None:
    """Raise RuntimeError if a product does not fit where it shall be written."""
    try:
        shape = np.broadcast_shapes(*(factor.shape for factor in factors))
    except ValueError:
        raise mismatch(*(factor._array for factor in factors)) from None
    check_shape(place, np.broadcast_shapes(shape, place.shape))


def _as_arrays(name: str, like: Tensor, **weights: Tensor | None) -> list[np.ndarray | None]:
    """Weights in the dtype of `like`. Raises RuntimeError for one that requires grad."""
    refuse_history(name, **weights)
    kind = like._array.dtype
    return [None if w is None else w._array.astype(kind, copy=False) for w in weights.values()]
