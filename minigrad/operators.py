"""What Python calls by a sign: `x + y`, `x[0]`, `x += y`; and its other protocols.

An operator is a method that leaves to Python what it cannot take: the other operand may know how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import conversions
from .methods import METHODS, bind, histories_first
from .ops import (
    arithmetic,
    arithmetic_tangents,  # noqa: F401  (how tangents go through `+ - * /`)
    assignment,
    comparison,
    division,
    elementary,
    in_place,
    indexing,
    matrix,
    multiples,
    powers,
)
from .ops.operation import Operation
from .tensor import Tensor, on_array

NUMBERS = (Tensor, bool, int, float, np.number, np.bool_)


def _operator(
    function: Callable[..., Any], operands: tuple[type, ...] = NUMBERS
) -> Callable[[Tensor, Any], Any]:
    """An operator that leaves operands which are no numbers to Python (`TypeError`)."""
    overwrites = not isinstance(function, Operation) and function.__name__.endswith("_")

    def method(self: Tensor, other: Any) -> Any:
        if isinstance(other, operands):
            try:
                return function(self, other)
            except RuntimeError:
                if not overwrites:
                    histories_first(self, other)
                raise
        return NotImplemented

    return method


def _written_out(name: str, operation: Operation) -> Callable[[Tensor, Any], Any]:
    """The same for an operation that is an operator as it is; written when it is first used."""

    def first(self: Tensor, other: Any) -> Any:
        method = operation.operator(
            _operator(operation.call), numbers=NUMBERS, histories_first=histories_first
        )
        setattr(Tensor, name, method)
        return method(self, other)

    return first


def _equals(self: Tensor, other: Any) -> Any:
    """`==`, which NumPy would answer with False: so an array, too, is compared here."""
    numeric = isinstance(other, np.ndarray) and other.dtype.kind in "biuf"
    return _equal(self, on_array(other) if numeric else other)


_equal = _operator(comparison.eq)


def _swapped(function: Callable[..., Any]) -> Callable[[Tensor, Any], Any]:
    return _operator(lambda self, other: function(other, self))


_to_the = _operator(powers.pow)


def _power(self: Tensor, other: Any, modulo: Any = None) -> Any:
    """`**`, which Python calls with a third operand for `pow(x, y, z)`."""
    return _to_the(self, other) if modulo is None else NotImplemented


OPERATORS: dict[str, Any] = {
    f"__{name}__": METHODS[name] for name in ("mul", "ne", "lt", "le", "gt", "ge")
} | {
    "__eq__": _equals,
    "__pow__": _power,
    "__matmul__": _operator(matrix.matmul, (Tensor,)),
    "__add__": arithmetic.add,
    "__sub__": arithmetic.sub,
    "__truediv__": arithmetic.div,
    "__radd__": arithmetic.add,
    "__rmul__": arithmetic.mul,
    "__rsub__": _operator(multiples.rsub),
    "__rtruediv__": _operator(arithmetic.rdiv, (*NUMBERS, np.ndarray)),
    "__rpow__": _swapped(powers.pow),
    "__rmatmul__": _operator(lambda self, other: matrix.matmul(other, self), (Tensor,)),
    "__floordiv__": _operator(division.floor_divide),
    "__rfloordiv__": _swapped(division.floor_divide),
    "__mod__": _operator(division.remainder),
    "__rmod__": _swapped(division.remainder),
    "__and__": _operator(comparison.bitwise_and),
    "__or__": _operator(comparison.bitwise_or),
    "__xor__": _operator(comparison.bitwise_xor),
    "__rand__": _swapped(comparison.bitwise_and),
    "__ror__": _swapped(comparison.bitwise_or),
    "__rxor__": _swapped(comparison.bitwise_xor),
    "__lshift__": _operator(comparison.bitwise_left_shift),
    "__rshift__": _operator(comparison.bitwise_right_shift),
    "__rlshift__": _swapped(comparison.bitwise_left_shift),
    "__rrshift__": _swapped(comparison.bitwise_right_shift),
    "__ilshift__": _operator(METHODS["bitwise_left_shift_"]),
    "__irshift__": _operator(METHODS["bitwise_right_shift_"]),
    "__iadd__": in_place.direct("add_", _operator(METHODS["add_"])),
    "__isub__": in_place.direct("sub_", _operator(METHODS["sub_"])),
    "__imul__": in_place.direct("mul_", _operator(METHODS["mul_"])),
    "__itruediv__": in_place.direct("div_", _operator(METHODS["div_"])),
    "__ipow__": _operator(METHODS["pow_"]),
    "__ifloordiv__": _operator(METHODS["floor_divide_"]),
    "__imod__": _operator(METHODS["remainder_"]),
    "__iand__": _operator(METHODS["bitwise_and_"]),
    "__ior__": _operator(METHODS["bitwise_or_"]),
    "__ixor__": _operator(METHODS["bitwise_xor_"]),
    "__neg__": bind(arithmetic.neg, "__neg__"),
    "__abs__": bind(elementary.abs, "__abs__"),
    "__invert__": bind(comparison.invert, "__invert__"),
    "__getitem__": indexing.getitem,
    "__setitem__": assignment.setitem,
    "__delitem__": assignment.delitem,
    **conversions.PROTOCOLS,
}

for _name, _function in OPERATORS.items():
    setattr(
        Tensor,
        _name,
        _written_out(_name, _function) if isinstance(_function, Operation) else _function,
    )

for _old, _name in {  # what Python 2 called
    "div": "truediv", "rdiv": "rtruediv", "idiv": "itruediv", "nonzero": "bool", "long": "int",
}.items():  # fmt: skip
    setattr(Tensor, f"__{_old}__", getattr(Tensor, f"__{_name}__"))
