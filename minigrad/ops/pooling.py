"""Pooling: of each part of an image that a window meets, the largest entry or the mean.

    result[p] = max or mean of input[stride·p + dilation·q - padding]

over the places q of the window. The largest entry is picked, so a cotangent goes back to where it
was picked; a mean sends each entry its share.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from ..tensor import Tensor, on_array
from . import either
from .operation import Operation
from .refusals import refuse_kinds
from .shape import squeeze, unsqueeze

Pair = tuple[int, ...]


class Window(NamedTuple):
    """How large a window is, how far it moves, how wide the frame around the image is and how far
    apart the entries that it meets lie; ceil: whether a last window may reach over the frame;
    given: how far it moves, as it was written.
    """

    kernel: Pair
    stride: Pair
    padding: Pair
    dilation: Pair
    ceil: bool
    given: Pair

    def places(self, size: Pair) -> Pair:
        """How many windows there are along each axis of an image."""
        counts = []
        for n, k, s, p, d in zip(size, *self[:4], strict=True):
            room = n + 2 * p - d * (k - 1) - 1
            number = -(-room // s) + 1 if self.ceil else room // s + 1
            if self.ceil and (number - 1) * s >= n + p:  # the last one would meet nothing
                number -= 1
            counts.append(number)
        return tuple(counts)

    def meets(self, count: Pair) -> Iterator[tuple[Any, ...]]:
        """For each place of the window: where all windows have it, in the framed image."""
        for place in itertools.product(*map(range, self.kernel)):
            along = zip(place, self.stride, self.dilation, count, strict=True)
            yield (..., *(slice(q * d, q * d + s * (n - 1) + 1, s) for q, s, d, n in along))

    def frame(self, shape: Pair, fill: Any, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
        """An array with room for an image and all that windows reach beyond it; and the image."""
        size = shape[-2:]
        reach = [
            max((n - 1) * s + d * (k - 1) + 1, p + m)
            for n, m, k, s, p, d in zip(self.places(size), size, *self[:4], strict=True)
        ]
        framed = np.full((*shape[:-2], *reach), fill, dtype)
        inner: Any = (slice(p, p + m) for p, m in zip(self.padding, size, strict=True))
        return framed, framed[(..., *inner)]


def _largest(x: np.ndarray, window: Window) -> np.ndarray:
    """Where each window meets the largest entry: its place in the image, counted row by row."""
    count = window.places(x.shape[-2:])
    least = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    framed, image = window.frame(x.shape, least, x.dtype)
    image[...] = x
    chosen = np.stack([framed[met] for met in window.meets(count)]).argmax(0)
    places = []
    for axis, along in enumerate(np.unravel_index(chosen, window.kernel)):
        start = np.arange(count[axis]) * window.stride[axis] - window.padding[axis]
        places.append(along * window.dilation[axis] + (start[:, None] if axis == 0 else start))
    return places[0] * x.shape[-1] + places[1]


def _picked(x: np.ndarray, indices: np.ndarray) -> np.ndarray:
    lead = x.shape[:-2]
    flat = x.reshape(*lead, x.shape[-2] * x.shape[-1])
    places = indices.reshape(*lead, math.prod(indices.shape[-2:]))
    return np.take_along_axis(flat, places, -1).reshape(indices.shape)


def _put_back(grad: np.ndarray, self: np.ndarray, indices: np.ndarray) -> np.ndarray:
    size = self.shape
    out = np.zeros((math.prod(grad.shape[:-2]), size[-2] * size[-1]), grad.dtype)
    rows = np.arange(len(out))[:, None]
    np.add.at(out, (rows, indices.reshape(len(out), -1)), grad.reshape(len(out), -1))
    return out.reshape(size)


_max_pool = Operation(
    "max_pool2d_with_indices", "self", lambda self, indices, window: _picked(self, indices),
    options="indices window", shown="max_pool2d(self)", node="MaxPool2DWithIndicesBackward0",
    jvp="linear",
)  # fmt: skip
_max_pool_backward = Operation(
    "max_pool2d_with_indices_backward", "grad_output self", _put_back, options="indices",
    node="MaxPool2DWithIndicesBackwardBackward0",
)  # fmt: skip
_max_pool.derivative(
    "self",
    r"grad \text{ where it was the largest}",
    lambda grad, self, indices: either.apply(_max_pool_backward, grad, self, indices),
)
SETTINGS = {
    "kernel_size": ("window", "kernel"), "stride": ("window", "given"),
    "padding": ("window", "padding"), "dilation": ("window", "dilation"),
    "ceil_mode": ("window", "ceil"),
}  # fmt: skip
_max_pool.settings = SETTINGS
_max_pool.shows(
    "self", result1="indices", kernel_size=lambda window: window.kernel,
    stride=lambda window: window.given, padding=lambda window: window.padding,
    dilation=lambda window: window.dilation, ceil_mode=lambda window: window.ceil,
)  # fmt: skip
_max_pool_backward.derivative(
    "grad_output",
    r"grad_{indices}",
    lambda grad, indices: either.apply(_max_pool, grad, indices, None),
)
_max_pool_backward.derivative("self", "0", either.zeros)


class Share(NamedTuple):
    """What the sum over a window is divided by: `override`, or the number of its entries, with
    those of the frame or without.
    """

    framed: bool
    override: int | None

    def of(self, window: Window, size: Pair, dtype: np.dtype) -> np.ndarray:
        """The number of each window."""
        if self.override is not None:
            return np.asarray(self.override, dtype)
        counts = []
        for n, m, k, s, p in zip(window.places(size), size, *window[:3], strict=True):
            first = np.arange(n) * s - p
            behind = np.minimum(first + k, m + p)
            if not self.framed:
                first, behind = np.maximum(first, 0), np.minimum(behind, m)
            counts.append(behind - first)
        return (counts[0][:, None] * counts[1]).astype(dtype)


def _means(x: np.ndarray, window: Window, share: Share) -> np.ndarray:
    framed, image = window.frame(x.shape, 0, x.dtype)
    image[...] = x
    size = x.shape[-2:]
    met = [framed[place] for place in window.meets(window.places(size))]
    return np.asarray(sum(met[1:], met[0]) / share.of(window, size, x.dtype)).astype(x.dtype)


def _shared(grad: np.ndarray, self: np.ndarray, window: Window, share: Share) -> np.ndarray:
    framed, image = window.frame(self.shape, 0, grad.dtype)
    each = grad / share.of(window, self.shape[-2:], grad.dtype)
    for place in window.meets(grad.shape[-2:]):
        framed[place] += each
    return np.ascontiguousarray(image)


_avg_pool = Operation(
    "avg_pool2d", "self", _means, options="window share", shown="avg_pool2d(self)",
    node="AvgPool2DBackward0", jvp="linear",
)  # fmt: skip
_avg_pool.settings = {name: SETTINGS[name] for name in SETTINGS if name != "dilation"} | {
    "count_include_pad": ("share", "framed"), "divisor_override": ("share", "override"),
}  # fmt: skip
_avg_pool_backward = Operation(
    "avg_pool2d_backward", "grad_output self", _shared, options="window share",
    node="AvgPool2DBackwardBackward0",
)  # fmt: skip
_avg_pool.derivative(
    "self",
    r"\textstyle\sum grad / n \text{ of the windows that met it}",
    lambda grad, self, window, share: either.apply(_avg_pool_backward, grad, self, window, share),
)
_avg_pool_backward.derivative(
    "grad_output",
    r"\text{avg\_pool2d}(grad)",
    lambda grad, window, share: either.apply(_avg_pool, grad, window, share),
)
_avg_pool_backward.derivative("self", "0", either.zeros)
_SAVED = {
    "kernel_size": lambda window: window.kernel, "stride": lambda window: window.given,
    "padding": lambda window: window.padding, "ceil_mode": lambda window: window.ceil,
    "count_include_pad": lambda share: share.framed,
    "divisor_override": lambda share: share.override,
}  # fmt: skip
_avg_pool.shows("self", **_SAVED)
_avg_pool_backward.shows("", **_SAVED)


def _window(name: str, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool) -> Window:
    """Raises RuntimeError, as PyTorch words it, for options that are no two numbers each."""
    given = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    pairs = []
    for option, value in given.items():
        pair = _pair(value)
        if len(pair) != 2 and (pair or option != "stride"):
            verb = "must be either" if option == "dilation" else "must either be"
            omitted = " omitted," if option == "stride" else ""
            raise RuntimeError(
                f"{name}: {option} {verb}{omitted} a single int, or a tuple of two ints"
            )
        pairs.append(pair)
    size, step, frame, apart = pairs
    return Window(size, step or size, frame, apart, bool(ceil), step)


def _pair(value: Any) -> Pair:
    """A number, or one alone in a tuple, counts for both axes."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    return values * 2 if len(values) == 1 else values


