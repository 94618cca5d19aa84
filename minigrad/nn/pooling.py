"""Pooling, as functions and as layers: `MaxPool1d`, `MaxPool2d`, `AvgPool1d`, `AvgPool2d`."""

from __future__ import annotations

from typing import Any

from ..calling import checked
from ..ops import pooling
from ..ops.adaptive_pooling import adaptive_avg_pool1d, adaptive_avg_pool2d
from ..tensor import Tensor
from .module import Module

avg_pool1d = checked(pooling.avg_pool1d, "avg_pool1d")
avg_pool2d = checked(pooling.avg_pool2d, "avg_pool2d")


def _max_pool(name: str, doc: str) -> Any:
    pool = checked(getattr(pooling, f"{name}_with_indices"), name)

    def function(
        input: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1,
        ceil_mode: bool = False, return_indices: bool = False,
    ) -> Any:  # fmt: skip
        step = () if stride is None else stride
        found = pool(input, kernel_size, step, padding, dilation, ceil_mode)
        return found if return_indices else found[0]

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


max_pool1d = _max_pool(
    "max_pool1d",
    "The largest entry of each window, and its place if `return_indices`: (…, channels, length) → "
    "(…, channels, windows).",
)
max_pool2d = _max_pool(
    "max_pool2d",
    "The largest entry of each window, and its place in the image, counted row by row, if "
    "`return_indices`: (…, channels, height, width) → (…, channels, windows down, windows across).",
)


class _Pool(Module):
    """What all windows have: a size, a step (its size if it is left out) and a frame."""

    function: Any

    def __init__(self, kernel_size: Any, stride: Any, padding: Any, ceil_mode: bool) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.ceil_mode = padding, ceil_mode


class _MaxPoolNd(_Pool):
    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self.dilation, self.return_indices = dilation, return_indices

    def forward(self, input: Tensor) -> Any:
        """The largest entry of each window."""
        return type(self).function(
            input, self.kernel_size, self.stride, self.padding, self.dilation,
            ceil_mode=self.ceil_mode, return_indices=self.return_indices,
        )  # fmt: skip

    def extra_repr(self) -> str:
        """The options."""
        names = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
        return ", ".join(f"{name}={getattr(self, name)}" for name in names)


class MaxPool1d(_MaxPoolNd):
    """The largest entry of each window: (…, channels, length) → (…, channels, windows)."""

    function = staticmethod(max_pool1d)


class MaxPool2d(_MaxPoolNd):
    """The largest entry of each window: (…, height, width) → (…, windows down, windows across)."""

    function = staticmethod(max_pool2d)


class _AvgPool(_Pool):
    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode)
        self.count_include_pad = count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        """The means."""
        return type(self).function(input, *self._options())

    def _options(self) -> list[Any]:
        return [self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad]

    def extra_repr(self) -> str:
        """The options."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPool):
    """The mean of each window: (…, channels, length) → (…, channels, windows)."""

    function = staticmethod(avg_pool1d)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("kernel_size", "stride", "padding"):
            value = getattr(self, name)
            setattr(self, name, tuple(value) if isinstance(value, (tuple, list)) else (value,))


class AvgPool2d(_AvgPool):
    """The mean of each window: (…, channels, height, width) → (…, channels, down, across)."""

    function = staticmethod(avg_pool2d)

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.divisor_override = divisor_override

    def _options(self) -> list[Any]:
        return [*super()._options(), self.divisor_override]


class _AdaptiveAvgPool(Module):
    function: Any

    def __init__(self, output_size: Any) -> None:
        super().__init__()
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        """The means."""
        return type(self).function(input, self.output_size)

    def extra_repr(self) -> str:
        """The options."""
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """The last axis brought to `output_size`: (…, channels, n) → (…, channels, output_size)."""

    function = staticmethod(adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """The last two axes brought to `output_size`, a number or two; None leaves an axis as it is."""

    function = staticmethod(adaptive_avg_pool2d)
