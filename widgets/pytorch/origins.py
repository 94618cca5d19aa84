"""Where a PyTorch tensor without a history came from: kept while a recording is on.

Nothing here keeps a graph alive: of the tensors that a call was given, what they were is kept, and
a way to find them for as long as somebody has them.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.utils.weak import WeakTensorKeyDictionary

from minigrad.origins import COPIED, DATA, DETACH, Cut, why
from minigrad.readings import Log, Number
from minigrad.readings import cut as cut_at

from . import operations
from .tensors import array

WHOLE = 64  # entries up to which a value is kept
WRITTEN = {"detach": ("self.detach()", DETACH), "data": ("self.data", DATA)}
CASTS = ("bfloat16", "bool", "byte", "char", "double", "float", "half", "int", "long", "short")
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

READERS = {
    "item": "self.item()",
    "tolist": "self.tolist()",
    "numpy": "self.numpy()",
    "array": "self.numpy()",
    "float": "float(self)",
}
"""Calls that read numbers off a tensor, and how they are written."""

MAKERS = {
    "tensor", "as_tensor", "asarray", "from_numpy", "full", "full_like", "new_tensor", "new_full",
}  # fmt: skip
"""Calls that make a tensor of numbers."""


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
    cut: Cut | None
    """None where the history does not end here."""
    shape: tuple[int, ...]
    dtype: str
    value: np.ndarray | None
    file: str
    line: int
    written: str = ""
    """How it is written, where it is no operation."""
    variable: str = ""
    """The variable, of a number."""
    node: int | None = None
    """The number of the node, of what has a history."""
    grad_fn: str = ""
    """The name of that node."""


_known = WeakTensorKeyDictionary()


def of(tensor: Any) -> Origin | None:
    """Where a tensor without a history came from; None if nothing is known."""
    return _known.get(tensor)


readings = Log(
    ("torch", "minigrad", "widgets", "contextlib"),
    ("torch.nn.modules", "torch.optim"),
    lambda value: isinstance(value, torch.Tensor),
)


def pass_on(tensor: Any, copy: Any) -> None:
    """A copy stands for a tensor that may soon be gone."""
    if tensor in _known:
        _known[copy] = _known[tensor]


def note(func: Any, arguments: Sequence[Any], out: Any, place: Any) -> None:
    """Remember what computed a result without a history, if an argument has one, and what was read
    off a tensor.

    arguments: a number that was read off a tensor as `Number`. place: tells file and line.
    """
    name = operations.name_of(func)
    a_number = not isinstance(out, torch.Tensor)  # `float(t)`, not `t.float()`
    if name in READERS and a_number and arguments and _has_past(arguments[0]):
        readings.took(out, READERS[name], _given(arguments[0]))
        return
    results = out if isinstance(out, (tuple, list)) else (out,)
    lost = [t for t in results if isinstance(t, torch.Tensor) and not t.requires_grad]
    if lost and name in MAKERS and _note_made(name, arguments, lost[0], place):
        return
    if not lost or not any(map(_has_past, arguments)):
        return
    if any(word in EMPTY for word in name.split("_")):
        return
    given = tuple(_given(value, place) for value in arguments)
    for tensor in lost:
        shape, dtype, value = described(tensor)
        inference = torch.is_inference_mode_enabled()
        cut = why(name, dtype, inference, torch.is_grad_enabled())
        cut = WRITTEN[name][1] if name in WRITTEN else cut
        _known[tensor] = Origin(name, given, cut, shape, dtype, value, *place())


def makes(func: Any) -> bool:
    """Does a call make a tensor of numbers?"""
    return operations.name_of(func) in MAKERS


def nothing() -> None:
    """Stands for a weak reference to a tensor that is not known."""


def _note_made(name: str, arguments: Sequence[Any], out: Any, place: Any) -> bool:
    """Remember what the numbers were read off that a tensor was made of; False if off nothing."""
    lists = [part for part in arguments if isinstance(part, (list, tuple))]
    parts = [*arguments, *(one for part in lists for one in part[:WHOLE])]
    read = [one for part in parts if (one := readings.itself(part)) is not None]
    how = read[0].how if read else ""
    written = f"torch.{name}({how if len(read) == 1 else f'[{how}, …]'})"
    if not read and not any(map(_has_past, arguments)):
        read, text = readings.call()
        written = text or f"torch.{name}(…)"
    if read:
        sources = tuple(reading.source for reading in read)
        shape, dtype, value = described(out)
        cut = cut_at(read[0], COPIED)
        file, line = place()
        _known[out] = Origin(name, sources, cut, shape, dtype, value, file, line, written)
    return bool(read)


def of_number(number: Number, file: str, line: int) -> Origin:
    """Where a number came from that an operation was given, in that line."""
    sources = tuple(reading.source for reading in number.readings)
    value = np.asarray(float(number.value))
    return Origin(
        "number", sources, number.cut, (), "float64", value, file, line, number.written, number.name
    )


def _has_past(value: Any) -> bool:
    if isinstance(value, Number):
        return True
    if isinstance(value, torch.Tensor):
        return value.requires_grad or value in _known
    return isinstance(value, (tuple, list)) and any(map(_has_past, value[:WHOLE]))


def _given(value: Any, place: Any = None) -> Any:
    if isinstance(value, Number):
        array = np.asarray(value.value)
        return Given(nothing, False, (), "float64", array, of_number(value, *place()))
    if not isinstance(value, torch.Tensor):
        return "…" if isinstance(value, (tuple, list)) and _has_past(value) else value
    from .former import former

    origin = of(value) or former(value)
    return Given(weakref.ref(value), value.requires_grad, *described(value), origin)


def described(tensor: Any) -> tuple[tuple[int, ...], str, np.ndarray | None]:
    """Shape, dtype, and the entries of a small tensor."""
    small = tensor.numel() <= WHOLE and tensor.device.type == "cpu" and not tensor.is_sparse
    value = None
    if small and not tensor.is_complex():
        with contextlib.suppress(RuntimeError):  # inside vmap there is no memory to look into
            value = np.array(array(tensor))
    return tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."), value
