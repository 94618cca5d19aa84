"""Functions that make fewer entries out of many: sums, extremes, norms, softmax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .budget import Budget, axis, whole


def reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    """Over an axis, several or all."""

    def reduce(budget: Budget, x: Any, dim: Any = None, keepdim: Any = False) -> Any:
        budget.spend(np.size(x))
        return function(x, axis=axis(dim), keepdims=bool(keepdim))

    return reduce


def extreme(function: Callable[..., Any], pairwise: Callable[..., Any]) -> Callable[..., Any]:
    """Max and min: over an axis, or (PyTorch's other use) of two tensors entry by entry."""
    reduce = reduction(function)

    def extreme(budget: Budget, x: Any, dim: Any = None, keepdim: Any = False) -> Any:
        if dim is not None and (np.ndim(dim) > 0 or np.shape(x) == ()):
            budget.broadcast(x, dim)
            return pairwise(x, dim)
        return reduce(budget, x, dim, keepdim)

    return extreme


def spread(root: bool) -> Callable[..., Any]:
    """Var and std divide by n - 1, as PyTorch does, unless told otherwise."""

    def spread(
        budget: Budget, x: Any, dim: Any = None, keepdim: Any = False,
        unbiased: Any = True, correction: Any = None,
    ) -> Any:  # fmt: skip
        budget.spend(np.size(x))
        ddof = whole(correction) if correction is not None else int(bool(unbiased))
        result = np.var(x, axis=axis(dim), keepdims=bool(keepdim), ddof=ddof)
        return np.sqrt(result) if root else result

    return spread


def norm(budget: Budget, x: Any, p: Any = 2.0, dim: Any = None, keepdim: Any = False) -> Any:
    """The p-norm, over one axis, several or all."""
    budget.spend(np.size(x))
    p = float(p)
    if np.isinf(p):
        return np.max(np.abs(x), axis=axis(dim), keepdims=bool(keepdim))
    total = np.sum(np.abs(x) ** p, axis=axis(dim), keepdims=bool(keepdim))
    return total ** (1.0 / p)


def normalize(budget: Budget, x: Any, p: Any = 2.0, dim: Any = 1) -> Any:
    """Entries over their norm along an axis."""
    return x / norm(budget, x, p, dim, keepdim=True)


def argument(find: Callable[..., Any]) -> Callable[..., Any]:
    """Argmax and argmin."""

    def position(budget: Budget, x: Any, dim: Any = None, keepdim: Any = False) -> Any:
        budget.spend(np.size(x))
        return find(x, axis=None if dim is None else whole(dim), keepdims=bool(keepdim))

    return position


def softmax(budget: Budget, x: Any, dim: Any = -1) -> Any:
    """exp(x) / sum(exp(x)) along an axis."""
    budget.spend(np.size(x), each=4)
    shifted = np.exp(x - np.max(x, axis=axis(dim), keepdims=True))
    return shifted / np.sum(shifted, axis=axis(dim), keepdims=True)


def logsumexp(budget: Budget, x: Any, dim: Any = None, keepdim: Any = False) -> Any:
    """log(sum(exp(x)))."""
    budget.spend(np.size(x), each=4)
    top = np.max(x, axis=axis(dim), keepdims=True)
    total = np.log(np.sum(np.exp(x - top), axis=axis(dim), keepdims=True)) + top
    return total if keepdim else np.squeeze(total, axis=axis(dim))
