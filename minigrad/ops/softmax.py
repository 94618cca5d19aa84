"""Softmax and its relatives: exponentials along an axis, safe from overflow.

The largest entry is subtracted first: `exp` of what remains is at most 1, and nothing else changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from ..tensor_base import axis_of
from . import either
from .fused import fuse
from .half import in_single
from .operation import Operation
from .reductions import beside, dims_of
from .refusals import refuse_kinds
from .type_casts import to


def _softmax_of(x: np.ndarray, dim: int) -> Any:
    if not x.size:
        return x.copy()
    powers = np.exp(x - np.maximum.reduce(x, axis=_front(x, dim), keepdims=True))
    return powers / np.add.reduce(powers, axis=_front(x, dim), keepdims=True)


def _log_softmax_of(x: np.ndarray, dim: int) -> Any:
    if not x.size:
        return x.copy()
    below = x - np.maximum.reduce(x, axis=_front(x, dim), keepdims=True)
    return below - np.log(np.add.reduce(np.exp(below), axis=_front(x, dim), keepdims=True))


def _front(x: np.ndarray, dim: int) -> int | None:
    """The axis for NumPy; None for an array without any."""
    return dim if x.ndim else None


_softmax = Operation("softmax", "self", in_single(_softmax_of), options="dim", layout="C")
_softmax.derivative(
    "self",
    r"result \odot (grad - \textstyle\sum_{dim} grad \odot result)",
    lambda grad, result, dim: result * (grad - either.sum(grad * result, _axes(grad, dim), True)),
)
_softmax.tangent(lambda tangents, self, result, dim: result * (
    tangents["self"] - _log_sum_moved(tangents["self"], self, _axes(self, dim), True)))  # fmt: skip

_log_softmax = Operation(
    "log_softmax", "self", in_single(_log_softmax_of), options="dim", layout="C"
)
_log_softmax.derivative(
    "self",
    r"grad - e^{result} \odot \textstyle\sum_{dim} grad",
    lambda grad, result, dim: grad - either.exp(result) * either.sum(grad, _axes(grad, dim), True),
)
_log_softmax.tangent(lambda tangents, self, dim: (
    tangents["self"] - _log_sum_moved(tangents["self"], self, _axes(self, dim), True)))  # fmt: skip

fuse(_softmax, "self", "SoftmaxBackwardDataBackward0")
fuse(_log_softmax, "self", "LogSoftmaxBackwardDataBackward0")


def _axes(x: Any, dim: int) -> tuple[int, ...]:
    return (dim,) if x.ndim else ()


_logsumexp = Operation(
    "logsumexp", "self", in_single(lambda self, dim, keepdim: _log_sum(self, dim, keepdim)),
    options="dim keepdim", promote="float", layout="C",
)  # fmt: skip
_logsumexp.derivative(
    "self",
    r"grad \odot e^{self - result}",
    lambda grad, self, result, dim, keepdim: (
        beside(grad, dim, keepdim) * either.exp(self - beside(result, dim, keepdim))
    ),
)
_logsumexp.tangent(
    lambda tangents, self, dim, keepdim: _log_sum_moved(tangents["self"], self, dim, keepdim)
)


def _log_sum_moved(moved: Any, x: Any, dims: tuple[int, ...], keepdim: bool) -> Any:
    """The mean of the tangents, weighted by the powers."""
    powers = (x - x.amax(dims, True) if x.numel() else x).exp()
    return either.sum(moved * powers, dims, keepdim) / either.sum(powers, dims, keepdim)


def _log_sum(x: np.ndarray, dims: tuple[int, ...], keepdim: bool) -> Any:
    if not x.size:
        return np.log(either.add_up(x, axis=dims, keepdims=keepdim))
    top = np.maximum.reduce(x, axis=dims, keepdims=True)
    top = np.where(np.isinf(top), x.dtype.type(0), top)
    total = np.log(np.add.reduce(np.exp(x - top), axis=dims, keepdims=True)) + top
    return total if keepdim else np.squeeze(total, dims)


def _checked(name: str, input: Tensor, dim: int) -> int:
    """The axis counted from the front. Raises NotImplementedError for integers."""
    axis = axis_of(dim, input.ndim)
    kernel = "lastdim_kernel_impl" if axis == max(input.ndim - 1, 0) else "kernel_impl"
    if input._array.size:
        refuse_kinds(input._array, "biu", f"{name}_{kernel}")
    return axis


def softmax(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """Positive numbers that add up to 1 along `dim`: `exp(input)` over its sum.

    Raises NotImplementedError for integers, unless a floating point `dtype` is given.
    """
    input = input if dtype is None else to(input, dtype)
    return _softmax(input, _checked("softmax", input, dim))


def log_softmax(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """The logarithm of `softmax`, exact where `softmax` itself is almost 0."""
    input = input if dtype is None else to(input, dtype)
    return _log_softmax(input, _checked("log_softmax", input, dim))


def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """`log(sum(exp(input)))` along `dim` (a number or several).

    Raises RuntimeError if `dim` is empty, which PyTorch takes for all axes, without `keepdim`.
    """
    dims = dims_of(input, dim)
    if not isinstance(dim, int) and not len(dim) and dims and not keepdim and input._array.size:
        raise RuntimeError(
            f"output with shape [] doesn't match the broadcast shape {[1] * input.ndim}"
        )
    return _logsumexp(input, dims, keepdim)
