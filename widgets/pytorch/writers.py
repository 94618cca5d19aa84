"""Who wrote into a PyTorch tensor's memory: PyTorch counts the writes and forgets the writers.

While a recording is on, every operation that overwrites something is noted with the version that
it leads to. What is noted lives as long as the memory that was written to, and no longer.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils.weak import WeakTensorKeyDictionary

from minigrad.recording import place
from minigrad.versions import KEPT_WRITES, Write

MANY = 1000  # memories from which on those that are gone are looked for

_written: dict[StorageWeakRef, list[tuple[Any, Write]]] = {}  # (see `_apart_from`, who wrote)
_apart = WeakTensorKeyDictionary()
"""What `.data` gave: the same memory, with a version counter of its own."""


def note_data(func: Any, out: Any) -> None:
    """Remember that the result of a call has a counter of its own, if it has."""
    if getattr(func, "__self__", None) is torch.Tensor.data and isinstance(out, torch.Tensor):
        _apart[out] = True


def note(func: Any, args: Any, kwargs: dict[str, Any], where: Callable[[], Any]) -> None:
    """Remember an operation that is about to count its writes. where: tells file and line."""
    found = None
    for tensor in _overwritten(func, args, kwargs):
        if tensor.is_inference() or tensor.layout != torch.strided:
            continue  # no version, or no memory of its own
        found = found or where()
        name = func._schema.name.partition("::")[2]
        write = Write(tensor._version + 1, name, *found)
        key = StorageWeakRef(tensor.untyped_storage())
        if key not in _written and len(_written) >= MANY:
            for gone in [one for one in _written if one.expired()]:
                del _written[gone]
        writes = _written.setdefault(key, [])
        writes.append((_apart_from(tensor), write))
        del writes[:-KEPT_WRITES]


def of(tensor: Any) -> list[Write]:
    """The writes that the counter of a tensor has counted, as far as they were recorded."""
    found = _written.get(StorageWeakRef(tensor.untyped_storage()), ())
    own = _original(_apart_from(tensor))
    return [write for apart, write in found if _original(apart) is own]


def last(tensor: Any, version: int) -> str:
    """Who wrote the version that a tensor is at, and where; empty if nobody knows."""
    for write in reversed(of(tensor)):
        if write.version == version:
            return f"{write.operation} at {place(write.file, write.line)}"
    return ""


def _apart_from(tensor: Any) -> Any:
    """A reference to the result of `.data` that a tensor is, or shows; None if it is none."""
    for one in (tensor, tensor._base):
        if one is not None and one in _apart:
            return weakref.ref(one)
    return None


def _original(reference: Any) -> Any:
    if reference is None:
        return None
    found = reference()
    return reference if found is None else found  # one that is gone is nobody's


def _overwritten(func: Any, args: Any, kwargs: dict[str, Any]) -> Iterator[Any]:
    for position, argument in enumerate(func._schema.arguments):
        if argument.alias_info is None or not argument.alias_info.is_write:
            continue
        value = args[position] if position < len(args) else kwargs.get(argument.name)
        for one in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(one, torch.Tensor):
                yield one
