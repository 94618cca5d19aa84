"""Mathematics on NumPy arrays and on tensors alike.

A derivative is written once. In a plain backward pass it runs on arrays, which is fast; with
`create_graph=True` it runs on tensors, which is recorded. Operators (`+ - * / ** @`) work on both
by themselves; what has no operator is here. An elementary function has the name that NumPy and
PyTorch share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

ARRAY: Any = (np.ndarray, np.generic, int, float)
"""What is computed with as an array here. NumPy's own scalars come out of its sums and products. A
Python number may stand for a factor or for one side of `where`, not for what is asked for its shape
or its dtype."""

Shape = tuple[int, ...]


def exp(x: Any) -> Any:
    """E to the x."""
    return np.exp(x) if isinstance(x, ARRAY) else x.exp()


def log(x: Any) -> Any:
    """Natural logarithm."""
    return np.log(x) if isinstance(x, ARRAY) else x.log()


def sign(x: Any) -> Any:
    """-1, 0 or 1; 0 for nan. (PyTorch's derivatives ask for `sgn`, which knows complex numbers.)"""
    if not isinstance(x, ARRAY):
        return x.sgn()
    if x.dtype.kind == "b":
        return x.copy()
    return np.subtract(x > 0, x < 0, dtype=x.dtype)


def mask(grad: Any, condition: Any) -> Any:
    """`grad` where the condition holds and exactly zero elsewhere (also where `grad` is nan)."""
    if isinstance(grad, ARRAY):
        kind = grad.dtype
        if kind not in BITS:
            return np.where(condition, grad, np.zeros((), kind))
        return (grad.view(BITS[kind]) * condition).view(kind)
    return grad.where(condition, 0.0)


def cleared(grad: Any, condition: Any) -> Any:
    """`grad` where the condition does not hold and exactly zero where it does."""
    if isinstance(grad, ARRAY):
        return mask(grad, ~condition)
    return grad.masked_fill(condition, 0)


def without(grad: Any, condition: Any) -> Any:
    """The same, recorded by the node of `where`, and not by that of `masked_fill`."""
    if isinstance(grad, ARRAY):
        return cleared(grad, condition)
    return grad.new_zeros(()).where(condition, grad)


BITS = {np.dtype(f"f{size}"): np.dtype(f"u{size}") for size in (2, 4, 8)}
"""The bits of floating point numbers as whole numbers: times 1 they stay, times 0 they are those of
zero, whatever they were. Measured on 64×100 random entries in float32: 3 µs; `np.where`, which
decides at each of them, 21 µs."""


def power(x: Any, exponent: float) -> Any:
    """`x` to the power of a number. An array to the power 1 is that array."""
    if exponent == -0.5 and isinstance(x, ARRAY):  # -inf for -0, as PyTorch; NumPy: inf
        return 1 / np.sqrt(x)
    return x if exponent == 1 and isinstance(x, ARRAY) else x**exponent


def times_vector(matrix: Any, vector: Any) -> Any:
    """A matrix times a vector; times each of several, if they lie along further axes in front."""
    if vector.ndim == 1:
        return matrix @ vector
    return (matrix @ unsqueeze(vector, (vector.ndim,)))[..., 0]


def swap(x: Any) -> Any:
    """The last two axes exchanged: the transpose of each matrix."""
    return x.mT if isinstance(x, ARRAY) else x.swapaxes(-1, -2)


def transposed(x: Any) -> Any:
    """The transpose of one matrix; of each of several that lie along further axes in front."""
    return x.mT if isinstance(x, ARRAY) else x.t()


def expand(x: Any, shape: Shape) -> Any:
    """`x` stretched to `shape`, without a copy."""
    if not isinstance(x, ARRAY):
        return x.expand(shape)
    if x.shape == shape:  # NumPy would give its axes of length 1 other strides
        return x.view()
    if x.size == 1:  # one number for all places: five times as fast as broadcast_to
        return np.ndarray(shape, x.dtype, np.asarray(x), 0, (0,) * len(shape))
    out = np.broadcast_to(x, shape)
    if x.flags.writeable:  # who gets it may write to it, if no two entries lie at one place
        out.flags.writeable = True
    return out


def reshape(x: Any, shape: Shape) -> Any:
    """The same entries, in the same order, in another shape."""
    return x.reshape(shape)


def unsqueeze(x: Any, dims: Iterable[int]) -> Any:
    """`x` with an axis of length 1 put in at each of `dims` (places in the result, ascending)."""
    if isinstance(x, ARRAY):
        return np.expand_dims(x, (*dims,))  # NumPy before 2.3 took a kind of tuple for a number
    for dim in dims:
        x = x.unsqueeze(dim)
    return x


def sum_to(x: Any, shape: Shape, leading: int = 0) -> Any:
    """The transpose of broadcasting: `x` summed over the axes that stretched it from `shape`.

    The first `leading` axes were there before; new ones came after them.
    """
    extra = len(x.shape) - len(shape)
    stretched = tuple(range(leading, leading + extra))
    if x.shape[leading + extra :] != shape[leading:]:
        places = range(leading, len(shape))
        stretched += tuple([k + extra for k in places if shape[k] == 1 != x.shape[k + extra]])
    if isinstance(x, ARRAY):
        kept: Any = not extra  # the axes themselves: with length 1 they are those of `shape`
        total = np.add.reduce(x, stretched, x.dtype, keepdims=kept)
        return total if total.shape == shape else total.reshape(shape)
    if not shape:
        return x.sum() if x.ndim else x
    x = x.sum(stretched, True) if stretched else x
    return x.reshape(shape) if extra else x


def apply(operation: Any, x: Any, *options: Any) -> Any:
    """An operation on a tensor; its forward alone on an array."""
    return (operation.forward if isinstance(x, ARRAY) else operation)(x, *options)


def like(x: Any, array: np.ndarray) -> Any:
    """`array` as it is if `x` is an array; as a tensor if `x` is one."""
    return array if isinstance(x, ARRAY) else type(x)._of(array)


def array(x: Any) -> np.ndarray:
    """`x` itself, or the array inside a tensor: to look at, not to compute with."""
    return x if isinstance(x, ARRAY) else x._array


def eye(x: Any, rows: int, columns: int | None = None) -> Any:
    """Ones on the diagonal, zeros elsewhere, in the dtype of `x`."""
    return like(x, np.eye(rows, columns, dtype=numpy_dtype(x)))


def zeros(grad: Any) -> Any:
    """Zeros like `grad`: the derivative of what is flat."""
    return like(grad, np.zeros_like(array(grad)))


def numpy_dtype(x: Any) -> np.dtype:
    """The NumPy dtype of an array or of the array inside a tensor."""
    return x.dtype if isinstance(x, ARRAY) else x._array.dtype


def cast(x: Any, dtype: np.dtype) -> Any:
    """`x` in another NumPy dtype."""
    return x.astype(dtype) if isinstance(x, ARRAY) else x._cast(dtype)


def _both(name: str, of_arrays: Any) -> Any:
    """A function of one argument: `of_arrays` for arrays, the method `name` for tensors."""

    def function(x: Any, *options: Any) -> Any:
        if isinstance(x, ARRAY):
            return of_arrays(x, *options)
        return getattr(x, name)(*options)

    function.__name__ = name
    return function


_error_function = np.frompyfunc(math.erf, 1, 1)  # NumPy has none; Python's, entry by entry

sin, cos = _both("sin", np.sin), _both("cos", np.cos)
sinh, cosh, tanh = _both("sinh", np.sinh), _both("cosh", np.cosh), _both("tanh", np.tanh)
rsqrt = _both("rsqrt", lambda x: 1 / np.sqrt(x))
absolute, isnan = _both("abs", np.absolute), _both("isnan", np.isnan)
isfinite, log1p = _both("isfinite", np.isfinite), _both("log1p", np.log1p)
sigmoid = _both("sigmoid", lambda x: 1 / (1 + np.exp(-x)))
erf = _both("erf", lambda x: np.asarray(_error_function(x)).astype(x.dtype))
cumsum = _both("cumsum", np.add.accumulate)
tril, triu = _both("tril", np.tril), _both("triu", np.triu)


add_up: Any = np.add.reduce
"""As `np.sum`, but not in NumPy's Python code, where it would warn (see `warn.py`)."""


def sum(x: Any, dims: tuple[int, ...], keepdim: bool = False) -> Any:
    """The sum over the axes `dims`, in the dtype of `x`."""
    if isinstance(x, ARRAY):
        return add_up(x, axis=dims, keepdims=keepdim, dtype=x.dtype)
    return x.sum(dims, keepdim)


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, `y` elsewhere; one of the two may be a number."""
    if isinstance(condition, ARRAY):
        return np.where(condition, x, y)
    return y.where(~condition, x) if isinstance(x, ARRAY) else x.where(condition, y)
