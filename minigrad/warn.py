"""Warnings that point at the reader's line, not at ours."""

from __future__ import annotations

import sys
import warnings
from typing import Any


def warn(text: str, category: type[Warning] = UserWarning) -> None:
    """A warning that shows the nearest line outside this package."""
    package = __name__.rpartition(".")[0]
    frame: Any = sys._getframe(1)
    depth = 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(package):
        frame = frame.f_back
        depth += 1
    warnings.warn(text, category, stacklevel=depth - 1)
