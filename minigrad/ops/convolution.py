"""Convolution: a small weight slides over an image and is multiplied with each part that it meets.

    result[n, o, p] = bias[o] + Σ input[n, c, stride·p + dilation·q] · weight[o, c, q]

over the channels c and the places q of the weight. It is linear in the input and in the weight, so
its derivatives, and theirs, are three sums of products over the same places.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..tensor import Tensor
from ..warn import warn
from . import either
from .operation import Operation
from .padding import pad
from .refusals import type_word


class How(NamedTuple):
    """How far the weight moves, how wide the frame of zeros is, how far apart its entries lie: per
    axis; into how many groups the channels are parted.
    """

    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int


def windows(x: np.ndarray, kernel: tuple[int, ...], how: How) -> np.ndarray:
    """The parts that the weight meets: (batch, channels, *places, *kernel)."""
    framed = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in how.padding)])
    axes = tuple(range(2, x.ndim))
    reach = tuple(d * (k - 1) + 1 for d, k in zip(how.dilation, kernel))
    every = np.lib.stride_tricks.sliding_window_view(framed, reach, axes)
    steps = [slice(None, None, step) for step in (*how.stride, *how.dilation)]
    return every[(slice(None), slice(None), *steps)]


def added_up(
    part_at: Callable[[tuple[int, ...]], np.ndarray], shape: tuple[int, ...],
    kernel: tuple[int, ...], count: Sequence[int], how: How, dtype: np.dtype,
) -> np.ndarray:  # fmt: skip
    """The way back from `windows`: for each place of the kernel, `part_at(place)` has what all
    windows have there, and what meets at one entry of (*batch, *axes) is added up.

    shape: of the result. count: how many windows lie along each axis.
    """
    size = shape[len(shape) - len(kernel) :]
    framed: Any = np.zeros(
        (*shape[: -len(kernel)], *(n + 2 * p for n, p in zip(size, how.padding))), dtype
    )
    for place in itertools.product(*map(range, kernel)):
        met: Any = (
            slice(q * d, q * d + s * (n - 1) + 1, s)
            for q, d, s, n in zip(place, how.dilation, how.stride, count)
        )
        framed[(..., *met)] += part_at(place)
    inner: Any = (slice(p, p + n) for p, n in zip(how.padding, size))
    return np.ascontiguousarray(framed[(..., *inner)])


def _groups(x: Any, groups: int, axis: int) -> list[Any]:
    """The channels of each group."""
    return np.split(x, groups, axis)


def _forward(input: Any, weight: Any, bias: Any, how: How, bias_shape: Any = None) -> np.ndarray:
    kernel, axes = weight.shape[2:], tuple(range(2, weight.ndim))
    met = windows(input, kernel, how)
    behind = tuple(axis + len(axes) for axis in axes)
    parts = [
        np.tensordot(part, rows, ((1, *behind), (1, *axes)))
        for part, rows in zip(_groups(met, how.groups, 1), _groups(weight, how.groups, 0))
    ]
    out = np.concatenate(parts, -1)
    out = out if bias is None else out + bias
    return np.ascontiguousarray(np.moveaxis(out, -1, 1))


def _to_input(grad: Any, weight: Any, shape: tuple[int, ...], how: How) -> np.ndarray:
    """Each cotangent times the weight, added up where the weight lay."""

    def part_at(place: tuple[int, ...]) -> np.ndarray:
        products = [
            np.tensordot(part, rows[(slice(None), slice(None), *place)], ((1,), (0,)))
            for part, rows in zip(_groups(grad, how.groups, 1), _groups(weight, how.groups, 0))
        ]
        return np.moveaxis(np.concatenate(products, -1), -1, 1)

    return added_up(part_at, shape, weight.shape[2:], grad.shape[2:], how, grad.dtype)


def _to_weight(grad: Any, input: Any, shape: tuple[int, ...], how: How) -> np.ndarray:
    """Each cotangent times the part that the weight met, added up."""
    met = windows(input, shape[2:], how)
    axes = (0, *range(2, grad.ndim))
    parts = [
        np.tensordot(part, there, (axes, axes))
        for part, there in zip(_groups(grad, how.groups, 1), _groups(met, how.groups, 1))
    ]
    return np.concatenate(parts, 0)


def _backward(grad_output: Any, input: Any, weight: Any, of: int, how: How) -> np.ndarray:
    """The cotangent of the input (0), of the weight (1) or of the bias (2)."""
    if of == 0:
        return _to_input(grad_output, weight, input.shape, how)
    if of == 1:
        return _to_weight(grad_output, input, weight.shape, how)
    return np.asarray(either.add_up(grad_output, (0, *range(2, grad_output.ndim))))


_convolution = Operation(
    "convolution", "input weight bias", _forward, options="how bias_shape",
    shown="convolution(input, weight, bias)",
)  # fmt: skip
_convolution.settings = {name: ("how", name) for name in How._fields}
MET = r"stride \cdot p + dilation \cdot q - padding"
"""Where in the image the entry q of the weight is when it lies at the place p."""

_convolution_backward = Operation(
    "convolution_backward", "grad_output input weight", _backward, options="of how",
    node="ConvolutionBackwardBackward0",
)  # fmt: skip


def _slope(of: int) -> Any:
    return lambda grad, input, weight, how: either.apply(
        _convolution_backward, grad, input, weight, of, how
    )


for _name, _text in (
    ("input", rf"\textstyle\sum_q grad_{{p}} \, weight_{{q}} \text{{ at }} {MET}"),
    ("weight", rf"\textstyle\sum_p grad_{{p}} \, input_{{{MET}}}"),
    ("bias", r"\textstyle\sum_p grad_{p}"),
):
    _convolution.derivative(_name, _text, _slope(_convolution.inputs.index(_name)))


def _again(grad: Any, input: Any, weight: Any, of: int, how: How) -> Any:
    """Linear in the cotangent: what the input, the weight or the bias would change."""
    if of == 2:
        stretched = either.reshape(grad, (-1, *(1,) * (len(input.shape) - 2)))
        places = _forward(either.array(input), either.array(weight), None, how).shape
        return either.expand(stretched, places)
    x, w = (grad, weight) if of == 0 else (input, grad)
    if isinstance(x, either.ARRAY):
        return _forward(x, w, None, how)
    return _convolution(x, w, None, how, (0,))


_convolution_backward.derivative(
    "grad_output", r"\operatorname{convolution}(grad, weight) \text{ or } (input, grad)", _again
)
_convolution_backward.derivative(
    "input",
    rf"\textstyle\sum_q grad_output_{{p}} \, grad_{{q}} \text{{ at }} {MET}",
    lambda grad, grad_output, input, of, how: (
        either.apply(_convolution_backward, grad_output, input, grad, 0, how) if of == 1 else None
    ),
)
_convolution_backward.derivative(
    "weight",
    rf"\textstyle\sum_p grad_output_{{p}} \, grad_{{{MET}}}",
    lambda grad, grad_output, weight, of, how: (
        either.apply(_convolution_backward, grad_output, grad, weight, 1, how) if of == 0 else None
    ),
)
_SHOWN: dict[str, Any] = {
    "stride": lambda how: how.stride,
    "padding": lambda how: how.padding,
    "dilation": lambda how: how.dilation,
    "groups": lambda how: how.groups,
    "transposed": False,
    "output_padding": lambda how: (0,) * len(how.stride),
}
_convolution.shows("input weight", bias_sym_sizes_opt=lambda bias_shape: bias_shape, **_SHOWN)
_convolution_backward.shows("grad_output input weight", **_SHOWN)


@_convolution.tangent
def _moved(moved: Any, input: Any, weight: Any, how: How, result: Any) -> Any:
    parts = []
    if "input" in moved:
        parts.append(_convolution(moved["input"], weight, None, how, (0,)))
    if "weight" in moved:
        parts.append(_convolution(input, moved["weight"], None, how, (0,)))
    if "bias" in moved:
        bias = either.reshape(moved["bias"], (-1, *(1,) * (result.ndim - 2)))
        parts.append(either.expand(bias, result.shape))
    return sum(parts[1:], parts[0])


def _of(axes: int) -> Any:
    name = f"conv{axes}d"

    def function(
        input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1,
        padding: Any = 0, dilation: Any = 1, groups: int = 1,
    ) -> Tensor:  # fmt: skip
        if input.ndim not in (axes + 1, axes + 2):
            raise RuntimeError(
                f"Expected {axes + 1}D (unbatched) or {axes + 2}D (batched) input to {name}, but "
                f"got input of size: {list(input.shape)}"
            )
        if input.ndim == axes + 1:
            batch = function(input.unsqueeze(0), weight, bias, stride, padding, dilation, groups)
            return batch.squeeze(0)
        if weight.ndim < 3:
            raise RuntimeError("weight should have at least three dimensions")
        count = weight.ndim - 2
        stride = _per_axis(stride, "stride", axes, count)
        dilation = _per_axis(dilation, "dilation", axes, count)
        if isinstance(padding, str):
            input, padding = _padded(input, weight, padding, stride, dilation)
        how = How(stride, _per_axis(padding, "padding", axes, count), dilation, groups)
        _check(input, weight, bias, how)
        size = (0,) if bias is None else tuple(bias.shape)
        return _convolution(input, weight, bias, how, size)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"`weight` slid over `input` along {axes} of its axes: (batch, channels in, …), (channels "
        "out, channels in / groups, …) → (batch, channels out, …); without a batch as well.\n\n"
        'padding: zeros around the input, or "same" (the result has its size) or "valid" '
        "(none). Raises RuntimeError where the sizes or dtypes do not fit."
    )
    return function


def _per_axis(value: Any, name: str, axes: int, count: int) -> tuple[int, ...]:
    """One number per axis. Raises RuntimeError for more or fewer than the weight has."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
    if len(values) not in (1, count):
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {count} values to match "
            f"the convolution dimensions, but got {name}={list(values)}"
        )
    return values * count if len(values) == 1 else values


