"""The functions a formula may call: what each name means on float64 NumPy arrays.

Names follow PyTorch, with NumPy's and the blackboard's as well. Every function is called with a
`Budget` that refuses, before anything is allocated, a result that would be absurdly large.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

MAX_ENTRIES = 1_000_000  # of one array
MAX_WORK = 50_000_000  # entries computed, or multiplied, in one evaluation of a formula


class Budget:
    """Counts the work of one evaluation; raises ValueError when it is more than a formula needs."""

    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, *shape: int, each: int = 1) -> None:
        """Allow an array of this shape whose every entry costs `each` multiplications."""
        size = math.prod(shape)
        if size > MAX_ENTRIES:
            raise ValueError(f"this would make an array of {size:,} entries")
        self.left -= size * max(each, 1)
        if self.left < 0:
            raise ValueError("this takes too much computing for a derivative")


def _relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0.0)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def _softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, x)


_erf = np.vectorize(math.erf, otypes=[float])


def _same(x: np.ndarray) -> np.ndarray:
    return x


# One argument, entry by entry.
ELEMENTWISE: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp, "expm1": np.expm1, "log": np.log, "ln": np.log, "log2": np.log2,
    "log10": np.log10, "log1p": np.log1p, "sqrt": np.sqrt, "rsqrt": lambda x: 1.0 / np.sqrt(x),
    "square": np.square, "reciprocal": lambda x: 1.0 / x, "neg": np.negative,
    "negative": np.negative, "abs": np.abs, "absolute": np.abs, "sign": np.sign, "sgn": np.sign,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh,
    "tanh": np.tanh, "sech": lambda x: 1.0 / np.cosh(x), "asin": np.arcsin, "arcsin": np.arcsin,
    "acos": np.arccos, "arccos": np.arccos, "atan": np.arctan, "arctan": np.arctan,
    "sigmoid": _sigmoid, "σ": _sigmoid, "logistic": _sigmoid, "relu": _relu, "ReLU": _relu,
    "softplus": _softplus, "erf": _erf, "floor": np.floor, "ceil": np.ceil, "round": np.round,
    "step": lambda x: (x > 0) * 1.0, "logical_not": lambda x: (x == 0) * 1.0,
    "float": _same, "double": _same, "clone": _same, "detach": _same, "contiguous": _same,
    "item": _same, "numpy": _same,
}  # fmt: skip

# Two arguments, entry by entry, with broadcasting.
PAIRWISE: dict[str, Callable[[Any, Any], Any]] = {
    "add": np.add, "sub": np.subtract, "subtract": np.subtract, "mul": np.multiply,
    "multiply": np.multiply, "div": np.divide, "divide": np.divide, "true_divide": np.divide,
    "pow": np.power, "power": np.power, "maximum": np.maximum, "minimum": np.minimum,
    "eq": np.equal, "ne": np.not_equal, "gt": np.greater, "ge": np.greater_equal,
    "lt": np.less, "le": np.less_equal,
    "logical_and": np.logical_and, "logical_or": np.logical_or,
}  # fmt: skip


def _axis(value: Any) -> Any:
    """An axis, or several, as NumPy wants them."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(whole(v) for v in value)
    array = np.asarray(value)
    return whole(value) if array.ndim == 0 else tuple(whole(v) for v in array.ravel())


def whole(value: Any) -> int:
    """A whole number, from the float that everything in a formula is."""
    number = float(np.asarray(value))
    if not math.isfinite(number) or number != int(number) or abs(number) > 1e9:
        raise ValueError(f"{number:g} must be a whole number here")
    return int(number)


def _reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    def reduce(
        budget: Budget, x: Any, dim: Any = None, keepdim: Any = False, **unknown: Any
    ) -> Any:
        budget.spend(np.size(x))
        return function(x, axis=_axis(dim), keepdims=bool(keepdim))

    return reduce


def _extreme(function: Callable[..., Any], pairwise: Callable[..., Any]) -> Callable[..., Any]:
    """Max and min: over an axis, or (PyTorch's other use) of two tensors entry by entry."""
    reduce = _reduction(function)

    def extreme(budget: Budget, x: Any, dim: Any = None, keepdim: Any = False) -> Any:
        if dim is not None and (np.ndim(dim) > 0 or np.shape(x) == ()):
            return pairwise(x, dim)
        return reduce(budget, x, dim, keepdim)

    return extreme


