"""How a gradient that has arrived at a tensor becomes its `.grad`, or is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..device import contiguous_format
from ..memory import empty_like, geometry
from ..versions import INFERENCE
from .arrivals import tell_version
from .grad_mode import state
from .holding import is_apart

if TYPE_CHECKING:
    from ..tensor import Tensor

OWN = object()
"""Stands for the dtype that a tensor itself has."""


def accumulate(
    tensor: Tensor, cotangent: Any, as_tensors: bool, keep: bool = False, version: int = 0
) -> None:
    """Add a cotangent to `.grad`. `as_tensors`: it is a tensor, else an array.

    keep: nobody else holds this cotangent, so that it may become the gradient as it is.
    version: how often it was written to in place.

    Raises RuntimeError if it does not fit: `.data` was given another shape since it was used.
    """
    before, here = tensor._grad, tensor._array
    if tensor._grad_dtype is not OWN and tensor._grad_dtype is not None:
        kind = tensor._grad_dtype.numpy
        cotangent = cotangent._cast(kind) if as_tensors else cotangent.astype(kind)
    if as_tensors and keep and before is None and not state.grad_enabled:
        cotangent, as_tensors = cotangent._array, False  # it is kept without its tangent
    if as_tensors and before is None:
        tensor._grad = _copied(tensor, cotangent)
    elif as_tensors and before is not None:
        tensor._grad = before + cotangent if state.grad_enabled else before.add_(cotangent)
    elif before is not None:
        _add(before, cotangent)
    elif cotangent.shape == here.shape or (keep and cotangent.strides == here.strides):
        keep, array = keep and lies_as(cotangent, here), cotangent
        if not (keep and is_apart(cotangent)):
            array = grad_like(here, cotangent.dtype)
            np.copyto(array, cotangent)
        tensor._grad = tensor._of(array)
        if not keep:
            version = 1  # it was copied
        tell_version(tensor._grad, version)
        if state.inference:
            tensor._grad._counter = INFERENCE
    else:
        tensor._grad = _copied(tensor, tensor._of(cotangent))


def retain(tensor: Tensor, cotangent: Any, as_tensors: bool) -> None:
    """The same for a tensor that retains its gradient: a new `.grad` of any shape, row by row."""
    arrived = cotangent if as_tensors else tensor._of(cotangent)
    if tensor._grad is None:
        tensor._grad = arrived.clone(memory_format=contiguous_format)
    else:
        tensor._grad = tensor._grad + arrived


def _add(grad: Tensor, cotangent: np.ndarray) -> None:
    if grad._array.shape != cotangent.shape:
        grad.add_(grad._of(cotangent))
        return
    np.add(grad._array, cotangent, out=grad._array)
    grad._own_counter().bump("backward()")  # may raise: PyTorch adds first too


def _copied(tensor: Tensor, cotangent: Tensor) -> Tensor:
    """A `.grad` of its own, recorded as PyTorch does it: an empty tensor that is copied into; for a
    tensor with gaps, or entries at one place, a copy.
    """
    if not geometry(tensor._array).dense:
        return cotangent.clone(memory_format=contiguous_format)
    return tensor._of(grad_like(tensor._array, cotangent._array.dtype)).copy_(cotangent)


def lies_as(cotangent: np.ndarray, here: np.ndarray) -> bool:
    """True if a gradient of `here` may lie as this cotangent does."""
    if cotangent.strides == here.strides:
        return True
    if here.flags.c_contiguous:
        return cotangent.flags.c_contiguous and 0 not in cotangent.strides  # 0: it was stretched
    return cotangent.strides == grad_like(here, cotangent.dtype).strides


def grad_like(here: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """A new array for the gradient of `here`: with the axes in the same order if its entries lie
    without gaps, else in rows.
    """
    dense = here.flags.c_contiguous or geometry(here).dense
    return empty_like(here, dtype) if dense else np.empty(here.shape, dtype)


def forget(tensor: Tensor, set_to_none: bool) -> None:
    """No gradient any more; or the same one, all zeros and without its history."""
    grad = tensor.grad
    if grad is None or set_to_none:
        tensor.grad = None
        return
    if grad.grad_fn is not None:
        grad.detach_()
    else:
        grad.requires_grad_(False)
    grad.zero_()
