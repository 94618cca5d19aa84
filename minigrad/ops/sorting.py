"""Order: `sort`, `topk`, `unique`, `searchsorted`, and the places that are not zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import return_types
from ..explaining import explain
from ..memory import empty_like
from ..tensor import Tensor, made
from ..tensor_base import axis_of
from ..warn import warn
from . import either
from .gathering import places
from .indexing import put_back
from .operation import Operation
from .parts import unbind
from .refusals import NOT_YET, refuse_kinds, type_word
from .several import SeveralResults


def ranked(array: np.ndarray, dim: int, descending: bool) -> np.ndarray:
    """The places of the entries along `dim` in order; equal ones stay as they stood."""
    if not array.ndim:
        return np.zeros((), np.int64)
    if not descending:
        return np.argsort(array, dim, kind="stable")
    turned = np.argsort(np.flip(array, dim), dim, kind="stable")
    return np.asarray(array.shape[dim] - 1 - np.flip(turned, dim), order="C")


def _sorted(self: np.ndarray, dim: int, descending: bool) -> tuple[np.ndarray, np.ndarray]:
    order = ranked(self, dim, descending)
    values, indices = empty_like(self), empty_like(self, np.int64)
    values[...] = self[places(order, dim)] if self.ndim else self
    indices[...] = order
    return values, indices


def _largest(self: np.ndarray, dim: int, k: int, largest: bool) -> tuple[np.ndarray, np.ndarray]:
    if not self.ndim:
        return self.copy(), np.zeros((), np.int64)
    order = np.take(ranked(self, dim, largest), np.arange(k), dim)
    return self[places(order, dim)], order


def _back(grad: Any, self_sizes: tuple[int, ...], dim: int, result1: Any) -> Any:
    """Each cotangent goes where its entry came from."""
    order = result1 if isinstance(result1, either.ARRAY) else result1._array
    return (
        put_back(grad, self_sizes, places(order, dim), "ScatterBackward0") if self_sizes else grad
    )


def _moved(tangents: Any, dim: int, result1: Any) -> Any:
    """The tangents in the same order."""
    return tangents["self"].gather(dim, result1), None


def _sorter(node: str) -> SeveralResults:
    operation = SeveralResults("sort", "self", _sorted, options="dim descending", node=node)
    operation.derivative("self", r"\text{grad put back in the old order}", _back, writes=2)
    operation.shows("self_sizes dim", indices="result1")
    operation.tangent(_moved)
    return operation


_sort, _sort_stable = _sorter("SortBackward0"), _sorter("SortBackward1")

_topk = SeveralResults(
    "topk", "self", _largest, options="dim k largest", shown="topk(self, k, dim, largest)"
)
_topk.derivative("self", r"\text{grad where the entries stood, zeros elsewhere}", _back, writes=2)
_topk.shows("self_sizes dim", indices="result1")
_topk.tangent(_moved)


def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool | None = None) -> Any:
    """The entries along `dim` in order, and where they stood. Equal ones keep their order."""
    operation = _sort if stable is None else _sort_stable
    return return_types.sort(operation(input, axis_of(dim, input.ndim), descending))


def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    """The places of the entries along `dim` in order."""
    return made(_sorted(input._array, axis_of(dim, input.ndim), descending)[1])


def msort(input: Tensor) -> Tensor:
    """`sort` along the first axis, the values only."""
    return sort(input, 0)[0]


def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """The `k` largest (or smallest) entries along `dim`, in order, and where they stood.

    Shapes: (…, n) → (…, k), (…, k). Raises RuntimeError for more than there are.
    """
    axis = axis_of(dim, input.ndim)
    if not 0 <= k <= (input._array.shape[axis] if input.ndim else 1):
        raise RuntimeError("selected index k out of range")
    if input._array.dtype.kind == "b":
        raise RuntimeError("topk does not support bool dtypes on CPU")
    return return_types.topk(_topk(input, axis, k, largest))


def _in_order(row: Tensor, sorter: Tensor) -> np.ndarray:
    """The rows, sorted by `argsort`'s places. Raises RuntimeError for places that are none."""
    if row.shape != sorter.shape:
        raise RuntimeError(
            "torch.searchsorted(): boundary and sorter must have the same size, but got boundary "
            f"tensor {list(row.shape)}and got sorter tensor {list(sorter.shape)}"
        )
    places = sorter._array
    if places.dtype != np.int64:
        raise RuntimeError(
            "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype "
            f"{type_word(places)}"
        )
    if places.size and not (places.min() >= 0 and places.max() < places.shape[-1]):
        raise RuntimeError("torch.searchsorted(): sorter index out of range")
    return np.take_along_axis(row._array, places, -1)


