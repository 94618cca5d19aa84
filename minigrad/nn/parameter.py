"""What a module finds among its attributes: parameters, which learn, and buffers, which do not."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..flags import check_differentiable, check_flag
from ..tensor import Tensor
from ..type_names import type_name


class Parameter(Tensor):
    """A tensor on the memory of `data` that requires grad and belongs to the module it is set on.

    Raises RuntimeError if it shall require grad and is not of a floating point dtype.
    """

    __slots__ = ()

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        """Shares memory and version with `data`; empty if there is none."""
        self = object.__new__(cls)
        check_flag(requires_grad, "_make_subclass", "require_grad", 3)
        if data is None:
            self._array = np.zeros(0, np.float32)
        else:
            detached = data.detach()
            if not isinstance(detached, Tensor):  # of another library
                raise TypeError(
                    "_make_subclass(): argument 'data' (position 2) must be Tensor, not "
                    + type_name(detached)
                )
            self._array, self._counter = detached._array, detached._counter
            self._apart = detached._apart
        self._edge = None
        if requires_grad:
            check_differentiable(self._array)
            self.requires_grad = True
        return self

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        """All is done by then."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.data.clone(), self.requires_grad)
        return memo[id(self)]

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return object.__format__(self, spec)  # unlike a tensor's, not that of its number


class _KindOfBuffer(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and getattr(instance, "_is_buffer", False)


class Buffer(Tensor, metaclass=_KindOfBuffer):
    """A tensor on the memory of `data` that becomes a buffer of the module it is set on.

    It is a plain tensor with a mark. persistent: is it saved with the state?
    """

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Any:
        """Shares memory and version with `data`; empty if there is none."""
        if data is None:
            data = Tensor._of(np.zeros(0, np.float32))
        marked: Any = data.detach().requires_grad_(data.requires_grad)
        marked.persistent, marked._is_buffer = persistent, True
        return marked
