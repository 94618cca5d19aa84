"""Systems of equations, inverses and determinants: what Gaussian elimination gives.

Source of the derivatives: M. Giles, "An extended collection of matrix derivative results for
forward and reverse mode automatic differentiation" (2008), sections 2.2.3, 2.2.4 and 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import return_types
from ..tensor import Tensor
from . import either
from .limits import where
from .operation import Operation
from .refusals import LinAlgError, expect_floats, expect_square, refuse_half, type_word
from .several import SeveralResults
from .solving import by_columns
from .triangles import diag_embed


def factored(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """L and U of P A = L U in one array, and which row changed places with each: (…, n, n) →
    (…, n, n), (…, n) of int32 that count from 1. L has ones on its diagonal, which are not kept.
    """
    n, out = matrices.shape[-1], np.array(matrices, order="C")
    places = np.empty(matrices.shape[:-1], np.int32)
    for at in np.ndindex(*matrices.shape[:-2]):
        rows = out[at]
        for k in range(n):
            best = k + int(np.argmax(np.abs(rows[k:, k])))
            places[(*at, k)] = best + 1
            rows[[k, best]] = rows[[best, k]]
            if rows[k, k] != 0:
                rows[k + 1 :, k] /= rows[k, k]
                rows[k + 1 :, k + 1 :] -= rows[k + 1 :, k, None] * rows[k, k + 1 :]
    return by_columns(out), places


def _shown(seen: Callable[[np.ndarray], np.ndarray] = np.asarray) -> dict[str, Any]:
    """What PyTorch's nodes have saved of eliminating `seen(A)`, computed when somebody asks."""
    return {
        "LU": lambda A: factored(seen(A._array))[0],
        "pivots": lambda A: factored(seen(A._array))[1],
    }


