"""Version counters: how an in-place change of a saved tensor is noticed.

Every in-place operation adds one to the counter of the memory it wrote to. Tensors that share
memory share the counter. A node notes the version of what it saves, and compares before it uses it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .tensor import Tensor


class Counter:
    """How often a piece of memory was written to in place, and by whom last."""

    __slots__ = ("value", "writer")

    def __init__(self) -> None:
        self.value = 0
        self.writer: tuple[str, str, int] | None = None

    def bump(self, operation: str) -> None:
        """One more write, by `operation`, called from the nearest line outside this package."""
        self.value += 1
        self.writer = (operation, *caller())


UNTOUCHED = Counter()
"""Stands for the counter of every tensor that was never written to nor shared; never bumped."""


def caller() -> tuple[str, int]:
    """File name and line of the nearest frame outside this package."""
    package = __name__.rpartition(".")[0]
    frame: Any = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(package):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def stale(tensor: Tensor, expected: int, origin: Any) -> RuntimeError:
    """PyTorch's error for a saved tensor that was overwritten, and who overwrote it."""
    from .recording import place

    made = "" if origin is None else f", which is output {origin[1]} of {origin[0].short_name()},"
    text = (
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [{tensor.type()} {list(tensor.shape)}]{made} is at version "
        f"{tensor._counter.value}; expected version {expected} instead. Hint: enable anomaly "
        "detection to find the operation that failed to compute its gradient, with "
        "torch.autograd.set_detect_anomaly(True, check_nan=False)."
    )
    if tensor._counter.writer is not None:
        operation, file, line = tensor._counter.writer
        text += f"\nIt was overwritten by {operation} at {place(file, line)}."
    return RuntimeError(text)
