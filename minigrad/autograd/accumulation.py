"""How a gradient that has arrived at a tensor becomes its `.grad`, or is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..device import contiguous_format
from ..memory import empty_like, geometry, refuse_stretched
from ..versions import INFERENCE
from ..warn import warn
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
    before = tensor._grad
    if tensor._grad_dtype is not OWN and tensor._grad_dtype is not None:
        kind = tensor._grad_dtype.numpy
        cotangent = cotangent._cast(kind) if as_tensors else cotangent.astype(kind)
    if before is None:
        tensor._grad = _first(tensor, cotangent, as_tensors, keep, version)
    elif as_tensors:
        tensor._grad = before + cotangent if state.grad_enabled else before.add_(cotangent)
    else:
        _add(tensor._array, before, cotangent)


def _first(tensor: Tensor, cotangent: Any, as_tensors: bool, keep: bool, version: int) -> Tensor:
    """The first gradient: the cotangent itself if it may be kept and lies as the tensor does, else
    a copy.
    """
    if as_tensors and keep and not state.grad_enabled:
        cotangent, as_tensors = cotangent._array, False  # it is kept without its tangent
    here = tensor._array
    if as_tensors:
        return _copied(tensor, cotangent)
    if cotangent.shape != here.shape and not (keep and cotangent.strides == here.strides):
        return _copied(tensor, tensor._of(cotangent))
    kept = keep and lies_as(cotangent, here)  # by PyTorch; we copy what others may see
    array = cotangent
    if not (kept and is_apart(cotangent)):
        array = grad_like(here, cotangent.dtype)
        np.copyto(array, cotangent)
        kept = kept and cotangent.size > 0  # one without entries, stretched, lies as any
    grad = tensor._of(array)
    tell_version(grad, version if kept else 1)  # 1: PyTorch copies it, too, and that is a write
    if state.inference:
        grad._counter = INFERENCE
    return grad


def retain(tensor: Tensor, cotangent: Any, as_tensors: bool) -> None:
    """Add a cotangent to the `.grad` of a tensor that is no leaf: always in new memory, row by row.
    (The shape is not checked.)
    """
    arrived = cotangent if as_tensors else tensor._of(cotangent)
    if tensor._grad is None:
        tensor._grad = arrived.clone(memory_format=contiguous_format)
    else:
        tensor._grad = tensor._grad + arrived


def _add(here: np.ndarray, grad: Tensor, cotangent: np.ndarray) -> None:
    """Add an array to a gradient in place. here: the array of the tensor that it belongs to."""
    if 0 in grad._array.strides:
        refuse_stretched(grad._array)
    if grad._array.shape != cotangent.shape:
        grad.add_(grad._of(cotangent))
        return
    np.add(grad._array, cotangent, out=grad._array)
    grad._own_counter().bump("backward()")  # may raise: PyTorch adds first too
    if not lies_as(grad._array, here):
        warn(
            "grad and param do not obey the gradient layout contract. This is not an error, but "
            f"may impair performance.\ngrad.sizes() = {list(grad.shape)}, strides() = "
            f"{list(grad.stride())}\nparam.sizes() = {list(here.shape)}, strides() = "
            f"{list(geometry(here).stride)}"
        )


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
