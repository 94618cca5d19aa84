"""Matrix products. The derivative of a product of matrices is again a product, transposed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .operation import Operation
from .shape import _reshape_copy

_mm = Operation("mm", "self mat2", np.matmul, shown="self @ mat2")
_mm.derivative("self", r"grad \, mat2^{\top}", lambda grad, mat2: grad @ either.swap(mat2))
_mm.derivative("mat2", r"self^{\top} \, grad", lambda grad, self: either.swap(self) @ grad)

_bmm = Operation("bmm", "self mat2", np.matmul, shown="self @ mat2")
_bmm.derivative("self", r"grad \, mat2^{\top}", lambda grad, mat2: grad @ either.swap(mat2))
_bmm.derivative("mat2", r"self^{\top} \, grad", lambda grad, self: either.swap(self) @ grad)

_mv = Operation("mv", "self vec", np.matmul, shown="self @ vec")
_mv.derivative(
    "self",
    r"grad \, vec^{\top}",
    lambda grad, vec: either.unsqueeze(grad, (1,)) * either.unsqueeze(vec, (0,)),
)
_mv.derivative("vec", r"self^{\top} \, grad", lambda grad, self: either.swap(self) @ grad)

_dot = Operation("dot", "self tensor", np.dot, shown="self @ tensor")
_dot.derivative("self", r"grad \, tensor", lambda grad, tensor: grad * tensor)
_dot.derivative("tensor", r"grad \, self", lambda grad, self: grad * self)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """The product of two matrices, (n, m) and (m, p). Raises RuntimeError if they do not fit."""
    for name, matrix in (("self", input), ("mat2", mat2)):
        if matrix.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix")
    if input.shape[1] != mat2.shape[0]:
        raise RuntimeError(
            f"mat1 and mat2 shapes cannot be multiplied ({input.shape[0]}x{input.shape[1]} and "
            f"{mat2.shape[0]}x{mat2.shape[1]})"
        )
    _same_dtype(input, mat2, "addmm_impl_cpu_")
    return _mm(input, mat2)


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """The matrix product for vectors, matrices and stacks of matrices, as `@`.

    Raises RuntimeError if the shapes do not fit or a tensor has no axes.
    """
    left, right = input.ndim, other.ndim
    if left == 2 and right == 2:
        return mm(input, other)
    if left == 0 or right == 0:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {left}D and {right}D"
        )
    if left == 1 and right == 1:
        _same_dtype(input, other, "dot")
        if input.shape != other.shape:
            raise RuntimeError(
                f"inconsistent tensor size, expected tensor [{input.shape[0]}] and src "
                f"[{other.shape[0]}] to have the same number of elements, but got "
                f"{input.shape[0]} and {other.shape[0]} elements respectively"
            )
        return _dot(input, other)
    if left == 2 and right == 1:
        _same_dtype(input, other, "addmv_impl_cpu")
        if input.shape[1] != other.shape[0]:
            raise RuntimeError(
                f"size mismatch, got input ({input.shape[0]}), mat "
                f"({input.shape[0]}x{input.shape[1]}), vec ({other.shape[0]})"
            )
        return _mv(input, other)
    if left == 1:
        return matmul(input.unsqueeze(0), other).squeeze(-2)
    if right == 1:
        return matmul(input, other.unsqueeze(1)).squeeze(-1)
    _same_dtype(input, other, "bmm")
    batch = np.broadcast_shapes(input.shape[:-2], other.shape[:-2])
    if input.shape[-1] != other.shape[-2]:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{input.shape[0]}, {input.shape[-1]}] but got: "
            f"[{other.shape[0]}, {other.shape[-2]}]."
        )
    stacks = [x.expand(*batch, *x.shape[-2:]).reshape(-1, *x.shape[-2:]) for x in (input, other)]
    return _reshape_copy(_bmm(*stacks), (*batch, input.shape[-2], other.shape[-1]))


def _same_dtype(a: Any, b: Any, kernel: str) -> None:
    if a._array.dtype != b._array.dtype:
        raise RuntimeError(
            f"expected m1 and m2 to have the same dtype, but got: {a.dtype.name} != {b.dtype.name}"
        )
    if a._array.dtype.kind == "b":
        raise NotImplementedError(f"\"{kernel}\" not implemented for 'Bool'")
