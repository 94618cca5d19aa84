"""Pooling to a given size: each entry of the result is the mean of its share of the image.

Of n entries along an axis, entry o of m gets those from ⌊o n / m⌋ up to ⌈(o + 1) n / m⌉. Shares may
overlap, so a cotangent is divided among the entries of its share and added up.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .fused import knows_shape_alone
from .half import in_single
from .operation import Operation
from .reductions import mean
from .refusals import refuse_kinds
from .shape import squeeze, unsqueeze


def _shares(shape: Sequence[int], size: Sequence[int]) -> Iterator[tuple[Any, Any]]:
    """For each entry of the result: its place, and the part of the image that it is the mean of."""
    along = [
        [(o, slice(o * n // m, -(-(o + 1) * n // m))) for o in range(m)]
        for n, m in zip(shape[-len(size) :], size)
    ]
    for pairs in itertools.product(*along):
        place, part = zip(*pairs)
        yield (..., *place), (..., *part)


def _pooling(axes: int, kernel: str) -> Operation:
    """The mean of shares along the last `axes` axes; its derivative is an operation too.

    kernel: what PyTorch's error for integers calls it.
    """
    name, last = f"adaptive_avg_pool{axes}d", tuple(range(-axes, 0))

    @in_single
    def pooled(self: np.ndarray, output_size: tuple[int, ...]) -> np.ndarray:
        refuse_kinds(self, "biu", kernel)
        out: Any = np.zeros((*self.shape[:-axes], *output_size), self.dtype)
        for place, part in _shares(self.shape, output_size):
            share: Any = self[part]
            out[place] = either.add_up(share, axis=last) / math.prod(share.shape[-axes:])
        return out

    def divided(grad_output: np.ndarray, self: np.ndarray) -> np.ndarray:
        out: Any = np.zeros((*grad_output.shape[:-axes], *self.shape[-axes:]), grad_output.dtype)
        for place, part in _shares(self.shape, grad_output.shape[-axes:]):
            share: Any = out[part]
            cotangent: Any = np.expand_dims(grad_output[place], last)
            share += cotangent / math.prod(share.shape[-axes:])
        return out

    node = f"AdaptiveAvgPool{axes}DBackward"
    pool = Operation(
        name, "self", pooled, options="output_size", jvp="linear", node=node + "0", rows=True
    )
    back = Operation(
        name + "_backward", "grad_output self", divided, node=node + "Backward0", rows=True
    )
    pool.derivative(
        "self",
        r"\text{each entry of grad, divided among its share}",
        lambda grad, self: either.apply(back, grad, self),
    )
    back.derivative(
        "grad_output",
        r"\operatorname{pool}(grad)",
        lambda grad, grad_output_sizes: either.apply(pool, grad, grad_output_sizes[-axes:]),
    )
    knows_shape_alone(back)
    lengths = {f"grad_output_sym_argsize_minus_{k}": _length(k) for k in range(1, axes + 1)}
    back.shows("", **lengths)
    return pool


def _length(k: int) -> Any:
    return lambda grad_output_sizes: grad_output_sizes[-k]


_adaptive_avg_pool2d = _pooling(2, "adaptive_avg_pool2d")
_adaptive_avg_pool3d = _pooling(3, "adaptive_avg_pool3d_cpu")


def _of(axes: int, operation: Operation) -> Any:
    name = operation.name

    def function(input: Tensor, output_size: Any) -> Tensor:
        size, shape = _size(input, output_size, axes), list(input.shape)
        if len(size) != axes:
            raise RuntimeError(f"{name}: output_size must be {axes}")
        if min(size) < 0:
            raise RuntimeError(
                f"{name}: elements of output_size must be greater than or equal to 0 but received "
                f"{{{', '.join(map(str, size))}}}"
            )
        if input.ndim not in (axes + 1, axes + 2):
            raise RuntimeError(
                f"{name}(): Expected {axes + 1}D or {axes + 2}D tensor, but got {shape}"
            )
        if 0 in shape[-axes:]:
            raise RuntimeError(
                f"{name}(): Expected input to have non-zero size for non-batch dimensions, but "
                f"input has sizes {shape} with dimension {shape.index(0, input.ndim - axes)} being "
                "empty"
            )
        if set(size) == {1}:
            return mean(input, tuple(range(-1, -axes - 1, -1)), True)
        return operation(input, size)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"The last {axes} axes brought to `output_size` (a number or one for each; None: as it "
        "is), each entry the mean of its share. Raises RuntimeError where a size does not fit, "
        "NotImplementedError for integers."
    )
    return function


def _size(input: Tensor, output_size: Any, axes: int) -> tuple[int, ...]:
    """One number for each axis. Raises ValueError for more numbers than there are axes."""
    if isinstance(output_size, int):
        return (output_size,) * axes
    if input.ndim <= len(output_size):
        raise ValueError(f"Input dimension should be at least {len(output_size) + 1}")
    own = input.shape[input.ndim - len(output_size) :]
    return tuple(n if m is None else m for n, m in zip(own, output_size))


adaptive_avg_pool2d, adaptive_avg_pool3d = (
    _of(2, _adaptive_avg_pool2d),
    _of(3, _adaptive_avg_pool3d),
)


def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """The same along the last axis: (…, channels, length) → (…, channels, output_size).

    Raises RuntimeError for other numbers of axes, or of sizes.
    """
    if input.ndim not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {input.ndim}-dimensional tensor for argument #1 "
            "'self' (while checking arguments for adaptive_avg_pool1d)"
        )
    size = (output_size,) if isinstance(output_size, int) else tuple(output_size)
    if len(size) != 1:
        raise RuntimeError(
            f"adaptive_avg_pool1d() argument 'output_size' should contain one int (got {len(size)})"
        )
    return squeeze(adaptive_avg_pool2d(unsqueeze(input, -2), (1, *size)), -2)
