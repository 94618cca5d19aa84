"""The same entries in another shape. Most results are views: they share memory with the input."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, _axis
from . import either
from .operation import Operation

_view = Operation(
    "view", "self", lambda self, size: self.reshape(size), options="size", view=True,
    shown="self.view(size)",
)  # fmt: skip
_view.derivative("self", "grad", lambda grad, self_sizes: either.reshape(grad, self_sizes))

_reshape_copy = Operation(
    "unsafe_view", "self", lambda self, size: self.reshape(size), options="size",
    shown="self.reshape(size)",
)  # fmt: skip
_reshape_copy.derivative("self", "grad", lambda grad, self_sizes: either.reshape(grad, self_sizes))

t_ = Operation("t", "self", np.transpose, view=True, shown="self.t()")
t_.derivative("self", r"grad^{\top}", lambda grad: grad.T)

_permute = Operation(
    "permute", "self", np.transpose, options="dims", view=True, shown="self.permute(dims)"
)
_permute.derivative("self", r"\operatorname{permute}^{-1}(grad)", lambda grad, dims: (
    grad.transpose(np.argsort(dims)) if isinstance(grad, np.ndarray)
    else grad.permute(*np.argsort(dims).tolist())))  # fmt: skip

_transpose = Operation(
    "transpose", "self", np.swapaxes, options="dim0 dim1", view=True,
    shown="self.transpose(dim0, dim1)",
)  # fmt: skip
_transpose.derivative("self", r"grad^{\top}", lambda grad, dim0, dim1: grad.swapaxes(dim0, dim1))

_expand = Operation(
    "expand",
    "self",
    lambda self, size: _stretch(self, size),
    options="size",
    view=True,
    fit=True,
    shown="self.expand(size)",
)
_expand.derivative("self", r"\textstyle\sum grad", lambda grad: grad)  # summed by the engine

_unsqueeze = Operation(
    "unsqueeze", "self", np.expand_dims, options="dim", view=True, shown="self.unsqueeze(dim)"
)
_unsqueeze.derivative("self", "grad", lambda grad, dim: grad.squeeze(dim))

_squeeze = Operation("squeeze", "self", np.squeeze, view=True, shown="self.squeeze()")
_squeeze.derivative("self", "grad", lambda grad, self_sizes: either.reshape(grad, self_sizes))

_squeeze_dim = Operation(
    "squeeze", "self", np.squeeze, options="dim", view=True, node="SqueezeBackward1",
    shown="self.squeeze(dim)",
)  # fmt: skip
_squeeze_dim.derivative("self", "grad", lambda grad, self_sizes: either.reshape(grad, self_sizes))


def _stretch(array: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """NumPy's broadcasting, but writable: overlapping writes are refused elsewhere."""
    stretched = np.broadcast_to(array, size)
    stretched.flags.writeable = array.flags.writeable
    return stretched


def _sizes(input: Tensor, size: tuple[Any, ...]) -> tuple[int, ...]:
    """The asked-for shape, -1 filled in. Raises RuntimeError if it cannot hold the entries."""
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = tuple(size[0])
    count, unknown = 1, None
    for k, n in enumerate(size):
        if n == -1:
            if unknown is not None:
                raise RuntimeError("only one dimension can be inferred")
            unknown = k
        elif n < 0:
            raise RuntimeError(f"invalid shape dimension {n} at index {k} of shape {list(size)}")
        else:
            count *= n
    total = input._array.size
    if total != count if unknown is None else count == 0 or total % count:
        raise RuntimeError(f"shape '{list(size)}' is invalid for input of size {total}")
    return tuple(total // count if n == -1 else int(n) for n in size)


def view(input: Tensor, *size: Any) -> Tensor:
    """The same memory in another shape. Raises RuntimeError if that needs a copy."""
    sizes = _sizes(input, size)
    try:
        input._array.reshape(sizes, copy=False)
    except ValueError:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        ) from None
    return _view(input, sizes)


def reshape(input: Tensor, *size: Any) -> Tensor:
    """The same entries in another shape: a view where possible, else a copy."""
    from .arithmetic import clone

    sizes = _sizes(input, size)
    try:
        input._array.reshape(sizes, copy=False)
    except ValueError:
        return _reshape_copy(clone(input), sizes)
    return _view(input, sizes)


def t(input: Tensor) -> Tensor:
    """The transpose of a matrix. Raises RuntimeError for more than two axes."""
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    return t_(input)


def permute(input: Tensor, *dims: Any) -> Tensor:
    """The axes in another order."""
    if len(dims) == 1 and isinstance(dims[0], (tuple, list)):
        dims = tuple(dims[0])
    if len(dims) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {input.ndim} is not "
            f"equal to len(dims) = {len(dims)}"
        )
    return _permute(input, tuple(_axis(d, input.ndim) for d in dims))


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes exchanged."""
    return _transpose(input, _axis(dim0, input.ndim), _axis(dim1, input.ndim))


def expand(input: Tensor, *size: Any) -> Tensor:
    """`input` stretched to a larger shape without a copy; -1 keeps a length.

    Raises RuntimeError if an axis that is not of length 1 would have to be stretched.
    """
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = tuple(size[0])
    extra = len(size) - input.ndim
    if extra < 0:
        raise RuntimeError(
            f"expand({input.type()}{{{list(input.shape)}}}, size={list(size)}): the number of "
            f"sizes provided ({len(size)}) must be greater or equal to the number of dimensions "
            f"in the tensor ({input.ndim})"
        )
    sizes = tuple(input.shape[k - extra] if n == -1 else n for k, n in enumerate(size))
    for k, n in enumerate(sizes[extra:]):
        if input.shape[k] not in (1, n):
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the existing size "
                f"({input.shape[k]}) at non-singleton dimension {k + extra}.  Target sizes: "
                f"{list(sizes)}.  Tensor sizes: {list(input.shape)}"
            )
    return _expand(input, sizes)


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """A new axis of length 1 at `dim`."""
    return _unsqueeze(input, _axis(dim, input.ndim + 1))


def squeeze(input: Tensor, dim: int | None = None) -> Tensor:
    """Without the axes of length 1, or without axis `dim` if that is of length 1."""
    if dim is None:
        return _squeeze(input)
    axis = _axis(dim, input.ndim)
    return _squeeze_dim(input, (axis,) if input._array.shape[axis : axis + 1] == (1,) else ())
