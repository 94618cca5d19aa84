"""The memory under tensors, as a thing of its own: `x.storage()`, `x.untyped_storage()`.

All views of one memory have the same storage. What is written here is written to all of them, and
no version counts it: PyTorch's autograd does not see it either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from . import dtypes
from .device import device
from .memory import address, owner


class Storage:
    """What both kinds have in common. `_memory`: the entries, an array with one axis."""

    _memory: np.ndarray
    device = device("cpu")
    is_cuda = False

    def __init__(self, array: np.ndarray) -> None:
        self._memory = owner(array)

    def data_ptr(self) -> int:
        """The address of the first byte."""
        return address(self._memory)

    def nbytes(self) -> int:
        """The number of bytes."""
        return self._memory.nbytes

    def element_size(self) -> int:
        """The bytes of one entry."""
        return self._memory.itemsize

    def size(self) -> int:
        """The number of entries."""
        return self._memory.size

    def is_shared(self) -> bool:
        """Whether another process sees this memory: none does."""
        return False

    def tolist(self) -> list[Any]:
        """The entries in the order in which they lie there."""
        return self._memory.tolist()

    def clone(self) -> Any:
        """A copy in a memory of its own."""
        return type(self)(self._memory.copy())

    def fill_(self, value: Any) -> Any:
        """Write one number everywhere. Raises TypeError for what is no number."""
        self[:] = value
        return self

    def copy_(self, src: Storage, non_blocking: bool = False) -> Any:
        """Write the bytes of another storage. Raises RuntimeError for another number of them."""
        if not isinstance(src, Storage):
            raise TypeError(
                "copy_(): argument 'src' (position 1) must be torch.Storage, not "
                f"{type(src).__name__}"
            )
        if self.nbytes() != src.nbytes():
            raise RuntimeError(
                f"size does not match, self was {self.nbytes()} bytes but src was {src.nbytes()} "
                "bytes"
            )
        self._memory.view(np.uint8)[:] = src._memory.view(np.uint8)
        return self

    def _lines(self) -> str:
        return "\n ".join(str(value) for value in self.tolist())

    def __repr__(self) -> str:
        described = f"{self._kind()}device={self.device}) of size {len(self)}"
        return f" {self._lines()}\n[torch.storage.{type(self).__name__}({described}]"

    def _kind(self) -> str:
        return ""

    def __len__(self) -> int:
        return self.size()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __setitem__(self, place: Any, value: Any) -> None:
        raise NotImplementedError


class UntypedStorage(Storage):
    """The memory under a tensor, in bytes. Two tensors share memory if their storages are equal."""

    def __init__(self, array: np.ndarray) -> None:
        self._memory = owner(array).view(np.uint8)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return UntypedStorage(self._memory[place].copy())
        if not isinstance(place, int):
            raise TypeError(f"can't index a torch.UntypedStorage with {type(place).__name__}")
        if not -len(self) <= place < len(self):
            raise IndexError(f"index {place} out of range for storage of size {len(self)}")
        return self._memory[place].item()

    def __setitem__(self, place: Any, value: Any) -> None:
        if isinstance(place, int) and not -len(self) <= place < len(self):
            raise RuntimeError("out of bounds")
        self._memory[place] = int(value) % 256

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, UntypedStorage) and other.data_ptr() == self.data_ptr()

    def __hash__(self) -> int:
        return hash(self.data_ptr())


class TypedStorage(Storage):
    """The memory under a tensor, as the numbers that lie in it."""

    @property
    def dtype(self) -> dtypes.dtype:
        """Of the numbers."""
        return dtypes.FROM_NUMPY[self._memory.dtype]

    def untyped(self) -> UntypedStorage:
        """The same memory, in bytes."""
        return UntypedStorage(self._memory)

    def type(self) -> str:
        """The name that storages of this dtype once had."""
        return f"torch.{self.dtype.type_name.replace('Tensor', 'Storage')}"

    def _kind(self) -> str:
        return f"dtype={self.dtype}, "

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            raise RuntimeError("slices are only supported in UntypedStorage.__getitem__")
        if type(place).__name__ != "int":
            raise RuntimeError(f"can't index a {TypedStorage} with {type(place)}")
        if not -len(self) <= place < len(self):
            raise IndexError(f"index {place} out of range for storage of size {len(self)}")
        return self._memory[place].item()

    def __setitem__(self, place: Any, value: Any) -> None:
        if not isinstance(place, slice) and not -len(self) <= place < len(self):
            raise IndexError(
                f"index {place} is out of bounds for dimension 0 with size {len(self)}"
            )
        try:
            self._memory[place] = value
        except (TypeError, ValueError):
            raise TypeError(
                f"can't assign a {type(value).__name__} to a torch.{self.dtype.type_name}"
            ) from None


UntypedStorage.__module__ = TypedStorage.__module__ = "torch.storage"  # as they print


def is_storage(obj: Any) -> bool:
    """True for a storage, typed or not."""
    return isinstance(obj, Storage)


def _as(kind: dtypes.dtype) -> Any:
    def cast(self: TypedStorage) -> TypedStorage:
        return TypedStorage(self._memory.astype(kind.numpy, copy=False))

    cast.__doc__ = f"The numbers in {kind.name}; in the same memory if they are."
    return cast


for _name in ("half", "float", "double", "int", "long", "bool"):
    setattr(TypedStorage, _name, _as(getattr(dtypes, _name)))
