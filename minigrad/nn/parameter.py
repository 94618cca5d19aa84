"""A parameter: a leaf tensor that a module finds among its attributes and that learns."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from ..flags import check_flag
from ..tensor import Tensor


class Parameter(Tensor):
    """A tensor on the memory of `data` that requires grad and belongs to the module it is set on.

    Raises RuntimeError if it shall require grad and is not of a floating point dtype.
    """

    __slots__ = ()

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        """Shares memory and version with `data`; empty if there is none."""
        self = super().__new__(cls)
        check_flag(requires_grad, "_make_subclass", "require_grad", 3)
        if data is None:
            self._array = np.zeros(0, np.float32)
        else:
            detached = data.detach()
            self._array, self._counter = detached._array, detached._counter
        self._edge = None
        if requires_grad:
            if self._array.dtype.kind != "f":
                raise RuntimeError(
                    "Only Tensors of floating point and complex dtype can require gradients"
                )
            self.requires_grad = True
        return self

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        """All is done by then."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.data.clone(), self.requires_grad)
            if self.grad is not None:
                memo[id(self)].grad = copy.deepcopy(self.grad, memo)
        return memo[id(self)]

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    __str__ = __repr__
