"""Losses that are one operation each: how far predictions are from targets.

`reduction` says what becomes of the losses of the entries. As in PyTorch's nodes it is a number:
0, they stay as they are; 1, their mean; 2, their sum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..dtypes import CATEGORY
from . import either
from .fused import fuse, knows_shape_alone
from .indexing import put_back
from .operands import to_common
from .operation import Operation
from .refusals import OF_BOOLS, floats_only, refuse_kinds, type_word
from .with_numbers import over

REDUCTIONS = {"none": 0, "mean": 1, "sum": 2}


def reduced(losses: Any, reduction: int) -> Any:
    """The losses (an array or a tensor) as they are, their mean, or their sum."""
    if not isinstance(losses, either.ARRAY):
        return losses.mean() if reduction == 1 else losses.sum() if reduction else losses
    if not reduction:
        return losses
    total = np.add.reduce(losses, None)  # not `losses.sum()`, in whose code NumPy may warn
    return total / losses.dtype.type(losses.size) if reduction == 1 else total


def share(grad: Any, x: Any, reduction: int) -> Any:
    """What of the cotangent of a reduced loss falls to each entry of `x`."""
    return over(grad, max(either.array(x).size, 1)) if reduction == 1 else grad


def shown(formula: str) -> Callable[..., str]:
    """A derivative's formula, as the options have it: with 1/n only of a mean, with `weight` only
    if there are weights.
    """

    def as_called(reduction: int, weight: Any) -> str:
        divided = r"\tfrac{1}{n} \, " if reduction == 1 else ""
        return rf"{divided}grad {'' if weight is None else DOT + 'weight '}{DOT}{formula}"

    return as_called


DOT = r"\odot "


def unreduced(operation: Operation) -> None:
    """Tangents of a loss: the derivatives, applied to tangents before the losses are reduced."""

    def moved(tangents: dict[str, Any], **values: Any) -> Any:
        reduction, values["reduction"] = values["reduction"], 0
        parts = [
            operation.rules[name](tangent, *[values[need] for need in operation.needs[name]])
            for name, tangent in tangents.items()
        ]
        return reduced(sum(parts[1:], parts[0]), reduction)

    operation.tangent(moved, operation.arguments)


_mse_loss = Operation(
    "mse_loss", "self target",
    floats_only("mse_cpu", lambda self, target, reduction: reduced(
        (self - target) ** 2, reduction)),
    options="reduction", promote="common",
)  # fmt: skip
_mse_loss.derivative(
    "self",
    shown(r"2 \, (self - target)"),
    lambda grad, self, target, reduction: share(grad, self, reduction) * (2 * (self - target)),
)
_mse_loss.derivative(
    "target",
    shown(r"2 \, (target - self)"),
    lambda grad, self, target, reduction: share(grad, self, reduction) * (2 * (target - self)),
)
unreduced(_mse_loss)


_smooth_l1_loss = Operation(
    "smooth_l1_loss", "self target",
    floats_only("smooth_l1_cpu", lambda self, target, reduction, beta: reduced(
        _huber(self - target, beta) / beta, reduction)),
    options="reduction beta", promote="common",
)  # fmt: skip
_smooth_l1_loss.derivative(
    "self",
    shown(r"\max(-1, \min(1, \tfrac{self - target}{beta}))"),
    lambda grad, self, target, reduction, beta: (
        share(grad, self, reduction) * _clipped(self - target, beta) / beta
    ),
)
_smooth_l1_loss.derivative(
    "target",
    shown(r"\max(-1, \min(1, \tfrac{target - self}{beta}))"),
    lambda grad, self, target, reduction, beta: (
        share(grad, self, reduction) * _clipped(target - self, beta) / beta
    ),
)
unreduced(_smooth_l1_loss)


def _into_input(operands: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """In the dtype of the input. Raises RuntimeError if that cannot hold the result."""
    self, target = to_common(operands)
    own = operands[0]
    _check_cast(self, own)
    return (self, target) if own.dtype.kind != "f" else (own, target.astype(own.dtype))


def _check_cast(found: np.ndarray, place: np.ndarray) -> None:
    """Raise RuntimeError if entries of one array lose their meaning in the place of another."""
    if CATEGORY[found.dtype.kind] > CATEGORY[place.dtype.kind]:
        raise RuntimeError(
            f"result type {type_word(found)} can't be cast to the desired output type "
            f"{type_word(place)}"
        )


_huber_loss = Operation(
    "huber_loss", "self target",
    floats_only("huber_cpu", lambda self, target, reduction, delta: reduced(
        _huber(self - target, delta), reduction)),
    options="reduction delta", promote="common",
)  # fmt: skip
_huber_loss.promotion = _into_input
_huber_loss.derivative(
    "self",
    shown(r"\max(-delta, \min(delta, self - target))"),
    lambda grad, self, target, reduction, delta: (
        share(grad, self, reduction) * _pull(self, target, delta)
    ),
)
_huber_loss.derivative(
    "target",
    shown(r"\max(-delta, \min(delta, target - self))"),
    lambda grad, self, target, reduction, delta: (
        share(grad, self, reduction) * _pull(target, self, delta)
    ),
)
unreduced(_huber_loss)


def _huber(x: np.ndarray, width: float) -> Any:
    """x² / 2 up to `width`, from there on straight."""
    size = np.abs(x)
    return np.where(size < width, x * x / 2, (size - width / 2) * width).astype(x.dtype)


def _clipped(x: Any, width: float) -> Any:
    """The derivative of `_huber`."""
    return either.where(either.absolute(x) >= width, either.sign(x) * width, x)


def _pull(x: Any, other: Any, width: float) -> Any:
    """The same for two dtypes. Raises RuntimeError: the loss may have two, its derivative not."""
    if x.dtype != other.dtype:
        found, own = (type_word(either.array(value)) for value in (other, x))
        raise RuntimeError(f"Found dtype {found} but expected {own}")
    return _clipped(x - other, width)


def _cross_entropies(self: np.ndarray, target: np.ndarray) -> Any:
    logs = (np.maximum(np.log(p), p.dtype.type(-100)) for p in (self, 1 - self))  # log(0) is -inf
    hit, miss = logs
    return (target - 1) * miss - target * hit


_binary_cross_entropy = Operation(
    "binary_cross_entropy", "self target",
    lambda self, target, weight, reduction: reduced(
        _weighted(_cross_entropies(self, target), weight), reduction),
    options="weight reduction", promote="common",
)  # fmt: skip
_binary_cross_entropy.derivative(
    "self",
    shown(r"\frac{self - target}{self \odot (1 - self)}"),
    lambda grad, self, target, weight, reduction: (
        _weighted(share(grad, self, reduction), weight) * (self - target) / _spread_of(self)
    ),
)
_binary_cross_entropy.derivative(
    "target",
    shown(r"\log \frac{1 - self}{self}"),
    lambda grad, self, weight, reduction: (
        _weighted(share(grad, self, reduction), weight) * (either.log(1 - self) - either.log(self))
    ),
)


_binary_cross_entropy.shows("self target weight reduction")
unreduced(_binary_cross_entropy)


def _spread_of(p: Any) -> Any:
    """The variance p(1 - p), at least 1e-12, so that certainty does not divide by zero."""
    spread = p * (1 - p)
    return np.maximum(spread, 1e-12) if isinstance(spread, either.ARRAY) else spread.clamp(1e-12)


def _over_target(operands: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """In the dtype of the target: PyTorch writes over `1 - target`.

    Raises RuntimeError if that cannot hold the result.
    """
    self, target = operands
    refuse_kinds(self, "biu", "log_sigmoid_cpu")
    if target.dtype.kind == "b":
        raise RuntimeError(OF_BOOLS["sub"])
    _check_cast(self, target)
    return self.astype(target.dtype, copy=False), target


def _shown_with(plain: str, weighted: str) -> Callable[..., str]:
    """The formula as the options have it, one of two by whether there is a `pos_weight`."""
    return lambda reduction, weight, pos_weight: shown(plain if pos_weight is None else weighted)(
        reduction, weight
    )


def _misses(x: Any, target: Any, pos_weight: Any) -> Any:
    """How far the probabilities are from the targets."""
    if pos_weight is None:
        return either.sigmoid(x) - target
    t = either.like(x, pos_weight) * target
    return (t + 1 - target) * either.sigmoid(x) - t


_bce_with_logits = Operation(
    "binary_cross_entropy_with_logits", "self target",
    floats_only("log_sigmoid_cpu", lambda self, target, weight, pos_weight, reduction: reduced(
        _logit_losses(self, target, weight, pos_weight), reduction)),
    options="weight pos_weight reduction", promote="common", layout="target self",
)  # fmt: skip
_bce_with_logits.promotion = _over_target
_bce_with_logits.derivative(
    "self",
    _shown_with(
        r"(\sigma(self) - target)",
        r"((1 + (pos_weight - 1) \odot target) \odot \sigma(self) - pos_weight \odot target)",
    ),
    lambda grad, self, target, weight, pos_weight, reduction: share(
        _weighted(_misses(self, target, pos_weight) * grad, weight), self, reduction
    ),
    writes=3,
)
_bce_with_logits.derivative(
    "target",
    _shown_with("(-self)", r"(\log \sigma(-self) - pos_weight \odot \log \sigma(self))"),
    lambda grad, self, target, weight, pos_weight, reduction: (  # saves `target`, as PyTorch does
        _weighted(share(grad, self, reduction), weight)
        * (
            -self
            if pos_weight is None
            else either.log(either.sigmoid(-self))
            - either.log(either.sigmoid(self)) * either.like(self, pos_weight)
        )
    ),
)
unreduced(_bce_with_logits)


def _weighted(x: Any, weight: np.ndarray | None) -> Any:
    return x if weight is None else x * either.like(x, weight)


def _logit_losses(x: np.ndarray, target: Any, weight: Any, pos_weight: Any) -> Any:
    """-log σ(x) for a target of 1, -log σ(-x) for 0, without overflow for large |x|."""
    softplus = np.log1p(np.exp(-np.abs(x))) + np.maximum(-x, 0)  # -log σ(x)
    times = 1 if pos_weight is None else 1 + (pos_weight - 1) * target
    return _weighted((1 - target) * x + times * softplus, weight)


def _shown_likelihood(reduction: int, weight: Any) -> str:
    """The formula as the options have it; a mean with weights is divided by those that counted."""
    factor = "" if weight is None else r"weight \, "
    if reduction == 1:
        over = "n" if weight is None else r"\text{sum of the weights at target}"
        factor = rf"\frac{{{'1' if weight is None else 'weight'}}}{{{over}}} \, "
    return rf"- {factor}grad \text{{ at target, zeros elsewhere}}"


def _likelihood_of(name: str, node: str) -> Operation:
    operation = Operation(
        name, "self",
        lambda self, target, weight, reduction, ignore_index: _likelihood(
            self, *_chosen(target, weight, ignore_index), reduction),
        options="target weight reduction ignore_index", node=node, jvp="linear",
    )  # fmt: skip
    back = Operation(
        f"{name}_backward", "grad_output self",
        lambda grad_output, self, *how: _unchosen(grad_output, self.shape, *how),
        options="target weight reduction ignore_index", node=f"{node.removesuffix('0')}Backward0",
    )  # fmt: skip
    operation.derivative(
        "self",
        _shown_likelihood,
        lambda grad, self, target, weight, reduction, ignore_index: either.apply(
            back, grad, self, target, weight, reduction, ignore_index
        ),
    )
    back.derivative(
        "grad_output",
        _shown_likelihood,
        lambda grad, target, weight, reduction, ignore_index: either.apply(
            operation, grad, target, weight, reduction, ignore_index
        ),
    )
    knows_shape_alone(back)
    operation.shows("self target weight reduction ignore_index", total_weight=_total)
    operation.further = {"result_total_weight": _total}
    return operation


def _total(self: Any, target: Any, weight: Any, reduction: int, ignore_index: int) -> np.ndarray:
    """What the targets weigh together, by which a mean is divided."""
    total = 0 if reduction == 0 else _chosen(target, weight, ignore_index)[1].sum()
    return np.asarray(total, self._array.dtype)


_nll_loss = _likelihood_of("nll_loss", "NllLossBackward0")
_nll_loss2d = _likelihood_of("nll_loss2d", "NllLoss2DBackward0")  # for (N, C, …)


def _chosen(target: np.ndarray, weight: Any, ignore: int) -> tuple[Any, Any]:
    """Where the entry of each target stands in (N, C, …), and what it weighs: 0 if ignored."""
    kept = target != ignore
    target = np.where(kept, target, 0)
    weights = np.ones(target.shape, np.float64) if weight is None else weight[target]
    places: list[Any] = list(np.indices(target.shape, sparse=True))
    places.insert(1 if target.ndim else 0, target)
    return tuple(places), weights * kept


def _likelihood(self: np.ndarray, places: Any, weights: np.ndarray, reduction: int) -> Any:
    losses = np.where(weights == 0, 0, -self[places] * weights).astype(self.dtype)
    if not reduction:
        return losses
    total = np.add.reduce(losses, None)
    return total if reduction == 2 else total / np.add.reduce(weights, None, self.dtype)


def _unchosen(
    grad: Any, sizes: Any, target: Any, weight: Any, reduction: int, ignore_index: int
) -> Any:
    places, weights = _chosen(target, weight, ignore_index)
    if reduction == 1:
        weights = weights / weights.sum()
    each = grad * either.like(grad, (-weights).astype(either.numpy_dtype(grad)))
    ignored = target == ignore_index  # 0 for them, also if nothing counts and the mean is nan
    return put_back(either.cleared(each, ignored) if ignored.any() else each, sizes, places)


for _operation, _node in (
    (_mse_loss, "MseLoss"), (_smooth_l1_loss, "SmoothL1Loss"), (_huber_loss, "HuberLoss"),
):  # fmt: skip
    for _input in _operation.inputs:
        fuse(_operation, _input, f"{_node}BackwardBackward0")
