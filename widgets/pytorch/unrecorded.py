"""Numbers that a graph does not keep, found again: the 2 of `x + 2`, where both values are known.

PyTorch drops a number that no derivative needs. What is found gives the result to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from minigrad.ops.operation import Operation

DIGITS = 17  # that a number can have


def number(
    operation: Operation, arguments: Mapping[str, Any], missing: str, result: np.ndarray
) -> float | None:
    """The number `missing` among the arguments, with which the operation gives that result.

    arguments: name → array or plain value, of all others. Of many such numbers the one with the
    fewest digits; None if there is none, or if the operation is none of those that can be undone.
    """
    with np.errstate(all="ignore"):
        for candidate in _candidates(operation.name, arguments, missing, result):
            for digits in range(1, DIGITS + 1):
                short = float(f"{candidate:.{digits}g}")
                given = {**arguments, missing: short}
                again = operation.forward(*[given[name] for name in operation.arguments])
                if np.array_equal(again, result, equal_nan=True):
                    return short
    return None


def _candidates(
    name: str, given: Mapping[str, Any], missing: str, result: np.ndarray
) -> Iterator[float]:
    """Numbers that it may be, up to rounding: what each entry tells, for as long as they differ."""
    exact = result.astype(np.float64)
    alpha = given.get("alpha", 1)
    if missing == "other" and name in ("add", "sub", "rsub"):
        x = np.asarray(given["self"], np.float64)
        found = {"add": exact - x, "sub": x - exact, "rsub": exact + alpha * x}[name]
        entries = np.unique(found if name == "rsub" else found / alpha)
    elif name == "where":
        chosen = np.broadcast_to(given["condition"], exact.shape)
        entries = exact[chosen if missing == "self" else ~chosen]
    elif missing == "value" and name == "masked_fill":
        entries = exact[np.broadcast_to(given["mask"], exact.shape)]
    elif missing == "value" and name == "threshold":
        entries = exact[np.asarray(given["self"]) <= given["threshold"]]
    else:
        return
    finite = entries[np.isfinite(entries)].ravel()
    yield from finite[:: max(1, finite.size // 4)][:5].tolist()
