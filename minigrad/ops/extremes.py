"""The largest, the smallest, the one in the middle: max, min, amax, amin, argmax, median.

Over all entries, ties share the cotangent evenly; so they do in `amax` and `amin`. Along an axis,
`max`, `min` and `median` pick one entry, whose index they return, and it receives the whole.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import return_types
from ..tensor import Tensor, on_array
from ..tensor_base import axis_of
from . import either, limits
from .gathering import places
from .indexing import put_back
from .operation import Operation
from .reductions import dims_of, spread
from .refusals import refuse_kinds
from .several import SeveralResults


def _ties(self: Any, result: Any, dims: Any, keepdim: bool, count_nan: bool = False) -> Any:
    """Where the entries are that are the best, 1 or 0, and how many."""
    x, best = either.array(self), either.array(result)
    if not keepdim:
        best = either.unsqueeze(best, dims)
    ties = (x == best) | (np.isnan(x) & np.isnan(best)) if count_nan else x == best
    return ties.astype(x.dtype), np.add.reduce(ties, axis=dims, keepdims=True, dtype=x.dtype)


def _shared(grad: Any, self: Any, result: Any) -> Any:
    """The cotangent of the best of all entries, divided among those that are; zeros elsewhere. If
    the best is nan, those that are nan share it.
    """
    ties, count = _ties(self, result, _all(self), False, True)
    if isinstance(grad, either.ARRAY):
        return np.where(ties != 0, grad / np.maximum(count, 1), grad.dtype.type(0))
    return grad.new_zeros(self.shape).masked_fill(on_array(ties != 0), grad / ties.sum())


def _all(x: Any) -> tuple[int, ...]:
    return tuple(range(x.ndim))


def _over_all(name: str, node: str, function: Any) -> Operation:
    operation = Operation(name, "self", function, node=node)
    operation.derivative(
        "self",
        r"\frac{grad}{\text{number of ties}} \odot [self = result]",
        _shared,
        writes=1,
    )

    @operation.tangent
    def moved(tangents: dict[str, Any], self: Any, result: Any) -> Any:
        ties, count = _ties(self, result, _all(self), False)
        return (tangents["self"] * either.like(self, ties / count)).sum()

    return operation


def _median_of(x: np.ndarray) -> Any:
    """The lower of the two in the middle, as PyTorch does; nan if there is one."""
    if not x.size and x.dtype.kind == "b":
        return np.asarray(True)
    refuse_kinds(x, "b", "median_cpu")
    if not x.size:
        return np.asarray(np.nan if x.dtype.kind == "f" else np.iinfo(x.dtype).min, x.dtype)
    if x.dtype.kind == "f" and np.isnan(x).any():
        return np.asarray(np.nan, x.dtype)
    return np.partition(x.ravel(), (x.size - 1) // 2)[(x.size - 1) // 2]


def _known_median(x: np.ndarray) -> Any:
    """The median of what is a number; nan if nothing is."""
    known = x[~np.isnan(x)] if x.dtype.kind == "f" else x
    return _median_of(known if known.size else x)


_max_all = _over_all("max", "MaxBackward1", lambda x: np.maximum.reduce(x, None))
_min_all = _over_all("min", "MinBackward1", lambda x: np.minimum.reduce(x, None))
_median_all = _over_all("median", "MedianBackward0", _median_of)
_nanmedian_all = _over_all("nanmedian", "NanmedianBackward0", _known_median)


def _along(name: str, node: str, index: Any) -> SeveralResults:
    """Values and indices along an axis. `index(x, dim)`: where the chosen entries are."""

    def forward(self: np.ndarray, dim: int, keepdim: bool) -> tuple[Any, Any]:
        if not self.ndim:
            index(self.reshape(1), 0)  # may refuse the dtype
            return self.copy(), np.zeros((), np.int64)
        chosen = np.expand_dims(index(self, dim), dim)
        values = np.take_along_axis(self, chosen, dim)
        return (values, chosen) if keepdim else (values.squeeze(dim), chosen.squeeze(dim))

    operation = SeveralResults(name, "self", forward, options="dim keepdim", node=node, layout="C")
    operation.derivative(
        "self",
        r"grad \text{ at the place that was found, zeros elsewhere}",
        lambda grad, self_sizes, result1, dim, keepdim: (
            _put_along(grad, self_sizes, result1, dim, keepdim) if self_sizes else grad
        ),
        writes=2,
    )

    @operation.tangent
    def moved(tangents: Any, self: Any, result1: Any, dim: int, keepdim: bool) -> tuple[Any, None]:
        where = result1 if keepdim or not self.ndim else result1.unsqueeze(dim)
        there = tangents["self"].gather(dim, where)
        return there if keepdim else there.squeeze(dim), None

    operation.shows("self_sizes dim keepdim", indices="result1")
    return operation


def _put_along(grad: Any, sizes: tuple[int, ...], indices: Any, dim: int, keepdim: bool) -> Any:
    """Zeros with `grad` at the entries that were picked."""
    if isinstance(grad, either.ARRAY):
        return either.mask(
            spread(grad, sizes, (dim,), keepdim), _chosen(grad, sizes, indices, dim, keepdim)
        )
    order = either.array(indices)
    if not keepdim:
        grad, order = grad.unsqueeze(dim), np.expand_dims(order, dim)
    return put_back(grad, sizes, places(order, dim), "ScatterBackward0")


def _chosen(grad: Any, sizes: tuple[int, ...], indices: Any, dim: int, keepdim: bool) -> Any:
    """True where an entry was picked."""
    indices = either.array(indices)
    places = np.arange(sizes[dim]).reshape([-1 if k == dim else 1 for k in range(len(sizes))])
    return either.like(grad, places == (indices if keepdim else np.expand_dims(indices, dim)))


def _middle(x: np.ndarray, dim: int) -> Any:
    refuse_kinds(x, "b", "median_out")
    k = (x.shape[dim] - 1) // 2
    middle = np.take(np.argsort(x, dim, kind="stable"), k, dim)
    if x.dtype.kind == "f":
        return np.where(np.isnan(x).any(dim), np.argmax(np.isnan(x), dim), middle)
    return middle


def _known_middle(x: np.ndarray, dim: int) -> Any:
    """The same among those that are numbers, which come first in the order."""
    if x.dtype.kind != "f":
        return _middle(x, dim)
    known = np.add.reduce(~np.isnan(x), dim, keepdims=True)
    k = np.maximum(known - 1, 0) // 2
    return np.take_along_axis(np.argsort(x, dim, kind="stable"), k, dim).squeeze(dim)


_max_along = _along("max", "MaxBackward0", np.argmax)
_min_along = _along("min", "MinBackward0", np.argmin)
_median_along = _along("median", "MedianBackward1", _middle)
_nanmedian_along = _along("nanmedian", "NanmedianBackward1", _known_middle)


def _at_best(tangents: Any, self: Any, best: Any, dim: Any, keepdim: bool) -> Any:
    """The mean of the tangents of those entries that are the best."""
    full = best if keepdim or not self.ndim else either.array(best).reshape(
        [1 if axis in dim else n for axis, n in enumerate(self.shape)])  # fmt: skip
    ties = either.like(self, either.array(self) == either.array(full))
    return tangents["self"].where(ties, 0.0).sum(dim, keepdim) / ties.sum(dim, keepdim)


def _shared_along(grad: Any, self: Any, result: Any, dims: Any, keepdim: bool) -> Any:
    """The cotangent, divided by the number of ties, at each of them; 0 elsewhere."""
    ties, count = (either.like(grad, part) for part in _ties(self, result, dims, keepdim))
    return (grad if keepdim else either.unsqueeze(grad, dims)) / count * ties


def _extreme(name: str, function: Any) -> Operation:
    operation = Operation(
        name, "self", lambda self, dim, keepdim: function(self, axis=dim, keepdims=keepdim),
        options="dim keepdim", layout="C",
    )  # fmt: skip
    operation.derivative(
        "self",
        r"\frac{grad}{\text{number of ties}} \odot [self = result]",
        lambda grad, self, result, dim, keepdim: _shared_along(grad, self, result, dim, keepdim),
    )
    operation.tangent(
        lambda tangents, self, result, dim, keepdim: _at_best(tangents, self, result, dim, keepdim)
    )
    return operation


_amax, _amin = _extreme("amax", np.maximum.reduce), _extreme("amin", np.minimum.reduce)


_aminmax = SeveralResults(
    "aminmax", "self", lambda self, dim, keepdim: (
        np.minimum.reduce(self, axis=dim, keepdims=keepdim),
        np.maximum.reduce(self, axis=dim, keepdims=keepdim)),
    options="dim keepdim", layout="C",
)  # fmt: skip
_aminmax.derivative(
    "self",
    r"\text{each gradient at its entry, zeros elsewhere}",
    lambda grads, self, result0, result1, dim, keepdim: (
        _amin.rules["self"](grads[0], self, result0, dim, keepdim)
        + _amax.rules["self"](grads[1], self, result1, dim, keepdim)
    ),
)
_aminmax.shows("self dim keepdim", min="result0", max="result1")
_aminmax.tangent(lambda tangents, self, result, result1, dim, keepdim: tuple(
    _at_best(tangents, self, best, dim, keepdim)
    for best in (result, result1)))  # fmt: skip


def _checked(name: str, input: Tensor, dim: int) -> int:
    """The axis counted from the front. Raises IndexError if there is nothing to choose from."""
    axis = axis_of(dim, input.ndim)
    if input.ndim and input._array.shape[axis] == 0:
        raise IndexError(f"{name}(): Expected reduction dim {axis} to have non-zero size.")
    return axis


def _not_empty(name: str, input: Tensor) -> None:
    if not input._array.size:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
            "reduction dim with the 'dim' argument."
        )


def max(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """Three forms: of all entries; `(values, indices)` along `dim`; of two tensors, as `maximum`.

    Raises RuntimeError or IndexError if there is no entry to choose from.
    """
    if isinstance(dim, Tensor) or other is not None:
        return limits.maximum(input, dim if other is None else other)
    if dim is None:
        _not_empty("max", input)
        return _max_all(input)
    return return_types.max(_max_along(input, _checked("max", input, dim), keepdim))


def min(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
    """Three forms: of all entries; `(values, indices)` along `dim`; of two tensors, as `minimum`.

    Raises RuntimeError or IndexError if there is no entry to choose from.
    """
    if isinstance(dim, Tensor) or other is not None:
        return limits.minimum(input, dim if other is None else other)
    if dim is None:
        _not_empty("min", input)
        return _min_all(input)
    return return_types.min(_min_along(input, _checked("min", input, dim), keepdim))


def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The entry in the middle (the lower of two), or `(values, indices)` along `dim`."""
    if dim is None:
        return _median_all(input)
    return return_types.median(_median_along(input, _checked("median", input, dim), keepdim))


