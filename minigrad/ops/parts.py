"""Parts of a tensor as views: `narrow`, `diagonal`, `unfold`, `split`, `unbind`, …

Backward of taking a part is putting it back: zeros, with the cotangent where the part was.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ..calling import checked
from ..tensor import Tensor
from ..tensor_base import axis_of
from . import either, joining
from .indexing import _slice as slice_
from .indexing import put_back, put_back_flat
from .operation import Operation
from .several import SeveralResults


def put_back_view(
    grad: Any, sizes: tuple[int, ...], show: Callable[[np.ndarray], Any], node: str
) -> Any:
    """Zeros of shape `sizes`, with `grad` added in where `show` finds its entries.

    node: what PyTorch calls the node of it, in a backward pass that is recorded.
    """
    places = show(np.arange(prod(sizes)).reshape(sizes))
    if isinstance(grad, either.ARRAY) or 0 in sizes or not sizes:
        return put_back_flat(grad, sizes, places)
    return put_back(grad, sizes, np.unravel_index(places, sizes), node)


def _on_diagonal(self: np.ndarray, offset: int, dim1: int, dim2: int) -> np.ndarray:
    view = np.diagonal(self, offset, dim1, dim2)
    view.flags.writeable = self.flags.writeable
    return view


_diagonal = Operation(
    "diagonal", "self", _on_diagonal, options="offset dim1 dim2", view=True,
    shown="self.diagonal(offset, dim1, dim2)",
)  # fmt: skip
_diagonal.derivative(
    "self",
    r"\text{grad on the diagonal, zeros elsewhere}",
    lambda grad, self_sizes, offset, dim1, dim2: put_back_view(
        grad,
        self_sizes,
        lambda whole: _on_diagonal(whole, offset, dim1, dim2),
        "DiagonalBackwardBackward0",
    ),
)


def _windows(self: np.ndarray, dimension: int, size: int, step: int) -> np.ndarray:
    if not self.ndim:
        return self.reshape(1)[:size]
    view = np.lib.stride_tricks.sliding_window_view(self, size, dimension, writeable=True)
    return view[(slice(None),) * dimension + (slice(None, None, step),)]


_unfold = Operation(
    "unfold", "self", _windows, options="dimension size step", view=True,
    shown="self.unfold(dimension, size, step)",
)  # fmt: skip
_unfold.derivative(
    "self",
    r"\text{each window of grad added in where it was}",
    lambda grad, self_sizes, dimension, size, step: put_back_view(
        grad,
        self_sizes,
        lambda whole: _windows(whole, dimension, size, step),
        "UnfoldBackwardBackward0",
    ),
)

_unbind = SeveralResults(
    "unbind", "self", lambda self, dim: tuple(
        self[(slice(None),) * dim + (k, ...)] for k in range(self.shape[dim])),
    options="dim", view=True,
)  # fmt: skip
_unbind.derivative("self", r"\operatorname{stack}(\text{their gradients})", joining.stacked)


def _cut(self: np.ndarray, sizes: Any, dim: int) -> tuple[np.ndarray, ...]:
    ends = np.cumsum(sizes)
    before = (slice(None),) * dim
    return tuple(
        self[(*before, slice(end - n, end))] for n, end in zip(sizes, ends.tolist(), strict=True)
    )


def _even(length: int, size: int) -> list[int]:
    """`length` in pieces of `size`, the last one maybe shorter."""
    return [min(size, length - start) for start in range(0, length, size or 1)] or [0]


_split = SeveralResults(
    "split", "self", lambda self, split_size, dim: _cut(
        self, _even(self.shape[dim], split_size), dim),
    options="split_size dim", view=True,
)  # fmt: skip
_split_with_sizes = SeveralResults(
    "split_with_sizes", "self", _cut, options="split_sizes dim", view=True
)
_unsafe_split = SeveralResults(
    "unsafe_split", "self", _split.forward, options="split_size dim", jvp="linear",
)  # fmt: skip
_unsafe_split_with_sizes = SeveralResults(
    "unsafe_split_with_sizes", "self", _cut, options="split_sizes dim", jvp="linear"
)
for _operation in (_split, _split_with_sizes, _unsafe_split, _unsafe_split_with_sizes):
    _operation.derivative("self", r"\operatorname{cat}(\text{their gradients})", joining.joined)
    _operation.shows(f"self_sizes {' '.join(_operation.options)}")


def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    """The entries `start` to `start + length` along `dim`. A view.

    Raises RuntimeError for a piece that is not there, or a `start` that is no whole number.
    """
    if not input.ndim:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if isinstance(start, Tensor) and (start.ndim or start._array.dtype.kind not in "iu"):
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    axis, start = axis_of(dim, input.ndim), int(start)
    size = input._array.shape[axis]
    if not -size <= start <= size:
        raise IndexError(
            f"start out of range (expected to be in range of [{-size}, {size}], but got {start})"
        )
    start = start + size if start < 0 else start
    if start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return slice_(input, axis, start, start + length, 1)


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The entries whose places along `dim1` and `dim2` differ by `offset`. A view.

    Raises RuntimeError for one axis given twice.
    """
    axes = axis_of(dim1, input.ndim), axis_of(dim2, input.ndim)
    if axes[0] == axes[1]:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return _diagonal(input, offset, *axes)


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """All windows of `size` entries along an axis, `step` apart; they may overlap. A view.

    Raises RuntimeError for windows that are longer than the axis, or steps that are not positive.
    """
    axis = axis_of(dimension, input.ndim)
    length = input._array.shape[axis] if input.ndim else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > length:
        raise RuntimeError(
            f"maximum size for tensor at dimension {axis} is {length} but size is {size}"
        )
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    return _unfold(input, axis, size, step)