def _pivots(matrices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The diagonals of U, and 1 or -1 for each matrix: the sign of its exchanges of rows."""
    lu, places = factored(matrices)
    swapped = (places != np.arange(1, places.shape[-1] + 1)).sum(-1)
    signs = np.asarray(1 - 2 * (swapped % 2), matrices.dtype)
    return np.diagonal(lu, axis1=-2, axis2=-1), signs


def singular(says: str, matrices: np.ndarray) -> LinAlgError:
    """The error for the first singular matrix of a stack. says: {0} is which, {1} the place on the
    diagonal of U that is zero.
    """
    n = matrices.shape[-1]
    zero = np.argwhere(_pivots(matrices)[0].reshape(-1, n) == 0)
    which, place = zero[0] if len(zero) else (0, n - 1)  # if it was zero by other roundings only
    batch = f"(Batch element {which}): " if matrices.ndim > 2 else ""
    return LinAlgError(says.format(batch, place + 1))


# ---- A X = B -------------------------------------------------------------------------------------


def _is_vector(matrix: Any, right: Any) -> bool:
    """True if the right side is one column for each matrix, without an axis of its own for it."""
    return len(right.shape) == 1 or right.shape == matrix.shape[:-1]


def _solved(A: np.ndarray, B: np.ndarray, left: bool) -> np.ndarray:
    if _is_vector(A, B):
        column = _solved(A, B[..., None], left)[..., 0]
        return by_columns(column) if column.ndim > 1 else np.ascontiguousarray(column)
    if not left:
        return np.ascontiguousarray(_solved(A.mT, B.mT, True).mT)
    try:
        return by_columns(np.linalg.solve(A, B))
    except np.linalg.LinAlgError:
        raise singular(
            "torch.linalg.solve: {0}The solver failed because the input matrix is singular.", A
        ) from None


_solve = Operation(
    "linalg_solve_ex", "A B", _solved, options="left", fit=True, shown="solve(A, B)",
)  # fmt: skip


def _back(grad: Any, A: Any, left: bool) -> Any:
    """The cotangent of B: the same, with the transposed matrix."""
    return either.apply(_solve, either.swap(A), grad, left)


def _to_matrix(back: Any, A: Any, result: Any, left: bool) -> Any:
    if _is_vector(A, result):
        back, result = (either.unsqueeze(x, (len(x.shape),)) for x in (back, result))
    return -(back @ either.swap(result) if left else either.swap(result) @ back)


_solve.derivative(
    "A",
    r"-A^{-\top} grad \, result^{\top}",
    lambda grad, A, result, left: _to_matrix(_back(grad, A, left), A, result, left),
)
_solve.derivative("B", r"A^{-\top} grad", _back)
_solve.shows("A left result", **_shown())


@_solve.tangent
def _moved(moved: Any, A: Any, result: Any, left: bool) -> Any:
    right = moved.get("B", 0)
    if "A" in moved and _is_vector(A, result):
        right = right - (moved["A"] @ result.unsqueeze(-1)).squeeze(-1)
    elif "A" in moved:
        right = right - (moved["A"] @ result if left else result @ moved["A"])
    return _solve(A, right, left)


def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """X with `A X = B`, or with `X A = B` if not `left`: (…, n, n), (…, n, k) or (…, n) → as B.

    Raises RuntimeError where shapes or dtypes do not fit; LinAlgError for a singular matrix.
    """
    expect_square("linalg.solve", A)
    expect_floats("linalg.solve", A)
    if A._array.dtype != B._array.dtype:
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but found A of type "
            f"{type_word(A._array)} and B of type {type_word(B._array)} instead"
        )
    vector = B.ndim > 0 and _is_vector(A, B)
    sizes = (*B.shape, 1) if vector else B.shape
    if len(sizes) < 2:
        raise RuntimeError("linalg.solve: The input tensor B must have at least 2 dimensions.")
    n, (rows, columns) = A.shape[-1], sizes[-2:]
    if n != (rows if left else columns):
        raise RuntimeError(
            "linalg.solve: Incompatible shapes of A and B for the equation "
            f"{'AX' if left else 'XA'} = B ({n}x{n} and {rows}x{columns})"
        )
    refuse_half(A, "lu_cpu")
    return _solve.call(A, B, left)


# ---- the inverse ---------------------------------------------------------------------------------


def _inverted(self: np.ndarray) -> np.ndarray:
    try:
        return by_columns(np.linalg.inv(self))
    except np.linalg.LinAlgError:
        raise singular(
            "linalg.inv: {0}The diagonal element {1} is zero, the inversion could not be completed "
            "because the input matrix is singular.", self,
        ) from None  # fmt: skip


_inv = Operation("linalg_inv_ex", "self", _inverted, shown="inv(self)")
_inv.derivative(
    "self", r"-result^{\top} grad \, result^{\top}",
    lambda grad, result: -(either.swap(result) @ grad @ either.swap(result)),
)  # fmt: skip
_inv.shows("", inverse="result")
_inv.tangent(lambda moved, result: -(result @ moved["self"] @ result))


def inv(A: Tensor) -> Tensor:
    """The inverse of square matrices: (…, n, n) → (…, n, n).

    Raises RuntimeError for what is not square or not floating point, LinAlgError for a singular
    matrix.
    """
    expect_square("linalg.inv", A)
    expect_floats("linalg.inv", A, low=False)
    return _inv(A)


# ---- the determinant -----------------------------------------------------------------------------


def _transposed(matrices: np.ndarray) -> np.ndarray:
    """As PyTorch eliminates here, by columns; the determinant is the same."""
    return matrices.mT if matrices.flags.c_contiguous else matrices


def _determinant(A: np.ndarray) -> np.ndarray:
    diagonals, signs = _pivots(_transposed(A))
    return np.asarray(np.multiply.reduce(diagonals, -1) * signs)


def _times_inverse(numbers: Any, A: Any, absent: float) -> Any:
    """A number times A⁻ᵀ, for each matrix. absent: what stands for it where A is singular; in a
    pass that is recorded that is an error.
    """
    if isinstance(A, Tensor):
        diagonal = diag_embed(numbers.unsqueeze(-1).expand(A.shape[:-1]))
        return _solve(A.mT, diagonal, True)
    gone = (_pivots(A)[0] == 0).any(-1)[..., None, None]
    inverse = np.linalg.inv(np.where(gone, np.eye(A.shape[-1], dtype=A.dtype), A))
    return np.where(gone, A.dtype.type(absent), numbers[..., None, None] * inverse.mT)


_det = Operation("linalg_det", "A", _determinant, shown="det(A)")
_det.derivative(
    "A", r"grad \, result \, A^{-\top}",
    lambda grad, A, result: _times_inverse(grad * result, A, 0.0),  # 0, as in PyTorch
)  # fmt: skip
_det.shows("A result", **_shown(_transposed))


def _trace_of_solved(moved: Any, A: Any) -> Any:
    return _solve(A, moved, True).diagonal(0, -2, -1).sum(-1)


_det.tangent(lambda moved, A, result: _trace_of_solved(moved["A"], A) * result)


def det(A: Tensor) -> Tensor:
    """The determinants of square matrices: (…, n, n) → (…)."""
    expect_square("linalg.det", A)
    expect_floats("linalg.det", A)
    refuse_half(A, "lu_cpu")
    return _det(A)


def _sign_and_logarithm(A: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    diagonals, signs = _pivots(_transposed(A))
    return (
        np.asarray(np.multiply.reduce(np.sign(diagonals), -1) * signs),
        np.asarray(np.add.reduce(np.log(np.abs(diagonals)), -1)),
    )


_slogdet = SeveralResults("linalg_slogdet", "A", _sign_and_logarithm, shown="slogdet(A)")


_slogdet.derivative(
    "A", r"grad1 \, A^{-\top}",
    lambda given, A: None if given[1] is None else _times_inverse(given[1], A, math.nan),
)  # fmt: skip
_slogdet.shows("A", sign="result", **_shown(_transposed))


@_slogdet.tangent
def _slogdet_moved(moved: Any, A: Any, result: Any) -> Any:
    return result * 0, _trace_of_solved(moved["A"], A)


def slogdet(A: Tensor) -> Any:
    """The sign of the determinant and the logarithm of its absolute value: (…, n, n) → (…), (…)."""
    return return_types.linalg_slogdet(_signed(A, "linalg.slogdet"))


def slogdet_of_old(input: Tensor) -> Any:
    """`torch.slogdet`: the same."""
    return return_types.slogdet(_signed(input, "linalg.slogdet"))


def logdet(input: Tensor) -> Tensor:
    """The logarithm of the determinant, nan where that is negative: (…, n, n) → (…)."""
    sign, logarithm = _signed(input, "logdet")
    return where(sign == -1, float("nan"), logarithm)


def _signed(tensor: Tensor, function: str) -> Any:
    expect_square(function, tensor)
    expect_floats(function, tensor, low=False)
    return _slogdet.call(tensor)
