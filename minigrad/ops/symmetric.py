"""What symmetric matrices are made of: the Cholesky factor, eigenvalues and eigenvectors.

Only one triangle of the input is looked at. Sources of the derivatives: I. Murray, "Differentiation
of the Cholesky decomposition" (2016), section 3; M. Giles, "An extended collection of matrix
derivative results for forward and reverse mode automatic differentiation" (2008), section 3.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import return_types
from ..tensor import Tensor
from . import either
from .operation import Operation
from .refusals import LinAlgError, expect_floats, expect_square, refuse_half, refuse_kinds
from .several import SeveralResults
from .solving import _solve_triangular, by_columns

# ---- A = L Lᵀ ------------------------------------------------------------------------------------


def _factor(self: np.ndarray, upper: bool) -> np.ndarray:
    try:
        lower = np.linalg.cholesky(self.mT if upper else self)
    except np.linalg.LinAlgError:
        raise _not_positive(self) from None
    if not np.isfinite(np.diagonal(lower, 0, -2, -1)).all() and not np.isfinite(self).all():
        raise _not_positive(self)
    return by_columns(lower.mT if upper else lower)


def _is_positive(matrix: np.ndarray) -> bool:
    try:
        return bool(np.isfinite(np.diagonal(np.linalg.cholesky(matrix))).all())
    except np.linalg.LinAlgError:
        return False


def _not_positive(matrices: np.ndarray) -> LinAlgError:
    """The error for the first matrix of a stack that is not positive definite."""
    n = matrices.shape[-1]
    stack = matrices.reshape(-1, n, n)
    which = next(k for k, one in enumerate(stack) if not _is_positive(one))
    order = next(k for k in range(1, n + 1) if not _is_positive(stack[which, :k, :k]))
    batch = f"(Batch element {which}): " if matrices.ndim > 2 else ""
    return LinAlgError(
        f"linalg.cholesky: {batch}The factorization could not be completed because the input is "
        f"not positive-definite (the leading minor of order {order} is not positive-definite)."
    )


_cholesky = Operation(
    "linalg_cholesky_ex", "self", _factor, options="upper", shown="cholesky(self)"
)


def _divided(x: Any, lower: Any, left: bool, turned: bool) -> Any:
    """L⁻¹ x, or x L⁻¹ if not `left`; with Lᵀ in place of L if `turned`."""
    factor = either.swap(lower) if turned else lower
    return either.apply(_solve_triangular, factor, x, turned, left, False)


def _lower(x: Any, upper: bool) -> Any:
    return either.swap(x) if upper else x


def _half(x: Any) -> Any:
    """The lower triangle, with half of the diagonal."""
    return (either.tril(x) + either.tril(x, -1)) / 2


_cholesky.derivative(
    "self",
    r"L^{-\top} \operatorname{sym}(\operatorname{tril}(L^{\top} grad)) \, L^{-1}",
    lambda grad, result, upper: _cholesky_back(_lower(grad, upper), _lower(result, upper)),
)
_cholesky.shows("upper", L="result")


def _cholesky_back(grad: Any, lower: Any) -> Any:
    inner = either.tril(either.swap(lower) @ grad)
    inner = (inner + either.swap(either.tril(inner, -1))) / 2
    return _divided(_divided(inner, lower, False, False), lower, True, True)


@_cholesky.tangent
def _cholesky_moved(moved: Any, result: Any, upper: bool) -> Any:
    lower = _lower(result, upper)
    inner = _divided(_divided(moved["self"], lower, True, False), lower, False, True)
    return _lower(lower @ _half(inner), upper)


def cholesky(input: Tensor, *, upper: bool = False) -> Tensor:
    """The lower triangular L with `L Lᵀ = input`, or its transpose if `upper`: (…, n, n) → same.

    Raises RuntimeError for what is not square or not floating point, LinAlgError for what is not
    positive definite.
    """
    expect_square("linalg.cholesky", input)
    expect_floats("linalg.cholesky", input)
    refuse_half(input, "cholesky_cpu")
    return _cholesky(input, upper)


# ---- A = V diag(λ) Vᵀ ----------------------------------------------------------------------------


def _decomposed(self: np.ndarray, uplo: Any) -> tuple[np.ndarray, np.ndarray]:
    values, vectors = np.linalg.eigh(self, uplo)
    return values, by_columns(vectors)


_eigh = SeveralResults("linalg_eigh", "self", _decomposed, options="UPLO", shown="eigh(self)")


def _gaps(values: Any) -> Any:
    """λⱼ - λᵢ; 1 on the diagonal, where it stands below what is 0."""
    row, column = (either.unsqueeze(values, (len(values.shape) - k,)) for k in (1, 0))
    return row - column + either.eye(values, values.shape[-1])


def _eigh_back(given: Any, values: Any, vectors: Any) -> Any:
    (d_values, d_vectors), inner = given, 0
    if d_values is not None:
        inner = either.eye(values, values.shape[-1]) * either.unsqueeze(
            d_values, (len(d_values.shape),)
        )
    if d_vectors is not None:
        turned = either.swap(vectors) @ d_vectors
        inner = inner + (turned - either.swap(turned)) / 2 / _gaps(values)
    return vectors @ inner @ either.swap(vectors)


_eigh.derivative(
    "self",
    r"V \left( \operatorname{diag}(grad0) + \ldots \right) V^{\top}",
    lambda given, result, result1: _eigh_back(given, result, result1),
)
_eigh.shows("", eigenvalues="result", eigenvectors="result1")


@_eigh.tangent
def _eigh_moved(moved: Any, result: Any, result1: Any) -> Any:
    inner = result1.mT @ moved["self"] @ result1
    eye = either.eye(result, result.shape[-1])
    return (inner * eye).sum(-1), result1 @ (inner * (1 - eye) / _gaps(result))


def eigh(input: Tensor, UPLO: str = "L") -> Any:
    """Eigenvalues, the smallest first, and eigenvectors, in columns: (…, n, n) → (…, n), (…, n, n).

    UPLO: "L" or "U", the triangle of the matrix that counts. An eigenvector may come with either
    sign; where eigenvalues are equal, the vectors have no derivative. Raises RuntimeError for what
    is not square, NotImplementedError for what is not floating point.
    """
    return return_types.linalg_eigh(_eigh_of(input, UPLO))


def eigvalsh(input: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of symmetric matrices, the smallest first: (…, n, n) → (…, n)."""
    return _eigh_of(input, UPLO)[0]


def _eigh_of(tensor: Tensor, uplo: str) -> Any:
    expect_square("linalg.eigh", tensor)
    if uplo.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {uplo}")
    refuse_kinds(tensor._array, "biu", "linalg_eigh_cpu")
    refuse_half(tensor, "linalg_eigh_cpu")
    return _eigh.call(tensor, uplo.upper())
