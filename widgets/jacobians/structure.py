"""What the zeros of a Jacobian say about the computation, in a name and a sentence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

RANKED = 128  # rows and columns up to which the rank is looked at


class Structure(NamedTuple):
    """A name, such as `diagonal`, and what it means for the computation."""

    name: str
    meaning: str


def structure(matrix: np.ndarray) -> Structure:
    """The most telling name for the pattern of a matrix of shape (outputs, inputs)."""
    rows, columns = matrix.shape
    used = matrix != 0
    if not np.all(np.isfinite(matrix)):
        return Structure("with nan or infinity", "Some slopes are not numbers at these values.")
    if not used.any():
        return Structure("all zeros", "Every slope is 0 at these values.")
    if rows == columns == 1:
        return Structure(
            "one number", "One output entry, one input entry: the ordinary derivative."
        )
    if rows == 1:
        return Structure("one row", "One output entry: its row is the gradient.")
    if columns == 1:
        return Structure("one column", "One input entry: its column says how each output moves.")
    return (
        _square(matrix, used) or _single(matrix, used) or _blocks(used) or _band(used)
        or _low_rank(matrix) or _share(used)
    )  # fmt: skip


def _square(matrix: np.ndarray, used: np.ndarray) -> Structure | None:
    rows, columns = matrix.shape
    if rows != columns or used[~np.eye(rows, dtype=bool)].any():
        return None
    entries = np.diag(matrix)
    if np.all(entries == 1):
        return Structure("the identity", "Each output entry moves exactly as its input entry does.")
    if np.all(entries == entries[0]):
        return Structure(
            "a multiple of the identity", "Each output entry is moved by its own input entry, all "
            "by the same factor.",
        )  # fmt: skip
    return Structure(
        "diagonal", "Output entry i depends on input entry i alone: an element-wise function. Its "
        "vᵀJ is v times the diagonal, entry by entry.",
    )  # fmt: skip


def _single(matrix: np.ndarray, used: np.ndarray) -> Structure | None:
    """At most one entry in each row, or in each column."""
    by_row, by_column = used.sum(1), used.sum(0)
    ones = bool(np.all(matrix[used] == 1))
    if by_row.max() == 1 and by_column.max() == 1:
        if ones and by_row.min() == by_column.min() == 1:
            return Structure("a permutation", "The entries are moved about, and not changed.")
        return Structure("one entry per row", "Each output entry comes from one input entry.")
    if by_row.max() == 1:
        what = "is a copy of" if ones else "depends on"
        return Structure(
            "one entry per row", f"Each output entry {what} one input entry, and some input "
            "entries are used several times (broadcasting, indexing): vᵀJ adds their shares up.",
        )  # fmt: skip
    if by_column.max() == 1:
        return Structure(
            "one entry per column", "Each input entry goes into one output entry: a sum or a "
            "selection along an axis.",
        )  # fmt: skip
    return None


def _blocks(used: np.ndarray) -> Structure | None:
    """Groups of outputs and inputs that have nothing to do with each other."""
    groups = components(used)
    if len(groups) < 2:
        return None
    sizes = {(len(rows), len(columns)) for rows, columns in groups}
    size = "×".join(map(str, sizes.pop())) if len(sizes) == 1 else "different sizes"
    if all(_run(rows) and _run(columns) for rows, columns in groups):
        return Structure(
            "block diagonal", f"{len(groups)} blocks of {size}: the parts do not see each other, "
            "as the samples of a batch.",
        )  # fmt: skip
    return Structure(
        "blocks, interleaved", f"{len(groups)} groups of {size} that do not see each other; with "
        "the entries in another order it would be block diagonal.",
    )  # fmt: skip


def components(used: np.ndarray) -> list[tuple[list[int], list[int]]]:
    """The groups of rows and columns that are joined by entries that are not zero."""
    unseen = [i for i in range(used.shape[0]) if used[i].any()]
    groups = []
    seen: set[int] = set()
    for start in unseen:
        if start in seen:
            continue
        rows, columns, waiting = {start}, np.zeros(used.shape[1], bool), [start]
        while waiting:
            new = used[waiting.pop()] & ~columns
            columns |= new
            for i in np.flatnonzero(used[:, new].any(1)):
                if int(i) not in rows:
                    rows.add(int(i))
                    waiting.append(int(i))
        seen |= rows
        groups.append((sorted(rows), np.flatnonzero(columns).tolist()))
    return groups


def _run(places: list[int]) -> bool:
    return places[-1] - places[0] == len(places) - 1


def _band(used: np.ndarray) -> Structure | None:
    i, j = np.nonzero(used)
    below, above = max(0, int((i - j).max())), max(0, int((j - i).max()))
    rows, columns = used.shape
    width = below + above + 1
    if rows > 2 and width <= max(rows, columns) / 2:
        return Structure(
            "banded", f"Only a band of {width} diagonals is used: an output entry sees its "
            "neighbours, as in a difference or a convolution.",
        )  # fmt: skip
    if rows == columns and not above:
        return Structure(
            "lower triangular", "At this point output entry i sees the inputs up to i alone."
        )
    if rows == columns and not below:
        return Structure(
            "upper triangular", "At this point output entry i sees the inputs from i on alone."
        )
    return None


def _low_rank(matrix: np.ndarray) -> Structure | None:
    if max(matrix.shape) > RANKED or not np.all(np.isfinite(matrix)):
        return None
    if np.all(matrix == matrix[0]):
        return Structure("all rows equal", "Every output entry moves by the same amount.")
    values = np.linalg.svd(matrix, compute_uv=False)
    rank = int((values > values[0] * max(matrix.shape) * np.finfo(np.float32).eps).sum())
    if rank < min(matrix.shape):
        return Structure(
            f"of rank {rank}", f"All {len(matrix)} output entries move along only {rank} "
            f"direction{'s' * (rank > 1)}; along the others the input can change unnoticed.",
        )  # fmt: skip
    return None


def _share(used: np.ndarray) -> Structure:
    if used.all():
        return Structure("dense", "Every output entry depends on every input entry.")
    return Structure(
        "dense, with some zeros",
        "A zero stands where an output entry does not depend on an input entry, here at least.",
    )
