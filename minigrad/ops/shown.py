"""What a node shows of what it saved: `node._saved_self`, and `node._raw_saved_self` for hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..autograd.saved_tensors import Packed, SavedTensor
from ..tensor import new_tensor

if TYPE_CHECKING:
    from .operation import OperationNode


def saved(need: str) -> property:
    """The attribute `_saved_<need>` of a node. Not `__getattr__`: that makes all others slow."""

    def get(node: OperationNode) -> Any:
        value = node.unpack_one(list(node.operation.saving).index(need), True, look=True)
        wrapped = need in node.operation.inputs and node.operation.name in WRAPPING
        return as_shown(value, wrapped)

    return property(get, doc=f"What the forward pass saved as `{need}`.")


WRAPPING = ("mul", "div")
"""In PyTorch the number in `x * 2` is a tensor when it is saved; that in `x ** 2` is a number."""


def as_shown(value: Any, wrapped: bool) -> Any:
    """A saved value as PyTorch has it: places and masks as tensors, and maybe numbers too."""
    if isinstance(value, tuple):
        return tuple(as_shown(part, False) for part in value)
    if isinstance(value, np.ndarray) or (wrapped and isinstance(value, int | float)):
        return new_tensor(np.asarray(value))
    return value


def raw_saved(need: str) -> property:
    """The attribute `_raw_saved_<need>`: the same as it is kept, to register hooks on."""

    def get(node: OperationNode) -> SavedTensor:
        return SavedTensor(_Place(node, list(node.operation.saving).index(need)))

    return property(get, doc=f"What is kept of `{need}`.")


class _Place:
    """Where a `SavedTensor` of an operation finds what it shows."""

    def __init__(self, node: OperationNode, k: int) -> None:
        self.node, self.k = node, k
        need = list(node.operation.saving)[k]
        self.slot = int(need[6:] or 0) if need.startswith("result") else None

    def read(self) -> Any:
        """What is kept now. Raises TypeError if it was freed."""
        return self.node.saved[self.k]  # type: ignore[index]

    def unpacked(self) -> Any:
        """The tensor, with its history."""
        return self.node.unpack_one(self.k, True)

    def pack(self, pack: Any, unpack: Any) -> None:
        """Keep what `pack` makes of the tensor instead."""
        saved = list(self.node.saved or ())
        edge = None if self.slot is not None else saved[self.k]._get_edge()
        saved[self.k] = Packed(saved[self.k].detach(), edge, (pack, unpack))
        self.node.saved = tuple(saved)
        if self.node.versions is None:  # the written-out backward leaves a node with versions to us
            self.node.versions = (0,) * len(saved)
