"""Arguments that have to be True or False: PyTorch takes no 1 and no text in their place."""

from __future__ import annotations

from typing import Any


def check_flag(value: Any, function: str, name: str, position: int = 0) -> None:
    """Raise TypeError, as PyTorch words it, if the argument `name` of `function` is no bool."""
    if not isinstance(value, bool):
        kind = type(value)
        got = f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__
        place = f" (position {position})" if position else ""
        raise TypeError(f"{function}(): argument '{name}'{place} must be bool, not {got}")
