"""Several tensors become one, or one is repeated: `cat`, `stack`, `repeat`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..device import contiguous_format
from ..tensor import Tensor
from ..tensor_base import axis_of
from ..type_names import type_name
from ..warn import warn
from . import either
from .axes import spread
from .operands import mismatch
from .operation import Operation
from .refusals import refuse_kinds
from .shape import reshape


@functools.cache
def _cat(count: int) -> Operation:
    """The concatenation of so many tensors; `starts` says where each one begins."""
    operation = Operation(
        "cat", " ".join(f"tensor{k}" for k in range(count)),
        lambda *args: _in_a_row(args[:count], args[count]),
        options="dim starts", jvp="linear", promote="common", shown="cat([…], dim)",
    )  # fmt: skip
    for k in range(count):
        operation.derivative(f"tensor{k}", r"\text{its part of grad}", _part(k))
    operation.shows("dim")
    return operation


def _in_a_row(arrays: Sequence[np.ndarray], dim: int) -> np.ndarray:
    with_entries = [array for array in arrays if array.shape != (0,)]
    return np.asarray(np.concatenate(with_entries or arrays, dim), order="C")


def _part(k: int) -> Callable[..., Any]:
    def part(grad: Any, dim: int, starts: Any) -> Any:
        """What is as `narrow` shows it; a tensor without entries may have had another shape."""
        own = grad[(slice(None),) * dim + (slice(starts[k], starts[k + 1]),)]
        return own if tuple(own.shape) == starts[-1][k] else own.reshape(starts[-1][k])

    return part


@functools.cache
def _stack(count: int) -> Operation:
    """So many tensors side by side along a new axis."""
    operation = Operation(
        "stack", " ".join(f"tensor{k}" for k in range(count)),
        lambda *args: np.asarray(np.stack(args[:count], args[count]), order="C"),
        options="dim", jvp="linear", promote="common", shown="stack([…], dim)",
    )  # fmt: skip
    for k in range(count):
        operation.derivative(f"tensor{k}", r"\text{its part of grad}", _layer(k))
    return operation


def _layer(k: int) -> Callable[..., Any]:
    return lambda grad, dim: grad[(slice(None),) * dim + (k,)]


_repeat = Operation(
    "repeat", "self", lambda self, repeats: np.asarray(np.tile(self, repeats), order="C"),
    options="repeats", jvp="linear", shown="self.repeat(repeats)",
)  # fmt: skip


def _summed(grad: Any, self_sizes: tuple[int, ...], repeats: tuple[int, ...]) -> Any:
    """Each axis that was repeated is taken apart in (repeats, length), and the repeats summed."""
    if 0 in repeats:
        return either.like(grad, np.zeros(self_sizes, either.numpy_dtype(grad)))
    added = len(repeats) - len(self_sizes)
    for _ in range(added):
        grad = either.sum(grad, (0,))
    apart: list[int] = []
    summed: list[int] = []
    for times, length in zip(repeats[added:], self_sizes, strict=True):
        if times != 1:
            summed.append(len(apart))
            apart.append(times)
        apart.append(length)
    return either.sum(either.reshape(grad, tuple(apart)), tuple(summed)) if summed else grad


_repeat.derivative(
    "self",
    r"\textstyle\sum \text{over the repeats of } grad",
    lambda grad, self_sizes, repeats: _summed(grad, self_sizes, repeats) if repeats else grad,
)


def joined(grads: Any, dim: int) -> Any:
    """`cat` for arrays and tensors alike."""
    return np.concatenate(grads, dim) if isinstance(grads[0], either.ARRAY) else cat(grads, dim)


def stacked(grads: Any, dim: int) -> Any:
    """`stack` for arrays and tensors alike."""
    return np.stack(grads, dim) if isinstance(grads[0], either.ARRAY) else stack(grads, dim)


def _list(name: str, tensors: Any) -> list[Tensor]:
    """The tensors. Raises TypeError for what is no list of tensors."""
    if not isinstance(tensors, (tuple, list)):
        raise TypeError(
            f"{name}(): argument 'tensors' (position 1) must be tuple of Tensors, not "
            f"{type_name(tensors)}"
        )
    for k, value in enumerate(tensors):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {type_name(value)}"
            )
    return list(tensors)


def _some(name: str, tensors: Any) -> list[Tensor]:
    """The same; raises RuntimeError if there is none."""
    values = _list(name, tensors)
    if not values:
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    return values


def cat(tensors: Any, dim: int = 0) -> Tensor:
    """The tensors one after the other along `dim`; elsewhere their lengths must be equal.

    Raises RuntimeError if they are not, or for tensors without axes. A tensor of shape (0,) is
    left out.
    """
    values = _list("cat", tensors)
    if not values:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    shapes = [value._array.shape for value in values]
    for k, shape in enumerate(shapes):
        if not shape:
            raise RuntimeError(f"zero-dimensional tensor (at position {k}) cannot be concatenated")
    first = next((shape for shape in shapes if shape != (0,)), (0,))
    axis = 0 if first == (0,) else axis_of(dim, len(first))  # PyTorch does not ask either
    lengths = [0]
    for k, shape in enumerate(shapes):
        if shape == (0,) != first:
            lengths.append(lengths[-1])
            continue
        if len(shape) != len(first):
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {len(first)} and {len(shape)}"
            )
        for d, (n, m) in enumerate(zip(first, shape, strict=True)):
            if d != axis and n != m:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {axis}. Expected size {n} "
                    f"but got size {m} for tensor number {k} in the list."
                )
        lengths.append(lengths[-1] + shape[axis])
    return _cat(len(values))(*values, axis, (*lengths, tuple(shapes)))


def stack(tensors: Any, dim: int = 0) -> Tensor:
    """Tensors of one shape side by side along a new axis at `dim`.

    Raises RuntimeError for no tensors, or tensors of several shapes.
    """
    values = _list("stack", tensors)
    if not values:
        raise RuntimeError("stack expects a non-empty TensorList")
    axis = axis_of(dim, values[0].ndim + 1)
    for k, value in enumerate(values):
        if value.shape != values[0].shape:
            raise RuntimeError(
                "stack expects each tensor to be equal size, but got "
                f"{list(values[0].shape)} at entry 0 and {list(value.shape)} at entry {k}"
            )
    return _stack(len(values))(*values, axis)


def hstack(tensors: Any) -> Tensor:
    """The tensors side by side: `cat` along axis 1, or along 0 for vectors."""
    values = [atleast_1d(value) for value in _some("hstack", tensors)]
    return cat(values, 0 if values[0].ndim == 1 else 1)


def vstack(tensors: Any) -> Tensor:
    """The tensors below one another: `cat` along axis 0, vectors as rows."""
    return cat([atleast_2d(value) for value in _some("vstack", tensors)], 0)


def atleast_1d(*tensors: Any) -> Any:
    """A tensor without axes gets one. Of several tensors, all."""
    given = _tensors(tensors)
    results = tuple(reshape(value, 1) if value.ndim == 0 else value for value in given)
    return results[0] if _is_one(tensors) else results


def atleast_2d(*tensors: Any) -> Any:
    """Fewer than two axes become two; a vector is a row. Of several tensors, all."""
    results = []
    for value in _tensors(tensors):
        row = reshape(value, (1, 1)) if value.ndim == 0 else value
        results.append(row.unsqueeze(0) if row.ndim == 1 else row)
    return results[0] if _is_one(tensors) else tuple(results)


def atleast_3d(*tensors: Any) -> Any:
    """Fewer than three axes become three, the last of them new. Of several tensors, all."""
    results = []
    for value in _tensors(tensors):
        row = reshape(value, (1, 1, 1)) if value.ndim == 0 else value
        row = row.unsqueeze(0) if row.ndim == 1 else row
        results.append(row.unsqueeze(-1) if row.ndim == 2 else row)
    return results[0] if _is_one(tensors) else tuple(results)


def dstack(tensors: Any) -> Tensor:
    """The tensors behind one another: `cat` along the third axis, which they get if need be."""
    return cat([atleast_3d(value) for value in _some("dstack", tensors)], 2)


def column_stack(tensors: Any) -> Tensor:
    """The tensors side by side, vectors as columns."""
    values = _some("column_stack", tensors)
    return hstack([reshape(x, (x.numel(), 1)) if x.ndim <= 1 else x for x in values])


def _is_one(tensors: tuple[Any, ...]) -> bool:
    return len(tensors) == 1 and isinstance(tensors[0], Tensor)


def _tensors(values: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """The tensors, or those of one list. Raises PyTorch's TypeError for what is none."""
    values = spread(values)
    for k, value in enumerate(values):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {type_name(value)}"
            )
    return values


