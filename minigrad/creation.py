"""New tensors: from data, filled, random."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes
from .autograd.grad_mode import state
from .tensor import Size, Tensor, new_tensor
from .versions import INFERENCE

_generator = np.random.default_rng()


def manual_seed(seed: int) -> None:
    """Start the random numbers anew from `seed`. They are NumPy's, not PyTorch's."""
    global _generator
    _generator = np.random.default_rng(seed)


def tensor(data: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """A leaf tensor with a copy of `data`: a number, nested lists of numbers, or an array.

    Python floats become the default dtype (float32), integers int64, truth values bool.
    Raises ValueError if lists are of unequal length, TypeError if an entry is no number.
    """
    if isinstance(data, (Tensor, np.ndarray, np.generic)):
        array = np.array(data._array if isinstance(data, Tensor) else data)
        if array.dtype not in dtypes.FROM_NUMPY:
            raise TypeError(f"can't convert np.ndarray of type numpy.{array.dtype}.")
    else:
        _check_nested(data, 0)
        array = np.array(_plain(data))
        if dtype is None and (array.size == 0 or array.dtype.kind == "f"):
            array = array.astype(dtypes.get_default_dtype().numpy)
    if dtype is not None:
        array = array.astype(dtypes.named(dtype).numpy)
    return leaf(array, requires_grad)


def leaf(array: np.ndarray, requires_grad: bool) -> Tensor:
    """A tensor on this array. Raises RuntimeError if it cannot require grad."""
    if requires_grad and array.dtype.kind != "f":
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    out = new_tensor(array)
    if state.inference:
        out._counter = INFERENCE
    if requires_grad:
        out._requires_grad = out._ask = True
    return out


def _plain(data: Any) -> Any:
    if isinstance(data, Tensor):
        return data.item()
    return [_plain(v) for v in data] if isinstance(data, (list, tuple)) else data


def _check_nested(data: Any, depth: int) -> None:
    """Raise PyTorch's errors for ragged lists and for entries that are no numbers."""
    if not isinstance(data, (list, tuple)):
        if not isinstance(data, (bool, int, float, np.generic, Tensor)):
            if data is None:
                raise RuntimeError("Could not infer dtype of NoneType")
            raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
        return
    if data and isinstance(data[0], (list, tuple)):
        for part in data:
            length = len(part) if isinstance(part, (list, tuple)) else 1
            if length != len(data[0]):
                raise ValueError(
                    f"expected sequence of length {len(data[0])} at dim {depth + 1} (got {length})"
                )
    for part in data:
        _check_nested(part, depth + 1)


def _shape(name: str, size: tuple[Any, ...]) -> tuple[int, ...]:
    """`ones(2, 3)`, `ones((2, 3))` and `ones(shape)` mean the same."""
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = tuple(size[0])
    for n in size:
        if not isinstance(n, (int, np.integer)) or isinstance(n, bool):
            raise TypeError(
                f"{name}(): argument 'size' (position 1) must be tuple of ints, "
                f"not {type(n).__name__}"
            )
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: {list(size)}")
    return tuple(size)


def _numpy_type(dtype: Any) -> np.dtype:
    return (dtypes.get_default_dtype() if dtype is None else dtypes.named(dtype)).numpy


def ones(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor of ones, float32 unless said otherwise."""
    return leaf(np.ones(_shape("ones", size), _numpy_type(dtype)), requires_grad)


def zeros(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor of zeros, float32 unless said otherwise."""
    return leaf(np.zeros(_shape("zeros", size), _numpy_type(dtype)), requires_grad)


def full(size: Any, fill_value: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor with `fill_value` in every entry, of that number's dtype."""
    if dtype is None:
        kind = dtypes.of_scalar(fill_value)
    else:
        kind = dtypes.named(dtype).numpy
    return leaf(np.full(_shape("full", (size,)), fill_value, kind), requires_grad)


def arange(
    start: Any, end: Any = None, step: Any = 1, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """Numbers from `start` up to but not `end`. int64 if all three are integers."""
    if end is None:
        start, end = 0, start
    whole = all(isinstance(v, (int, np.integer)) for v in (start, end, step))
    kind = dtypes.int64.numpy if whole and dtype is None else _numpy_type(dtype)
    return leaf(np.arange(start, end, step).astype(kind), requires_grad)


def eye(n: int, m: int | None = None, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Ones on the diagonal, zeros elsewhere; shape (n, m)."""
    return leaf(np.eye(n, m, dtype=_numpy_type(dtype)), requires_grad)


def randn(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Independent normal random numbers, mean 0 and variance 1."""
    values = _generator.standard_normal(_shape("randn", size))
    return leaf(np.asarray(values).astype(_numpy_type(dtype)), requires_grad)


def rand(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Independent random numbers, uniform on [0, 1)."""
    values = _generator.random(_shape("rand", size))
    return leaf(np.asarray(values).astype(_numpy_type(dtype)), requires_grad)


def _like(make: Any, name: str) -> Any:
    def like(input: Tensor, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
        kind = input.dtype if dtype is None else dtype
        return make(tuple(input.shape), dtype=kind, requires_grad=requires_grad)

    like.__name__ = like.__qualname__ = name
    like.__doc__ = f"A tensor like `{make.__name__}` of the shape and dtype of `input`."
    return like


ones_like = _like(ones, "ones_like")
zeros_like = _like(zeros, "zeros_like")
randn_like = _like(randn, "randn_like")
rand_like = _like(rand, "rand_like")

__all__ = ["Size", "arange", "eye", "full", "manual_seed", "ones", "ones_like", "rand", "rand_like",
           "randn", "randn_like", "tensor", "zeros", "zeros_like"]  # fmt: skip