def nanmedian(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """`median` of the entries that are numbers."""
    if dim is None:
        return _nanmedian_all(input)
    chosen = _nanmedian_along(input, _checked("median", input, dim), keepdim)
    return return_types.nanmedian(chosen)


def _extremes(name: str, operation: Operation, input: Tensor, dim: Any, keepdim: bool) -> Tensor:
    given = [dim] if isinstance(dim, int) else dim or range(input.ndim)
    if dim is not None and not isinstance(dim, int) and not len(dim):
        _not_empty(name, input)
    for d in given:
        if input.ndim and not input._array.shape[axis_of(d, input.ndim)]:
            raise IndexError(f"{name}(): Expected reduction dim {d} to have non-zero size.")
    return operation(input, dims_of(input, dim), keepdim)


def amax(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The largest entries along `dim` (a number or several; all axes if left out)."""
    return _extremes("amax", _amax, input, dim, keepdim)


def amin(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The smallest entries along `dim` (a number or several; all axes if left out)."""
    return _extremes("amin", _amin, input, dim, keepdim)


def aminmax(input: Tensor, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """`(min, max)`, of all entries or along `dim`.

    Raises RuntimeError for a tensor or an axis without entries.
    """
    if dim is None and not input._array.size:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
            "identity."
        )
    if dim is not None and input.ndim and not input._array.shape[axis := axis_of(dim, input.ndim)]:
        raise IndexError(f"aminmax: Expected reduction dim {axis} to have non-zero size.")
    return return_types.aminmax(_aminmax(input, dims_of(input, dim, one=True), keepdim))


def _position(name: str, function: Any) -> Any:
    operation = Operation(
        name, "self", lambda self, dim, keepdim: function(self, axis=dim, keepdims=keepdim),
        options="dim keepdim", layout="C",
    )  # fmt: skip

    def position(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
        if input._array.dtype.kind == "b":
            raise RuntimeError(f"{name}(): does not support bool input")
        if dim is None:
            if not input._array.size:
                raise IndexError(
                    f"{name}(): Expected reduction dim to be specified for input.numel() == 0."
                )
            return operation(input, None, keepdim)
        axis = _checked(name, input, dim)
        return operation(input, axis if input.ndim else None, keepdim)

    position.__name__ = position.__qualname__ = name
    position.__doc__ = f"The index of the extreme entry ({name[3:]}); the first one of several."
    return position


argmax, argmin = _position("argmax", np.argmax), _position("argmin", np.argmin)
