r"""The gamma function's logarithm, the derivatives of that, and its integrals up to a limit.

Source of the formulas: NIST Digital Library of Mathematical Functions, 5.11 (the asymptotic series
of digamma), 25.11.43 (Euler and Maclaurin's for the Hurwitz zeta function), 8.7.1 and 8.9.2 (the
series and the continued fraction of the incomplete gamma functions).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor
from . import either
from .operation import Operation
from .refusals import floats_only

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)
"""B₂, B₄, …"""

FAR = 12
"""From here on, series in 1/x with these numbers are exact to the last digit of float64."""

STEPS = 10_000
"""At most so many terms; of large numbers about the square root is needed."""


def _log_gamma(x: float) -> float:
    """Of one number; infinite where the gamma function is."""
    try:
        return math.lgamma(x)
    except (OverflowError, ValueError):
        return math.inf


_log_gammas: Any = np.frompyfunc(_log_gamma, 1, 1)  # NumPy has none; Python's, entry by entry


def _lgamma(self: Any) -> np.ndarray:
    return np.asarray(_log_gammas(self)).astype(self.dtype)


def _far(x: np.ndarray, term: Any) -> tuple[np.ndarray, np.ndarray]:
    """`x` moved up by whole steps until it is `FAR`, and the sum of `term` at each place left.

    From a pole, a whole number not above 0, it is moved to infinity at once.
    """
    x, total = x.astype(np.float64), np.zeros(x.shape)
    pole = (x <= 0) & (x == np.floor(x))
    x[pole] = total[pole] = np.inf
    while (near := x < FAR).any():
        total[near] += term(x[near])
        x[near] += 1
    return x, total


def _digamma(self: Any) -> np.ndarray:
    """By reflection below 0, where the whole numbers are poles."""
    given = np.asarray(self, np.float64)
    x, left = _far(np.where(given < 0, 1 - given, given), np.reciprocal)
    square = x**-2
    series = sum(b / (2 * k) * square**k for k, b in enumerate(BERNOULLI, 1))
    value = np.log(x) - 0.5 / x - series - left
    value = np.where(given < 0, value - np.pi / np.tan(np.pi * np.fmod(given, 1)), value)
    value = np.where((given < 0) & (given == np.floor(given)), np.nan, value)
    return np.where(given == 0, np.copysign(np.inf, -given), value).astype(self.dtype)


def _nth(self: Any, n: int) -> np.ndarray:
    """Digamma for n = 0, else (-1)ⁿ⁺¹ n! Σ_k 1 / (x + k)ⁿ⁺¹."""
    if n == 0:
        return _digamma(self)
    s = n + 1
    x, total = _far(np.asarray(self), lambda near: near**-s)
    total += x ** (1 - s) / n + 0.5 * x**-s
    rising = float(s)
    for k, b in enumerate(BERNOULLI, 1):
        total += b / math.factorial(2 * k) * rising * x ** (1 - s - 2 * k)
        rising *= (s + 2 * k - 1) * (s + 2 * k)
    return ((-1) ** s * math.factorial(n) * total).astype(self.dtype)


lgamma = Operation("lgamma", "self", _lgamma, promote="float")
digamma = Operation("digamma", "self", _digamma, promote="float", layout="self")
_polygamma = Operation(
    "polygamma",
    "self",
    _nth,
    options="n",
    promote="float",
    layout="self",
    shown="polygamma(n, self)",
)
lgamma.derivative(
    "self",
    r"\psi(self) \odot grad",
    lambda grad, self: grad * either.apply(digamma, self),
)
digamma.derivative(
    "self",
    r"\psi^{(1)}(self) \odot grad",
    lambda grad, self: grad * either.apply(_polygamma, self, 1),
)
_polygamma.derivative(
    "self",
    r"\psi^{(n + 1)}(self) \odot grad",
    lambda grad, self, n: grad * either.apply(_polygamma, self, n + 1),
)


def polygamma(n: int, input: Tensor) -> Tensor:
    """The derivative number `n` of digamma, entry by entry. Raises RuntimeError if n < 0."""
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    return _polygamma(input, n)


def _parts(a: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the integral from 0 to infinity: what lies below x, what above."""
    a, x = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(x, np.float64))
    below = np.full(a.shape, np.nan)
    above = np.full(a.shape, np.nan)
    nothing = (a > 0) & ((x == 0) | np.isinf(a)) & ~(np.isinf(a) & np.isinf(x)) & (x >= 0)
    all_of_it = ((a == 0) & (x > 0)) | ((a >= 0) & np.isfinite(a) & np.isposinf(x))
    below[nothing], above[nothing] = 0, 1
    below[all_of_it], above[all_of_it] = 1, 0
    inside = (a > 0) & (x > 0) & np.isfinite(a) & np.isfinite(x)
    for near in (True, False):
        which = inside & ((x < a + 1) == near)
        p, q = a[which], x[which]
        front = np.exp(p * np.log(q) - q - _lgamma(p))
        share = front * (_series(p, q) if near else _fraction(p, q))
        (below if near else above)[which] = share
        (above if near else below)[which] = 1 - share
    return below, above


def _series(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Σ_n xⁿ / (a (a + 1) … (a + n))."""
    term = 1 / a
    total = term
    for n in range(1, STEPS):
        term = term * x / (a + n)
        total = total + term
        if np.all(term <= total * 1e-17):
            break
    return total


def _fraction(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    """1 / (x + 1 - a - (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - …))), from the front."""
    b = x + 1 - a
    c, d = np.full(a.shape, 1e300), 1 / b
    total = d
    for n in range(1, STEPS):
        b = b + 2
        d, c = 1 / (b - n * (n - a) * d), b - n * (n - a) / c
        total = total * c * d
        if np.all(np.abs(c * d - 1) < 1e-16):
            break
    return total


def _incomplete(name: str, which: int, sign: int) -> Operation:
    def forward(self: Any, other: Any) -> np.ndarray:
        return _parts(self, other)[which].astype(self.dtype)

    operation = Operation(
        name,
        "self other",
        floats_only("igamma_cpu", forward),
        promote="common",
        jvp="none",
        layout="self other",
    )

    def refused(grad: Any) -> Any:
        raise NotImplementedError(f"the derivative for '{name}: input' is not implemented.")

    operation.derivative("self", r"\text{not implemented}", refused)
    operation.derivative(
        "other",
        rf"{'-' if sign < 0 else ''}\frac{{other^{{self - 1}} e^{{-other}}}}{{\Gamma(self)}} "
        r"\odot grad",
        lambda grad, self, other: (
            sign * grad
            * either.exp((self - 1) * either.log(other) - other - either.apply(lgamma, self))
        ),
    )  # fmt: skip
    return operation


igamma, igammac = _incomplete("igamma", 0, 1), _incomplete("igammac", 1, -1)
