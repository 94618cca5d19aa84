"""Convolutions as layers: `Conv1d`, `Conv2d`; their blocks as columns: `Unfold`, `Fold`."""

from __future__ import annotations

import math
from typing import Any

from ..ops.padding import pad
from ..tensor import Tensor
from . import functional, init
from .layers import empty
from .module import Module


class _ConvNd(Module):
    """A weight slid over the input, plus a bias per channel."""

    axes = 0
    bias: Any

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride = self._per_axis(kernel_size), self._per_axis(stride)
        self.dilation, self.padding_mode = self._per_axis(dilation), padding_mode
        self.padding = padding if isinstance(padding, str) else self._per_axis(padding)
        self.transposed, self.output_padding = False, self._per_axis(0)
        self._check()
        size = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = empty(size, device, dtype)
        if bias:
            self.bias = empty(out_channels, device, dtype)
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def _per_axis(self, value: Any) -> Any:
        return tuple(value) if isinstance(value, (tuple, list)) else (value,) * self.axes

    def _check(self) -> None:
        """Raise ValueError, as PyTorch words it, for options that do not go together."""
        if self.groups <= 0:
            raise ValueError("groups must be a positive integer")
        for name in ("in_channels", "out_channels"):
            if getattr(self, name) % self.groups:
                raise ValueError(f"{name} must be divisible by groups")
        if isinstance(self.padding, str):
            if self.padding not in ("same", "valid"):
                raise ValueError(
                    f"Invalid padding string {self.padding!r}, should be one of {{'same', 'valid'}}"
                )
            if self.padding == "same" and any(step != 1 for step in self.stride):
                raise ValueError("padding='same' is not supported for strided convolutions")
        modes = ("circular", "reflect", "replicate", "zeros")
        if self.padding_mode not in modes:
            raise ValueError(
                f"padding_mode must be one of {{{', '.join(map(repr, modes))}}}, but got "
                f"padding_mode='{self.padding_mode}'"
            )

    def reset_parameters(self) -> None:
        """Uniform random numbers within 1 / √(what one entry of the result is a sum of)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan = init._calculate_fan_in_and_fan_out(self.weight)[0]
            if fan:
                init.uniform_(self.bias, -1 / math.sqrt(fan), 1 / math.sqrt(fan))

    def forward(self, input: Tensor) -> Tensor:
        """The convolution; with another `padding_mode` than "zeros" the frame is made first."""
        convolve = getattr(functional, f"conv{self.axes}d")
        padding = self.padding
        if self.padding_mode != "zeros":
            frame = [self._sides(k) for k in reversed(range(self.axes))]
            sides = [side for pair in frame for side in pair]
            input, padding = pad(input, sides, self.padding_mode), 0
        return convolve(
            input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )

    def _sides(self, axis: int) -> tuple[int, int]:
        """How wide the frame is before and behind."""
        if not isinstance(self.padding, str):
            return self.padding[axis], self.padding[axis]
        total = self.dilation[axis] * (self.kernel_size[axis] - 1)
        total = total if self.padding == "same" else 0
        return total // 2, total - total // 2

    def extra_repr(self) -> str:
        """The options."""
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"
        text += f", stride={self.stride}"
        if self.padding != self._per_axis(0):
            text += f", padding={self.padding}"
        if self.dilation != self._per_axis(1):
            text += f", dilation={self.dilation}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        return text + (f", padding_mode={self.padding_mode}" * (self.padding_mode != "zeros"))


class Conv1d(_ConvNd):
    """Along one axis: (batch, in_channels, length) → (batch, out_channels, length out)."""

    axes = 1


class Conv2d(_ConvNd):
    """Along two axes: (batch, in_channels, height, width) → (batch, out_channels, …)."""

    axes = 2


class _Blocks(Module):
    """What a window slides over."""

    def __init__(
        self, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
    ) -> None:
        super().__init__()
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def extra_repr(self) -> str:
        """The options."""
        names = ("kernel_size", "dilation", "padding", "stride")
        return ", ".join(f"{name}={getattr(self, name)}" for name in names)


class Unfold(_Blocks):
    """The blocks of an image as columns."""

    def forward(self, input: Tensor) -> Tensor:
        """The columns."""
        return functional.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)


class Fold(_Blocks):
    """Columns added up to an image."""

    def __init__(
        self, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
        stride: Any = 1,
    ) -> None:  # fmt: skip
        super().__init__(kernel_size, dilation, padding, stride)
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        """The image."""
        return functional.fold(
            input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride
        )

    def extra_repr(self) -> str:
        """The options."""
        return f"output_size={self.output_size}, {super().extra_repr()}"
