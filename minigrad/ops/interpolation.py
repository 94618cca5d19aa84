r"""Images made larger or smaller: each new entry is a weighted sum of old ones that lie near it.

    result[o] = Σ_t weight[t, o] · input[place[t, o]]        t = 0, …: the taps

along each axis in turn. `nearest` has one tap, `linear` two, `cubic` four. That is linear, so the
derivative adds each cotangent in where its taps lay, with the same weights.

Source: PyTorch's page on torch.nn.functional.interpolate; for the cubic weights R. Keys, "Cubic
convolution interpolation for digital image processing" (1981), equation 4 with a = -0.75.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .adaptive_pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
from .operation import Operation
from .refusals import refuse_kinds

Taps = tuple[np.ndarray, np.ndarray]
"""Places in the input and weights: (taps, length of the result) each."""

CUBIC = -0.75


def _nearest(o: np.ndarray, n: int, stride: Any) -> Taps:
    return _within(np.floor(o * stride), n), np.ones((1, o.size))


def _nearest_exact(o: np.ndarray, n: int, stride: Any) -> Taps:
    return _within(np.floor((o + o.dtype.type(0.5)) * stride), n), np.ones((1, o.size))


def _linear(o: np.ndarray, n: int, stride: Any, align_corners: bool) -> Taps:
    where = np.maximum(_where(o, stride, align_corners), 0)
    first = _within(np.floor(where), n)[0]
    far = np.clip(where - first, 0, 1)
    return np.stack([first, np.minimum(first + 1, n - 1)]), np.stack([1 - far, far])


def _cubic(o: np.ndarray, n: int, stride: Any, align_corners: bool) -> Taps:
    where = _where(o, stride, align_corners)
    first = np.floor(where)
    far = np.abs(where - first - np.arange(-1, 3)[:, None])  # from each tap
    inner = ((CUBIC + 2) * far - (CUBIC + 3)) * far * far + 1
    outer = ((CUBIC * far - 5 * CUBIC) * far + 8 * CUBIC) * far - 4 * CUBIC
    return _within(first + np.arange(-1, 3)[:, None], n), np.where(far <= 1, inner, outer)


def _where(o: np.ndarray, stride: Any, align_corners: bool) -> np.ndarray:
    """Where the entries of the result lie in the input: those at the ends on those at the ends, or
    the edges of both on each other, half an entry further out.
    """
    half = o.dtype.type(0.5)
    return o * stride if align_corners else (o + half) * stride - half


def _within(places: np.ndarray, n: int) -> np.ndarray:
    return np.atleast_2d(np.clip(places, 0, n - 1).astype(np.intp))


TAPS: dict[str, Any] = {
    "nearest": _nearest, "nearest_exact": _nearest_exact, "linear": _linear, "cubic": _cubic,
}  # fmt: skip


def _stride(n: int, count: int, align_corners: bool | None, scale: float | None) -> float:
    """From one entry of the result to the next, in entries of the input."""
    if align_corners:
        return (n - 1) / (count - 1) if count > 1 else 0.0
    return 1 / scale if scale is not None and scale > 0 else n / count


def _upsampling(name: str, kind: str, axes: int) -> Operation:
    """Interpolation of the last `axes` axes."""
    kernel = f"compute_indices_weights_{kind.removesuffix('_exact')}"
    aligned = kind in ("linear", "cubic")

    def taps(n: int, count: int, align_corners: bool, scale: Any, dtype: np.dtype) -> Taps:
        stride = dtype.type(_stride(n, count, align_corners, scale))
        given = (align_corners,) if aligned else ()
        places, weights = TAPS[kind](np.arange(count, dtype=dtype), n, stride, *given)
        return places, weights.astype(dtype)

    def forward(self: Any, output_size: Any, align_corners: bool, scales: Any) -> np.ndarray:
        refuse_kinds(self, "biu" if aligned or self.dtype != np.uint8 else "", kernel)
        out: Any = self
        for axis, count, scale in zip(range(-axes, 0), output_size, scales):
            places, weights = taps(out.shape[axis], count, align_corners, scale, _wide(self))
            parts = [np.take(out, place, axis) for place in places]
            if aligned:
                parts = [_along(w, axis) * part for w, part in zip(weights, parts)]
            out = sum(parts[1:], parts[0])
        return np.ascontiguousarray(out, self.dtype)

    def back(
        grad_output: Any, input_size: Any, output_size: Any, align_corners: bool, scales: Any
    ) -> np.ndarray:
        out: Any = grad_output.astype(_wide(grad_output))
        for axis, count, scale in zip(range(-axes, 0), output_size, scales):
            n, cotangents = input_size[axis], np.moveaxis(out, axis, 0)
            added = np.zeros((n, *cotangents.shape[1:]), out.dtype)
            for place, weight in zip(*taps(n, count, align_corners, scale, out.dtype)):
                np.add.at(added, place, _along(weight, -cotangents.ndim) * cotangents)
            out = np.moveaxis(added, 0, axis)
        return np.ascontiguousarray(out, grad_output.dtype)

    node = "".join(part[0].upper() + part[1:] for part in name.split("_") if part)
    node = node.replace("1d", "1D").replace("2d", "2D").replace("3d", "3D")
    options = "output_size align_corners scales"
    up = Operation(
        name, "self", forward, options=options, node=f"{node}Backward0", jvp="linear", rows=True,
        shown="interpolate(self, output_size)",
    )  # fmt: skip
    down = Operation(
        f"{name}_backward", "grad_output", back, options=f"input_size {options}",
        node=f"{node}BackwardBackward0", jvp="linear", rows=True,
    )  # fmt: skip
    up.derivative(
        "self",
        r"\text{each entry of grad, where its taps lay, times their weights}",
        lambda grad, self_sizes, output_size, align_corners, scales: either.apply(
            down, grad, self_sizes, output_size, align_corners, scales
        ),
    )
    down.derivative(
        "grad_output",
        r"\operatorname{interpolate}(grad)",
        lambda grad, output_size, align_corners, scales: either.apply(
            up, grad, output_size, align_corners, scales
        ),
    )
    names = ["scales"] if axes == 1 else [f"scales_{letter}" for letter in "dhw"[-axes:]]
    seen = {name: _entry(k) for k, name in enumerate(names)}
    more = "align_corners" if aligned else ""
    up.shows(f"output_size self_sizes {more}", **seen)
    down.shows(f"output_size {more}", **seen)
    return up


def _entry(k: int) -> Any:
    return lambda scales: scales[k]


def _wide(array: np.ndarray) -> np.dtype:
    """In which dtype to calculate."""
    return np.result_type(array, np.float32)


def _along(weight: np.ndarray, axis: int) -> np.ndarray:
    """One weight for each place along `axis` (a negative number)."""
    return weight.reshape(-1, *(1,) * (-axis - 1))


_upsample_nearest1d, _upsample_nearest2d, _upsample_nearest3d = (
    _upsampling(f"upsample_nearest{k}d", "nearest", k) for k in (1, 2, 3)
)
_upsample_nearest_exact1d, _upsample_nearest_exact2d, _upsample_nearest_exact3d = (
    _upsampling(f"_upsample_nearest_exact{k}d", "nearest_exact", k) for k in (1, 2, 3)
)
_upsample_linear1d = _upsampling("upsample_linear1d", "linear", 1)
_upsample_bilinear2d = _upsampling("upsample_bilinear2d", "linear", 2)
_upsample_trilinear3d = _upsampling("upsample_trilinear3d", "linear", 3)
_upsample_bicubic2d = _upsampling("upsample_bicubic2d", "cubic", 2)

OF_MODE: dict[tuple[str, int], Operation] = {
    ("nearest", 1): _upsample_nearest1d,
    ("nearest", 2): _upsample_nearest2d,
    ("nearest", 3): _upsample_nearest3d,
    ("nearest-exact", 1): _upsample_nearest_exact1d,
    ("nearest-exact", 2): _upsample_nearest_exact2d,
    ("nearest-exact", 3): _upsample_nearest_exact3d,
    ("linear", 1): _upsample_linear1d,
    ("bilinear", 2): _upsample_bilinear2d,
    ("trilinear", 3): _upsample_trilinear3d,
    ("bicubic", 2): _upsample_bicubic2d,
}
AREA: dict[int, Any] = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}
UNALIGNED = ("nearest", "area", "nearest-exact")
MODES = "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact"


def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """`input` larger or smaller along all axes but the first two: (batch, channels, …) →
    (batch, channels, *size).

    size, or scale_factor: of every axis, or a tuple with one for each. mode: "nearest",
    "nearest-exact", "area" (the mean of what an entry covers), "linear" (one axis), "bilinear",
    "bicubic" (two), "trilinear" (three).
    align_corners: the outermost entries stay where they are, rather than the edges of the image.
    recompute_scale_factor: the factor is the quotient of the (whole) sizes, not what was given.
    Raises ValueError, TypeError or RuntimeError, as PyTorch words them, for what does not fit;
    NotImplementedError for other modes and for `antialias`, which minigrad does not have.
    """
    if mode in UNALIGNED and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear | bilinear "
            "| bicubic | trilinear"
        )
    count, inner = input.dim() - 2, list(input.shape[2:])
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is None and scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    scales: Any = [None] * count
    if size is not None:
        sizes = _sizes(size, inner)
        if recompute_scale_factor:
            raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
    else:
        factors = _factors(scale_factor, inner)
        sizes = [math.floor(n * factor) for n, factor in zip(inner, factors)]
        scales = scales if recompute_scale_factor else factors
    if antialias and not (mode in ("bilinear", "bicubic", "lanczos") and input.ndim == 4):
        raise ValueError(
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires "
            "a 4-D tensor as input"
        )
    if antialias:
        raise NotImplementedError("minigrad interpolates without `antialias`")
    if mode == "area" and count in AREA:
        return AREA[count](input, sizes)
    if (mode, count) not in OF_MODE:
        raise NotImplementedError(
            "Input Error: Only 3D, 4D and 5D input Tensors supported (got "
            f"{input.dim()}D) for the modes: {MODES} (got {mode})"
        )
    _check(input, inner, sizes)
    return OF_MODE[mode, count](input, tuple(sizes), bool(align_corners), tuple(scales))


def _sizes(size: Any, inner: list[int]) -> list[int]:
    if not isinstance(size, (list, tuple)):
        return [size] * len(inner)
    if len(size) != len(inner):
        raise ValueError(
            "Input and output must have the same number of spatial dimensions, but got input with "
            f"spatial dimensions of {inner} and output size of {size}. Please provide input tensor "
            "in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format."
        )
    if not all(isinstance(n, (int, np.integer)) for n in size):
        raise TypeError(
            "expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, "
            f"int], but got size with types {[type(n) for n in size]}"
        )
    return list(size)


def _factors(scale_factor: Any, inner: list[int]) -> list[float]:
    if not isinstance(scale_factor, (list, tuple)):
        return [float(scale_factor)] * len(inner)
    if len(scale_factor) != len(inner):
        raise ValueError(
            "Input and scale_factor must have the same number of spatial dimensions, but got input "
            f"with spatial dimensions of {inner} and scale_factor of shape {scale_factor}. Please "
            "provide input tensor in (N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, "
            "...,sK) format."
        )
    return [float(factor) for factor in scale_factor]


def _check(input: Tensor, inner: list[int], sizes: list[int]) -> None:
    """Raise RuntimeError for an image without entries."""
    if min(inner + sizes) <= 0:
        old, new = (
            ", ".join(f"{letter}: {n}" for letter, n in zip("DHW"[-len(inner) :], lengths))
            for lengths in (inner, sizes)
        )
        both = "and output" if len(inner) == 1 else "output"
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input ({old}) {both} ({new})"
        )
    if input.shape[1] == 0:
        raise RuntimeError(
            f"Non-empty {input.ndim}D data tensor expected but got a tensor with sizes "
            f"{list(input.shape)}"
        )
