"""Plus, minus, times, divided by: entry by entry, with broadcasting.

The shape of a result is the broadcast shape of its inputs. Derivatives ignore broadcasting: the
engine sums a cotangent back to the shape of its input (`autograd/cotangents.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, new_tensor
from . import either
from .operands import mismatch, to_common
from .operation import Operation
from .refusals import no_bools, refuse_kinds

_not_bools = no_bools(to_common)

add = Operation("add", "self other", np.add, shown="self + other", promote="common")
add.derivative("self", "grad", lambda grad: grad)
add.derivative("other", "grad", lambda grad: grad)
add.saves("", alpha=1)  # what PyTorch's node shows: `_saved_alpha`, and no tensor

sub = Operation("sub", "self other", np.subtract, shown="self - other", promote="common", rows=True)
sub.derivative("self", "grad", lambda grad: grad)
sub.derivative("other", "-grad", lambda grad: -grad)
sub.saves("", alpha=1)


@sub.tangent
def _sub_moved(moved: dict[str, Any], result: Any) -> Any:
    still = new_tensor(np.zeros_like(result._array))
    moved = {name: tangent.to(result.dtype) for name, tangent in moved.items()}
    return moved.get("self", still) - moved.get("other", still)


sub.promotion = _not_bools

_rsub = Operation(
    "rsub", "self", lambda self, other, alpha: _minus(other, self, alpha), options="other alpha",
    shown="other - self", node="RsubBackward1", jvp="entrywise",
)  # fmt: skip
_rsub.derivative("self", r"-alpha \, grad", lambda grad, alpha: times(-grad, alpha))

_rsub_tensor = Operation(
    "rsub", "self other", lambda self, other, alpha: _minus(other, self, alpha), options="alpha",
    shown="other - alpha * self", promote="common", order="other self",
)  # fmt: skip
_rsub_tensor.derivative("self", r"-alpha \, grad", lambda grad, alpha: times(-grad, alpha))
_rsub_tensor.derivative("other", "grad", lambda grad: grad)
_rsub_tensor.promotion = _not_bools

_add_multiple = Operation(
    "add", "self other", lambda self, other, alpha: _plus(self, other, alpha), options="alpha",
    shown="self + alpha * other", promote="common",
)  # fmt: skip
_add_multiple.derivative("self", "grad", lambda grad: grad)
_add_multiple.derivative("other", r"alpha \, grad", lambda grad, alpha: times(grad, alpha))

_sub_multiple = Operation(
    "sub", "self other", lambda self, other, alpha: _minus(self, other, alpha), options="alpha",
    shown="self - alpha * other", promote="common",
)  # fmt: skip
_sub_multiple.derivative("self", "grad", lambda grad: grad)
_sub_multiple.derivative("other", r"-alpha \, grad", lambda grad, alpha: times(-grad, alpha))
_sub_multiple.promotion = _not_bools


def _plus(x: Any, y: Any, alpha: Any) -> Any:
    x, y = to_common((x, y))
    return np.add(x, np.multiply(y, whole(alpha, x.dtype), dtype=x.dtype))


def _minus(x: Any, y: Any, alpha: Any) -> Any:
    x, y = _not_bools((x, y))
    try:
        if alpha == 1:
            return np.subtract(x, y)
        some = x if isinstance(x, np.ndarray) else y
        return np.subtract(x, np.multiply(y, whole(alpha, some.dtype), dtype=some.dtype))
    except ValueError:
        raise mismatch(x, y) from None


def whole(factor: Any, dtype: np.dtype, name: str = "alpha") -> Any:
    """A factor in a dtype. Raises RuntimeError for a fraction of integers."""
    if isinstance(factor, float) and dtype.kind != "f":
        raise RuntimeError(
            f"For integral input tensors, argument {name} must not be a floating point number."
        )
    return dtype.type(factor)


def add_multiple(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """`input + alpha * other`. Raises RuntimeError for a fraction of integers."""
    refuse_truth(alpha, input, other)
    return add(input, other) if alpha == 1 else _add_multiple(input, other, alpha)


def sub_multiple(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """`input - alpha * other`. Raises RuntimeError for bool tensors."""
    refuse_truth(alpha, input, other)
    return sub(input, other) if alpha == 1 else _sub_multiple(input, other, alpha)


def refuse_truth(factor: Any, *operands: Any, name: str = "alpha") -> None:
    """Raise RuntimeError for a factor True or False of what is not bool."""
    if factor is True or factor is False:
        arrays = [value._array if isinstance(value, Tensor) else value for value in operands]
        if any(np.asarray(array).dtype.kind != "b" for array in arrays):
            raise RuntimeError(f"Boolean {name} only supported for Boolean results.")


mul = Operation("mul", "self other", np.multiply, shown="self * other", promote="common", rows=True)
mul.derivative("self", r"grad \odot other", lambda grad, other: grad * other)
mul.derivative("other", r"grad \odot self", lambda grad, self: grad * self)

div = Operation(
    "div", "self other", np.true_divide, shown="self / other", promote="float", rows=True
)
div.derivative("self", r"\frac{grad}{other}", lambda grad, other: grad / other)
div.derivative(
    "other",
    r"-grad \odot \frac{self}{other^2}",
    lambda grad, self, other: -grad * ((self / other) / other),
)

neg = Operation("neg", "self", np.negative, shown="-self", jvp="linear", rows=True)
neg.derivative("self", "-grad", lambda grad: -grad)

reciprocal = Operation("reciprocal", "self", np.reciprocal, shown="1 / self", promote="float")
reciprocal.derivative(
    "self", r"-grad \odot result^2", lambda grad, result: -grad * (result * result)
)

_div_rounded = Operation(
    "div", "self other", lambda self, other, rounding_mode: rounded(self, other, rounding_mode),
    options="rounding_mode", node="DivBackward2", promote="common",
)  # fmt: skip
_div_rounded.derivative("self", "0", lambda grad, other: either.zeros(grad))
_div_rounded.derivative("other", "0", lambda grad, self, other: either.zeros(grad))
_div_rounded.saves("self other rounding_mode")


_div_exact = Operation(
    "div", "self other", lambda self, other, rounding_mode: np.true_divide(self, other),
    options="rounding_mode", shown="self / other", node="DivBackward2", promote="float",
)  # fmt: skip
for _input in div.inputs:
    _div_exact.derivative(_input, div.latex[_input], div.rules[_input])
_div_exact.saves("self other rounding_mode")


_times = Operation(
    "mul", "self", lambda self, other: self * other, options="other", shown="self * other",
    node="MulBackward1", jvp="linear",
)  # fmt: skip
_times.derivative("self", r"other \, grad", lambda grad, other: times(grad, other))
_over = Operation(
    "div", "self", lambda self, other: self / other, options="other", shown="self / other",
    node="DivBackward1", jvp="linear",
)  # fmt: skip
_over.derivative("self", r"\tfrac{1}{other} \, grad", lambda grad, other: over(grad, other))

_and_number = Operation(
    "add", "self", lambda self, other: self + other, options="other", shown="self + other",
    node="AddBackward1", jvp="entrywise",
)  # fmt: skip
_and_number.derivative("self", "grad", lambda grad: grad)


def times(x: Any, number: Any) -> Any:
    """`x` times a number, as PyTorch's derivatives do it: another node than that of `x * number`.

    What is multiplied by 1 stays as it is.
    """
    return x if number == 1 else scaled(x, number)


def over(x: Any, number: Any) -> Any:
    """`x` divided by a number, likewise."""
    return either.apply(_over, x, number)


def scaled(x: Any, number: Any) -> Any:
    """`times`, also by 1."""
    return either.apply(_times, x, number)


def minus(number: Any, x: Any) -> Any:
    """A number less `x`, likewise: the number becomes a tensor."""
    return number - x if isinstance(x, either.ARRAY) else x.new_tensor(number) - x


def ratio(number: Any, x: Any) -> Any:
    """A number divided by `x`, likewise."""
    return number / x if isinstance(x, either.ARRAY) else x.new_tensor(number) / x


def plus(x: Any, number: Any) -> Any:
    """`x` and a number, likewise."""
    return either.apply(_and_number, x, number)


def rounded(x: Any, y: Any, rounding_mode: str) -> Any:
    """The quotient of two arrays, rounded down ("floor") or towards 0 ("trunc").

    Raises RuntimeError where an integer is divided by 0; a float becomes infinite, as in PyTorch.
    """
    x, y = to_common((x, y))
    refuse_kinds(x, "b", f"div_{rounding_mode}_cpu")
    if x.dtype.kind == "f":
        exact = np.true_divide(x, y)
        floored = np.where(np.equal(y, 0), exact, np.floor_divide(x, y))
        return floored if rounding_mode == "floor" else np.trunc(exact)
    if not np.all(y) and 0 not in np.broadcast_shapes(x.shape, y.shape):  # a misfit comes first
        raise RuntimeError("ZeroDivisionError")
    return np.floor_divide(x if rounding_mode == "floor" else x - np.fmod(x, y), y)


NOT_GIVEN = object()


def divide(input: Any, other: Any, *, rounding_mode: Any = NOT_GIVEN) -> Tensor:
    """`input / other`; rounded, with `rounding_mode` "floor" or "trunc". (None given is another
    node in PyTorch than none.)

    Raises RuntimeError for another mode, or where an integer is divided by 0 and rounded.
    """
    if rounding_mode is NOT_GIVEN:
        return div(input, other)
    if rounding_mode is None:
        return _div_exact(input, other, None)
    if rounding_mode not in ("trunc", "floor"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
            f"'{rounding_mode}'"
        )
    return _div_rounded(input, other, rounding_mode)


def rsub(input: Tensor, other: Any, *, alpha: Any = 1) -> Tensor:
    """`other - alpha * input`."""
    refuse_truth(alpha, input, other)
    return (_rsub_tensor if isinstance(other, Tensor) else _rsub).call(input, other, alpha)


def rdiv(input: Tensor, other: Any) -> Tensor:
    """`other / input`: PyTorch computes the reciprocal first."""
    return reciprocal(input) * other


# ---- tangents: recorded as PyTorch records them --------------------------------------------------

_still = Operation("mul", "self other", lambda self, other: np.full_like(self * other, -0.0))
for _input in mul.inputs:
    _still.derivative(_input, mul.latex[_input], mul.rules[_input])


def product(tangent: Any, factor: Any) -> Any:
    """A tangent times a factor, to be added to another such product.

    None stands for a tangent of an input that stands still: it adds nothing, even if the factor is
    infinite. So -0.0 comes of it: x + (-0.0) == x for every x, but -0.0 + 0.0 == 0.0, another sign.
    It is recorded as a product all the same, as in PyTorch.
    """
    if tangent is not None:
        return tangent * factor
    return _still(factor.new_tensor(-0.0), factor) if hasattr(factor, "_array") else -0.0


@mul.tangent
def _mul_moved(moved: dict[str, Any], self: Any, other: Any) -> Any:
    return product(moved.get("other"), self) + product(moved.get("self"), other)


@div.tangent
def _div_moved(moved: dict[str, Any], self: Any, other: Any, result: Any) -> Any:
    above = moved["self"] if "self" in moved else new_tensor(np.full_like(result._array, -0.0))
    return (above - product(moved.get("other"), result)) / other
