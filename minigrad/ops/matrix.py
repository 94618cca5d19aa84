"""Matrix products. The derivative of a product of matrices is again a product, transposed."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .axes import _transpose, t_
from .formats import contiguous
from .operands import mismatch
from .operation import Operation
from .reductions import dims_of
from .refusals import refuse_kinds, type_word
from .resizing import squeeze_
from .shape import _reshape_copy

_mm = Operation("mm", "self mat2", np.matmul, shown="self @ mat2", jvp="multilinear", rows=True)


def times_transposed(grad: Any, matrix: Any, strides: Any) -> Any:
    """`grad` times the transpose of `matrix`. It lies by columns if the matrix does whose cotangent
    it is.
    """
    if _lies_by_columns(*strides):
        return either.transposed(matrix @ either.transposed(grad))
    return grad @ either.transposed(matrix)


def transposed_times(grad: Any, matrix: Any, strides: Any) -> Any:
    """The transpose of `matrix` times `grad`, likewise."""
    if _lies_by_columns(*strides):
        return either.transposed(either.transposed(grad) @ matrix)
    return either.transposed(matrix) @ grad


def _lies_by_columns(sizes: tuple[int, ...], strides: tuple[int, ...], item: int) -> bool:
    return strides == (item, item * sizes[0])


_mm.derivative("self", r"grad \, mat2^{\top}", times_transposed, ("mat2", "self_strides"))
_mm.derivative("mat2", r"self^{\top} \, grad", transposed_times, ("self", "mat2_strides"))
_mm.shows("self mat2 self_sizes self_strides mat2_sizes mat2_strides")

_bmm = Operation("bmm", "self mat2", np.matmul, shown="self @ mat2", jvp="multilinear", rows=True)
_bmm.derivative("self", r"grad \, mat2^{\top}", lambda grad, mat2: stacked(grad, either.swap(mat2)))
_bmm.derivative("mat2", r"self^{\top} \, grad", lambda grad, self: stacked(either.swap(self), grad))


def stacked(a: Any, b: Any) -> Any:
    """`a @ b`; for two stacks of matrices, without further axes, it is recorded as `bmm`."""
    return _bmm(a, b) if isinstance(a, Tensor) and a.ndim == b.ndim == 3 else a @ b


_mv = Operation("mv", "self vec", np.matmul, shown="self @ vec", jvp="multilinear", rows=True)
_mv.derivative(
    "self",
    r"grad \, vec^{\top}",
    lambda grad, vec: either.unsqueeze(grad, (grad.ndim,)) * vec,
)
_mv.derivative(
    "vec",
    r"self^{\top} \, grad",
    lambda grad, self: either.times_vector(either.transposed(self), grad),
)

_dot = Operation("dot", "self tensor", np.dot, shown="self @ tensor", jvp="multilinear")
_dot.derivative("self", r"grad \, tensor", lambda grad, tensor: grad * tensor)
_dot.derivative("tensor", r"grad \, self", lambda grad, self: grad * self)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, (n, m) and (m, p). Raises RuntimeError if they do not fit."""
    if input._array.ndim != 2 or mat2._array.ndim != 2:
        raise RuntimeError(f"{'self' if input.ndim != 2 else 'mat2'} must be a matrix")
    _fitting(input, mat2)
    return _mm.call(input, mat2)