def searchsorted(
    sorted_sequence: Tensor, input: Any, *, out_int32: bool = False, right: bool = False,
    side: str | None = None, sorter: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Where each entry of `input` belongs in a sorted sequence (or in each row of several).

    right: behind equal entries, not before them. sorter: the order in which the sequence is sorted,
    as `argsort` gives it. Returns places as int64, or as int32. Raises RuntimeError for what does
    not fit.
    """
    if side not in (None, "left", "right"):
        raise RuntimeError(
            f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}"
        )
    if right and side == "left":
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side of left "
            "while right was True"
        )
    row = sorted_sequence._array if sorter is None else _in_order(sorted_sequence, sorter)
    values = input._array if isinstance(input, Tensor) else np.asarray(input)
    if not row.ndim and values.ndim:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 "
            "dimension"
        )
    if row.dtype == values.dtype:
        refuse_kinds(values, "b", "searchsorted_out_cpu")
    if not values.flags.c_contiguous:
        warn(
            "torch.searchsorted(): input value tensor is non-contiguous, this will lower the "
            "performance due to extra data copy when converting non-contiguous tensor to "
            "contiguous, please use contiguous input value tensor if possible. This message will "
            "only appear once per program."
        )
    side = "right" if right or side == "right" else "left"
    if not values.ndim and row.ndim != 1:
        raise RuntimeError(
            "torch.searchsorted(): input value can be a scalar only when boundaries tensor "
            f"dimension is 1, but we got boundaries tensor dim({row.ndim}) and input value's "
            f"dim(0) numel({values.size})"
        )
    if row.ndim == 1:
        found = _places(row, values, side)
    else:
        if row.shape[:-1] != values.shape[:-1]:
            raise RuntimeError(
                "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
                "dimensions of boundaries tensor and input value tensor must match, but we got "
                f"boundaries tensor {list(row.shape)} and input value tensor {list(values.shape)}"
            )
        found = np.empty(values.shape, np.int64)
        for place in np.ndindex(row.shape[:-1]):
            found[place] = _places(row[place], values[place], side)
    return made(np.asarray(found, np.int32 if out_int32 else np.int64))


def _places(row: np.ndarray, values: np.ndarray, side: str) -> np.ndarray:
    """Where the values fit in, halving as PyTorch does: what is not below goes right, and so does
    what cannot be compared.
    """
    if not (np.isnan(row).any() or np.isnan(values).any()):
        return np.searchsorted(row, values, side)  # type: ignore[call-overload]
    first, last = np.zeros(values.shape, np.int64), np.full(values.shape, len(row))
    while (open_ := first < last).any():
        middle = (first + last) // 2
        entry = row[np.minimum(middle, len(row) - 1)]
        right = ~(entry > values if side == "right" else entry >= values)
        first = np.where(open_ & right, middle + 1, first)
        last = np.where(open_ & ~right, middle, last)
    return first


def bucketize(
    input: Any, boundaries: Tensor, *, out_int32: bool = False, right: bool = False
) -> Tensor:
    """`searchsorted` with the arguments in the other order.

    Raises RuntimeError for boundaries with another number of axes than one.
    """
    if boundaries.ndim != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries.ndim})")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The places of the entries that are not 0: a row for each, or (as_tuple) a vector per axis."""
    array = input._array
    if as_tuple:
        return unbind(nonzero(input if array.ndim else input.reshape(1)), 1)
    found = np.array(np.nonzero(array.reshape(array.shape or (1,))), np.int64)
    return made(found.T if array.ndim else np.zeros((found.shape[1], 0), np.int64))


def unique(
    input: Tensor, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False,
    dim: int | None = None,
) -> Any:  # fmt: skip
    """The different entries (or slices along `dim`), sorted; where each went; how often it is."""
    name, args = ("_unique2", (input,)) if dim is None else ("unique_dim", (input, dim))
    explain(name, args, {"sorted": sorted, "return_inverse": return_inverse,
                         "return_counts": return_counts})  # fmt: skip
    array = input._array
    dim = _sliced(input, dim)
    found = np.unique(
        array, return_inverse=True, return_counts=True, axis=dim, equal_nan=False
    )  # fmt: skip
    values, inverse, counts = found
    inverse = inverse.reshape(array.shape if dim is None else -1)
    wanted = (values, inverse if return_inverse else None, counts if return_counts else None)
    return _different(name, input, wanted)


def _different(name: str, input: Tensor, found: tuple[np.ndarray | None, ...]) -> Any:
    """The results of a function that PyTorch records, though it has no derivative."""
    values, *others = [np.asarray(a, order="C") for a in found if a is not None]
    outs = (_DIFFERENT[name](input, values), *map(made, others))
    return outs if others else outs[0]


_DIFFERENT = {
    name: Operation(
        name.strip("_"), "self", lambda self, values: values, options="values"
    ).refusing(
        NotImplementedError(f"the derivative for '{name}' is not implemented."),
        forward=f"{name} that does not support it{NOT_YET}",
    )
    for name in ("_unique2", "unique_dim", "unique_consecutive")
}  # fmt: skip


def _sliced(input: Tensor, dim: int | None) -> int | None:
    """The axis whose slices are compared. Raises IndexError or RuntimeError for one without."""
    if dim is None:
        return None
    array = input._array
    if not array.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    dim = axis_of(dim, input.ndim)
    if not array.size and (array.shape[dim] or array.shape.count(0) > 1):
        raise RuntimeError(
            "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied"
        )
    return dim


def unique_consecutive(
    input: Tensor, return_inverse: bool = False, return_counts: bool = False,
    dim: int | None = None,
) -> Any:  # fmt: skip
    """The entries (or slices along `dim`) without those that repeat the one before them."""
    explain("unique_consecutive", (input,), {
        "return_inverse": return_inverse, "return_counts": return_counts, "dim": dim
    })  # fmt: skip
    dim = _sliced(input, dim)
    rows = input._array.reshape(-1) if dim is None else np.moveaxis(input._array, dim, 0)
    repeats = (rows[1:] == rows[:-1]).all(tuple(range(1, rows.ndim)))
    new = np.concatenate(([True], ~repeats)) if len(rows) else np.zeros(0, bool)
    inverse = np.cumsum(new) - 1
    counts = np.diff(np.append(np.flatnonzero(new), len(rows)))
    kept = rows[new] if dim is None else np.moveaxis(rows[new], 0, dim)
    if dim is None:
        inverse = inverse.reshape(input.shape)
    wanted = (kept, inverse if return_inverse else None, counts if return_counts else None)
    return _different("unique_consecutive", input, wanted)
