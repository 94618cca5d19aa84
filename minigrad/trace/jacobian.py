"""The local Jacobians of one node."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .data import JACOBIAN, jacobian_data
from .pattern import patterns

ROWS = 64  # entries of a result up to which its local Jacobians are computed


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """A derivative that is asked once more prints nothing, and nothing is said of infinities."""
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        yield


def local_jacobians(
    send: Callable[[np.ndarray], Sequence[np.ndarray | None]],
    like: np.ndarray,
    sizes: Mapping[int, int],
    entrywise: bool,
) -> dict[int, dict[str, Any]]:
    """d(output)/d(input), found by sending one-hot cotangents through the node's own derivative.

    send: a cotangent of the output → one per input. like: one of the output's shape and dtype.
    sizes: position of an input → how many entries it has.
    """
    rows = like.size
    wanted = [k for k, columns in sizes.items() if rows <= ROWS and rows * columns <= JACOBIAN]
    found: dict[int, np.ndarray | None] = dict.fromkeys(sizes)
    found.update({k: np.zeros((rows, sizes[k]), like.dtype) for k in wanted})
    for row in range(rows if wanted else 0):
        one_hot = np.zeros_like(like)
        one_hot.flat[row] = 1
        with quiet():
            outgoing = send(one_hot)
        for position in wanted:
            if outgoing[position] is not None:
                found[position][row] = np.ravel(outgoing[position])  # type: ignore[index, arg-type]
    for position in wanted if entrywise else ():
        if rows == sizes[position]:
            off = ~np.eye(rows, dtype=bool)
            matrix = found[position]
            assert matrix is not None
            matrix[off & np.isnan(matrix)] = 0  # 0 · ∞ beside the diagonal
    large = {k: columns for k, columns in sizes.items() if k not in wanted}
    maps = {}
    if large:
        with quiet():
            maps = patterns(send, like, large, entrywise)
    return {
        k: jacobian_data(matrix, (rows, sizes[k])) | maps.get(k, {}) for k, matrix in found.items()
    }