def _fitting(input: Tensor, mat2: Tensor) -> None:
    a, b = input._array, mat2._array
    if a.shape[1] != b.shape[0]:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({input.shape[0]}x{input.shape[1]} and "
            f"{mat2.shape[0]}x{mat2.shape[1]})"
        )
    if a.dtype is not b.dtype or a.dtype.kind == "b":
        _same_dtype(input, mat2, "addmm_impl_cpu_")


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """A matrix (n, m) times a vector (m).

    Returns (n). Raises RuntimeError for other shapes or two dtypes.
    """
    if not input.ndim:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    if input.ndim != 2 or vec.ndim != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got 1, {input.ndim}, {vec.ndim}")
    if input.shape[1] != vec.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({input.shape[0]}), mat "
            f"({input.shape[0]}x{input.shape[1]}), vec ({vec.shape[0]})"
        )
    if input._array.dtype != vec._array.dtype:
        of = type_word(vec._array)
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{of}, {type_word(input._array)}, and {of}"
        )
    _same_dtype(input, vec, "addmv_impl_cpu")
    return _mv(input, vec)


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """The sum of the products of the entries of two vectors of one length.

    Raises RuntimeError for other shapes or two dtypes.
    """
    if input.ndim != 1 or tensor.ndim != 1:
        raise RuntimeError(f"1D tensors expected, but got {input.ndim}D and {tensor.ndim}D tensors")
    if input._array.dtype != tensor._array.dtype:
        raise RuntimeError(
            "dot : expected both vectors to have same dtype, but found "
            f"{type_word(input._array)} and {type_word(tensor._array)}"
        )
    refuse_kinds(input._array, "b", "dot")
    if input.shape != tensor.shape:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{input.shape[0]}] and src "
            f"[{tensor.shape[0]}] to have the same number of elements, but got "
            f"{input.shape[0]} and {tensor.shape[0]} elements respectively"
        )
    return _dot(input, tensor)


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """The products of two stacks of matrices, (b, n, m) and (b, m, p).

    Returns (b, n, p). Raises RuntimeError for other shapes or two dtypes.
    """
    for name, stack in (("batch1", input), ("batch2", mat2)):
        if stack.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    if input.shape[0] != mat2.shape[0] or input.shape[2] != mat2.shape[1]:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{input.shape[0]}, {input.shape[2]}] but got: [{mat2.shape[0]}, {mat2.shape[1]}]."
        )
    if input.numel() and mat2.numel():
        refuse_kinds(input._array, "b", "bmm")
    if input._array.dtype != mat2._array.dtype and input.numel() and mat2.numel():
        raise RuntimeError(
            f"expected scalar type {type_word(input._array)} but found {type_word(mat2._array)}"
        )
    return _bmm(input, mat2)


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The matrix product for vectors, matrices and stacks of matrices, as `@`.

    Raises RuntimeError if the shapes do not fit or a tensor has no axes.
    """
    left, right = input._array.ndim, other._array.ndim
    if left == right == 2:
        _fitting(input, other)
        return _mm.call(input, other)
    if left == 0 or right == 0:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {left}D and {right}D"
        )
    if left == right == 1:
        return dot(input, other)
    if left == 2 and right == 1:
        return mv(input, other)
    if left == 1 and right == 2:
        return squeeze_(mm(input.unsqueeze(0), other), 0)
    if left == right == 3 and input._array.shape[0] != other._array.shape[0]:
        for matrix in (input, other):  # a stack of one that every other stack would be copied for
            if matrix._array.shape[0] == 1 and matrix.requires_grad:
                sides = [x.squeeze(0) if x is matrix else x for x in (input, other)]
                return _folded(*sides)
    if _folds(input, other):
        return _folded(input, other)
    input = input.unsqueeze(0) if left == 1 else input
    stack = other.unsqueeze(1) if right == 1 else other
    stacks = input.shape[:-2], stack.shape[:-2]
    try:
        batch = np.broadcast_shapes(*stacks)
    except ValueError:
        raise mismatch(*map(np.empty, stacks)) from None
    count = prod(batch)
    sides = [x.expand(*batch, *x.shape[-2:]).reshape(count, *x.shape[-2:]) for x in (input, stack)]
    rows = () if left == 1 else (input.shape[-2],)
    columns = () if right == 1 else (stack.shape[-1],)
    return _reshape_copy(bmm(*sides), (*batch, *rows, *columns))


def _folds(input: Tensor, other: Tensor) -> bool:
    """True if a stack of matrices times one matrix is to be one tall matrix times it."""
    stack, flat = (input, other) if input.ndim >= other.ndim else (other.swapaxes(-1, -2), input)
    if stack.ndim < 3 or flat.ndim > 2:
        return False
    if flat.requires_grad:
        return True
    if input.ndim == 2:
        return False
    steps, shape = stack._array.strides, stack._array.shape
    return stack.numel() == 0 or all(
        steps[d] == steps[d + 1] * shape[d + 1] for d in range(len(shape) - 2)
    )


def _folded(input: Tensor, other: Tensor) -> Tensor:
    turned = input.ndim < other.ndim
    stack = _transpose(other, other.ndim - 2, other.ndim - 1) if turned else input
    flat = (t_(input) if input.ndim == 2 else input) if turned else other
    tall = stack.reshape(prod(stack.shape[:-1]), stack.shape[-1])
    if flat.ndim == 1:
        return _reshape_copy(mv(tall, flat), tuple(stack.shape[:-1]))
    out = _reshape_copy(mm(tall, flat), (*stack.shape[:-1], flat.shape[1]))
    return contiguous(_transpose(out, out.ndim - 2, out.ndim - 1)) if turned else out


def _same_dtype(a: Any, b: Any, kernel: str) -> None:
    if a._array.dtype != b._array.dtype:
        raise RuntimeError(
            "expected m1 and m2 to have the same dtype, but got: "
            f"{a.dtype.c_name} != {b.dtype.c_name}"
        )
    if a.numel() and b.numel():
        refuse_kinds(a._array, "b", kernel)


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """All products of an entry of one vector and an entry of the other: (n), (m) → (n, m).

    Raises RuntimeError for what is no vector.
    """
    for name, vector in (("self", input), ("vec2", vec2)):
        if vector.ndim != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {vector.ndim}-D")
    return input.reshape(-1, 1) * vec2


def inner(input: Tensor, other: Tensor) -> Tensor:
    """The sums of products along the last axes: (…, n), (…, n) → all pairs of rows.

    Raises RuntimeError for axes of two lengths or two dtypes.
    """
    if input.ndim == 0 or other.ndim == 0:
        return input * other
    count = input.shape[-1]
    if count != other.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{list(input.shape)} and {list(other.shape)}"
        )
    if input._array.dtype != other._array.dtype:
        raise RuntimeError("both inputs should have same dtype")
    return _contracted(input, other, [-1], [-1])


def tensordot(a: Tensor, b: Tensor, dims: Any = 2) -> Tensor:
    """The sums of products along some axes of both: what is left of `a`, then what is left of `b`.

    dims: how many, the last of `a` and the first of `b`; or two lists of axes, of `a` and of `b`.
    An axis of length 1 is stretched. Raises RuntimeError for axes that do not fit.
    """
    if isinstance(dims, Tensor):
        dims = dims.tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(a.ndim, b.ndim):
            raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
        dims = (range(-dims, 0), range(dims))
    if not isinstance(dims, (tuple, list)) or len(dims) != 2:
        raise RuntimeError(
            "tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] "
            f"containing two lists, but got dims={dims}"
        )
    of_a, of_b = map(list, dims)
    if len(of_a) != len(of_b):
        raise RuntimeError("both dimension lists should have same length")
    if a._array.dtype != b._array.dtype:
        raise RuntimeError("both inputs should have same dtype")
    return _contracted(a, b, of_a, of_b)


def _contracted(a: Tensor, b: Tensor, of_a: list[int], of_b: list[int]) -> Tensor:
    """The matrices are made of the axes that stay and those, `of_a` and `of_b`, that do not."""
    left, right, count = a, b, 1
    for d, e in zip(of_a, of_b, strict=True):
        n, m = a.size(d), b.size(e)
        if m == 1:
            left = left.sum(d, keepdim=True, dtype=a.dtype)
        elif n == 1:
            right = right.sum(e, keepdim=True, dtype=b.dtype)
        elif n == m:
            count *= n
        else:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {n} in dim {d} and "
                f"second has size {m} in dim {e}"
            )
    for x, dims in ((a, of_a), (b, of_b)):
        dims_of(x, dims)  # raises if an axis is named twice
    of_a, of_b = [d % a.ndim for d in of_a], [e % b.ndim for e in of_b]
    kept_a = [d for d in range(a.ndim) if d not in of_a]
    kept_b = [e for e in range(b.ndim) if e not in of_b]
    shape = [a.shape[d] for d in kept_a] + [b.shape[e] for e in kept_b]
    rows, columns = (prod(x.shape[d] for d in kept) for x, kept in ((a, kept_a), (b, kept_b)))
    left, right = left.permute(kept_a + of_a), right.permute(of_b + kept_b)
    if rows == columns == 1:
        vectors = [x if x.ndim == 1 else x.reshape(count) for x in (left, right)]
        return dot(*vectors).reshape(shape)
    return mm(left.reshape(rows, count), right.reshape(count, columns)).reshape(shape)