def _spread(root: bool) -> Callable[..., Any]:
    """Var and std divide by n - 1, as PyTorch does, unless told otherwise."""

    def spread(
        budget: Budget, x: Any, dim: Any = None, keepdim: Any = False,
        unbiased: Any = True, correction: Any = None,
    ) -> Any:  # fmt: skip
        budget.spend(np.size(x))
        ddof = whole(correction) if correction is not None else int(bool(unbiased))
        result = np.var(x, axis=_axis(dim), keepdims=bool(keepdim), ddof=ddof)
        return np.sqrt(result) if root else result

    return spread


def _norm(budget: Budget, x: Any, p: Any = 2.0, dim: Any = None, keepdim: Any = False) -> Any:
    budget.spend(np.size(x))
    total = np.sum(np.abs(x) ** p, axis=_axis(dim), keepdims=bool(keepdim))
    return total ** (1.0 / p)


def _softmax(budget: Budget, x: Any, dim: Any = -1) -> Any:
    budget.spend(np.size(x), each=4)
    shifted = np.exp(x - np.max(x, axis=_axis(dim), keepdims=True))
    return shifted / np.sum(shifted, axis=_axis(dim), keepdims=True)


def _logsumexp(budget: Budget, x: Any, dim: Any = None, keepdim: Any = False) -> Any:
    budget.spend(np.size(x), each=4)
    top = np.max(x, axis=_axis(dim), keepdims=True)
    total = np.log(np.sum(np.exp(x - top), axis=_axis(dim), keepdims=True)) + top
    return total if keepdim else np.squeeze(total, axis=_axis(dim))


