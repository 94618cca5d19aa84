"""Operations that PyTorch itself has written as a user would: `x.resize(2, 3)`, deprecated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..warn import warn
from .function import Function


class Resize(Function):
    """The same entries in another shape."""

    @staticmethod
    def forward(ctx: Any, tensor: Any, sizes: Sequence[int]) -> Any:
        """`tensor` in the shape `sizes`. Raises RuntimeError for another number of entries."""
        count = math.prod(sizes)
        if count != tensor.numel():
            wanted, given = ("x".join(map(str, shape)) for shape in (sizes, tensor.shape))
            raise RuntimeError(
                f"requested resize to {wanted} ({count} elements in total), but the given tensor "
                f"has a size of {given} ({tensor.numel()} elements). autograd's resize can only "
                "change the shape of a given tensor, while preserving the number of elements. "
            )
        ctx.input_sizes = tensor.shape
        return tensor.contiguous().view(*sizes)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        """The cotangent in the shape that the tensor had."""
        return grad.contiguous().view(ctx.input_sizes), None


def resize(self: Any, *sizes: int) -> Any:
    """The entries in another shape, of as many. Deprecated: `reshape` is what it was for."""
    warn("non-inplace resize is deprecated")
    return Resize.apply(self, sizes)


def resize_as(self: Any, tensor: Any) -> Any:
    """The entries in the shape of another tensor. Deprecated: `reshape_as` is what it was for."""
    warn("non-inplace resize_as is deprecated")
    return Resize.apply(self, tensor.shape)
