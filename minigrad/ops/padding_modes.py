"""The modes of `nn.functional.pad` that fill the frame with the tensor's own entries.

    reflect    d c b | a b c d | c b a        replicate    a a a | a b c d | d d d
    circular   b c d | a b c d | a b c

Names, limits and error texts are PyTorch's (its pages on ReflectionPad1d, ReplicationPad1d and
CircularPad1d).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, on_array
from . import either
from .fused import knows_shape_alone
from .operation import Operation
from .refusals import refuse_kinds

Pad = tuple[int, ...]
"""(before, after) of the last axis, then of the one before it, …; negative numbers cut."""


def _reflected(places: np.ndarray, n: int) -> np.ndarray:
    """Where the entries of a frame come from: an axis of length `n`, mirrored at both ends."""
    places = np.abs(places)
    return np.where(places < n, places, 2 * (n - 1) - places)


def _nearest(places: np.ndarray, n: int) -> np.ndarray:
    """The same, with the entry at the end for all that lies beyond it."""
    return np.clip(places, 0, n - 1)


SOURCES = {"reflection": _reflected, "replication": _nearest}


def _pair(mode: str, axes: int) -> Operation:
    """Padding of the last `axes` axes, whose derivative is an operation too: linear, as it is."""
    name = f"{mode}_pad{axes}d"
    node = f"{mode.capitalize()}Pad{axes}DBackward"

    def places(shape: tuple[int, ...], padding: Pad) -> tuple[Any, ...]:
        """An index into a tensor of this shape that picks the entries of the padded one."""
        picked = [
            SOURCES[mode](np.arange(-before, n + after), n)
            for n, before, after in zip(shape[: -axes - 1 : -1], padding[::2], padding[1::2])
        ]
        return (..., *np.ix_(*picked[::-1]))

    def padded(self: np.ndarray, padding: Pad) -> np.ndarray:
        return self[places(self.shape, padding)]

    def gathered(grad_output: np.ndarray, self: np.ndarray, padding: Pad) -> np.ndarray:
        """Each entry of the cotangent, added in where its value came from."""
        out = np.zeros(self.shape, grad_output.dtype)
        np.add.at(out, places(self.shape, padding), grad_output)
        return out

    pad = Operation(
        name, "self", padded, options="padding", jvp="linear", node=node + "0", layout="C"
    )
    back = Operation(
        name + "_backward", "grad_output self", gathered, options="padding",
        node=node + "Backward0",
    )  # fmt: skip
    pad.derivative(
        "self",
        r"\text{each entry of grad, where it came from}",
        lambda grad, self, padding: either.apply(back, grad, self, padding),
    )
    back.derivative(
        "grad_output",
        r"\text{grad, padded}",
        lambda grad, padding: either.apply(pad, grad, padding),
    )
    knows_shape_alone(back)
    return pad


_reflection_pad1d, _reflection_pad2d, _reflection_pad3d = (
    _pair("reflection", k) for k in (1, 2, 3)
)
_replication_pad1d, _replication_pad2d, _replication_pad3d = (
    _pair("replication", k) for k in (1, 2, 3)
)

OF_MODE = {
    "reflect": (_reflection_pad1d, _reflection_pad2d, _reflection_pad3d),
    "replicate": (_replication_pad1d, _replication_pad2d, _replication_pad3d),
}
MODES = (*OF_MODE, "circular")


def pad_in_mode(input: Tensor, pad: Pad, mode: str, value: float | None) -> Tensor:
    """`input` in a frame of its own entries.

    Raises RuntimeError or NotImplementedError, as PyTorch words them, for a `value`, for a `pad`
    of other than the last one, two or three axes, and for a frame that is too wide.
    """
    if value:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    axes = len(pad) // 2
    if axes not in (1, 2, 3) or input.ndim not in (axes + 1, axes + 2):
        raise NotImplementedError(
            f"Padding size {len(pad)} is not supported for {input.ndim}D input tensor.\n"
            "Supported combinations for non-constant padding:\n"
            "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
            "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
            "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"
        )
    if mode == "circular":
        return _circular(input, pad)
    operation = OF_MODE[mode][axes - 1]
    _check(input, pad, mode)
    refuse_kinds(input._array, "b", operation.name)
    return operation(input, pad)


def _check(input: Tensor, pad: Pad, mode: str) -> None:
    shape, axes = list(input.shape), len(pad) // 2
    if 0 in shape[1 if input.ndim == axes + 2 else 0 :]:
        raise RuntimeError(
            f"Expected {axes + 1}D or {axes + 2}D (batch mode) tensor with possibly 0 batch size "
            f"and other non-zero dimensions for input, but got: {shape}"
        )
    frames = list(zip(pad[::2], pad[1::2]))
    for k, (before, after) in enumerate(frames if mode == "reflect" else ()):
        axis = input.ndim - 1 - k
        if before >= shape[axis] or after >= shape[axis]:
            raise RuntimeError(
                f"Argument #{4 + 2 * k}: Padding size should be less than the corresponding input "
                f"dimension, but got: padding ({before}, {after}) at dimension {axis} of input "
                f"{shape}"
            )
    outer = [n + before + after for n, (before, after) in zip(shape[::-1], frames)][::-1]
    names = "DHW"[-axes:]
    if max(outer) < 1:
        raise RuntimeError(
            f"input ({_named(names, shape[-axes:], ', ')}) is too small. "
            f"Calculated output {_named(names, outer, ' ')}"
        )
    if min(outer) < 0:
        raise RuntimeError(
            f"Trying to create tensor with negative dimension {min(outer)}: {shape[:-axes] + outer}"
        )


def _named(names: str, lengths: list[int], between: str) -> str:
    return between.join(f"{name}: {n}" for name, n in zip(names, lengths))


def _circular(input: Tensor, pad: Pad) -> Tensor:
    """The tensor copied into the middle of a larger one, then each end from the other end."""
    frames = [(input.ndim - 1 - k, *pad[2 * k : 2 * k + 2]) for k in range(len(pad) // 2)]
    shape = list(input.shape)
    for axis, before, after in frames:
        if max(before, after) > shape[axis]:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        shape[axis] += before + after
        if shape[axis] < 0:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")
    out = on_array(np.empty(shape, input._array.dtype))
    inner, source = out, input
    for axis, before, after in frames:
        inner = _slice(inner, axis, max(before, 0), shape[axis] - max(after, 0))
        source = _slice(source, axis, max(-before, 0), input.shape[axis] - max(-after, 0))
    inner.copy_(source)
    for axis, before, after in frames:
        first, last = max(before, 0), shape[axis] - max(after, 0)
        if before > 0:
            _slice(out, axis, 0, before).copy_(_slice(out, axis, last - before, last))
        if after > 0:
            _slice(out, axis, last, shape[axis]).copy_(_slice(out, axis, first, first + after))
    return out


def _slice(tensor: Tensor, axis: int, start: int, end: int) -> Tensor:
    return tensor.narrow(axis, start, end - start)
