"""Every operation as a method or operator of `Tensor`, and the in-place forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import dtypes
from .ops import activations, arithmetic, in_place, indexing, limits, matrix, reductions, shape
from .ops.operation import Operation
from .tensor import Tensor

METHODS: dict[str, Callable[..., Any]] = {
    name: getattr(module, name)
    for module, names in {
        arithmetic: "abs add clone div eq exp ge gt le log lt mul ne neg pow reciprocal sign sqrt "
        "sub logical_not",
        activations: "relu sigmoid tanh",
        limits: "clamp clamp_max clamp_min clip fmax fmin maximum minimum",
        reductions: "mean sum",
        matrix: "matmul mm",
        shape: "expand permute reshape squeeze t transpose unsqueeze view",
    }.items()
    for name in names.split()
}
METHODS |= in_place.METHODS
METHODS["to"] = arithmetic.to
METHODS["double"] = lambda self: arithmetic.to(self, dtypes.float64)
METHODS["float"] = lambda self: arithmetic.to(self, dtypes.float32)
METHODS["long"] = lambda self: arithmetic.to(self, dtypes.int64)
METHODS["swapaxes"] = shape.transpose
METHODS["where"] = lambda self, condition, other: limits.where(condition, self, other)

NUMBERS = (Tensor, bool, int, float, np.number, np.bool_)


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """An operation's function itself, without the object around it."""
    return function.call if isinstance(function, Operation) else function


def _bind(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    function = _plain(function)

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        return function(self, *args, **kwargs)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = function.__doc__
    return method


def _operator(function: Callable[..., Any]) -> Callable[[Tensor, Any], Any]:
    """An operator that leaves operands which are no numbers to Python (`TypeError`)."""
    function = _plain(function)

    def method(self: Tensor, other: Any) -> Any:
        if isinstance(other, NUMBERS):
            return function(self, other)
        return NotImplemented

    return method


def _swapped(function: Callable[..., Any]) -> Callable[[Tensor, Any], Any]:
    return _operator(lambda self, other: function(other, self))


for _name, _function in METHODS.items():
    setattr(Tensor, _name, _bind(_function, _name))

OPERATORS: dict[str, Any] = {
    f"__{name}__": _operator(METHODS[name])
    for name in ("add", "sub", "mul", "pow", "matmul", "eq", "ne", "lt", "le", "gt", "ge")
} | {
    "__truediv__": _operator(arithmetic.div),
    "__radd__": _operator(arithmetic.add),
    "__rmul__": _operator(arithmetic.mul),
    "__rsub__": _operator(arithmetic.rsub),
    "__rtruediv__": _operator(arithmetic.rdiv),
    "__rpow__": _swapped(arithmetic.pow),
    "__and__": _operator(arithmetic.logical_and),
    "__or__": _operator(arithmetic.logical_or),
    "__iadd__": _operator(in_place.add_),
    "__isub__": _operator(in_place.sub_),
    "__imul__": _operator(in_place.mul_),
    "__itruediv__": _operator(in_place.div_),
    "__neg__": _bind(arithmetic.neg, "__neg__"),
    "__abs__": _bind(arithmetic.abs, "__abs__"),
    "__invert__": _bind(arithmetic.logical_not, "__invert__"),
    "__getitem__": indexing.getitem,
    "T": property(lambda self: shape.permute(self, *reversed(range(self.ndim)))),
    "mT": property(lambda self: shape.transpose(self, -2, -1)),
}

for _name, _function in OPERATORS.items():
    setattr(Tensor, _name, _function)
