"""What is said about a word that is neither a tensor nor a function."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable

from .functions import FUNCTIONS
from .tree import FormulaError, Node


def near(word: str, known: Iterable[str] = FUNCTIONS) -> str:
    """`; perhaps you meant …`, or ""."""
    lower = word if word in known else word.lower()
    match = difflib.get_close_matches(lower, sorted(known), 1, 0.7) if len(word) <= 60 else []
    return f"; perhaps you meant `{match[0]}`" if match else ""


def unknown_name(
    node: Node, text: str, names: Collection[str], what: str = "tensor"
) -> FormulaError:
    """The error for a name that is neither a tensor nor, where a bracket follows, a function."""
    word = str(node.value)
    shown = word if len(word) <= 60 else word[:59] + "…"
    if what == "function":
        reason = f"There is no function called `{shown}` here{near(word)}."
    elif word in FUNCTIONS:
        reason = f"`{word}` is a function: put what it is applied to in brackets after it."
    elif same := [name for name in names if name.casefold() == word.casefold()]:
        reason = f"There is no tensor called `{word}` here; perhaps you meant `{same[0]}`."
    elif two := _two(word, names):
        reason = f"There is no tensor called `{word}` here; for a product write `{two[0]}*{two[1]}`"
        reason += f", or `{two[0]} @ {two[1]}` for one of matrices."
    else:
        listed = ", ".join(list(names)[:30]) or "none"
        reason = f"There is no tensor called `{shown}`{_letter(word)} here; the names are {listed}."
    return FormulaError(reason, text, node.at, node.end)


def _two(word: str, names: Collection[str]) -> tuple[str, str] | None:
    """The two names that were written as one word: Xw for X and w."""
    for k in range(1, len(word)):
        if word[:k] in names and word[k:] in names:
            return word[:k], word[k:]
    return None


def _letter(word: str) -> str:
    """Which letter it is, where it only looks like one of the usual ones."""
    odd = [char for char in word if not char.isascii()]
    return f" ({unicodedata.name(odd[0], 'an unusual letter').lower()})" if odd else ""
