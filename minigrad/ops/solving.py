"""Systems of equations with a triangular matrix, solved by substitution."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .operation import Operation
from .refusals import expect_matrices, expect_square, refuse_half, refuse_kinds


def _kept(x: Any, upper: bool, unitriangular: bool) -> Any:
    """The triangle of a matrix that counts; without its diagonal if that stands for ones."""
    return either.triu(x, int(unitriangular)) if upper else either.tril(x, -int(unitriangular))


def by_columns(matrices: np.ndarray) -> np.ndarray:
    """The same, with the entries of each column side by side in memory."""
    return np.asarray(np.ascontiguousarray(matrices.mT).mT)


def _solved(
    self: np.ndarray, other: np.ndarray, upper: bool, left: bool, unitriangular: bool
) -> np.ndarray:
    """The last unknown first, if the triangle is the upper one: its equation has no other."""
    if not left:
        return by_columns(_solved(self.mT, other.mT, not upper, True, unitriangular).mT)
    n = self.shape[-1]
    batch = np.broadcast_shapes(self.shape[:-2], other.shape[:-2])
    out: Any = np.zeros((*batch, *other.shape[-2:]), other.dtype)
    off = _kept(self, upper, True)
    for i in reversed(range(n)) if upper else range(n):
        rest = other[..., i, :] - (off[..., i : i + 1, :] @ out)[..., 0, :]
        out[..., i, :] = rest if unitriangular else rest / self[..., i, i, None]
    return by_columns(out)


_solve_triangular = Operation(
    "linalg_solve_triangular", "self B", _solved, options="upper left unitriangular", fit=True,
    shown="solve_triangular(self, B)",
)  # fmt: skip


def _back(grad: Any, self: Any, upper: bool, left: bool, unitriangular: bool) -> Any:
    """The cotangent of B: the same, with the transposed matrix."""
    return either.apply(_solve_triangular, either.swap(self), grad, not upper, left, unitriangular)


_solve_triangular.derivative("B", r"self^{-\top} grad", _back)
_solve_triangular.derivative(
    "self",
    r"-self^{-\top} grad \, result^{\top}",
    lambda grad, self, result, upper, left, unitriangular: _to_matrix(
        _back(grad, self, upper, left, unitriangular), result, upper, left, unitriangular
    ),
)
_solve_triangular.shows("self result left unitriangular upper")


def _to_matrix(back: Any, result: Any, upper: bool, left: bool, unitriangular: bool) -> Any:
    product = back @ either.swap(result) if left else either.swap(result) @ back
    return _kept(-product, upper, unitriangular)


@_solve_triangular.tangent
def _moved(moved: Any, self: Any, result: Any, upper: bool, left: bool, unitriangular: bool) -> Any:
    right = moved.get("B", 0)
    if "self" in moved:
        turned = _kept(moved["self"], upper, unitriangular)
        right = right - (turned @ result if left else result @ turned)
    return _solve_triangular(self, right, upper, left, unitriangular)


def solve_triangular(
    A: Tensor,
    B: Tensor,
    *,
    upper: bool,
    left: bool = True,
    unitriangular: bool = False,
) -> Tensor:
    """X with `A X = B`, or with `X A = B` if not `left`: (…, n, n), (…, n, k) → (…, n, k).

    upper: only the upper triangle of A counts, else only the lower. unitriangular: its diagonal
    counts as ones. Raises RuntimeError where the shapes do not fit.
    """
    for name, tensor in (("A", A), ("B", B)):
        expect_matrices("linalg.solve_triangular", tensor, name)
    expect_square("linalg.solve_triangular", A)
    n, (rows, columns) = A.shape[-1], B.shape[-2:]
    if n != (rows if left else columns):
        raise RuntimeError(
            "linalg.solve_triangular: Incompatible shapes of A and B for the equation "
            f"{'AX' if left else 'XA'} = B ({n}x{n} and {rows}x{columns})"
        )
    refuse_kinds(A._array, "biu", "triangular_solve_cpu")
    refuse_half(A, "triangular_solve_cpu")
    return _solve_triangular(A, B, upper, left, unitriangular)
