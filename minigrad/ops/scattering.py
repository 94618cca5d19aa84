"""`scatter_reduce`: entries put by a tensor of places, and summed, multiplied or compared there.

Source of the derivatives, and of what becomes of ties and zeros: PyTorch's
`scatter_reduce_backward`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.delayed_error import DelayedError
from ..tensor import Tensor
from ..warn import warn
from . import either
from .gathering import _cleared, _fitting, places
from .operands import mismatch
from .operation import Operation
from .picking import _checked, index_of_slices
from .refusals import type_word

UFUNCS = {
    "sum": np.add, "mean": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum,
}  # fmt: skip


def _start(reduce: str, kind: np.dtype) -> Any:
    """What changes nothing: where the reduction starts if the tensor itself does not count."""
    if kind.kind == "b":
        return reduce in ("amin", "prod")
    if reduce in ("amax", "amin"):
        limits = np.finfo(kind) if kind.kind == "f" else np.iinfo(kind)
        infinity = np.inf if kind.kind == "f" else limits.max
        return infinity if reduce == "amin" else -infinity if kind.kind == "f" else limits.min
    return int(reduce == "prod")


def _places(index: np.ndarray, dim: int) -> Any:
    """The NumPy index of the places; for what has no axes, all of it."""
    return places(index, dim) if index.ndim else ()


def _count(sizes: Any, dim: int, index: np.ndarray, include_self: bool) -> np.ndarray:
    """How many entries come together at each place, at least 1."""
    count = np.full(sizes, int(include_self))
    np.add.at(count, _places(index, dim), 1)
    return np.maximum(count, 1)


def _reduced(
    self: np.ndarray, src: np.ndarray, dim: int, index: np.ndarray, reduce: str, include_self: bool
) -> np.ndarray:
    out, where = np.array(self, order="K"), _places(index, dim)
    if not include_self:
        out[where] = _start(reduce, out.dtype)
    UFUNCS[reduce].at(out, where, _fitting(index, src))
    if reduce == "mean":
        count = _count(self.shape, dim, index, include_self).astype(out.dtype)
        out = out / count if out.dtype.kind == "f" else out // count
    return out


_scatter_reduce = Operation(
    "scatter_reduce", "self src", _reduced, options="dim index reduce include_self",
    shown="self.scatter_reduce(dim, index, src, reduce)", layout="C",
)  # fmt: skip


def _shared(grad: Any, self: Any, src: Any, how: Any, result: Any) -> Any:
    """The cotangent of a mean, or of a largest entry, divided among those that it is made of."""
    dim, index, reduce, include_self = how
    if reduce == "sum":
        return grad
    if reduce == "mean":
        count = _count(self.shape, dim, index, include_self)
    else:
        where, best = _places(index, dim), either.array(result)
        _refuse_more(src, index)
        count = np.asarray(either.array(self) == best, int)
        np.add.at(count, where, _fitting(index, either.array(src) == best[where]))
    return grad / either.like(grad, count.astype(either.numpy_dtype(grad)))


def _self_grad(grad: Any, self: Any, src: Any, how: Any, result: Any) -> Any:
    dim, index, reduce, include_self = how
    if reduce == "prod":
        _refuse_more(src, index)
        factor = either.where(self == 0, 1.0, self)  # so that it can be divided out again
        grad = grad * _again(factor, src, how) / factor
    else:
        grad = _shared(grad, self, src, how, result)
        if reduce in ("amax", "amin"):
            grad = grad * (self == result)
    return grad if include_self else _cleared(grad, _places(index, dim))


def _src_grad(grad: Any, self: Any, src: Any, how: Any, result: Any) -> Any:
    dim, index, reduce, _ = how
    where = _places(index, dim)
    if reduce != "prod":
        read = _shared(grad, self, src, how, result)[where]
        if reduce in ("amax", "amin"):
            return read * (src == result[where])
        if index.shape != tuple(src.shape):
            raise RuntimeError(
                "Function ScatterReduceBackward0 returned an invalid gradient at index 1 - got "
                f"{list(index.shape)} but expected shape compatible with {list(src.shape)}"
            )
        return read
    _refuse_more(src, index)
    zero = either.array(src) == 0
    zeros = np.zeros(self.shape, int)
    np.add.at(zeros, where, _fitting(index, zero))
    alone = zero & (zeros[where] == 1)
    others = _again(self, either.where(either.like(src, alone), 1.0, src), how)
    factor = either.where(either.like(src, zero), 1.0, src)
    read = either.where(
        either.like(grad, alone), (grad * others)[where], (grad * result)[where] / factor
    )
    if not isinstance(read, either.ARRAY) and np.any(zeros > 1):
        read = UNSUPPORTED(read)
    return read


def _refuse_more(src: Any, index: np.ndarray) -> None:
    """Raise RuntimeError for a `src` larger than `index`, unless it is stretched: its first entries
    are put, and that has no derivative, as in PyTorch.
    """
    try:
        np.broadcast_shapes(src.shape, index.shape)
    except ValueError:
        raise mismatch(src, index) from None


UNSUPPORTED = DelayedError(
    "scatter_reduce(): Double backward is unsupported for src when >1 zeros in src are scattered "
    "to the same position in self",
    1,
)


def _again(self: Any, src: Any, how: Any) -> Any:
    return (_reduced if isinstance(self, either.ARRAY) else _scatter_reduce)(self, src, *how)


_scatter_reduce.derivative(
    "self", r"grad \odot \partial result / \partial self",
    lambda grad, self, src, dim, index, reduce, include_self, result: _self_grad(
        grad, self, src, (dim, index, reduce, include_self), result),
)  # fmt: skip
_scatter_reduce.derivative(
    "src", r"(grad \odot \partial result / \partial src)_{index}",
    lambda grad, self, src, dim, index, reduce, include_self, result: _src_grad(
        grad, self, src, (dim, index, reduce, include_self), result),
)  # fmt: skip


_index_reduce = Operation(
    "index_reduce", "self source",
    lambda self, source, dim, index, reduce, include_self: _reduced(
        self, source, dim, _everywhere(index, source, dim), reduce, include_self),
    options="dim index reduce include_self",
    shown="self.index_reduce(dim, index, source, reduce)", layout="C",
)  # fmt: skip
_index_reduce.derivative(
    "self", r"grad \odot \partial result / \partial self",
    lambda grad, self, source, dim, index, reduce, include_self, result: _self_grad(
        grad, self, source, (dim, _everywhere(index, source, dim), reduce, include_self), result),
)  # fmt: skip
_index_reduce.derivative(
    "source", r"(grad \odot \partial result / \partial source)_{index}",
    lambda grad, self, source, dim, index, reduce, include_self, result: _src_grad(
        grad, self, source, (dim, _everywhere(index, source, dim), reduce, include_self), result),
)  # fmt: skip


def _everywhere(index: np.ndarray, source: Any, dim: int) -> np.ndarray:
    """One index per slice, as one per entry."""
    if not index.ndim:
        return index
    shape = [-1 if k == dim else 1 for k in range(len(source.shape))]
    return np.broadcast_to(index.reshape(shape), tuple(source.shape))


def _alone(src: Tensor, index: np.ndarray) -> tuple[Tensor, np.ndarray]:
    """What is put into a tensor without axes, and its place, without axes too."""
    return src.reshape(()) if src.ndim else src, index.reshape(())


def index_reduce(
    input: Tensor, dim: int, index: Tensor, source: Tensor, reduce: str, *,
    include_self: bool = True,
) -> Tensor:  # fmt: skip
    """A copy where each slice is the prod, mean, amax or amin of those that `index` puts there.

    Raises as `index_add`, and RuntimeError for another `reduce`.
    """
    warn("index_reduce() is in beta and the API may change at any time.")
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise RuntimeError(
            "index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got "
            f"{reduce}."
        )
    if index._array.dtype not in (np.int32, np.int64):
        raise RuntimeError(
            "index_reduce_(): Expected dtype int32/int64 for index but got: "
            f"{type_word(index._array)}"
        )
    axis, places_ = index_of_slices("index_reduce_", input, dim, index, source)
    if not input.ndim:
        source, places_ = _alone(source, places_)
    return _index_reduce(input, source, axis, places_, reduce, include_self)


def scatter_reduce(
    input: Tensor, dim: int, index: Tensor, src: Tensor, reduce: str, *, include_self: bool = True
) -> Tensor:
    """A copy where each entry is the sum, mean, prod, amax or amin of what `index` puts there.

    include_self: whether the entry that was there counts too. Of several largest each gets its
    share of the gradient. Raises RuntimeError for another `reduce`, or an index that does not fit.
    """
    axis, places_ = _checked(input, dim, index, src)
    if reduce not in UFUNCS:
        raise RuntimeError(
            f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"
        )
    if not input.ndim and places_.size == src.numel() == 1:
        src, places_ = _alone(src, places_)
    elif not input.ndim or not places_.ndim:  # what has no axes counts as if it had one
        row = _scatter_reduce(
            input if input.ndim else input.reshape(1), src if src.ndim else src.reshape(1), axis,
            np.atleast_1d(places_), reduce, include_self,
        )  # fmt: skip
        return row if input.ndim else row.reshape(())
    return _scatter_reduce(input, src, axis, places_, reduce, include_self)
