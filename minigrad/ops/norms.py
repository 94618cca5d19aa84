"""The length of a vector, in the several meanings of the word.

Source of the derivatives and of their values at 0: PyTorch's `norm_backward`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..calling import checked
from ..device import strided
from ..tensor import Tensor
from ..tensor_base import axis_of
from ..type_names import type_name
from . import either
from .axes import permute
from .extremes import amax, amin
from .operation import Operation
from .reductions import beside, dims_of
from .refusals import expect_floats, expect_matrices
from .singular import svdvals
from .type_casts import in_dtype, to


def length_of(x: np.ndarray, ord: float, dim: tuple[int, ...], keepdim: bool) -> Any:
    """The norm of this order along the axes `dim`; 0: how many entries are not 0."""
    sizes = np.abs(x.astype(np.float32) if x.dtype == np.float16 else x)
    if ord == 0:
        result = either.add_up(sizes != 0, axis=dim, keepdims=keepdim)
    elif math.isinf(ord):
        most: Any = np.maximum if ord > 0 else np.minimum
        result = most.reduce(sizes, axis=dim, keepdims=keepdim)
    elif ord == 1:
        result = either.add_up(sizes, axis=dim, keepdims=keepdim)
    elif ord == 2:
        result = np.sqrt(either.add_up(sizes * sizes, axis=dim, keepdims=keepdim))
    else:
        result = either.add_up(sizes**ord, axis=dim, keepdims=keepdim) ** (1 / ord)
    return np.asarray(result).astype(x.dtype, copy=False)


def _slope(x: Any, ord: float, dim: tuple[int, ...], keepdim: bool, result: Any) -> Any:
    """The derivative of the length with respect to each entry; 0 where there is none."""
    length = beside(result, dim, keepdim)
    if ord == 0:
        return x * 0
    if ord == 1:
        return either.sign(x)
    if ord == 2:
        return either.cleared(x / length, length == 0)
    if math.isinf(ord):
        ties = either.absolute(x) == length
        count = either.add_up(
            either.array(ties), axis=dim, keepdims=True, dtype=either.numpy_dtype(x)
        )
        return either.mask(either.sign(x) / either.like(x, count), ties)
    return _powers(x, ord) * either.cleared(length ** (1 - ord), length == 0)


def _powers(x: Any, ord: float) -> Any:
    """sign(x) |x| to the power `ord` - 1, in PyTorch's ways: they differ when derived again."""
    if ord > 2:
        return x * either.absolute(x) ** (ord - 2)
    powers = either.sign(x) * either.absolute(x) ** (ord - 1)
    return powers if ord > 1 else either.cleared(powers, x == 0)


def _sloped(grad: Any, x: Any, ord: float, dim: tuple[int, ...], keepdim: bool, result: Any) -> Any:
    """The cotangent times the slope."""
    grad = beside(grad, dim, keepdim)
    if ord < 1 or ord == 2 or math.isinf(ord):
        return grad * _slope(x, ord, dim, keepdim, result)
    length = beside(result, dim, keepdim)
    return _powers(x, ord) * either.cleared(grad / length ** (ord - 1), length == 0)


_norm = Operation(
    "linalg_vector_norm", "self", length_of, options="ord dim keepdim",
    shown="norm(self, ord, dim)", layout="C",
)  # fmt: skip
_norm.derivative(
    "self",
    r"grad \odot \operatorname{sign}(self) \left(\tfrac{|self|}{result}\right)^{ord - 1}",
    lambda grad, self, ord, dim, keepdim, result: (
        either.sign(self) * beside(grad, dim, keepdim)
        if ord == 1
        else _sloped(grad, self, ord, dim, keepdim, result)
        if ord
        else None  # the number of entries that are not 0 has no derivative
    ),
)


@_norm.tangent
def _norm_moved(moved: Any, self: Any, ord: float, dim: Any, keepdim: bool, result: Any) -> Any:
    if ord == 2:
        return (either.sum(moved["self"] * self, dim, keepdim) / result).masked_fill(result == 0, 0)
    return either.sum(moved["self"] * _slope(self, ord, dim, keepdim, result), dim, keepdim)


