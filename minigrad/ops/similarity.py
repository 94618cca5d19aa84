"""The cosine of the angle between vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.grad_mode import no_grad
from ..dtypes import result_type
from ..tensor import Tensor
from .joining import broadcast_tensors
from .norms import vector_norm
from .refusals import type_word


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """The cosine of the angle between vectors along `dim`; `eps`: the least length that counts.

    Raises RuntimeError if both hold integers, or if `eps` is negative.
    """
    if eps < 0:
        raise RuntimeError(f"eps must be non-negative, got: {eps:g}")
    kind = result_type((x1._array, x2._array))
    if kind.kind != "f":
        word = type_word(np.empty(0, kind))
        raise RuntimeError(
            f"expected common dtype to be floating point, yet common dtype is {word}"
        )
    one, other = (_direction(x, kind, dim, eps) for x in broadcast_tensors(x1, x2))
    return (one * other).sum(dim)


def _direction(x: Any, kind: np.dtype, dim: int, eps: float) -> Any:
    """Vectors along `dim`, of length 1; integers become numbers of this kind.

    The lengths have derivatives even where `eps` takes their place.
    """
    x = x if x._array.dtype.kind == "f" else x._cast(kind)
    length = vector_norm(x, 2, dim, True).clone()
    with no_grad():
        length.clamp_min_(eps)
    return x / length
