"""The functions a formula may call: what each name means on float64 NumPy arrays.

Names follow PyTorch, with NumPy's and the blackboard's as well. Every function is called with a
`Budget` that refuses, before anything is allocated, a result that would be absurdly large.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from . import matrices, reductions, shaping
from .budget import Budget, axis, shape_of, whole
from .reductions import extreme, reduction, spread


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
    "expit": _sigmoid, "softplus": _softplus, "logsigmoid": lambda x: -_softplus(-x),
    "silu": lambda x: x * _sigmoid(x), "log_sigmoid": lambda x: -_softplus(-x), "erf": _erf,
    "floor": np.floor, "ceil": np.ceil, "round": np.round,
    "step": lambda x: (x > 0) * 1.0, "logical_not": lambda x: (x == 0) * 1.0,
    "isfinite": np.isfinite, "coth": lambda x: 1.0 / np.tanh(x), "csch": lambda x: 1.0 / np.sinh(x),
    "sec": lambda x: 1.0 / np.cos(x), "csc": lambda x: 1.0 / np.sin(x),
    "cot": lambda x: 1.0 / np.tan(x), "asinh": np.arcsinh, "acosh": np.arccosh,
    "atanh": np.arctanh, "int": np.trunc, "long": np.trunc, "bool": lambda x: (x != 0) * 1.0,
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
    "atan2": np.arctan2, "arctan2": np.arctan2, "logaddexp": np.logaddexp, "hypot": np.hypot,
    "fmod": np.fmod,
    "logical_and": np.logical_and, "logical_or": np.logical_or,
}  # fmt: skip


def _clamp(budget: Budget, x: Any, min: Any = None, max: Any = None) -> Any:
    budget.broadcast(x, *(bound for bound in (min, max) if bound is not None))
    x = x if min is None else np.maximum(x, min)
    return x if max is None else np.minimum(x, max)


def _where(budget: Budget, condition: Any, a: Any, b: Any) -> Any:
    budget.broadcast(condition, a, b)
    return np.where(condition != 0, a, b)


def _leaky(budget: Budget, x: Any, slope: Any = 0.01, **also: Any) -> Any:
    budget.spend(np.size(x))
    return np.where(x > 0, x, float(also.get("negative_slope", slope)) * x)


def _lerp(budget: Budget, a: Any, b: Any, weight: Any) -> Any:
    budget.broadcast(a, b, weight)
    return a + weight * (b - a)


def _pairwise(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def both(budget: Budget, a: Any, b: Any) -> Any:
        budget.broadcast(a, b)
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
    "sum": reduction(np.sum), "mean": reduction(np.mean), "average": reduction(np.mean),
    "prod": reduction(np.prod), "amax": reduction(np.max), "amin": reduction(np.min),
    "max": extreme(np.max, np.maximum), "min": extreme(np.min, np.minimum),
    "var": spread(False), "std": spread(True), "norm": reductions.norm,
    "vector_norm": reductions.norm,
    "normalize": reductions.normalize, "argmax": reductions.argument(np.argmax),
    "argmin": reductions.argument(np.argmin),
    "softmax": reductions.softmax,
    "log_softmax": lambda b, x, dim=-1: np.log(reductions.softmax(b, x, dim)),
    "logsumexp": reductions.logsumexp, "heaviside": lambda b, x, at=0.0: np.heaviside(x, float(at)),
    "matmul": matrices.matmul, "mm": matrices.matmul, "bmm": matrices.matmul,
    "mv": matrices.matmul, "dot": matrices.matmul, "inner": matrices.matmul,
    "outer": matrices.outer, "ger": matrices.outer, "einsum": matrices.einsum,
    "kron": matrices.kron, "inverse": matrices.inverse, "inv": matrices.inverse,
    "solve": matrices.solve, "det": lambda b, x: np.linalg.det(matrices.square(b, x)),
    "diag": matrices.diag, "diag_embed": matrices.diag_embed,
    "diagflat": lambda b, x: matrices.diag(b, np.ravel(x)),
    "trace": lambda b, x: np.trace(x), "eye": matrices.eye, "identity": matrices.eye,
    "transpose": matrices.transpose, "swapaxes": matrices.transpose, "t": matrices.transpose,
    "swapdims": matrices.transpose, "adjoint": matrices.transpose,
    "permute": lambda b, x, *axes: np.transpose(x, shape_of(axes)),
    "reshape": lambda b, x, *shape: np.reshape(x, shape_of(shape)),
    "view": lambda b, x, *shape: np.reshape(x, shape_of(shape)),
    "flatten": lambda b, x: np.ravel(x), "ravel": lambda b, x: np.ravel(x),
    "squeeze": lambda b, x, dim=None: np.squeeze(x, axis(dim)),
    "unsqueeze": lambda b, x, dim: np.expand_dims(x, whole(dim)),
    "expand": shaping.expand, "broadcast_to": shaping.expand,
    "expand_as": lambda b, x, other: shaping.expand(b, x, np.shape(other)),
    "ones": shaping.filled(1.0), "zeros": shaping.filled(0.0), "full": shaping.full,
    "ones_like": lambda b, x: np.ones(np.shape(x)),
    "zeros_like": lambda b, x: np.zeros(np.shape(x)),
    "full_like": lambda b, x, value: np.full(np.shape(x), float(value)),
    "tensor": lambda b, x: x, "array": lambda b, x: x, "as_tensor": lambda b, x: x,
    "cat": shaping.cat, "concatenate": shaping.cat, "concat": shaping.cat, "stack": shaping.stack,
    "hstack": lambda b, xs: shaping.cat(b, xs, -1), "vstack": lambda b, xs: shaping.stack(b, xs),
    "arange": shaping.arange, "range": shaping.arange, "one_hot": shaping.one_hot,
    "repeat": shaping.repeat, "tile": shaping.repeat, "flip": shaping.flip, "roll": shaping.roll,
    "pad": shaping.pad, "leaky_relu": _leaky, "lerp": _lerp,
    "view_as": lambda b, x, other: np.reshape(x, np.shape(other)),
    "reshape_as": lambda b, x, other: np.reshape(x, np.shape(other)),
    "where": _where, "clamp": _clamp,
    "clip": _clamp, "tril": lambda b, x, k=0: np.tril(x, whole(k)),
    "triu": lambda b, x, k=0: np.triu(x, whole(k)),
    "cumsum": lambda b, x, dim=0: np.cumsum(x, whole(dim)),
    "cumprod": lambda b, x, dim=0: np.cumprod(x, whole(dim)),
    "numel": lambda b, x: float(np.size(x)), "size": shaping.size,
    "dim": lambda b, x: float(np.ndim(x)),
    "len": lambda b, x: float(len(x)), "shape": lambda b, x: np.shape(x),
}  # fmt: skip
