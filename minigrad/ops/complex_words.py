"""Words about complex numbers, said of real ones: each is its own real part and conjugate."""

from __future__ import annotations

import numpy as np

from ..tensor import Tensor, made


def conj(input: Tensor) -> Tensor:
    """The conjugate: the tensor itself."""
    return input


def real(input: Tensor) -> Tensor:
    """The real part: the tensor itself."""
    return input


def imag(input: Tensor) -> Tensor:
    """Raises RuntimeError: real numbers have no imaginary part to be seen."""
    raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")


def isreal(input: Tensor) -> Tensor:
    """True for every entry."""
    return made(np.ones_like(input._array, bool))


def is_conj(input: Tensor) -> bool:
    """Whether conjugation is still to be done: False."""
    return False


NAMES = {
    "conj": conj, "conj_physical": conj, "resolve_conj": conj, "resolve_neg": conj,
    "isreal": isreal, "is_conj": is_conj, "is_neg": is_conj,
}  # fmt: skip
"""Functions and methods; `real` and `imag` are attributes of a tensor."""
