"""Entries picked and put by tensors of places: `gather`, `scatter`, `index_select`, masks.

Picking and putting are each other's transposes: backward of `gather` adds in where it read, and
backward of `scatter` reads where it wrote.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..autograd.cotangents import broadcasts, misfit
from ..memory import copied
from ..tensor import on_array
from . import either
from .indexing import put_back, put_back_flat
from .operation import Operation
from .with_numbers import times

Shape = tuple[int, ...]


def places(index: np.ndarray, dim: int) -> tuple[Any, ...]:
    """The NumPy index of `gather`: along `dim` as `index` says, elsewhere its own place."""
    if not index.ndim:
        return (index,)
    own = np.indices(index.shape, sparse=True)
    return tuple(index if d == dim else own[d] for d in range(index.ndim))


def _along(dim: int, index: np.ndarray) -> tuple[Any, ...]:
    return (slice(None),) * dim + (index,)


def _slices(self: Any, dim: int, index: np.ndarray) -> Any:
    """The NumPy index of the slices at `index`; of a tensor without axes, all of it."""
    return _along(dim, index) if self.ndim else ...


def _gathered(self: np.ndarray, dim: int, index: np.ndarray) -> Any:
    if not self.ndim:
        return np.broadcast_to(self, index.shape).copy()
    return self[_picks(self, dim, index)]


def _picks(self: Any, dim: int, index: np.ndarray) -> tuple[Any, ...]:
    """The NumPy index; of no places at all, which may lie along fewer axes or more."""
    return places(index, dim) if index.size else (index,) * self.ndim


_gather = Operation("gather", "self", _gathered, options="dim index", jvp="linear", layout="C")
_gather.derivative(
    "self",
    r"\text{grad added in at index, zeros elsewhere}",
    lambda grad, self, dim, index: (
        put_back(grad, tuple(self.shape), _picks(self, dim, index), "ScatterAddBackward0")
        if self.ndim
        else either.sum_to(grad, ())
    ),
    writes=1,
)
_gather.shows("self dim index", sparse_grad=False)

_index_select = Operation(
    "index_select", "self",
    lambda self, dim, index: np.take(self, index, dim) if self.ndim else self.copy(),
    options="dim index", jvp="linear",
)  # fmt: skip
_index_select.derivative(
    "self",
    r"\text{grad added in at index, zeros elsewhere}",
    lambda grad, self_sizes, dim, index: (
        put_back(grad, self_sizes, _along(dim, index), "IndexAddBackward0") if self_sizes else grad
    ),
    writes=1,
)

_take = Operation(
    "take", "self", lambda self, index: self.reshape(-1)[index], options="index", jvp="linear"
)
_take.derivative(
    "self",
    r"\text{grad added in at index, zeros elsewhere}",
    lambda grad, self, index: put_back_flat(grad, tuple(self.shape), index),
    writes=1,
)

_masked_select = Operation(
    "masked_select", "self", lambda self, mask: np.broadcast_to(self, mask.shape)[mask],
    options="mask", jvp="linear",
)  # fmt: skip
_masked_select.derivative(
    "self",
    r"\text{grad where the mask is true, zeros elsewhere}",
    lambda grad, self, mask: either.sum_to(
        put_back(grad, mask.shape, (mask,), "MaskedScatterBackward0"), tuple(self.shape)
    ),
    writes=1,
)


def _changed(self: np.ndarray, where: Any, values: Any, add: bool = False) -> np.ndarray:
    """A copy with `values` at the places `where`."""
    out = np.asarray(copied(self))  # a sum of NumPy's is a number, no array
    if add:
        np.add.at(out, where, values)
    else:
        out[where] = values
    return out


def _cleared(grad: Any, where: Any) -> Any:
    """`grad` with zeros at the places `where`."""
    if isinstance(grad, either.ARRAY):
        return _changed(grad, where, 0)
    keep = np.ones(grad._array.shape, bool)
    keep[where] = False
    return either.mask(grad, on_array(keep))


def _fitting(index: np.ndarray, src: np.ndarray) -> np.ndarray:
    """The first entries of `src`, as many as there are in `index`."""
    return src[tuple(slice(n) for n in index.shape)]


def _scattered_to(
    self: np.ndarray, src: np.ndarray, dim: int, index: np.ndarray, add: bool = False
) -> np.ndarray:
    """A copy with the entries of `src` put, or added, where `index` says: as many as that has.

    What has no axes counts as if it had one.
    """
    out = np.asarray(copied(self))
    if not index.size:
        return out
    row, index, src = (np.atleast_1d(x) for x in (out, index, src))
    entries = _fitting(index, src) if src.size > 1 else src
    if add:
        np.add.at(row, places(index, dim), entries)
    else:
        row[places(index, dim)] = entries
    return out


def _src_grad(grad: Any, src_sizes: Shape, dim: int, index: np.ndarray) -> Any:
    """What was put of `src`."""
    if isinstance(grad, either.ARRAY):
        read = np.atleast_1d(grad)[places(np.atleast_1d(index), dim)].reshape(index.shape)
    else:
        read = grad.gather(dim, on_array(index))
    return read if src_sizes else either.sum_to(read, ())


def _unscattered(grad: Any, dim: int, index: np.ndarray) -> Any:
    """`grad` with zeros where something was put."""
    if isinstance(grad, either.ARRAY):
        return _scattered_to(grad, np.zeros((), grad.dtype), dim, index)
    return grad.scatter(dim, on_array(index), 0)


def _scatterer(name: str, add: bool) -> Operation:
    operation = Operation(
        name, "self src",
        lambda self, src, dim, index: _scattered_to(self, src, dim, index, add),
        options="dim index", shown=f"{name}(self, dim, index, src)", jvp="linear", layout="C",
        fit=True,
    )  # fmt: skip

    def checked(grad: Any, src_sizes: Shape, dim: int, index: np.ndarray) -> Any:
        """Where `src` has more entries than were put PyTorch has no gradient, either."""
        found = _src_grad(grad, src_sizes, dim, index)
        if not broadcasts(src_sizes, tuple(found.shape)):
            raise misfit(operation.node(()), 1, found, src_sizes)
        return found

    operation.derivative(
        "self", r"grad" + ("" if add else r"\text{, 0 where src was put}"),
        (lambda grad: grad) if add else _unscattered,
    )  # fmt: skip
    operation.derivative("src", r"grad_{index}", checked)
    operation.shows("dim index")
    return operation


_scatter, _scatter_add = _scatterer("scatter", False), _scatterer("scatter_add", True)

_scatter_value = Operation(
    "scatter", "self", lambda self, dim, index, value: _changed(
        self, places(index, dim) if self.ndim else ..., value),
    options="dim index value", node="ScatterBackward1", layout="C",
)  # fmt: skip
_scatter_value.derivative("self", r"grad\text{, 0 where value was put}", _unscattered)
_scatter_value.tangent(lambda moved, dim, index: _scatter_value.rules["self"](
    moved["self"], dim, index))  # fmt: skip


def _combined(self: np.ndarray, src: Any, dim: int, index: np.ndarray, reduce: str) -> Any:
    out = np.array(self, order="K")
    row, index = np.atleast_1d(out), np.atleast_1d(index)
    values = self.dtype.type(src)
    if isinstance(src, np.ndarray):
        values = _fitting(index, np.atleast_1d(src))
    (np.add if reduce == "add" else np.multiply).at(row, places(index, dim), values)
    return out


def _combining(name: str) -> tuple[Operation, Operation]:
    """`scatter` with `reduce=`, of a tensor and of a number: neither has a derivative."""
    of_tensor, of_number = (
        Operation(
            "scatter", inputs, function, options=options, node="NotImplemented"
        ).refusing(RuntimeError(f"derivative for aten::{name} is not implemented"))
        for inputs, function, options in (
            ("self src", _combined, "dim index reduce"),
            ("self", lambda self, dim, index, src, reduce: _combined(
                self, src, dim, index, reduce), "dim index src reduce"),
        )
    )  # fmt: skip
    return of_tensor, of_number


COMBINING = {name: _combining(name) for name in ("scatter", "scatter_")}


def _shaped(self: np.ndarray, source: np.ndarray) -> np.ndarray:
    return source if self.ndim else source.reshape(())


def _read_again(grad: Any, source: Any, dim: int, index: np.ndarray) -> Any:
    """What was put of `source`, which may have no axes."""
    if isinstance(grad, either.ARRAY):
        return grad[_slices(grad, dim, index)].reshape(source.shape)
    read = grad.index_select(dim, on_array(index))
    return read.expand_as(source) if source.ndim else either.sum_to(read, ())


_index_add = Operation(
    "index_add", "self source", lambda self, source, dim, index, alpha: _changed(
        self, _slices(self, dim, index), _shaped(self, source * self.dtype.type(alpha)), add=True),
    options="dim index alpha", shown="index_add(self, dim, index, source, alpha)",
    jvp="linear", layout="C",
)  # fmt: skip
_index_add.derivative("self", "grad", lambda grad: grad)
_index_add.derivative(
    "source",
    r"alpha \, grad_{index}",
    lambda grad, source, dim, index, alpha: times(_read_again(grad, source, dim, index), alpha),
)
_index_add.shows("source dim index alpha", source_dim="source_ndim")

_index_copy = Operation(
    "index_copy", "self source", lambda self, source, dim, index: _changed(
        self, _slices(self, dim, index), _shaped(self, source)),
    options="dim index", shown="index_copy(self, dim, index, source)", jvp="linear", layout="C",
)  # fmt: skip
_index_copy.derivative(
    "self", r"grad\text{, 0 where source was put}",
    lambda grad, dim, index: _unfilled(grad, dim, index),
)  # fmt: skip
_index_copy.derivative("source", r"grad_{index}", _read_again)
_index_copy.shows("source dim index", source_dim="source_ndim")


def _unfilled(grad: Any, dim: int, index: np.ndarray) -> Any:
    """`grad` with zeros where a value was put."""
    if isinstance(grad, either.ARRAY):
        return _cleared(grad, _slices(grad, dim, index))
    return grad.index_fill(dim, on_array(index), 0)


_index_fill = Operation(
    "index_fill", "self",
    lambda self, dim, index, value: _changed(self, _slices(self, dim, index), value),
    options="dim index value",
)  # fmt: skip
_index_fill.derivative("self", r"grad\text{, 0 where value was put}", _unfilled)
_index_fill.tangent(
    lambda moved, dim, index: _cleared(moved["self"], _slices(moved["self"], dim, index))
)

_index_fill_tensor = Operation(
    "index_fill", "self value",
    lambda self, value, dim, index: _changed(self, _slices(self, dim, index), value),
    options="dim index", shown="index_fill(self, dim, index, value)", node="IndexFillBackward1",
    jvp="linear",
)  # fmt: skip
_index_fill_tensor.derivative("self", r"grad\text{, 0 where value was put}", _unfilled)
_index_fill_tensor.derivative(
    "value",
    r"\textstyle\sum grad_{index}",
    lambda grad, dim, index: grad[_slices(grad, dim, np.unique(index))].sum(),
)


def _filled(self: np.ndarray, value: Any, mask: np.ndarray) -> np.ndarray:
    shape = np.broadcast_shapes(self.shape, mask.shape)
    filled = np.where(mask, np.asarray(value).astype(self.dtype), np.broadcast_to(self, shape))
    return np.asarray(filled, order="C")


def _except(grad: Any, mask: np.ndarray) -> Any:
    return either.cleared(grad, either.like(grad, mask))


_masked_fill = Operation(
    "masked_fill", "self", lambda self, mask, value: _filled(self, value, mask),
    options="mask value", fit=True,
)  # fmt: skip
_masked_fill.derivative("self", r"grad\text{, 0 where the mask is true}", _except)
_masked_fill.tangent(lambda moved, mask: _except(moved["self"].expand(
    np.broadcast_shapes(moved["self"].shape, mask.shape)), mask))  # fmt: skip

_masked_fill_tensor = Operation(
    "masked_fill", "self value", _filled, options="mask", shown="masked_fill(self, mask, value)",
    node="MaskedFillBackward1", fit=True,
    jvp="linear",
)  # fmt: skip
_masked_fill_tensor.derivative("self", r"grad\text{, 0 where the mask is true}", _except)
_masked_fill_tensor.derivative(
    "value", r"\textstyle\sum grad\text{ where the mask is true}",
    lambda grad, mask: either.mask(grad, either.like(grad, mask)),
)  # fmt: skip


def _scattered(self: np.ndarray, source: np.ndarray, mask: np.ndarray) -> np.ndarray:
    out = np.array(np.broadcast_to(self, np.broadcast_shapes(self.shape, mask.shape)))
    mask = np.broadcast_to(mask, out.shape)
    out[mask] = source.reshape(-1)[: np.count_nonzero(mask)]
    return out


def _masked_source(grad: Any, source_sizes: Shape, mask: np.ndarray) -> Any:
    mask = np.broadcast_to(mask, tuple(grad.shape))
    read = grad[either.like(grad, mask)]
    count = prod(source_sizes)
    return either.reshape(put_back(read, (count,), (slice(len(read)),)), source_sizes)


_masked_scatter = Operation(
    "masked_scatter",
    "self source",
    _scattered,
    options="mask",
    shown="masked_scatter(self, mask, source)",
    jvp="linear",
    layout="C",
)
_masked_scatter.derivative(
    "self", r"grad\text{, 0 where the mask is true}",
    lambda grad, self_sizes, mask: either.sum_to(_except(grad, mask), self_sizes),
)  # fmt: skip
_masked_scatter.derivative("source", r"grad\text{ where the mask is true}", _masked_source)
_masked_scatter.shows("mask source_sizes")
