"""The singular value decomposition, and what is made of singular values.

Source of the derivative: M. Giles, "An extended collection of matrix derivative results for forward
and reverse mode automatic differentiation" (2008), section 3.3, with the terms for U and V added as
in PyTorch's `svd_backward`. It divides by differences of squared singular values, so it has no
meaning for U and V where two of them are equal.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import return_types
from ..flags import check_flag
from ..tensor import Tensor
from . import either
from .padding import pad
from .refusals import LinAlgError, expect_floats, expect_matrices, refuse_half
from .several import SeveralResults

_svd = SeveralResults(
    "linalg_svd", "self",
    lambda self, full_matrices: _decomposed(self, full_matrices),
    options="full_matrices", shown="svd(self)",
)  # fmt: skip


def _decomposed(x: np.ndarray, full_matrices: bool) -> Any:
    if not np.isfinite(x).all():
        raise LinAlgError(
            "linalg.svd: The algorithm failed to converge because the input matrix contained "
            "non-finite values."
        )
    return np.linalg.svd(x, full_matrices=full_matrices)


def _turned(cotangent: Any, basis: Any, differences: Any) -> Any:
    """What turning the singular vectors `basis` contributes: skew(basisᵀ cotangent) / E."""
    product = either.swap(basis) @ cotangent
    return (product - either.swap(product)) / differences


def _svd_grad(given: Any, u: Any, s: Any, vh: Any) -> Any:
    d_u, d_s, d_vh = given
    v, count = either.swap(vh), s.shape[-1]
    row, column = either.unsqueeze(s, (s.ndim - 1,)), either.unsqueeze(s, (s.ndim,))
    diagonal = either.eye(s, count)
    differences = row * row - column * column + diagonal
    inner = 0 if d_s is None else diagonal * either.unsqueeze(d_s, (d_s.ndim - 1,))
    if d_u is not None:
        inner = inner + _turned(d_u, u, differences) * row
    if d_vh is not None:
        inner = inner + column * _turned(either.swap(d_vh), v, differences)
    grad = u @ inner @ vh if not isinstance(inner, int) else None
    if d_u is not None and u.shape[-2] > count:
        grad = grad + (d_u - u @ (either.swap(u) @ d_u)) / row @ vh
    if d_vh is not None and v.shape[-2] > count:
        grad = grad + (u / row) @ (d_vh - (d_vh @ v) @ vh)
    return grad


def _columns(matrix: Any, count: int) -> Any:
    """The first columns: the singular vectors that belong to a singular value."""
    return matrix if matrix is None or matrix.shape[-1] == count else matrix[..., :count]


def _rows(matrix: Any, count: int) -> Any:
    return matrix if matrix is None or matrix.shape[-2] == count else matrix[..., :count, :]


def _svd_back(given: Any, u: Any, s: Any, vh: Any) -> Any:
    """What comes for further singular vectors (`full_matrices=True`) is passed over, as in PyTorch:
    they may be turned at will.
    """
    (d_u, d_s, d_vh), k = given, s.shape[-1]
    return _svd_grad((_columns(d_u, k), d_s, _rows(d_vh, k)), _columns(u, k), s, _rows(vh, k))


_svd.derivative(
    "self",
    r"U \left( \operatorname{diag}(grad1) + \ldots \right) V^{\top}",
    lambda given, result, result1, result2: _svd_back(given, result, result1, result2),
)
_svd.shows("full_matrices", U="result", S="result1", Vh="result2",
           S_sym_argsize_minus_1=lambda self_sizes: min(self_sizes[-2:]))  # fmt: skip


def _svd_moved(tangent: Any, u: Any, s: Any, vh: Any) -> tuple[Any, Any, Any]:
    v, count = either.swap(vh), s.shape[-1]
    row, column = either.unsqueeze(s, (s.ndim - 1,)), either.unsqueeze(s, (s.ndim,))
    diagonal = either.eye(s, count)
    turn = (1 - diagonal) / (row * row - column * column + diagonal)
    inner = either.swap(u) @ tangent @ v
    d_u = u @ (turn * (inner * row + column * either.swap(inner)))
    d_v = v @ (turn * (column * inner + either.swap(inner) * row))
    if u.shape[-2] > count:
        d_u = d_u + (tangent @ v - u @ inner) / row
    if v.shape[-2] > count:
        d_v = d_v + (either.swap(tangent) @ u - v @ either.swap(inner)) / row
    return d_u, either.sum(inner * diagonal, (inner.ndim - 1,)), either.swap(d_v)


def _svd_moved_in_full(tangent: Any, u: Any, s: Any, vh: Any) -> tuple[Any, Any, Any]:
    """The same; further singular vectors stand still."""
    k = s.shape[-1]
    d_u, d_s, d_vh = _svd_moved(tangent, _columns(u, k), s, _rows(vh, k))
    right, below = (0, u.shape[-1] - k), (0, 0, 0, vh.shape[-2] - k)
    return pad(d_u, right) if right[1] else d_u, d_s, pad(d_vh, below) if below[3] else d_vh


_svd.tangent(
    lambda tangents, result, result1, result2: _svd_moved_in_full(
        tangents["self"], result, result1, result2
    )
)


def svd(A: Tensor, full_matrices: bool = True) -> Any:
    """U, S and Vᵀ with `A = U diag(S) Vᵀ`: (…, m, n) → (…, m, k), (…, k), (…, k, n).

    full_matrices: U of (…, m, m) and Vᵀ of (…, n, n); no gradient goes through what that adds.
    Raises RuntimeError for vectors and for integers.
    """
    _matrices(A)
    check_flag(full_matrices, "linalg_svd", "full_matrices", 2)
    return return_types.linalg_svd(_svd.call(A, full_matrices))


def svdvals(A: Tensor) -> Tensor:
    """The singular values of matrices, the largest first: (…, m, n) → (…, k)."""
    _matrices(A)
    return _svd.call(A, False)[1]


def _matrices(tensor: Tensor) -> None:
    expect_matrices("linalg.svd", tensor)
    expect_floats("linalg.svd", tensor)
    refuse_half(tensor, "linalg_svd_cpu")
