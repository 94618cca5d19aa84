"""A tensor and a number, as PyTorch's derivatives take them.

They have nodes of their own there: `MulBackward1`, where `x * 2` has `MulBackward0`. So they have
here, in a backward pass that is recorded.
"""

from __future__ import annotations

from typing import Any

from . import either
from .operation import Operation

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
    """`x` times a number; what is multiplied by 1 stays as it is."""
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
