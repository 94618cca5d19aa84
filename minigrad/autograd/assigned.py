"""`.grad` in the reader's hands: what may be assigned to it, and forgetting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..dtypes import dtype as dtype_class
from ..tensor_base import TensorBase
from ..type_names import type_name
from .accumulation import OWN

if TYPE_CHECKING:
    from ..tensor import Tensor

NOT_A_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead. See "
    "github.com/pytorch/pytorch/pull/30531 for more information."
)
"""The warning for a look at the `.grad` of what was computed."""


def check_grad(tensor: Tensor, value: Any) -> None:
    """Raise TypeError or RuntimeError if `value` cannot be the gradient of `tensor`."""
    if not isinstance(value, TensorBase):
        raise TypeError(
            f"assigned grad expected to be a Tensor or None but got grad of type {type_name(value)}"
        )
    if value is tensor:
        raise RuntimeError("can't assign Variable as its own grad")
    wanted = tensor.dtype if tensor._grad_dtype is OWN else tensor._grad_dtype
    if wanted is not None and value.dtype is not wanted:
        raise RuntimeError(
            f"attempting to assign a gradient with dtype '{value.dtype.c_name}' to a tensor with "
            f"grad_dtype '{wanted.type_name.removesuffix('Tensor')}'. The gradient must match the "
            "tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's "
            "grad_dtype attribute with a specific dtype, or None to allow any dtype. Set "
            "grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break "
            "downstream systems that assume they match."
        )
    if value.shape != tensor.shape:
        raise RuntimeError(
            f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of size "
            f"'{list(tensor.shape)}'. Please ensure that the gradient and the tensor are the same "
            "size"
        )


def check_grad_dtype(tensor: Tensor, dtype: Any) -> None:
    """Raise RuntimeError if the gradient of `tensor` cannot be asked to have this dtype."""
    if dtype is not None and not isinstance(dtype, dtype_class):
        raise RuntimeError(f"grad_dtype must be a torch.dtype or None, but got {type_name(dtype)}")
    before = tensor.grad  # as in PyTorch, this warns first if it is not a leaf
    if tensor._known_edge() is not None:
        raise RuntimeError("grad_dtype can only be set on leaf tensors.")
    if dtype is not None and before is not None and before.dtype is not dtype:
        raise RuntimeError(
            f"Cannot set grad_dtype to '{dtype.type_name.removesuffix('Tensor')}' because there "
            f"is already a gradient with dtype '{before.dtype.c_name}'. Please clear the gradient "
            "(.grad = None) before changing grad_dtype, or ensure the new grad_dtype matches the "
            "existing gradient's dtype."
        )


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
