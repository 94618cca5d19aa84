"""The axes of a tensor in another order, or run through in another direction."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..memory import empty_like
from ..tensor import Tensor
from ..tensor_base import axis_of
from ..warn import warn
from . import either
from .operation import Operation

t_ = Operation("t", "self", np.transpose, view=True, shown="self.t()")
t_.derivative("self", r"grad^{\top}", lambda grad: (
    grad.T if isinstance(grad, either.ARRAY) else grad.t()))  # fmt: skip

_permute = Operation(
    "permute", "self", np.transpose, options="dims", view=True, shown="self.permute(dims)"
)
_permute.derivative("self", r"\operatorname{permute}^{-1}(grad)", lambda grad, dims: (
    grad.transpose(np.argsort(dims)) if isinstance(grad, either.ARRAY)
    else grad.permute(np.argsort(dims).tolist())))  # fmt: skip


def _swapped(self: np.ndarray, dim0: int, dim1: int) -> np.ndarray:
    return np.swapaxes(self, dim0, dim1) if self.ndim else self[...]


_transpose = Operation(
    "transpose", "self", _swapped, options="dim0 dim1", view=True,
    shown="self.transpose(dim0, dim1)",
)  # fmt: skip
_transpose.derivative(
    "self",
    r"grad^{\top}",
    lambda grad, dim0, dim1: grad.swapaxes(dim0, dim1) if grad.ndim else grad,
)

alias = Operation("alias", "self", lambda self: self[...], view=True, shown="self[...]")
alias.derivative("self", "grad", lambda grad: grad)
alias.tangent(lambda tangents: tangents["self"])

primal = Operation(
    "fw_primal", "self", lambda self: self[...], view=True, shown="self", node="CppFunction"
)
primal.derivative("self", "grad", lambda grad: grad)
primal.node.name = lambda self: "torch::autograd::Identity"  # of a C++ type, as PyTorch shows it


def _flipped(self: np.ndarray, dims: tuple[int, ...]) -> np.ndarray:
    out = empty_like(self)
    np.copyto(out, np.flip(self, dims) if self.ndim else self)
    return out


_flip = Operation("flip", "self", _flipped, options="dims", jvp="linear")
_flip.derivative(
    "self",
    r"\operatorname{flip}(grad)",
    lambda grad, dims: _flipped(grad, dims) if isinstance(grad, either.ARRAY) else grad.flip(dims),
)


def _rolled(self: np.ndarray, shifts: tuple[int, ...], dims: tuple[int, ...]) -> np.ndarray:
    if not self.size:
        return self.copy()
    out = np.empty(self.shape, self.dtype)
    np.copyto(out, np.roll(self, shifts if dims else shifts[0], dims or None))
    return out


_roll = Operation("roll", "self", _rolled, options="shifts dims", jvp="linear")
_roll.derivative(
    "self",
    r"\operatorname{roll}(grad, -shifts)",
    lambda grad, shifts, dims: (_rolled if isinstance(grad, either.ARRAY) else _roll)(
        grad, tuple(-shift for shift in shifts), dims
    ),
)


def spread(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """`f(1, 2)` and `f((1, 2))` mean the same."""
    if len(values) == 1 and isinstance(values[0], (tuple, list)):
        return tuple(values[0])
    return values


def t(input: Tensor) -> Tensor:
    """The transpose of a matrix. Raises RuntimeError for more than two axes."""
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    return t_(input)


def permute(input: Tensor, *dims: Any) -> Tensor:
    """The axes in another order. Raises RuntimeError if one is missing or named twice."""
    dims = spread(dims)
    if len(dims) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {input.ndim} is not "
            f"equal to len(dims) = {len(dims)}"
        )
    order = tuple(axis_of(d, input.ndim) for d in dims)
    if len(set(order)) < len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return _permute(input, order)


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two axes exchanged."""
    return _transpose(input, axis_of(dim0, input.ndim), axis_of(dim1, input.ndim))


