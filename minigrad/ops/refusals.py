"""What an operation refuses, in PyTorch's words."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dtypes import FROM_NUMPY


def type_word(array: np.ndarray) -> str:
    """The dtype as PyTorch's errors name it: "Float", "Long"."""
    return FROM_NUMPY[array.dtype].type_name.removesuffix("Tensor")


def refuse_kinds(array: np.ndarray, kinds: str, kernel: str) -> None:
    """Raise NotImplementedError if the dtype is of one of `kinds` (b: bool, i, u: integer, f)."""
    if array.dtype.kind in kinds:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{type_word(array)}'")


def floats_only(kernel: str, function: Any) -> Any:
    """`function`, refusing arrays that are not floating point; `kernel` is PyTorch's name of it."""

    def forward(self: np.ndarray, *rest: Any) -> Any:
        refuse_kinds(self, "biu", kernel)
        return function(self, *rest)

    return forward