def matmul(budget: Budget, a: Any, b: Any) -> Any:
    """`a @ b`; shapes as torch.matmul."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        raise ValueError("@ multiplies matrices; for a number use *")
    inner = a.shape[-1]
    if inner != b.shape[0 if b.ndim == 1 else -2]:
        raise ValueError(f"shapes {shown(a)} and {shown(b)} do not fit for a matrix product")
    rows = a.shape[:-1] if b.ndim == 1 else a.shape[:-1] + b.shape[-1:]
    budget.spend(*rows, *(b.shape[:-2] if b.ndim > 2 else ()), each=inner)
    return np.matmul(a, b)


def shown(x: Any) -> str:
    """A shape as PyTorch users read it: (3, 2)."""
    return str(tuple(int(n) for n in np.shape(x)))


def transpose(budget: Budget, x: Any, first: Any = None, second: Any = None) -> Any:
    """x.T, or two axes swapped. A vector or a number is its own transpose."""
    if first is None:
        return x.T if np.ndim(x) < 3 else np.swapaxes(x, -1, -2)
    return np.swapaxes(x, whole(first), whole(second))


def _outer(budget: Budget, a: Any, b: Any) -> Any:
    budget.spend(np.size(a), np.size(b))
    return np.outer(a, b)


def _diag(budget: Budget, x: Any) -> Any:
    if np.ndim(x) < 2:
        budget.spend(np.size(x), np.size(x))
        return np.diag(np.ravel(x))
    return np.diagonal(x) if np.ndim(x) == 2 else _bad("diag takes a vector or a matrix")


def _bad(message: str) -> Any:
    raise ValueError(message)


def _shape(values: tuple[Any, ...]) -> tuple[int, ...]:
    if len(values) == 1 and (isinstance(values[0], tuple) or np.ndim(values[0]) == 1):
        values = tuple(values[0])
    return tuple(whole(v) for v in values)


def _filled(value: float) -> Callable[..., Any]:
    def filled(budget: Budget, *shape: Any) -> Any:
        size = _shape(shape)
        budget.spend(*size)
        return np.full(size, value)

    return filled


def _full(budget: Budget, shape: Any, value: Any) -> Any:
    size = _shape((shape,))
    budget.spend(*size)
    return np.full(size, float(value))


def _expand(budget: Budget, x: Any, *shape: Any) -> Any:
    size = _shape(shape)
    ahead = len(size) - np.ndim(x)
    size = tuple(
        np.shape(x)[i - ahead] if n == -1 and i >= ahead else n for i, n in enumerate(size)
    )
    budget.spend(*size)
    return np.broadcast_to(x, size)


def _cat(budget: Budget, xs: Any, dim: Any = 0) -> Any:
    budget.spend(sum(np.size(x) for x in xs))
    return np.concatenate([np.asarray(x) for x in xs], axis=whole(dim))


def _stack(budget: Budget, xs: Any, dim: Any = 0) -> Any:
    budget.spend(sum(np.size(x) for x in xs))
    return np.stack([np.asarray(x) for x in xs], axis=whole(dim))


def _clamp(budget: Budget, x: Any, min: Any = None, max: Any = None) -> Any:
    x = x if min is None else np.maximum(x, min)
    return x if max is None else np.minimum(x, max)


def _where(budget: Budget, condition: Any, a: Any, b: Any) -> Any:
    budget.spend(*np.broadcast_shapes(np.shape(condition), np.shape(a), np.shape(b)))
    return np.where(condition != 0, a, b)


def _eye(budget: Budget, n: Any, m: Any = None) -> Any:
    rows, columns = whole(n), whole(n if m is None else m)
    budget.spend(rows, columns)
    return np.eye(rows, columns)


def _size(budget: Budget, x: Any, dim: Any = None) -> Any:
    return np.shape(x) if dim is None else float(np.shape(x)[whole(dim)])


def _pairwise(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def both(budget: Budget, a: Any, b: Any) -> Any:
        budget.spend(*np.broadcast_shapes(np.shape(a), np.shape(b)))
        return function(a, b) * 1.0

    return both


def _elementwise(function: Callable[[Any], Any]) -> Callable[..., Any]:
    def one(budget: Budget, x: Any) -> Any:
        budget.spend(np.size(x))
        return function(x)

    return one


Function = Callable[..., Any]
FUNCTIONS: dict[str, Function] = {name: _elementwise(f) for name, f in ELEMENTWISE.items()}
FUNCTIONS |= {name: _pairwise(f) for name, f in PAIRWISE.items()}
FUNCTIONS |= {
    "sum": _reduction(np.sum), "mean": _reduction(np.mean), "average": _reduction(np.mean),
    "prod": _reduction(np.prod), "amax": _reduction(np.max), "amin": _reduction(np.min),
    "max": _extreme(np.max, np.maximum), "min": _extreme(np.min, np.minimum),
    "var": _spread(False), "std": _spread(True), "norm": _norm,
    "softmax": _softmax, "log_softmax": lambda b, x, dim=-1: np.log(_softmax(b, x, dim)),
    "logsumexp": _logsumexp, "heaviside": lambda b, x, at_zero=0.0: np.heaviside(x, at_zero),
    "matmul": matmul, "mm": matmul, "bmm": matmul, "mv": matmul, "dot": matmul, "inner": matmul,
    "outer": _outer, "ger": _outer, "diag": _diag, "diagflat": lambda b, x: _diag(b, np.ravel(x)),
    "trace": lambda b, x: np.trace(x), "eye": _eye, "identity": _eye,
    "transpose": transpose, "swapaxes": transpose, "t": transpose,
    "permute": lambda b, x, *axes: np.transpose(x, _shape(axes)),
    "reshape": lambda b, x, *shape: np.reshape(x, _shape(shape)),
    "view": lambda b, x, *shape: np.reshape(x, _shape(shape)),
    "flatten": lambda b, x: np.ravel(x), "ravel": lambda b, x: np.ravel(x),
    "squeeze": lambda b, x, dim=None: np.squeeze(x, _axis(dim)),
    "unsqueeze": lambda b, x, dim: np.expand_dims(x, whole(dim)),
    "expand": _expand, "broadcast_to": _expand,
    "expand_as": lambda b, x, other: _expand(b, x, np.shape(other)),
    "ones": _filled(1.0), "zeros": _filled(0.0), "full": _full,
    "ones_like": lambda b, x: np.ones(np.shape(x)),
    "zeros_like": lambda b, x: np.zeros(np.shape(x)),
    "full_like": lambda b, x, value: np.full(np.shape(x), float(value)),
    "tensor": lambda b, x: x, "array": lambda b, x: x, "as_tensor": lambda b, x: x,
    "cat": _cat, "concatenate": _cat, "stack": _stack, "where": _where, "clamp": _clamp,
    "clip": _clamp, "tril": lambda b, x: np.tril(x), "triu": lambda b, x: np.triu(x),
    "cumsum": lambda b, x, dim: np.cumsum(x, whole(dim)),
    "numel": lambda b, x: float(np.size(x)), "size": _size, "dim": lambda b, x: float(np.ndim(x)),
    "len": lambda b, x: float(len(x)), "shape": lambda b, x: np.shape(x),
}  # fmt: skip
