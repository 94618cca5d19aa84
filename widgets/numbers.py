"""Numbers as the pictures show them; static/shared/numbers.js does the same in the page."""

from __future__ import annotations

from typing import Any

from minigrad.trace.text import entry, flat


def shape_text(array: dict[str, Any]) -> str:
    """`2×3`; empty for a single number."""
    return "×".join(str(n) for n in array["shape"])


def brief(array: dict[str, Any], longest: int) -> str:
    """An array in at most about `longest` characters: its entries, or else their range."""
    if 0 in array["shape"]:
        return "empty"
    if "values" not in array:
        return f"{rounded(array['min'])} to {rounded(array['max'])}"
    entries = flat(array["values"])
    if not array["shape"]:
        return entry(entries[0])
    if len(entries) > 1 and entries.count(entries[0]) == len(entries):
        return f"all {entry(entries[0])}"
    whole = _brackets(array["values"])
    if len(whole) <= longest:
        return whole
    if "nan" in entries:
        return "has nan"
    numbers = [float(value) for value in entries]
    return f"{rounded(min(numbers))} to {rounded(max(numbers))}"


def rounded(value: Any) -> str:
    """A number to about three digits, for a range."""
    number = float(value)
    return entry(value) if number in (float("inf"), float("-inf")) else f"{number:.3g}"


def _brackets(values: Any) -> str:
    if isinstance(values, list):
        return "[" + ", ".join(_brackets(value) for value in values) + "]"
    return entry(values)