def _check(x: np.ndarray, window: Window) -> None:
    """Raise RuntimeError if the windows do not fit the image."""
    kernel, stride, padding, dilation = window[:4]
    if 0 in stride:
        raise RuntimeError("stride should not be zero")
    if min(padding) < 0:
        raise RuntimeError(f"pad must be non-negative, but got pad: {min(padding)}")
    for p, k, d in zip(padding, kernel, dilation, strict=True):
        if p > ((k - 1) * d + 1) // 2:
            raise RuntimeError(
                "pad should be at most half of effective kernel size, but got "
                f"pad={p}, kernel_size={k} and dilation={d}"
            )
    for values, words, letters in (
        (kernel, "kernel size should be greater than zero, but got", "k"),
        (stride, "stride should be greater than zero, but got", "d"),
        (dilation, "dilation should be greater than zero, but got", "dilation"),
    ):
        if min(values) <= 0:
            raise RuntimeError(f"{words} {letters}H: {values[0]} {letters}W: {values[1]}")
    if x.ndim not in (3, 4) or 0 in x.shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
            f"got:{list(x.shape)}"
        )
    high, wide = window.places(x.shape[-2:])
    if min(high, wide) < 1:
        planes, rows, columns = x.shape[-3:]
        raise RuntimeError(
            f"Given input size: ({planes}x{rows}x{columns}). Calculated output size: "
            f"({planes}x{high}x{wide}). Output size is too small"
        )