def vector_norm(
    input: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """The `ord`-norm of all entries, or along `dim`: 2, 1, any other number, inf, -inf or 0.

    Raises RuntimeError for integers, and for a largest entry where there is none.
    """
    kind = input.dtype if dtype is None else dtype
    expect_floats("linalg.vector_norm", input)
    if not kind.is_floating_point:
        name = kind.type_name.removesuffix("Tensor")
        raise RuntimeError(
            f"linalg.vector_norm: dtype should be floating point or complex, but got {name}"
        )
    dims = dims_of(input, dim)
    if ord < 0 or math.isinf(ord):
        empty = [d for d in dims if not input._array.shape[d]]
        if not input._array.size and len(dims) == input.ndim:
            raise RuntimeError(
                f"linalg.vector_norm cannot compute the {ord:g} norm on an empty tensor because "
                "the operation does not have an identity"
            )
        if empty:
            raise RuntimeError(
                f"linalg.vector_norm cannot compute the {ord:g} norm on the dimension {empty[0]}"
                "because this dimension is empty and the operation does not have an identity"
            )
    return in_dtype(_norm, input, kind, ord, dims, keepdim)


def matrix_norm(
    input: Tensor, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *,
    dtype: Any = None,
) -> Tensor:  # fmt: skip
    """The norm of matrices: "fro"; the largest (-: smallest) sum of a column (1) or row (inf), or
    singular value (2); the sum of the singular values ("nuc").

    Raises RuntimeError for an order that no matrix norm has, and for integers.
    """
    known = ("fro", "nuc") if isinstance(ord, str) else (1, -1, 2, -2, math.inf, -math.inf)
    if ord not in known:
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    expect_matrices("linalg.matrix_norm", input)
    expect_floats("linalg.matrix_norm", input)
    dims = dim if isinstance(dim, (tuple, list)) else [dim]
    if len(dims) != 2:
        raise RuntimeError(
            f"linalg.matrix_norm: dim must be a 2-tuple. Got {' '.join(map(str, dims))}"
        )
    rows, columns = (axis_of(d, input.ndim) % input.ndim for d in dims)
    if rows == columns:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({rows}, {columns})")
    if ord == "fro":
        return vector_norm(input, 2, [rows, columns], keepdim, dtype=dtype)
    if ord in ("nuc", 2, -2):
        return _of_singular_values(input, ord, rows, columns, keepdim, dtype)
    along, across = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = vector_norm(input, 1, along, keepdim, dtype=dtype)
    across -= across > along and not keepdim
    if ord > 0 and not sums.shape[across]:  # the largest of none is 0
        return sums.sum(across, keepdim)
    return (amax if ord > 0 else amin)(sums, across, keepdim)


_vector_norm = checked(vector_norm, "linalg_vector_norm")
_matrix_norm = checked(matrix_norm, "linalg_matrix_norm")


def norm(
    input: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, out: Any = None,
    dtype: Any = None,
) -> Tensor:  # fmt: skip
    """The `p`-norm of all entries, or along `dim`; "fro" is the 2-norm of all the entries, "nuc"
    the sum of the singular values of a matrix.
    """
    if input.layout is not strided:  # a tensor of another library
        raise TypeError(
            "frobenius_norm(): argument 'input' (position 1) must be Tensor, not "
            + type_name(input)
        )
    options = {"dtype": dtype} if out is None else {"dtype": dtype, "out": out}
    dims = [dim] if isinstance(dim, int) else dim
    if isinstance(p, str) and (p != "fro" or (dims is not None and len(dims) > 2)):
        dims = range(input.ndim) if dims is None else dims
        return _matrix_norm(input, p, list(dims), keepdim, **options)
    ord = 2 if isinstance(p, str) else 2.0 if p is None else p
    return _vector_norm(input, ord, dims, keepdim, **options)


def _norm_of(
    self: Tensor, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None
) -> Tensor:
    return norm(self, p, dim, keepdim, None, dtype)


def _of_singular_values(
    input: Tensor, ord: Any, rows: int, columns: int, keepdim: bool, dtype: Any
) -> Tensor:
    input = input if dtype is None else to(input, dtype)
    if input._array.dtype == np.float16:
        raise RuntimeError("linalg.matrix_norm: Low precision dtypes not supported. Got Half")
    order = [axis for axis in range(input.ndim) if axis not in (rows, columns)]
    order += [rows, columns]
    values = svdvals(permute(input, order))
    if ord == "nuc" or (ord > 0 and not values.shape[-1]):  # of no entries: 0
        result = values.sum(-1, keepdim)
    else:
        result = (amax if ord > 0 else amin)(values, -1, keepdim)
    return permute(result.unsqueeze(-1), np.argsort(order).tolist()) if keepdim else result


def linalg_norm(
    input: Tensor, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Tensor:
    """`torch.linalg.norm`: the norm of a vector or of a matrix, as `ord` and the axes say.

    Raises RuntimeError for an `ord` that does not fit the axes.
    """
    two_axes = len(dim) == 2 if isinstance(dim, (tuple, list)) else dim is None and input.ndim == 2
    if ord is not None and dim is None and input.ndim not in (1, 2):
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
            f"{input.ndim}D."
        )
    if ord is not None and (isinstance(ord, str) or two_axes):
        return matrix_norm(input, ord, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    if isinstance(dim, (tuple, list)) and len(dim) not in (1, 2):
        raise RuntimeError(
            f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dim)}"
        )
    return vector_norm(input, 2.0 if ord in (None, "fro") else ord, dim, keepdim, dtype=dtype)
