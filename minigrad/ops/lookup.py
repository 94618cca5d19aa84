"""Rows looked up in a table: embedding."""

from __future__ import annotations

import numpy as np

from . import either
from .indexing import put_back
from .operation import Operation

_embedding = Operation(
    "embedding", "weight", lambda weight, indices, padding_idx, scale_grad_by_freq: weight[indices],
    options="indices padding_idx scale_grad_by_freq", jvp="linear",
)  # fmt: skip
_embedding.derivative(
    "weight",
    r"\text{grad added in at indices, zeros elsewhere}",
    lambda grad, weight_sizes, indices, padding_idx, scale_grad_by_freq: put_back(
        grad
        if padding_idx < 0 and not scale_grad_by_freq
        else grad
        * either.like(
            grad,
            _counted(indices, padding_idx, scale_grad_by_freq).astype(either.numpy_dtype(grad)),
        ),
        weight_sizes,
        (indices,),
        "EmbeddingDenseBackwardBackward0",
    ),
)
_embedding.shows(
    "indices padding_idx scale_grad_by_freq", sparse=False,
    weight_sym_argsize_0=lambda weight_sizes: weight_sizes[0],
)  # fmt: skip


def _counted(indices: np.ndarray, padding_idx: int, scale: bool) -> np.ndarray:
    """How much of the cotangent at each index counts: none of the padding, and with `scale` as many
    times less as the index occurs.
    """
    kept = indices != padding_idx
    if scale:
        _, inverse, counts = np.unique(indices, return_inverse=True, return_counts=True)
        kept = kept / counts[inverse.reshape(indices.shape)]
    return kept[..., None]
