"""Where a PyTorch tensor without a history came from: kept while a recording is on.

Nothing here keeps a graph alive: of the tensors that a call was given, what they were is kept, and
a way to find them for as long as somebody has them.
"""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.utils.weak import WeakTensorKeyDictionary

from minigrad.origins import DATA, DETACH, Cut, why

from . import operations
from .tensors import array

WHOLE = 64  # entries up to which a value is kept
WRITTEN = {"detach": ("self.detach()", DETACH), "data": ("self.data", DATA)}
EMPTY = (
    "grad",
    "size",
    "new",
    "like",
    "empty",
    "zeros",
    "ones",
    "full",
    "rand",
    "randn",
    "randint",
)
"""In the names of calls that take nothing of a tensor but its shape, or its gradient."""


class Given(NamedTuple):
    """A tensor that a call was given."""

    tensor: Any
    """A weak reference."""
    requires_grad: bool
    shape: tuple[int, ...]
    dtype: str
    value: np.ndarray | None
    origin: Origin | None
    """Where it came from itself, if it has no history."""


class Origin(NamedTuple):
    """The call that computed a tensor, and why the history ends there."""

    name: str
    arguments: tuple[Any, ...]
    """`Given`, or what was no tensor."""
    cut: Cut
    shape: tuple[int, ...]
    dtype: str
    value: np.ndarray | None
    file: str
    line: int


_known = WeakTensorKeyDictionary()


def of(tensor: Any) -> Origin | None:
    """Where a tensor without a history came from; None if nothing is known."""
    return _known.get(tensor)


def note(func: Any, args: Any, kwargs: dict[str, Any], out: Any, place: Any) -> None:
    """Remember what computed a result without a history, if an argument has one.

    place: a function that tells file and line.
    """
    results = out if isinstance(out, (tuple, list)) else (out,)
    lost = [t for t in results if isinstance(t, torch.Tensor) and not t.requires_grad]
    if not lost or not any(map(_has_past, (*args, *kwargs.values()))):
        return
    name = operations.name_of(func)
    if any(word in EMPTY for word in name.split("_")):
        return
    given = tuple(_given(value) for value in (*args, *kwargs.values()))
    for tensor in lost:
        shape, dtype, value = _described(tensor)
        inference = torch.is_inference_mode_enabled()
        cut = why(name, dtype, inference, torch.is_grad_enabled())
        cut = WRITTEN[name][1] if name in WRITTEN else cut
        _known[tensor] = Origin(name, given, cut, shape, dtype, value, *place())


def _has_past(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return value.requires_grad or value in _known
    return isinstance(value, (tuple, list)) and any(map(_has_past, value[:WHOLE]))


def _given(value: Any) -> Any:
    if not isinstance(value, torch.Tensor):
        return "…" if isinstance(value, (tuple, list)) and _has_past(value) else value
    return Given(weakref.ref(value), value.requires_grad, *_described(value), of(value))


def _described(tensor: Any) -> tuple[tuple[int, ...], str, np.ndarray | None]:
    small = tensor.numel() <= WHOLE and tensor.device.type == "cpu" and not tensor.is_sparse
    value = np.array(array(tensor)) if small and not tensor.is_complex() else None
    return tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."), value
