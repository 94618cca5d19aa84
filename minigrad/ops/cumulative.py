"""Running totals: cumsum, cumprod, logcumsumexp."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from ..tensor_base import axis_of
from . import either
from .operation import Operation
from .refusals import refuse_kinds
from .type_casts import in_dtype


def _running(function: Any, x: np.ndarray, dim: int) -> Any:
    if not x.ndim or not x.size:
        return x.copy()
    adds = function.__self__ is np.add
    refuse_kinds(x, "b", "cumsum_out_cpu" if adds else "cumprod_out_cpu")
    kind = np.float32 if x.dtype == np.float16 else x.dtype
    out = function(x, dim, kind, np.empty(x.shape, kind)).astype(x.dtype, copy=False)
    return out + 0 if adds else out  # PyTorch begins with 0, so that no sum is -0


_cumsum = Operation(
    "cumsum", "self", lambda self, dim: _running(np.add.accumulate, self, dim), options="dim",
    jvp="linear",
)  # fmt: skip
_cumsum.derivative(
    "self", r"\textstyle\sum_{j \ge i} grad_{j}", lambda grad, dim: reversed_cumsum(grad, dim)
)


def reversed_cumsum(x: Any, dim: int) -> Any:
    """The running total from the end, of an array or a tensor."""
    if not x.ndim or 0 in x.shape or x.shape[dim] == 1:
        return x
    if isinstance(x, either.ARRAY):
        return np.flip(np.add.accumulate(np.flip(x, dim), dim, x.dtype), dim).copy()
    return x.flip(dim).cumsum(dim).flip(dim)


_cumprod = Operation(
    "cumprod", "self", lambda self, dim: _running(np.multiply.accumulate, self, dim), options="dim"
)
_cumprod.derivative(
    "self",
    r"\tfrac{1}{self_{i}} \textstyle\sum_{j \ge i} grad_{j} \odot result_{j}",
    lambda grad, self, result, dim: _cumprod_back(grad, self, result, dim),
)
_cumprod.tangent(
    lambda tangents, self, result, dim: _cumprod_forward(tangents["self"], self, result, dim)
)


def _cumprod_back(grad: Any, x: Any, result: Any, dim: int) -> Any:
    """Where there is a zero one must not divide: each entry in turn is replaced by 1 instead."""
    if not x.ndim or 0 in x.shape or x.shape[dim] == 1:
        return grad
    if not (x == 0).any():
        return reversed_cumsum(grad * result, dim) / x
    total = None
    for here in _places(x, dim):
        others = cumprod_of(either.where(here, 1.0, x), dim)
        past = either.like(x, _past(here, dim))
        own = either.sum(either.mask(grad * others, past), (dim,), True)
        part = either.mask(either.expand(own, x.shape), here)
        total = part if total is None else total + part
    return total


def _cumprod_forward(tangent: Any, x: Any, result: Any, dim: int) -> Any:
    if not x.ndim:
        return tangent
    if not (x == 0).any():
        return result * either.cumsum(tangent / x, dim)
    parts = [
        either.mask(
            cumprod_of(either.where(here, tangent, x), dim), either.like(x, _past(here, dim))
        )
        for here in _places(x, dim)
    ]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _past(here: Any, dim: int) -> np.ndarray:
    """True from the place that `here` marks onwards."""
    return np.logical_or.accumulate(either.array(here), dim)


def cumprod_of(x: Any, dim: int) -> Any:
    """The running product of an array or a tensor."""
    return _cumprod.forward(x, dim) if isinstance(x, either.ARRAY) else _cumprod(x, dim)


def _places(x: Any, dim: int) -> list[Any]:
    """A mask for each place along `dim`: true there, of the shape of `x`."""
    n = x.shape[dim]
    index = np.arange(n).reshape([n if axis == dim else 1 for axis in range(x.ndim)])
    return [either.like(x, np.broadcast_to(index == k, x.shape)) for k in range(n)]


_logcumsumexp = Operation(
    "logcumsumexp", "self", lambda self, dim: _running_log(self, dim), options="dim"
)
_logcumsumexp.derivative(
    "self",
    r"\textstyle\sum_{j \ge i} grad_{j} \, e^{self_{i} - result_{j}}",
    lambda grad, self, result, dim: _logcumsumexp_back(grad, self, result, dim),
)
_logcumsumexp.tangent(
    lambda tangents, self, result, dim: _logcumsumexp_forward(tangents["self"], self, dim)
)


def _running_log(x: np.ndarray, dim: int) -> Any:
    refuse_kinds(x, "biu", "logcumsumexp_out_cpu")
    if not x.ndim or not x.size:
        return x.copy()
    return _running(np.logaddexp.accumulate, x, dim)


def _logcumsumexp_back(grad: Any, x: Any, result: Any, dim: int) -> Any:
    """With logarithms, so that nothing overflows: for the positive cotangents and the negative."""
    if not x.ndim or 0 in x.shape:
        return grad
    size = either.log(abs(grad))
    least = np.finfo(either.numpy_dtype(grad)).min.item()

    def of(chosen: Any) -> Any:
        total = _log_from_the_end(either.where(chosen, size, least) - result, dim)
        return either.exp(total + x)

    return of(grad > 0) - of(grad < 0)


def _log_from_the_end(x: Any, dim: int) -> Any:
    if isinstance(x, either.ARRAY):
        return np.flip(_running_log(np.flip(x, dim), dim), dim)
    return _logcumsumexp(x.flip(dim), dim).flip(dim)


def _logcumsumexp_forward(tangent: Any, x: Any, dim: int) -> Any:
    if not x.ndim or 0 in x.shape:
        return tangent
    top = np.maximum.reduce(either.array(x), axis=dim, keepdims=True)
    weight = either.exp(x - either.like(x, top))
    return either.cumsum(tangent * weight, dim) / (either.cumsum(weight, dim) + 1e-13)  # not by 0


def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """The logarithms of the sums of the first 1, 2, 3, … exponentials along `dim`.

    Raises RuntimeError for integers.
    """
    return _logcumsumexp(input, axis_of(dim, input.ndim))


def cumsum(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """The sums of the first 1, 2, 3, … entries along `dim`. Integers add up as int64."""
    return in_dtype(_cumsum, input, _summed_dtype(input, dtype), axis_of(dim, input.ndim))


def cumprod(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """The products of the first 1, 2, 3, … entries along `dim`. Integers multiply as int64."""
    return in_dtype(_cumprod, input, _summed_dtype(input, dtype), axis_of(dim, input.ndim))


def in_own_dtype(function: Any) -> Any:
    """`cumsum` or `cumprod` as they are in place: integers do not become wider."""

    def method(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
        return function(input, dim, dtype=input.dtype if dtype is None else dtype)

    return method


def _summed_dtype(input: Tensor, dtype: Any) -> Any:
    if dtype is not None:
        return dtype
    return input.dtype if input._array.dtype.kind == "f" else int
