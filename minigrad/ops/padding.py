"""`nn.functional.pad`: the edges of a tensor moved outwards, or inwards."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .operation import Operation
from .padding_modes import MODES, pad_in_mode


def _framed(self: np.ndarray, pad: tuple[int, ...], value: float | None) -> np.ndarray:
    """`pad` counts from the last axis: (before, after, before, after, …); negative numbers cut."""
    frames = [(0, 0)] * (self.ndim - len(pad) // 2)
    frames += [*zip(pad[-2::-2], pad[-1::-2])]
    inner = tuple(slice(max(-a, 0), n - max(-b, 0)) for (a, b), n in zip(frames, self.shape))
    outer = [(max(a, 0), max(b, 0)) for a, b in frames]
    return np.pad(self[inner], outer, constant_values=0 if value is None else value)


_constant_pad = Operation(
    "constant_pad_nd", "self", _framed, options="pad value", shown="pad(self, pad)", layout="C"
)
_constant_pad.derivative(
    "self",
    r"\text{grad without its frame}",
    lambda grad, pad: either.apply(_constant_pad, grad, tuple(-n for n in pad), 0),
)
_constant_pad.tangent(lambda moved, pad: _constant_pad(moved["self"], pad, 0))


def pad(input: Tensor, pad: Any, mode: str = "constant", value: float | None = None) -> Tensor:
    """`input` in a frame of `value` (0): `pad` is (before, after) of the last axis, then of the one
    before it, …; a negative number cuts entries off.

    mode: "constant", or where the frame's entries come from: "reflect", "replicate" or "circular".
    Raises RuntimeError for a `pad` that does not fit; see `padding_modes.py` for the other modes.
    """
    pad = tuple(map(int, pad))
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * input.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(pad)} and input of dimension {input.ndim}"
        )
    if mode in MODES:
        return pad_in_mode(input, pad, mode, value)
    if mode != "constant":
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    for n, before, after in zip(reversed(input.shape), pad[::2], pad[1::2]):
        if n + min(before, 0) + min(after, 0) < 0:
            raise RuntimeError("narrow(): length must be non-negative.")
    return _constant_pad(input, pad, value)
