"""The QR decomposition: a matrix as the product of an orthogonal and an upper triangular one.

Source of the derivatives: S. F. Walter, L. Lehmann, R. Lamour, "On evaluating higher-order
derivatives of the QR decomposition of tall matrices with full column rank in forward and reverse
mode algorithmic differentiation" (2012), section 3; for matrices with more columns than rows,
J. Roberts and J. Roberts, "QR and LQ decomposition matrix backpropagation algorithms for square,
wide, and deep matrices and their software implementation" (2020).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import return_types
from ..tensor import Tensor
from ..warn import warn
from . import either
from .refusals import expect_floats, expect_matrices, refuse_half
from .several import SeveralResults
from .solving import _solve_triangular, by_columns


def _forward(self: np.ndarray, mode: str) -> tuple[np.ndarray, ...]:
    if mode == "r":
        return np.zeros(0, self.dtype), by_columns(np.asarray(np.linalg.qr(self, "r")))
    q, r = np.linalg.qr(self, mode)  # type: ignore[call-overload]
    return by_columns(q), by_columns(r)


_qr = SeveralResults("linalg_qr", "self", _forward, options="mode", shown="qr(self)")


def _check(r: Any, mode: str) -> None:
    """Raise RuntimeError for what has no derivative: Q is not known, or may be turned at will."""
    if mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please "
            "use linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr."
        )
    if mode == "complete" and r.shape[-2] > r.shape[-1]:
        raise RuntimeError(
            "The QR decomposition is not differentiable when mode='complete' and nrows > ncols."
        )


def _times_inverse(x: Any, r: Any, upper: bool) -> Any:
    return either.apply(_solve_triangular, r, x, upper, False, False)


def _back(given: Any, q: Any, r: Any, mode: str) -> Any:
    _check(r, mode)
    (d_q, d_r), n = given, r.shape[-2]
    if r.shape[-1] == n:
        return _back_square(d_q, d_r, q, r)
    first = either.eye(q, n, r.shape[-1])
    if d_r is None:  # the columns behind do not matter then
        return _back_square(d_q, None, q, r[..., :n]) @ first
    behind = q @ d_r[..., n:]
    also = q @ r[..., n:] @ either.swap(d_r[..., n:])
    d_q = also if d_q is None else d_q + also
    ahead = _back_square(d_q, d_r[..., :n], q, r[..., :n])
    rest = either.eye(q, r.shape[-1])[n:]
    return ahead @ first + behind @ rest


def _back_square(d_q: Any, d_r: Any, q: Any, r: Any) -> Any:
    """The cotangent of a matrix with no more columns than rows, so that R is square."""
    turned = 0 if d_r is None else r @ either.swap(d_r)
    turned = turned if d_q is None else turned - either.swap(d_q) @ q
    inner = q @ (either.tril(turned) + either.swap(either.tril(turned, -1)))
    return _times_inverse(inner if d_q is None else inner + d_q, either.swap(r), False)


_qr.derivative(
    "self",
    r"\left(grad0 + Q \operatorname{sym}(R \, grad1^{\top} - grad0^{\top} Q)\right) R^{-\top}",
    lambda given, result, result1, mode: _back(given, result, result1, mode),
)
_qr.shows("mode", Q="result", R="result1")


@_qr.tangent
def _moved(tangents: Any, result: Any, result1: Any, mode: str) -> Any:
    q, r, moved = result, result1, tangents["self"]
    _check(r, mode)
    n = min(r.shape[-2:])
    ahead = _times_inverse(moved[..., :n], r[..., :n], True)
    inner = either.swap(q) @ ahead
    below = either.tril(inner, -1)
    turn = below - either.swap(below)
    return q @ (turn - inner) + ahead, either.swap(q) @ moved - turn @ r


def qr(A: Tensor, mode: str = "reduced") -> Any:
    """Q and R with `A = Q R`: (…, m, n) → (…, m, k), (…, k, n), with k the smaller of m and n.

    The columns of Q have length 1 and are at right angles; R is zero below its diagonal.
    mode: "reduced"; "complete": Q of (…, m, m); "r": only R, Q is empty. Raises RuntimeError for
    vectors, for integers and for another mode; so does a derivative that needs Q.
    """
    expect_matrices("linalg.qr", A)
    expect_floats("linalg.qr", A)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', "
            "or 'complete'"
        )
    refuse_half(A, "geqrf_cpu")
    return return_types.linalg_qr(_qr.call(A, mode))


def qr_of_old(input: Tensor, some: bool = True) -> Any:
    """`torch.qr`: the same, "reduced" if `some`, else "complete". Warns that it is old."""
    warn(
        "torch.qr is deprecated in favor of torch.linalg.qr and will be removed in a future "
        "PyTorch release.\nThe boolean parameter 'some' has been replaced with a string parameter "
        "'mode'.\nQ, R = torch.qr(A, some)\nshould be replaced with\n"
        "Q, R = torch.linalg.qr(A, 'reduced' if some else 'complete')"
    )
    return return_types.qr(qr(input, "reduced" if some else "complete"))