def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """The axes `source` brought to the places `destination`; the others keep their order.

    Raises RuntimeError if the two are of different lengths or name an axis twice.
    """
    lists = [(d,) if isinstance(d, int) else tuple(d) for d in (source, destination)]
    if len(lists[0]) != len(lists[1]):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({list(lists[0])} dims) should "
            f"contain the same number of dims as destination ({list(lists[1])} dims)"
        )
    places: list[list[int]] = []
    for name, dims in zip(("source", "destination"), lists, strict=True):
        places.append([int(axis_of(d, input.ndim)) for d in dims])
        if len(set(places[-1])) < len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({list(dims)})")
    if not input.ndim:
        return alias(input)
    order = [d for d in range(input.ndim) if d not in places[0]]
    for to, d in sorted(zip(places[1], places[0], strict=True)):
        order.insert(to, d)
    return _permute(input, tuple(order))


def flip(input: Tensor, *dims: Any) -> Tensor:
    """A copy with the entries along `dims` in reverse order.

    Raises RuntimeError for one axis given twice.
    """
    axes = tuple(axis_of(d, input.ndim) for d in spread(dims))
    for d in axes:
        if axes.count(d) > 1:
            raise RuntimeError(f"dim {d} appears multiple times in the list of dims")
    return _flip(input, axes)


def roll(input: Tensor, shifts: Any, dims: Any = ()) -> Tensor:
    """A copy with the entries moved along `dims`; what leaves at one end comes in at the other.

    Without `dims` the entries move as if they stood in one row.

    Raises RuntimeError unless there are as many axes as shifts.
    """
    shifts = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    if not shifts:
        raise RuntimeError("`shifts` required")
    if len(shifts) != len(dims) and not (not dims and len(shifts) == 1):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(dims)}"
        )
    if not input.numel():
        return _roll(input, shifts, dims)
    if dims and not input.ndim:
        raise IndexError(f"Dimension specified as {dims[0]} but tensor has no dimensions")
    return _roll(input, shifts, tuple(axis_of(d, input.ndim) for d in dims))


def reversed_axes(input: Tensor) -> Tensor:
    """`x.T`: the axes in reverse order. Warns, as PyTorch does, where it is no matrix."""
    if input.ndim == 0:
        warn("Tensor.T is deprecated on 0-D tensors. This function is the identity in these cases.")
    elif input.ndim != 2:
        warn(
            "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is "
            "deprecated and it will throw an error in a future release. Consider `x.mT` to "
            "transpose batches of matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to "
            "reverse the dimensions of a tensor."
        )
    return permute(input, *reversed(range(input.ndim)))


def matrix_transpose(input: Tensor, name: str = "mT") -> Tensor:
    """The last two axes exchanged. Raises RuntimeError for a vector."""
    if input.ndim == 0:
        warn(
            f"Tensor.{name} is deprecated on 0-D tensors. This function is the identity in these "
            "cases."
        )
        return input
    if input.ndim == 1:
        raise RuntimeError(
            f"tensor.{name} is only supported on matrices or batches of matrices. Got 1-D tensor."
        )
    return transpose(input, -2, -1)


def adjoint(input: Tensor) -> Tensor:
    """`mT`: what the complex conjugate would add is nothing to real numbers."""
    if input.ndim == 0:
        warn("adjoint() is deprecated on 0-D tensors. Consider using x.conj().")
        return input
    return matrix_transpose(input, "adjoint()")


def one_adjoint(input: Tensor) -> Tensor:
    """The adjoint of one matrix, `x.H`. Raises RuntimeError for other shapes."""
    if input.ndim not in (0, 2):
        shown = f"Got {input.ndim}-D tensor."
        shown += " For batches of matrices, consider using tensor.mH" if input.ndim > 2 else ""
        raise RuntimeError(f"tensor.H is only supported on matrices (2-D tensors). {shown}")
    if input.ndim == 0:
        warn("Tensor.H is deprecated on 0-D tensors. Consider using x.conj().")
        return input
    return transpose(input, 0, 1)
