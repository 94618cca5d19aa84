"""`unfold` and `fold`: the blocks that a window slides over become columns, and are added up again.

Each is the other's derivative.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .convolution import How, added_up, windows
from .operation import Operation
from .refusals import refuse_kinds


def _count(size: Any, kernel_size: Any, how: How) -> list[int]:
    """How many blocks lie along each axis."""
    return [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(size, kernel_size, how.stride, how.padding, how.dilation)
    ]


def _columns(self: np.ndarray, size: Any, kernel_size: Any, how: How) -> np.ndarray:
    """(batch, channels, height, width) → (batch, channels · entries of a block, blocks).

    size: of the image, (height, width); an option so that it is saved for the derivative.
    """
    refuse_kinds(self, "iu", "im2col_out_cpu")
    *batch, channels = self.shape[:-2]
    met = windows(self.reshape(math.prod(batch), *self.shape[-3:]), kernel_size, how)
    (high, wide), (rows, columns) = kernel_size, met.shape[2:4]
    return met.transpose(0, 1, 4, 5, 2, 3).reshape(*batch, channels * high * wide, rows * columns)


def _summed(self: np.ndarray, size: Any, kernel_size: Any, how: How) -> np.ndarray:
    """(batch, channels · entries of a block, blocks) → (batch, channels, *size)."""
    refuse_kinds(self, "iu", "col2im_out_cpu")
    count = _count(size, kernel_size, how)
    *batch, rows, _ = self.shape
    channels = rows // (kernel_size[0] * kernel_size[1])
    blocks: Any = self.reshape(*batch, channels, *kernel_size, *count)

    def part_at(place: tuple[int, ...]) -> np.ndarray:
        return blocks[(..., *place, slice(None), slice(None))]

    return added_up(part_at, (*batch, channels, *size), kernel_size, count, how, self.dtype)


_im2col = Operation(
    "im2col", "self", _columns, options="size kernel_size how", node="Im2ColBackward0",
    shown="unfold(self, kernel_size)", jvp="linear",
)  # fmt: skip
_col2im = Operation(
    "col2im", "self", _summed, options="size kernel_size how", node="Col2ImBackward0",
    shown="fold(self, size, kernel_size)", jvp="linear",
)  # fmt: skip
_im2col.derivative(
    "self",
    r"\operatorname{fold}(grad)",
    lambda grad, size, kernel_size, how: either.apply(_col2im, grad, size, kernel_size, how),
)
_col2im.derivative(
    "self",
    r"\operatorname{unfold}(grad)",
    lambda grad, size, kernel_size, how: either.apply(_im2col, grad, size, kernel_size, how),
)
_SHOWN: dict[str, Any] = {
    "stride": lambda how: how.stride,
    "padding": lambda how: how.padding,
    "dilation": lambda how: how.dilation,
}
_im2col.shows(
    "kernel_size",
    self_sym_argsize_minus_1=lambda size: size[1],
    self_sym_argsize_minus_2=lambda size: size[0],
    **_SHOWN,
)
_col2im.shows("kernel_size", **_SHOWN)


def unfold(
    input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """The blocks of an image as columns: (…, channels, height, width) → (…, channels · entries of
    a block, blocks).

    Raises RuntimeError where no block fits.
    """
    how = _how(kernel_size, dilation, padding, stride)
    shape = input.shape
    if input.ndim not in (3, 4) or 0 in shape[-3:]:
        if input.ndim < 3:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [-{input.ndim}, "
                f"{input.ndim - 1}], but got 2)"
            )
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {list(shape)}"
        )
    count = _count(shape[-2:], kernel_size, how)
    if min(count) < 1:
        raise RuntimeError(
            f"Given input with spatial size {tuple(shape[-2:])}, kernel_size={kernel_size}, "
            f"dilation={dilation}, padding={padding}, calculated shape of the array of sliding "
            f"blocks as {tuple(count)}, but its components must be at least one."
        )
    return _im2col(input, tuple(shape[-2:]), kernel_size, how)


def fold(
    input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
    stride: Any = 1,
) -> Tensor:  # fmt: skip
    """The columns that `unfold` makes, added up where the blocks lay in an image of `output_size`.

    Raises RuntimeError where they are not as many as such an image has.
    """
    if len(output_size) != 2:
        raise RuntimeError(
            f"It is expected output_size equals to 2, but got size {len(output_size)}"
        )
    how = _how(kernel_size, dilation, padding, stride)
    if input.ndim not in (2, 3) or 0 in input.shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and "
            f"non-zero dimensions for input, but got: {list(input.shape)}"
        )
    rows, columns = input.shape[-2:]
    if rows % (kernel_size[0] * kernel_size[1]):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, "
            f"but got input.size(1)={rows} and kernel_size={kernel_size}."
        )
    high, wide = _count(output_size, kernel_size, how)
    if high * wide != columns:
        raise RuntimeError(
            f"Given output_size={output_size}, kernel_size={kernel_size}, dilation={dilation}, "
            f"padding={padding}, stride={stride}, expected size of input's dimension 2 to match "
            f"the calculated number of sliding blocks {high} * {wide} = {high * wide}, but got "
            f"input.size(2)={columns}."
        )
    return _col2im(input, output_size, kernel_size, how)


def _how(kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> How:
    """Raises RuntimeError for other than two numbers per option, or too small ones."""
    given = {
        "kernel_size": kernel_size, "dilation": dilation, "padding": padding, "stride": stride,
    }  # fmt: skip
    for name, value in given.items():
        if len(value) != 2:
            raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(value)}")
    for name, least in (("kernel_size", 1), ("dilation", 1), ("padding", 0), ("stride", 1)):
        if min(given[name]) < least:
            short = {"kernel_size": "kernel", "padding": "pad"}.get(name, name)
            bound = "greater than zero" if least else "non-negative"
            raise RuntimeError(
                f"{name.replace('_', ' ')} should be {bound}, but got {short}_height: "
                f"{given[name][0]} {short}_width: {given[name][1]}"
            )
    return How(stride, padding, dilation, 1)
