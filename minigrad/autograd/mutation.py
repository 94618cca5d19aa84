"""Writing over saved tensors, allowed: what would be lost is copied first.

    with allow_mutation_on_saved_tensors():
        out = (x * x).sum()
        x.zero_()           # x is copied before it is overwritten: out needs it
        out.backward()

Within the block every saved tensor is kept behind a ticket. An operation that is about to write
asks for the tickets of the memory in question, and each of them gets a copy of its tensor as it
still is.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .. import versions
from ..memory import address
from .saved_tensors import saved_tensors_hooks

if TYPE_CHECKING:
    from ..tensor import Tensor


class Ticket:
    """Stands for one saved tensor at one version; nodes hold it, and nobody else."""

    __slots__ = ("__weakref__",)


class _AllowMutationOnSavedContext:
    """The saved tensors of one block.

    cloned: ticket → the copy, for those that were about to be overwritten.
    """

    def __init__(self) -> None:
        self.cloned: Any = weakref.WeakKeyDictionary()
        self.original: Any = weakref.WeakKeyDictionary()
        self.tid_to_weakhandle: Any = weakref.WeakValueDictionary()
        """(counter, geometry, version) → ticket: a tensor that is saved often has one ticket."""

    def pack(self, tensor: Tensor) -> Ticket:
        """A ticket for a tensor."""
        array = tensor._array
        place = (address(array), array.shape, array.strides)
        key = (id(tensor._own_counter()), *place, tensor._version)
        ticket = self.tid_to_weakhandle.get(key)
        if ticket is None:
            ticket = self.tid_to_weakhandle[key] = Ticket()
            self.original[ticket] = tensor.detach()
        return ticket

    def unpack(self, ticket: Ticket) -> Tensor:
        """The tensor of a ticket, as it was. Raises AssertionError outside of the block."""
        if ticket not in self.original and ticket not in self.cloned:
            raise AssertionError(
                "Trying to backward outside of the 'allow_mutation_on_saved_tensors' context"
                "in which the graph was originally recorded."
            )
        return self.cloned[ticket] if ticket in self.cloned else self.original[ticket]

    def before_write(self, tensor: Tensor) -> None:
        """Copy what is saved of the memory of `tensor`."""
        for ticket, saved in list(self.original.items()):
            if saved._counter is tensor._counter or same_memory(saved, tensor):
                self.cloned[ticket] = saved.clone()
                del self.original[ticket]

    def clear(self) -> None:
        """Forget all of them."""
        self.cloned.clear()
        self.original.clear()


def same_memory(saved: Tensor, tensor: Tensor) -> bool:
    """True if a tensor starts where a saved one does and counts as many changes, as `x.data` does:
    that is how PyTorch finds what it has to copy.
    """
    return address(saved._array) == address(tensor._array) and (
        saved._counter.value == tensor._counter.value
    )


@contextmanager
def allow_mutation_on_saved_tensors() -> Iterator[_AllowMutationOnSavedContext]:
    """Context manager: saved tensors may be overwritten inside; forward and backward belong in it.

    Raises RuntimeError if such blocks are nested.
    """
    if versions.keepers:
        raise RuntimeError("allow_mutation_on_saved_tensors contexts cannot be nested")
    saved = _AllowMutationOnSavedContext()
    versions.keepers.append(saved.before_write)
    try:
        with saved_tensors_hooks(saved.pack, saved.unpack):
            yield saved
    finally:
        versions.keepers.clear()
        saved.clear()
