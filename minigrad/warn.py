"""Warnings that point at the reader's line, not at ours."""

from __future__ import annotations

import sys
import warnings
from typing import Any


def silence_numpy() -> None:
    """NumPy warns about 1/0 and log(0); PyTorch says nothing, and a nan is seen anyway.

    Only what this package computes falls silent. A filter costs nothing until there is a warning.
    """
    text = "(divide by zero|invalid value|overflow|underflow) encountered"
    warnings.filterwarnings("ignore", text, RuntimeWarning, module="minigrad")


silence_numpy()


def own_frame(file: str) -> bool:
    """True for a file of this package."""
    return file.startswith((PACKAGE, "<minigrad "))


PACKAGE = __file__.rpartition("warn")[0]


def warn(text: str, category: type[Warning] = UserWarning) -> None:
    """A warning that shows the nearest line outside this package."""
    package = __name__.rpartition(".")[0]
    frame: Any = sys._getframe(1)
    depth = 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(package):
        frame = frame.f_back
        depth += 1
    warnings.warn(text, category, stacklevel=depth)