def _padded(input: Tensor, weight: Tensor, padding: str, stride: Any, dilation: Any) -> Any:
    """The input and the padding that the words "same" and "valid" stand for."""
    if padding == "valid":
        return input, 0
    if padding != "same":
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    if any(step != 1 for step in stride):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    total = [d * (k - 1) for d, k in zip(dilation, weight.shape[2:])]
    if any(n % 2 for n in total):
        warn(
            "Using padding='same' with even kernel lengths and odd dilation may require a "
            "zero-padded copy of the input be created"
        )
        input = pad(input, [side for n in reversed(total) for side in (0, n % 2)])
    return input, tuple(n // 2 for n in total)


def _check(input: Tensor, weight: Tensor, bias: Tensor | None, how: How) -> None:
    """Raise RuntimeError, in PyTorch's words and order, for what does not fit."""
    if how.groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    if min(how.padding) < 0:
        raise RuntimeError("negative padding is not supported")
    if min(how.stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(how.dilation) <= 0:
        as_image = [1] * (len(how.dilation) == 1) + list(how.dilation)  # a row is one of height 1
        raise RuntimeError(f"dilation should be greater than zero, but got {as_image}")
    shape, of, given = list(weight.shape), list(input.shape), f"Given groups={how.groups}"
    if len(shape) != len(of):
        raise RuntimeError(
            f"Expected {len(shape)}-dimensional input for {len(shape)}-dimensional weight {shape}, "
            f"but got {len(of)}-dimensional input of size {of} instead"
        )
    if shape[0] < how.groups:
        raise RuntimeError(
            f"{given}, expected weight to be at least {how.groups} at dimension 0, but got weight "
            f"of size {shape} instead"
        )
    if shape[0] % how.groups:
        raise RuntimeError(
            f"{given}, expected weight to be divisible by {how.groups} at dimension 0, but got "
            f"weight of size [{shape}] instead"
        )
    if of[1] != shape[1] * how.groups:
        raise RuntimeError(
            f"{given}, weight of size {shape}, expected input{of} to have "
            f"{shape[1] * how.groups} channels, but got {of[1]} channels instead"
        )
    if bias is not None and list(bias.shape) != shape[:1]:
        raise RuntimeError(
            f"Given weight of size {shape}, expected bias to be 1-dimensional with {shape[0]} "
            f"elements, but got bias of size {list(bias.shape)} instead"
        )
    if 0 in shape[2:]:
        height, width = (1, *shape[2:])[-2:]
        raise RuntimeError(
            "kernel size should be greater than zero, but got "
            f"kernel_height: {height} kernel_width: {width}"
        )
    framed = [n + 2 * p for n, p in zip(of[2:], how.padding)]
    reach = [d * (k - 1) + 1 for d, k in zip(how.dilation, shape[2:])]
    if any(n < m for n, m in zip(framed, reach)):
        raise RuntimeError(
            f"Calculated padded input size per channel: ({' x '.join(map(str, framed))}). Kernel "
            f"size: ({' x '.join(map(str, reach))}). Kernel size can't be greater than actual "
            "input size"
        )
    if bias is not None and bias.dtype != input.dtype:
        raise RuntimeError(
            f"Input type ({input.dtype.c_name}) and bias type ({bias.dtype.c_name}) should be the "
            "same"
        )
    if weight.dtype != input.dtype:
        raise RuntimeError(
            f"expected scalar type {type_word(input._array)} but found {type_word(weight._array)}"
        )


conv1d, conv2d = _of(1), _of(2)
