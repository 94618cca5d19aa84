"""Distances between points, the rows of matrices: `cdist` of two sets of them, `pdist` within one.

Source of the derivatives and of their values where two points meet: PyTorch's `cdist_backward` and
`_euclidean_dist_backward`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..explaining import explained
from ..tensor import Tensor
from . import either
from .norms import length_of
from .operation import Operation
from .refusals import type_word

MODES = (
    "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist",
)  # fmt: skip
MANY = 25
"""With more points than these Euclidean distances are found through a product of matrices."""


def _length(steps: np.ndarray, p: float) -> Any:
    """The `p`-norm along the last axis; 0 if there is nothing along it."""
    if not steps.shape[-1]:
        return np.zeros(steps.shape[:-1], steps.dtype)
    return length_of(steps, p, (steps.ndim - 1,), False)


def _pull(steps: np.ndarray, p: float, length: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """The cotangent of the step from one point to another, from that of its length."""
    length, grad = length[..., None], grad[..., None]
    if p == 0:
        return np.zeros(steps.shape, grad.dtype)
    if p == 1:
        return grad * np.sign(steps)
    if math.isinf(p):
        return grad * np.sign(steps) * (np.abs(steps) == length)
    flat = (length == 0) | ((steps == 0) & (p < 1))
    slope = np.sign(steps) * (np.abs(np.where(flat, 1, steps)) / np.where(flat, 1, length)) ** (
        p - 1
    )
    return np.where(flat, 0, grad * slope)


def _steps(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    return x1[..., :, None, :] - x2[..., None, :, :]


_cdist = Operation(
    "_cdist_forward", "x1 x2", lambda x1, x2, p: _length(_steps(x1, x2), p), options="p",
    node="CdistBackward0", shown="cdist(x1, x2, p)", fit=True, jvp="none", layout="C",
)  # fmt: skip
_refused = NotImplementedError("the derivative for '_cdist_backward' is not implemented.")
_cdist_back = Operation(
    "_cdist_backward", "grad x1 x2 cdist",
    lambda grad, x1, x2, cdist, p: either.add_up(
        _pull(_steps(x1, x2), p, cdist, grad), axis=-2),
    options="p", node="CdistBackwardBackward0",
).refusing(_refused)  # fmt: skip
_cdist.derivative(
    "x1",
    r"\sum_j grad_{i j} \, \partial \, result_{i j} / \partial \, x1_{i}",
    lambda grad, x1, x2, result, p: either.apply(_cdist_back, grad, x1, x2, result, p),
)
_cdist.derivative(
    "x2",
    r"\sum_i grad_{i j} \, \partial \, result_{i j} / \partial \, x2_{j}",
    lambda grad, x1, x2, result, p: either.apply(
        _cdist_back, either.swap(grad), x2, x1, _turned(result), p
    ),
)


def _turned(distances: Any) -> Any:
    turned = either.swap(distances)
    return turned if isinstance(turned, either.ARRAY) else turned.contiguous()


def _by_product(x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    """√(|a|² + |b|² - 2 a·b), and 0 where rounding has made that negative."""
    squares = [either.add_up(x * x, axis=-1) for x in (x1, x2)]
    products = x1 @ either.swap(x2)
    return np.sqrt(np.maximum(squares[0][..., None] + squares[1][..., None, :] - 2 * products, 0))


_euclidean = Operation(
    "_euclidean_dist", "x1 x2", _by_product, node="EuclideanDistBackward0", jvp="none"
)


def _ratio(grad: Any, result: Any) -> Any:
    return either.cleared(grad / result, result == 0)


def _first(ratio: Any, x1: Any, x2: Any) -> Any:
    return x1 * either.sum(ratio, (x1.ndim - 1,), True) - ratio @ x2


def _second(ratio: Any, x1: Any, x2: Any) -> Any:
    total = either.unsqueeze(either.sum(ratio, (x1.ndim - 2,)), (x1.ndim - 1,))
    return x2 * total - either.swap(ratio) @ x1


_euclidean.derivative(
    "x1",
    r"x1 \sum_j r_{i j} - r \, x2 \quad (r = grad / result)",
    lambda grad, x1, x2, result: _first(_ratio(grad, result), x1, x2),
)
_euclidean.derivative(
    "x2",
    r"x2 \sum_i r_{i j} - r^{\top} \, x1 \quad (r = grad / result)",
    lambda grad, x1, x2, result: _second(_ratio(grad, result), x1, x2),
)


@explained("cdist")
def cdist(
    x1: Tensor, x2: Tensor, p: float = 2.0,
    compute_mode: str = "use_mm_for_euclid_dist_if_necessary",
) -> Tensor:  # fmt: skip
    """The `p`-norm of each row of `x1` less each row of `x2`: (…, m, k), (…, n, k) → (…, m, n).

    compute_mode: whether Euclidean distances are found through a product of matrices, which is
    faster and less exact. Raises RuntimeError for vectors, integers and rows of unlike length.
    """
    if compute_mode not in MODES:
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    tensors = {"X1": x1, "X2": x2}
    for name, tensor in tensors.items():
        if tensor.ndim < 2:
            raise RuntimeError(
                f"cdist only supports at least 2D tensors, {name} got: {tensor.ndim}D"
            )
    if x1.shape[-1] != x2.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} X2: {x2.shape[-1]}"
        )
    for name, tensor in tensors.items():
        if tensor._array.dtype.kind != "f":
            raise RuntimeError(
                f"cdist only supports floating-point dtypes, {name} got: "
                + type_word(tensor._array)
            )
    if not p >= 0:
        raise RuntimeError("cdist only supports non-negative p values")
    if x1._array.dtype == np.float16:
        raise NotImplementedError("\"cdist\" not implemented for 'Half'")
    if x1.dtype != x2.dtype:
        raise RuntimeError(
            f"expected scalar type {type_word(x1._array)} but found {type_word(x2._array)}"
        )
    many = compute_mode != MODES[2] and max(x1.shape[-2], x2.shape[-2]) > MANY
    if p == 2 and x1.shape[-1] and (many or compute_mode == MODES[1]):
        return _through_product(x1, x2)
    return _cdist(x1, x2, float(p))


def _through_product(x1: Tensor, x2: Tensor) -> Tensor:
    batch = np.broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
    if batch:
        x1, x2 = (
            x.expand(*batch, *x.shape[-2:]).contiguous().view(-1, *x.shape[-2:]) for x in (x1, x2)
        )
    return _euclidean(x1, x2).view(*batch, x1.shape[-2], x2.shape[-2])


def _pairs(count: int) -> Any:
    """Which points are paired: two arrays of their numbers, as they stand above a diagonal."""
    return np.triu_indices(count, 1)


def _steps_within(self: np.ndarray) -> np.ndarray:
    first, second = _pairs(len(self))
    return self[first] - self[second]


def _within_back(grad: np.ndarray, self: np.ndarray, pdist: np.ndarray, p: float) -> np.ndarray:
    first, second = _pairs(len(self))
    pulls = _pull(_steps_within(self), p, pdist, grad)
    out = np.zeros(self.shape, grad.dtype)
    np.add.at(out, first, pulls)
    np.subtract.at(out, second, pulls)
    return out


_pdist = Operation(
    "_pdist_forward", "self", lambda self, p: _length(_steps_within(self), p), options="p",
    node="PdistBackward0", shown="pdist(self, p)", jvp="none",
)  # fmt: skip
_pdist_back = Operation(
    "_pdist_backward", "grad self pdist", _within_back, options="p", node="PdistBackwardBackward0"
).refusing(NotImplementedError("the derivative for '_pdist_backward' is not implemented."))
_pdist.derivative(
    "self",
    r"\text{each pair's } grad \text{ pulls one point and pushes the other}",
    lambda grad, self, result, p: either.apply(_pdist_back, grad, self, result, p),
)


def pdist(input: Tensor, p: float = 2) -> Tensor:
    """The `p`-norm of the difference of every two rows: (n, k) → (n (n - 1) / 2,).

    Raises RuntimeError if `input` is no matrix of floating point numbers.
    """
    if input.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.ndim}D")
    if input._array.dtype.kind != "f":
        raise RuntimeError("pdist only supports floating-point dtypes")
    if not p >= 0:
        raise RuntimeError("pdist only supports non-negative p values")
    if input._array.dtype == np.float16:
        raise NotImplementedError("\"pdist\" not implemented for 'Half'")
    return _pdist(input, float(p))