def repeat(input: Tensor, *repeats: Any) -> Tensor:
    """A copy with the tensor repeated so many times along each axis.

    Raises RuntimeError for fewer numbers than axes, or a negative one.
    """
    repeats = spread(repeats)
    if len(repeats) < input.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    if any(n < 0 for n in repeats):
        shape = [n * m for n, m in zip(repeats, (1,) * (len(repeats) - input.ndim) + input.shape)]
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(shape)}: {shape}")
    return _repeat(input, tuple(repeats))


def tile(input: Tensor, *dims: Any) -> Tensor:
    """`repeat`, with 1 for the axes that are not named."""
    dims = spread(dims)
    return repeat(input, (1,) * (input.ndim - len(dims)) + tuple(dims))


def repeat_interleave(
    input: Tensor, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Tensor:
    """Each entry along `dim` (of all of them in one row, if None) repeated, one after the other.

    repeats: a number, or a tensor with a number for each entry; if it is left out, `input` are the
    numbers, and each place is repeated so often. output_size: how many there will be along `dim`.
    Raises RuntimeError if there are not, or for negative numbers.
    """
    if repeats is None:
        if input.ndim != 1:
            raise RuntimeError("repeat_interleave only accept 1D vector as repeat")
        input, repeats = Tensor._of(np.arange(input.numel())), input
    if dim is None:
        input, dim = (input if input.ndim == 1 else input.reshape(-1)), 0
    axis = axis_of(dim, input.ndim)
    if isinstance(repeats, Tensor):
        if repeats.ndim > 1:
            raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
        refuse_kinds(repeats._array, "bf", "repeat_interleave_cpu")
        if np.any(repeats._array < 0):
            raise RuntimeError("repeats can not be negative")
        if repeats.ndim and repeats.numel() not in (1, input.shape[axis]):
            raise RuntimeError(
                "repeats must have the same size as input along dim, but got repeats.size(0) = "
                f"{repeats.shape[0]} and input.size(0) = {input.shape[axis]}"
            )
        places = np.repeat(np.arange(input.shape[axis]), repeats._array)
        if output_size not in (None, len(places)):
            raise RuntimeError("allocated size does not match required size")
        return input.index_select(axis, Tensor._of(places))
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    if output_size is not None and output_size != input.shape[axis] * repeats:
        raise RuntimeError(
            "repeat_interleave: Invalid output_size, expected "
            f"{input.shape[axis] * repeats} but got {output_size}"
        )
    shape = list(input.shape)
    wide = input.unsqueeze(axis + 1).expand(*shape[: axis + 1], repeats, *shape[axis + 1 :])
    return wide.clone(memory_format=contiguous_format).view(
        *shape[:axis], shape[axis] * repeats, *shape[axis + 1 :]
    )


def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """All of them stretched to one shape, without a copy.

    Raises TypeError for what is no tensor.
    """
    for k, value in enumerate(tensors):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 0, but got {type_name(value)}"
            )
    try:
        shape = np.broadcast_shapes(*[value._array.shape for value in tensors])
    except ValueError:
        raise mismatch(*[value._array for value in tensors]) from None
    return tuple(v if v._array.shape == shape else v.expand(shape) for v in tensors)


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """A grid from one vector per axis: each vector stretched over all the others' axes.

    Raises RuntimeError for no vectors, for several dtypes, or another `indexing` than "ij" and
    "xy".
    """
    tensors = _tensors(tensors)
    if not isinstance(indexing, str | None):
        raise TypeError(f"meshgrid(): argument 'indexing' must be str, not {type_name(indexing)}")
    if indexing is None:
        warn("torch.meshgrid: in an upcoming release, it will be required to pass the indexing "
             "argument.")  # fmt: skip
        indexing = "ij"
    if not tensors:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    if any(value._array.dtype != tensors[0]._array.dtype for value in tensors):
        raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    for value in tensors:
        if value.ndim > 1:
            raise RuntimeError(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: "
                f"{value.detach()}"
            )
    if indexing not in ("xy", "ij"):
        raise RuntimeError(
            'torch.meshgrid: indexing must be one of "xy" or "ij", but received: ' + indexing
        )
    swap = indexing == "xy" and len(tensors) > 1
    if swap:
        tensors = (tensors[1], tensors[0], *tensors[2:])
    shape = tuple(value.numel() for value in tensors)
    grids = [
        value.view(tuple(n if d == k else 1 for d, n in enumerate(shape))).expand(shape)
        for k, value in enumerate(tensors)
    ]
    if swap:
        grids[:2] = grids[1::-1]
    return tuple(grids)
