"""A file that may be somebody's submission, as it was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LARGEST = 64 << 20
"""Bytes of a notebook that are read; a hundred times what a lesson with all its pictures has."""


class Unreadable(Exception):
    """Why a file cannot be read, in a sentence for the instructor."""


@dataclass(frozen=True)
class Found:
    """A file: where it was found, and how to read it, or why it is not read.

    place: the folders and archives below what was given, then the file's name.
    when: the time of its last change, in seconds; 0 if nobody knows.
    read: gives its bytes. Raises Unreadable.
    """

    place: tuple[str, ...]
    when: float = 0.0
    size: int = 0
    problem: str = ""
    read: Callable[[], bytes] | None = None

    @property
    def name(self) -> str:
        """Where it was found, as one line."""
        return "/".join(self.place)


def is_notebook(name: str) -> bool:
    """True for the name of a notebook."""
    return name.lower().endswith(".ipynb")


def is_hidden(parts: tuple[str, ...]) -> bool:
    """True for what no person has handed in: copies that Jupyter and macOS leave, hidden files."""
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts)