def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The slices along `dim`, without that axis. Views.

    Raises RuntimeError for a tensor without axes.
    """
    if not input.ndim:
        axis_of(dim, 0)
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    return _unbind.call(input, axis_of(dim, input.ndim))


def split(tensor: Tensor, split_size_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces along `dim`: of one length (the last may be shorter), or of the given lengths."""
    return tensor.split(split_size_or_sections, dim)


def _split_of(self: Tensor, split_size: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """`split` as a method, whose second argument has another name."""
    one = isinstance(split_size, Tensor) and split_size._array.size == 1
    size = int(split_size) if one else split_size
    return (_by_size if isinstance(size, int) else _by_sizes)(self, size, dim)


def _pieces(input: Tensor, size: int, dim: int) -> tuple[Tensor, ...]:
    if not input.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    if size < 0:
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={size}")
    axis = axis_of(dim, input.ndim)
    length = input._array.shape[axis]
    if size == 0 and length:
        raise RuntimeError(
            f"split_size can only be 0 if dimension size is 0, but got dimension size of {length}"
        )
    return _split.call(input, size, axis)


def unsafe_split(input: Tensor, split_size: int, dim: int = 0) -> tuple[Tensor, ...]:
    """As `split`, in the same memory, but no views to autograd: writing to them goes unnoticed."""
    _pieces(input, split_size, dim)  # raises what there is to raise
    return _unsafe_split.call(input, split_size, axis_of(dim, input.ndim))


def unsafe_split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """The same of `split_with_sizes`."""
    split_with_sizes(input, split_sizes, dim)  # raises what there is to raise
    return _unsafe_split_with_sizes.call(input, tuple(split_sizes), axis_of(dim, input.ndim))


def unsafe_chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """The same of `chunk`."""
    lengths = [piece._array.shape[dim] for piece in chunk(input, chunks, dim)]
    if not sum(lengths):
        return unsafe_split_with_sizes(input, lengths, dim)
    return unsafe_split(input, lengths[0], dim)


def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces of these lengths along `dim`, which must add up. Views.

    Raises RuntimeError if they do not add up, or one is negative.
    """
    if not input.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    axis, sizes = axis_of(dim, input.ndim), list(split_sizes)
    if any(size < 0 for size in sizes):
        raise RuntimeError(
            "split_with_sizes expects split_sizes have only non-negative entries, but got "
            f"split_sizes={sizes}"
        )
    if sum(sizes) != input._array.shape[axis]:
        raise RuntimeError(
            "split_with_sizes expects split_sizes to sum exactly to "
            f"{input._array.shape[axis]} (input tensor's size at dimension {dim}), but got "
            f"split_sizes={sizes}"
        )
    return _split_with_sizes.call(input, tuple(sizes), axis)


_by_size, _by_sizes = checked(_pieces, "split"), checked(split_with_sizes, "split_with_sizes")


def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` pieces along `dim`, of one length but for the last. Views.

    Raises RuntimeError for a tensor without axes, or `chunks` that is not positive.
    """
    if not input.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    length = input._array.shape[axis_of(dim, input.ndim)]
    if not length:
        return split_with_sizes(input, [0] * chunks, dim)
    return _pieces(input, -(-length // chunks), dim)


def tensor_split(input: Tensor, indices_or_sections: Any, dim: int = 0) -> tuple[Tensor, ...]:
    """Pieces along `dim`: that many, as even as can be, or cut before the given places. Views.

    Raises RuntimeError for a tensor without axes, or a count that is not positive.
    """
    if not input.ndim:
        raise RuntimeError(
            "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        )
    axis = int(axis_of(dim, input.ndim))
    length = input._array.shape[axis]
    where = _plain(indices_or_sections)
    if isinstance(where, int):
        n = where
        if n <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {n}")
        cuts = [k * (length // n) + min(k, length % n) for k in range(1, n)]
    else:
        cuts = [min(max(c + length if c < 0 else c, 0), length) for c in where]
    starts, ends = [0, *cuts], [*cuts, length]
    return tuple(slice_(input, axis, s, max(s, e), 1) for s, e in zip(starts, ends, strict=True))


def _plain(indices_or_sections: Any) -> Any:
    """A number or several, also where a tensor holds them."""
    tensor = isinstance(indices_or_sections, Tensor)
    return indices_or_sections.tolist() if tensor else indices_or_sections


def _split_evenly(name: str, axis: int, least: int) -> Any:
    """`tensor_split` along `axis`, where so many parts must be of one size.

    least: how many axes there must be; of a vector the only one is split.
    """

    def function(input: Tensor, indices_or_sections: Any) -> tuple[Tensor, ...]:
        if input.ndim < least:
            raise RuntimeError(
                f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor "
                f"with {input.ndim} dimensions!"
            )
        along, where = min(axis, input.ndim - 1), _plain(indices_or_sections)
        if isinstance(where, int):
            length, count = input._array.shape[along], where
            if count == 0 or length % count:
                raise RuntimeError(
                    f"torch.{name} attempted to split along dimension {along}, but the size of the "
                    f"dimension {length} is not divisible by the split_size {count}!"
                )
        return tensor_split(input, where, along)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"Pieces along axis {axis} of at least {least}: so many of one size, or cut before given "
        "places. Views.\n\nRaises RuntimeError for too few axes, or if they are not of one size."
    )
    return function


hsplit = _split_evenly("hsplit", 1, least=1)
vsplit = _split_evenly("vsplit", 0, least=2)
dsplit = _split_evenly("dsplit", 2, least=3)
