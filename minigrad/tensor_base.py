"""A tensor as values: an array and how it is read.

`tensor.py` adds where it came from, and reading asks for it in two places: `numpy()` is refused for
what requires grad, and what iterating gives has a history. As in PyTorch, this part is a class of
its own that nobody makes by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import dtypes, watch
from .autograd.grad_mode import state
from .memory import address, geometry, lies_in, owner
from .size import Size
from .storage import TypedStorage, UntypedStorage
from .warn import warn
from .written import written


class TensorBase:
    """The values of a tensor: shape, dtype, memory, and ways to take them out."""

    __slots__ = ()

    _array: np.ndarray

    if TYPE_CHECKING:  # what tensor.py and methods.py add

        def __getattr__(self, name: str) -> Any: ...

    @property
    def shape(self) -> Size:
        """The length of each axis."""
        return Size.of(self._array.shape)

    @property
    def dtype(self) -> dtypes.dtype:
        """The type of the entries."""
        return dtypes.FROM_NUMPY[self._array.dtype]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._array.ndim

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the length of axis `dim`."""
        return self.shape if dim is None else self._array.shape[_own_axis(dim, self.ndim)]

    def dim(self) -> int:
        """The number of axes."""
        return self._array.ndim

    def numel(self) -> int:
        """The number of entries."""
        return self._array.size

    def stride(self, dim: int | None = None) -> Any:
        """How many entries further the next one lies, along each axis or along `dim`."""
        strides = geometry(self._array).stride
        return strides if dim is None else strides[_own_axis(dim, self.ndim)]

    def storage_offset(self) -> int:
        """Where in its memory the first entry lies, in entries."""
        return (address(self._array) - address(owner(self._array))) // self._array.itemsize

    def data_ptr(self) -> int:
        """The address of the first entry."""
        return address(self._array)

    def is_contiguous(self, *, memory_format: Any = None) -> bool:
        """True if the entries lie in order and without gaps."""
        if memory_format is not None:
            return lies_in(self._array, memory_format)
        return self._array.flags.c_contiguous

    def untyped_storage(self) -> UntypedStorage:
        """The memory under this tensor, in bytes."""
        return UntypedStorage(self._array)

    def storage(self) -> TypedStorage:
        """The memory under this tensor, as numbers. Warns that PyTorch will drop it."""
        warn(
            "TypedStorage is deprecated. It will be removed in the future and UntypedStorage will "
            "be the only storage class. This should only matter to you if you are using storages "
            "directly.  To access UntypedStorage directly, use tensor.untyped_storage() instead "
            "of tensor.storage()"
        )
        return TypedStorage(self._array)

    def item(self) -> Any:
        """The only entry, as a Python number. Raises RuntimeError if there are more."""
        if self._array.size != 1:
            raise RuntimeError(
                f"a Tensor with {self._array.size} elements cannot be converted to Scalar"
            )
        value = self._array.item()
        return self._read(value, "self.item()") if watch.active else value

    def tolist(self) -> Any:
        """The entries as nested Python lists."""
        value = self._array.tolist()
        return self._read(value, "self.tolist()") if watch.active else value

    def _read(self, value: Any, how: str) -> Any:
        """The value, whose origin is remembered for the pictures."""
        from . import origins

        if watch.seen():
            origins.took(self, value, how)  # type: ignore[arg-type]  # it is a Tensor
        return value

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """A NumPy array on the same memory. Raises RuntimeError if the tensor requires grad."""
        if state.grad_enabled and self.requires_grad and not force:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. "
                "Use tensor.detach().numpy() instead."
            )
        array = self._array.view()  # whose shape may be set, or its memory be closed to writing
        return self._read(array, "self.numpy()") if watch.active else array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.numpy(), dtype, copy=copy)

    def __bool__(self) -> bool:
        if self._array.size > 1:
            raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
        if self._array.size == 0:
            raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
        return bool(self._array.item())

    def __index__(self) -> int:
        if self._array.size != 1 or self._array.dtype.kind == "f":
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._array.item())

    def __len__(self) -> int:
        if self._array.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return len(self._array)

    def __iter__(self) -> Any:
        if self._array.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self._array.ndim == 0 else object.__format__(self, spec)

    def __repr__(self) -> str:
        from .printing import text

        return text(self)  # type: ignore[arg-type]  # it is a Tensor

    __str__ = __repr__

    def __hash__(self) -> int:
        return id(self)

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if hasattr(type(self), name)]


def _own_axis(dim: int, ndim: int) -> int:
    """The same for `size` and `stride`, which have nothing to say of a tensor without axes."""
    if not ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return axis_of(dim, ndim)


def axis_of(dim: int, ndim: int) -> int:
    """A dimension counted from the front, which remembers how it was written.

    Raises PyTorch's IndexError if it is out of range.
    """
    span = max(ndim, 1)
    if not -span <= dim < span:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-span}, {span - 1}], "
            f"but got {dim})"
        )
    return dim if dim >= 0 else written(dim + span, dim)
