"""A function in another file, which is given a number."""

from __future__ import annotations

from typing import Any


def times(w: Any, factor: float) -> Any:
    """The product."""
    return w * factor
