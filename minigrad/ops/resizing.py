"""In-place changes of the shape: the memory stays as it is, the tensor shows it otherwise."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .. import watch
from ..autograd import forward_ad, hooks
from ..autograd.grad_mode import state
from ..memory import Geometry, owner, reshaped, window
from ..tensor import Tensor, on_array
from ..tensor_base import axis_of
from ..versions import Noticed
from . import either, shape
from .axes import _swapped
from .in_place import check_writable, set_history
from .operation import Operation
from .shape import axes_of_one, one_more
from .strided import OPTIONS, as_strided, looked_at


def _turned(self: np.ndarray) -> np.ndarray:
    if self.ndim > 2:
        raise RuntimeError(f"t_() expects a tensor with <= 2 dimensions, but self is {self.ndim}D")
    return np.transpose(self)


_t = Operation("t", "self", _turned, node="TBackward1", jvp="linear")
_t.derivative(
    "self", r"grad^{\top}", lambda grad: either.transposed(grad) if grad.ndim > 1 else grad
)

_transpose = Operation(
    "transpose", "self", _swapped, options="dim0 dim1", node="TransposeBackward1", jvp="linear"
)
_transpose.derivative("self", r"grad^{\top}", lambda grad, dim0, dim1: (
    grad.swapaxes(dim0, dim1) if grad.ndim else grad))  # fmt: skip

_unsqueeze = Operation(
    "unsqueeze", "self", one_more, options="dim", node="UnsqueezeBackward1", jvp="linear"
)
_unsqueeze.derivative("self", "grad", lambda grad, dim: grad.squeeze(dim))

_squeeze = Operation("squeeze", "self", np.squeeze, node="SqueezeBackward3", jvp="linear")
_squeeze.derivative("self", "grad", shape._squeeze.rules["self"])

_squeeze_dim = Operation(
    "squeeze", "self", np.squeeze, options="dim", node="SqueezeBackward4", jvp="linear"
)
_squeeze_dim.derivative("self", "grad", shape._squeeze_dim.rules["self"])
_squeeze_dim.shows("self_sizes dim")

_squeeze_dims = Operation(
    "squeeze", "self", np.squeeze, options="dim", node="SqueezeBackward5", jvp="linear"
)
_squeeze_dims.derivative("self", "grad", shape._squeeze_dims.rules["self"])
_squeeze_dims.shows("self_sizes dim")


_placed = Operation(
    "as_strided", "self", as_strided.forward, options=OPTIONS, node="AsStridedBackward1",
    jvp="linear",
)  # fmt: skip
_placed.derivative("self", as_strided.latex["self"], as_strided.rules["self"], writes=1)
_placed.shows("size stride storage_offset")


def _reshaped(tensor: Tensor, operation: Operation, *options: Any) -> Tensor:
    """`tensor` shows its memory as `operation` of it would; it stays a view if it is one."""
    _refuse_leaf(tensor)
    before = on_array(tensor._array)
    before._edge = tensor._get_edge() if state.grad_enabled else None
    if not state.grad_enabled and tensor._known_edge() is not None:
        hooks.expect_shape(tensor)
    if watch.active and (tangent := forward_ad.tangent_of(tensor)) is not None:
        forward_ad.set_tangent(before, tangent)
    out = operation(before, *options)
    tensor._array = out._array
    tensor._own_counter().bump(operation.name + "_")
    if out._edge is not None:
        tensor._set_edge(out._edge)
    if watch.active and (tangent := forward_ad.tangent_of(out)) is not None:
        forward_ad.set_tangent(tensor, tangent)
    return tensor


def _refuse_leaf(tensor: Tensor) -> None:
    """Of two errors this one comes first, before the axes are looked at."""
    if state.grad_enabled and tensor.requires_grad:
        check_writable(tensor)


def t_(self: Tensor) -> Tensor:
    """The transpose of a matrix, in place. Returns the tensor itself."""
    return _reshaped(self, _t)


def transpose_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes exchanged, in place. Returns the tensor itself."""
    _refuse_leaf(self)
    axes = axis_of(dim0, self.ndim), axis_of(dim1, self.ndim)
    return _reshaped(self, _transpose, *axes)


