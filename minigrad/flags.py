"""Arguments that have to be True or False: PyTorch takes no 1 and no text in their place.

And what one of them, `requires_grad`, asks of a tensor.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from .type_names import type_name


def check_flag(value: Any, function: str, name: str, position: int = 0) -> None:
    """Raise TypeError, as PyTorch words it, if the argument `name` of `function` is no bool."""
    if not isinstance(value, bool):
        place = f" (position {position})" if position else ""
        raise TypeError(
            f"{function}(): argument '{name}'{place} must be bool, not {type_name(value)}"
        )


def as_flag(value: Any) -> bool:
    """True or False, for which a number may stand that fits into a byte.

    Raises TypeError or OverflowError for anything else.
    """
    if isinstance(value, bool):
        return value
    number = operator.index(value)
    if not 0 <= number < 256:
        wrong = "less than minimum" if number < 0 else "greater than maximum"
        raise OverflowError(f"unsigned byte integer is {wrong}")
    return number != 0


def check_differentiable(array: np.ndarray) -> None:
    """Raise RuntimeError if a new tensor on this array cannot require grad."""
    if array.dtype.kind != "f":
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
