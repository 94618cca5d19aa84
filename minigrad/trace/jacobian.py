"""The local Jacobian of one node."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np

from ..autograd.cotangents import fit
from ..autograd.graph import Node
from .data import JACOBIAN, jacobian_data


def local_jacobian(
    node: Node, position: int, incoming: list[Any], shape: tuple[int, ...]
) -> dict[str, Any]:
    """d(output)/d(input), found by sending one-hot cotangents through the node's own derivative."""
    slot = next(k for k, cotangent in enumerate(incoming) if cotangent is not None)
    like = np.asarray(incoming[slot])
    rows, columns = like.size, int(np.prod(shape, dtype=int))
    if rows * columns > JACOBIAN or rows > 64:
        return jacobian_data(None, (rows, columns))
    matrix = np.zeros((rows, columns), like.dtype)
    for row in range(rows):
        one_hot = np.zeros_like(like)
        one_hot.flat[row] = 1
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            arriving = [one_hot if k == slot else None for k in range(len(incoming))]
            outgoing = node.backward(arriving, False)
        if node.shapes is not None:
            outgoing = fit(node, outgoing)
        if outgoing[position] is not None:
            matrix[row] = np.ravel(outgoing[position])
    if rows == columns and getattr(getattr(node, "operation", None), "promote", None):
        off = ~np.eye(rows, dtype=bool)
        matrix[off & np.isnan(matrix)] = 0  # 0 · ∞ beside the diagonal of an entry-wise operation
    return jacobian_data(matrix, (rows, columns))
