"""Spreads: var, std."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor
from ..warn import warn
from ..written import written
from . import either
from .operation import Operation
from .reductions import beside, dims_of, spread
from .several import SeveralResults
from .with_numbers import over, times


def _centred(x: Any, dims: tuple[int, ...]) -> Any:
    if isinstance(x, Tensor):
        return x - x.mean(dims, True)
    return x - either.sum(x, dims, True) / _count(x.shape, dims)


def _count(sizes: tuple[int, ...], dims: tuple[int, ...]) -> int:
    return math.prod(sizes[d] for d in dims)


def _variance(x: np.ndarray, dims: tuple[int, ...], correction: float, keepdim: bool) -> Any:
    return _wide_variance(x, dims, correction, keepdim).astype(x.dtype, copy=False)


def _deviation(x: np.ndarray, dims: tuple[int, ...], correction: float, keepdim: bool) -> Any:
    return np.sqrt(_wide_variance(x, dims, correction, keepdim)).astype(x.dtype, copy=False)


def _wide_variance(x: np.ndarray, dims: tuple[int, ...], correction: float, keepdim: bool) -> Any:
    """The variance in float64, in which PyTorch computes it, too."""
    squares = np.square(_centred(x.astype(np.float64, copy=False), dims))
    freedom = max(_count(x.shape, dims) - correction, 0)
    return np.asarray(either.add_up(squares, axis=dims, keepdims=keepdim) / np.float64(freedom))


def _along_variance(moved: Any, x: Any, dims: tuple[int, ...], correction: float) -> Any:
    """`moved` times the derivative of the variance with respect to each entry."""
    freedom = _count(x.shape, dims) - correction
    if freedom <= 0 and len(dims) == x.ndim:  # which PyTorch takes for a constant
        entries = either.array(x)
        mean = np.add.reduce(entries, None) / entries.size  # `entries.mean()` would warn
        slopes = np.where(entries == mean, np.nan, np.inf).astype(entries.dtype)
        return moved * either.like(x, slopes)
    number = 2 / freedom if freedom else math.inf
    return times(moved, number) * _centred(x, dims)


_var = Operation("var", "self", _variance, options="dim correction keepdim", layout="C")
_var.derivative(
    "self",
    r"grad \odot \tfrac{2}{n - correction} (self - \overline{self})",
    lambda grad, self, dim, correction, keepdim: _along_variance(
        beside(grad, dim, keepdim), self, dim, correction
    ),
)


@_var.tangent
def _var_forward(tangents: Any, self: Any, dim: Any, correction: float, keepdim: bool) -> Any:
    return either.sum(_along_variance(tangents["self"], self, dim, correction), dim, keepdim)


_std = Operation("std", "self", _deviation, options="dim correction keepdim", layout="C")
_std.derivative(
    "self",
    r"\frac{grad}{result} \odot \tfrac{1}{n - correction} (self - \overline{self})",
    lambda grad, self, result, dim, correction, keepdim: _along_variance(
        beside(_over_twice(grad, result), dim, keepdim), self, dim, correction
    ),
)


@_std.tangent
def _std_forward(
    tangents: Any, self: Any, result: Any, dim: Any, correction: float, keepdim: bool
) -> Any:
    moved = _var_forward(tangents, self, dim, correction, keepdim)
    return (moved / (result * 2)).masked_fill(result == 0, 0)


def _over_twice(x: Any, result: Any) -> Any:
    """`x / (2 result)`; 0 where the result is 0."""
    return either.cleared(x / (result * 2), result == 0)


def _mean_of(x: np.ndarray, dims: tuple[int, ...], keepdim: bool) -> Any:
    return either.add_up(x, axis=dims, keepdims=keepdim) / x.dtype.type(_count(x.shape, dims))


def _with_mean(name: str, function: Any, node: str) -> SeveralResults:
    return SeveralResults(
        name, "self", lambda self, dim, correction, keepdim: (
            function(self, dim, correction, keepdim), _mean_of(self, dim, keepdim)),
        options="dim correction keepdim", node=node, layout="C",
    )  # fmt: skip


def _two(first: Any, second: Any) -> Any:
    """The sum of those two that are not False."""
    return second if first is False else first if second is False else first + second


def _mean_back(grad: Any, sizes: tuple[int, ...], dims: Any, keepdim: bool) -> Any:
    return over(spread(grad, sizes, dims, keepdim), _count(sizes, dims))


_var_mean = _with_mean("var_mean", _variance, "VarMeanBackward0")
_var_mean.derivative(
    "self",
    r"grad0 \odot \tfrac{2}{n - correction} (self - \overline{self}) + \tfrac{1}{n} grad1",
    lambda given, self, dim, correction, keepdim: _two(
        given[0] is not None and _var.rules["self"](given[0], self, dim, correction, keepdim),
        given[1] is not None and _mean_back(given[1], self.shape, dim, keepdim),
    ),
)
_var_mean.tangent(lambda tangents, self, dim, correction, keepdim: (
    _var_forward(tangents, self, dim, correction, keepdim),
    either.sum(tangents["self"], dim, keepdim) / _count(self.shape, dim)))  # fmt: skip

_std_mean = _with_mean("std_mean", _deviation, "StdMeanBackward0")
_std_mean.derivative(
    "self",
    r"\frac{grad0}{result0} \odot \tfrac{1}{n - correction} (self - \overline{self})"
    r" + \tfrac{1}{n} grad1",
    lambda given, self, result0, dim, correction, keepdim: _two(
        given[0] is not None
        and _std.rules["self"](given[0], self, result0, dim, correction, keepdim),
        given[1] is not None and _mean_back(given[1], self.shape, dim, keepdim),
    ),
)
_std_mean.tangent(lambda tangents, self, result, dim, correction, keepdim: (
    _std_forward(tangents, self, result, dim, correction, keepdim),
    either.sum(tangents["self"], dim, keepdim) / _count(self.shape, dim)))  # fmt: skip


def _spread_of(name: str, operation: Any, refusal: str) -> Any:
    def function(
        input: Tensor, dim: Any = None, unbiased: bool | None = None, keepdim: bool = False, *,
        correction: Any = None,
    ) -> Any:  # fmt: skip
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        if input._array.dtype.kind != "f":
            raise RuntimeError(f"{refusal} only support floating point and complex dtypes")
        dims = dims_of(input, dim)
        if correction is None:
            default = dim is None and unbiased is None
            correction = written(1, None) if default else int(unbiased is not False)
        if not input._array.size or _count(input._array.shape, dims) - correction <= 0:
            warn(
                f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than "
                "the reduction factor (input numel divided by output numel)."
            )
        return operation(input, dims, correction, keepdim)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"`{name}` of all entries or along `dim`: squares over n - 1 (`unbiased`), or over "
        "n - `correction`. Raises RuntimeError for integers."
    )
    return function


var = _spread_of("var", _var, "std and var")
std = _spread_of("std", _std, "std and var")
var_mean = _spread_of("var_mean", _var_mean, "var_mean")
std_mean = _spread_of("std_mean", _std_mean, "std_mean")