def unsqueeze_(self: Tensor, dim: int) -> Tensor:
    """A new axis of length 1, in place. Returns the tensor itself."""
    _refuse_leaf(self)
    return _reshaped(self, _unsqueeze, axis_of(dim, self.ndim + 1))


def squeeze_(self: Tensor, dim: Any = None) -> Tensor:
    """Without axes of length 1, or without `dim` if it is one, in place. Returns the tensor."""
    if dim is None:
        return _reshaped(self, _squeeze)
    _refuse_leaf(self)
    operation = _squeeze_dims if isinstance(dim, (tuple, list)) else _squeeze_dim
    return _reshaped(self, operation, axes_of_one(self, dim))


def detach_(self: Tensor) -> Tensor:
    """Forget the history of this tensor, in place; in inference mode PyTorch does nothing.

    Raises RuntimeError for a view.
    """
    if state.inference:
        return self
    if self._view is not None:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. If you are using "
            "DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as "
            "True, gradients are views of DDP buckets, and hence detach_() cannot be called on "
            "these gradients. To fix this error, please refer to the Optimizer.zero_grad() "
            "function in torch/optim/optimizer.py as the solution."
        )
    if self._edge is not None:
        counter = self._own_counter()
        counter.value = Noticed(counter.value)
    self._edge, self._requires_grad, self._ask, self._tangent = None, False, False, None
    return self


def as_strided_(self: Tensor, size: Any, stride: Any, storage_offset: int | None = None) -> Tensor:
    """This tensor shows its memory with another shape, strides and offset. Returns it itself."""
    _refuse_leaf(self)
    return _reshaped(self, _placed, *looked_at(self._array, size, stride, storage_offset))


def resize_(self: Tensor, *size: Any, memory_format: Any = None) -> Tensor:
    """Another shape over the same memory, which grows if need be. Returns the tensor itself.

    The entries stay in the order in which they lie; new ones are 0. Raises RuntimeError if the
    tensor requires grad.
    """
    if self.requires_grad and not state.inference:
        raise RuntimeError("cannot resize variables that require grad")
    if forward_ad.tangent_of(self) is not None:
        raise RuntimeError("cannot resize variables that has a forward grad")
    shape = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    if shape == self._array.shape:
        return self
    self._array = reshaped(self._array, shape)
    self._own_counter().bump("resize_")
    return self


def resize_as_(self: Tensor, the_template: Tensor) -> Tensor:
    """`resize_` to the shape of another tensor. Returns the tensor itself."""
    return resize_(self, the_template.shape)


_set = Operation(
    "set", "self source", lambda self, source: source, node="NotImplemented"
).refusing(RuntimeError("derivative for set_ is not implemented"))  # fmt: skip


def set_(
    self: Tensor, source: Any = None, storage_offset: int = 0, size: Any = None, stride: Any = None
) -> Tensor:
    """This tensor shows the memory of `source` from now on, a tensor or a storage, or none at all;
    the part of it that is given as in `as_strided`. Returns it itself.

    For gradients it is another leaf than before. What was computed has no derivative from then on.
    Raises RuntimeError for a memory of another dtype, or for a leaf that requires grad (outside
    `no_grad`).
    """
    if source is None:
        source = on_array(np.empty(0, self._array.dtype))
    elif not isinstance(source, Tensor):
        source = on_array(source._memory.reshape(-1).view(self._array.dtype))
    if size is not None:
        if stride is None:
            stride = [prod(size[d + 1 :]) for d in range(len(size))]
        looked_at(source._array, size, stride, storage_offset)  # raises what there is to raise
        where = Geometry(tuple(size), tuple(stride), storage_offset)
        source = on_array(window(owner(source._array), where))
    if self._array.dtype != source._array.dtype:
        raise RuntimeError(
            f"Could not set tensor of type {source.dtype.c_name} to a tensor of type "
            f"{self.dtype.c_name}"
        )
    recorded = state.grad_enabled and (self.requires_grad or source.requires_grad)
    if recorded:
        check_writable(self)
        before = on_array(self._array)
        before._edge = self._get_edge()
        out = _set(before, source)
    self._array = source._array
    self._own_counter().bump("set_")
    if recorded:
        edge = out._get_edge()
        assert edge is not None
        set_history(self, edge[0])
    self.__dict__.pop("_accumulator", None)  # another leaf from now on
    return self