def max_pool2d_with_indices(
    input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The largest entry of each window, and its place in the image, counted row by row:
    (…, height, width) → (…, windows down, windows across).

    Raises RuntimeError for windows that do not fit.
    """
    window = _window("max_pool2d", kernel_size, stride, padding, dilation, ceil_mode)
    if input.ndim not in (3, 4):
        raise RuntimeError("non-empty 3D or 4D (batch mode) tensor expected for input")
    _check(input._array, window)
    refuse_kinds(input._array, "b", "max_pool2d")
    indices = _largest(input._array, window)
    return _max_pool(input, indices, window), on_array(indices)


def max_pool2d(
    input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False,
) -> Tensor:  # fmt: skip
    """The largest entry of each window: (…, height, width) → (…, windows down, windows across).

    Raises RuntimeError for windows that do not fit.
    """
    return max_pool2d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode)[0]


def avg_pool2d(
    input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0,
    ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int | None = None,
) -> Tensor:  # fmt: skip
    """The mean of each window: (…, height, width) → (…, windows down, windows across).

    count_include_pad: the frame of zeros counts. divisor_override: what sums are divided by.

    Raises RuntimeError for windows that do not fit.
    """
    window = _window("avg_pool2d", kernel_size, stride, padding, 1, ceil_mode)
    if divisor_override == 0:
        raise RuntimeError("divisor must be not zero")
    input.size(-3)  # raises if there are too few axes
    _check(input._array, window)
    if input._array.dtype != np.int64:
        refuse_kinds(input._array, "biu", "avg_pool2d")
    return _avg_pool(input, window, Share(bool(count_include_pad), divisor_override))


def max_pool1d_with_indices(
    input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The largest entry of each window, and its place: (…, length) → (…, windows).

    Raises RuntimeError for windows that do not fit.
    """
    if input.ndim not in (2, 3) or 0 in input.shape[-2:]:
        raise RuntimeError(
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for "
            f"input, but got:{list(input.shape)}"
        )
    window = _window("max_pool1d", kernel_size, stride, padding, dilation, ceil_mode)
    size, pad, number = window.kernel[1], window.padding[1], 1
    if pad > size // 2:
        raise RuntimeError(
            "max_pool1d() padding should be at most half of kernel size, but got "
            f"padding={pad} and kernel_size={size}"
        )
    if window.stride[1] > 0:
        number = window.places((1, input.shape[-1]))[1]
    if number < 1:
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {number}")
    values, places = max_pool2d_with_indices(
        unsqueeze(input, -2), (1, size), (1, window.stride[1]), (0, pad), (1, window.dilation[1]),
        ceil_mode,
    )  # fmt: skip
    return squeeze(values, -2), squeeze(places, -2)


def max_pool1d(
    input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0, dilation: Any = 1,
    ceil_mode: bool = False,
) -> Tensor:  # fmt: skip
    """The largest entry of each window: (…, length) → (…, windows)."""
    return max_pool1d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode)[0]


def avg_pool1d(
    input: Tensor, kernel_size: Any, stride: Any = (), padding: Any = 0,
    ceil_mode: bool = False, count_include_pad: bool = True,
) -> Tensor:  # fmt: skip
    """The mean of each window: (…, length) → (…, windows). Raises RuntimeError as `avg_pool2d`."""
    if input.ndim not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {input.ndim}-dimensional tensor for argument #1 "
            "'self' (while checking arguments for avg_pool1d)"
        )
    window = _window("avg_pool1d", kernel_size, stride, padding, 1, ceil_mode)
    size, step, pad = (pair[1] for pair in window[:3])
    out = avg_pool2d(
        unsqueeze(input, -2), (1, size), (1, step), (0, pad), ceil_mode, count_include_pad
    )
    return squeeze(out, -2)
