"""Operations that overwrite their first input: `add_`, `mul_`, `zero_`, `x -= y`, …

The result is computed as always, then copied over the tensor, whose version goes up by one and
whose history becomes the new node. Where the derivative needs the old values, a copy is saved.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.grad_mode import state
from ..dtypes import CATEGORY
from ..tensor import Tensor, new_tensor
from ..views import CopySlices
from . import activations, arithmetic, limits
from .operation import Operation


def check_writable(tensor: Tensor) -> None:
    """Raise RuntimeError, as PyTorch words it, if `tensor` must not be overwritten with history."""
    if tensor._view is not None:
        tensor._view.refuse("is being modified inplace")
        if tensor.requires_grad and tensor._view.base.is_leaf:
            raise RuntimeError(
                "a view of a leaf Variable that requires grad is being used in an in-place "
                "operation."
            )
    if tensor._requires_grad and tensor.is_leaf:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )


def overwrite(operation: Operation, tensor: Tensor, *args: Any) -> Tensor:
    """`tensor` := operation(tensor, *args), in the memory of `tensor`.

    Raises RuntimeError if the result has another shape, or a dtype that would lose its meaning, or
    if `tensor` is a leaf that requires grad (outside `no_grad`).
    """
    if state.grad_enabled and (
        any(isinstance(a, Tensor) and a.requires_grad for a in (tensor, *args))
        or (tensor._view is not None and tensor._view.base.requires_grad)
    ):
        check_writable(tensor)
    before = new_tensor(tensor._array.copy() if "self" in operation.saving else tensor._array)
    before._edge = tensor._history()
    out = operation(before, *args)
    return replace(tensor, out, operation.name + "_")


def replace(tensor: Tensor, out: Tensor, writer: str) -> Tensor:
    """Copy `out` and its history into `tensor`."""
    here, there = tensor._array, out._array
    if there.shape != here.shape:
        raise RuntimeError(
            f"output with shape {list(here.shape)} doesn't match the broadcast shape "
            f"{list(there.shape)}"
        )
    if CATEGORY[there.dtype.kind] > CATEGORY[here.dtype.kind]:
        raise RuntimeError(
            f"result type {out.dtype.type_name.removesuffix('Tensor')} can't be cast to the "
            f"desired output type {tensor.dtype.type_name.removesuffix('Tensor')}"
        )
    if any(stride == 0 and n > 1 for stride, n in zip(here.strides, here.shape, strict=True)):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            "single memory location. Please clone() the tensor before performing the operation."
        )
    np.copyto(here, there, casting="unsafe")
    tensor._own_counter().bump(writer)
    if out._edge is not None:
        node: Any = out._edge[0]
        for need, saved in zip(node.operation.saving, node.saved, strict=True):
            if need == "result":
                saved._array, saved._counter = here, tensor._counter
                node.note_versions()
        view = tensor._view
        if view is None:
            tensor._edge = out._edge
        else:
            view.base._edge = (CopySlices(view.base._get_edge(), node, view), 0)
    return tensor


def _in_place(operation: Operation, options: tuple[Any, ...] = ()) -> Any:
    def method(self: Tensor, *args: Any) -> Tensor:
        return overwrite(operation, self, *args, *options[len(args) :])

    method.__name__ = method.__qualname__ = operation.name + "_"
    method.__doc__ = f"`{operation.name}`, in place. Returns the tensor itself."
    return method


add_ = _in_place(arithmetic.add)
sub_ = _in_place(arithmetic.sub)
mul_ = _in_place(arithmetic.mul)
div_ = _in_place(arithmetic.div)
neg_ = _in_place(arithmetic.neg)
exp_ = _in_place(arithmetic.exp)
sqrt_ = _in_place(arithmetic.sqrt)
relu_ = _in_place(activations.relu)
sigmoid_ = _in_place(activations.sigmoid)
tanh_ = _in_place(activations.tanh)


def clamp_(self: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """`clamp`, in place. Returns the tensor itself."""
    return overwrite(limits._clamp, self, min, max)


_fill = Operation(
    "fill", "self", lambda self, value: np.full_like(self, value), options="value",
    shown="fill(self, value)", node="FillBackward2",
)  # fmt: skip
_fill.derivative("self", "0", lambda grad: grad * 0)


def fill_(self: Tensor, value: Any) -> Tensor:
    """Every entry becomes `value`. Returns the tensor itself."""
    return overwrite(_fill, self, value.item() if isinstance(value, Tensor) else value)


def zero_(self: Tensor) -> Tensor:
    """Every entry becomes 0. Returns the tensor itself."""
    if self.requires_grad or self._base is not None:
        return fill_(self, 0)
    self._array.fill(0)
    self._own_counter().bump("zero_")
    return self


_copy = Operation(
    "copy", "self other", lambda self, other: np.broadcast_to(other, self.shape).astype(self.dtype),
    shown="other", node="CopyBackwards", fit=True,
)  # fmt: skip
_copy.derivative("self", "0", lambda grad: grad * 0)
_copy.derivative("other", "grad", lambda grad: grad)


def copy_(self: Tensor, other: Tensor) -> Tensor:
    """The entries of `other`, broadcast and cast. Returns the tensor itself."""
    return overwrite(_copy, self, other)


METHODS = {
    method.__name__: method
    for method in (add_, sub_, mul_, div_, neg_, exp_, sqrt_, relu_, sigmoid_, tanh_, clamp_,
                   fill_, zero_, copy_)
}  # fmt: skip
