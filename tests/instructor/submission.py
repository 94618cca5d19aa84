"""A submitted notebook, read from its bytes as forgivingly as is safe.

Versions 3 and 4 of the format, any line endings, a byte order mark, missing metadata: what matters
here is the code of its cells, their ids and the ids of the exercises. Nothing is executed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

LARGEST = 20_000_000  # bytes
MOST_CELLS = 2000
LONGEST_CELL = 200_000  # characters


class Unreadable(Exception):
    """What was handed in is not a notebook. A sentence says why."""


@dataclass(frozen=True)
class Cell:
    """A code cell. place: which of all the notebook's cells it is, from 1."""

    place: int
    source: str
    id: str = ""
    grade_id: str = ""


def read(content: bytes) -> list[Cell]:
    """The code cells, in order. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("The file is empty.")
    if len(content) > LARGEST:
        raise Unreadable(f"The file has {len(content) / 1e6:.0f} MB; a notebook has less than 20.")
    try:
        notebook = json.loads(_text(content))
    except RecursionError:
        raise Unreadable("The file is nested too deeply to be a notebook.") from None
    except ValueError as problem:
        hint = " It ends too early: was it saved to the end?" if _cut_off(content) else ""
        raise Unreadable(f"The file is not a notebook: it is not JSON ({problem}).{hint}") from None
    if not isinstance(notebook, dict):
        raise Unreadable("The file is JSON, but not a notebook.")
    cells = notebook.get("cells")
    if cells is None:  # version 3 has sheets of cells
        sheets = notebook.get("worksheets")
        if not isinstance(sheets, list) or not all(isinstance(s, dict) for s in sheets):
            raise Unreadable("The file is JSON, but not a notebook: it has no cells.")
        cells = [cell for sheet in sheets for cell in sheet.get("cells") or ()]
    if not isinstance(cells, list):
        raise Unreadable("The notebook's cells are not a list.")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells)} cells.")
    return [found for place, cell in enumerate(cells, 1) if (found := _cell(place, cell))]


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _cut_off(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and not (
        content.rstrip().endswith(b"}")
    )


def _cell(place: int, cell: Any) -> Cell | None:
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return None
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None
    if len(source) > LONGEST_CELL:
        source = "raise MemoryError('This cell is too long to be graded.')"
    metadata = cell.get("metadata")
    marked = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marked.get("grade_id") if isinstance(marked, dict) else None
    identity = cell.get("id")
    return Cell(
        place,
        tidy(source),
        identity if isinstance(identity, str) else "",
        grade_id if isinstance(grade_id, str) else "",
    )


def tidy(source: str) -> str:
    """A cell's text with one kind of line ending, and text that UTF-8 can hold."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return source.encode("utf-8", "replace").decode()
