"""Which lesson a notebook is a copy of: by what its cells carry first, by its names second."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.instructor.intake.found import Unreadable


def cells_of(content: bytes) -> list[dict[str, Any]]:
    """The cells of a notebook of any format. Raises Unreadable where there are none."""
    if not content.strip():
        raise Unreadable("The file is empty.")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except RecursionError as error:
        raise Unreadable("Its JSON is nested too deeply to be a notebook.") from error
    except ValueError as error:
        raise Unreadable("It is not a notebook: no valid JSON.") from error
    cells = list(_cells(notebook))
    if not cells:
        raise Unreadable("It is not a notebook: it has no cells.")
    return cells


def _cells(notebook: Any) -> Iterator[dict[str, Any]]:
    """Format 4 has cells; before, they were in worksheets."""
    if not isinstance(notebook, dict):
        return
    sheets = notebook.get("worksheets")
    for holder in [notebook, *(sheets if isinstance(sheets, list) else ())]:
        cells = holder.get("cells") if isinstance(holder, dict) else None
        yield from (c for c in (cells if isinstance(cells, list) else ()) if isinstance(c, dict))


def marks_of(cell: Mapping[str, Any], ids: bool = True) -> Iterator[str]:
    """What says where a cell came from: its grade_id and, with `ids`, its id."""
    metadata = cell.get("metadata")
    graded = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = graded.get("grade_id") if isinstance(graded, dict) else None
    for mark in (grade_id, cell.get("id") if ids else None):
        if isinstance(mark, str):
            yield mark


def lesson_of(cells: list[dict[str, Any]], place: tuple[str, ...], course: Any) -> str | None:
    """The number of the lesson that a notebook is a copy of, or None.

    Its exercises decide; then all of its cells' ids; then the names of the file and its folders.
    """
    marks = {mark for cell in cells for mark in marks_of(cell)}
    for carried in _carried(course):
        shared = {number: len(marks & known) for number, known in carried.items()}
        best = max(shared.values(), default=0)
        first = [number for number, count in shared.items() if count == best]
        if best and len(first) == 1:
            return first[0]
    return lesson_named(place, course)


@functools.lru_cache(maxsize=4)
def _carried(course: Any) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Of each lesson: the grade_ids of its exercises, and the ids of all of its cells."""
    exercises, cells = {}, {}
    for number, lesson in course.lessons.items():
        try:
            found = cells_of(lesson.path.read_bytes())
        except (OSError, Unreadable):
            continue  # said when that lesson is used
        graded = [cell for cell in found if "nbgrader" in cell.get("metadata", {})]
        exercises[number] = {mark for cell in graded for mark in marks_of(cell, ids=False)}
        cells[number] = {mark for cell in found for mark in marks_of(cell)}
    return exercises, cells


def lesson_named(place: tuple[str, ...], course: Any) -> str | None:
    """The lesson that the file's name, or else a folder's, speaks of."""
    for part in reversed(place):
        for number, lesson in course.lessons.items():
            if names_lesson(lesson).search(part):
                return number
    return None


def names_lesson(lesson: Any) -> re.Pattern[str]:
    """What a lesson is called in names of files: 02_the_chain_rule_by_hand, lesson-02, 02."""
    stem = re.escape(lesson.path.stem).replace("_", "[ _-]+")
    number = re.escape(lesson.number)
    words = "(?:lesson|assignment|exercise|homework|hw|lab|sheet|ps)"
    return re.compile(
        rf"(?:{stem}|(?<![^\W_])(?:{words}[ _-]*)?{number}(?!\d|[^\W_]))", re.IGNORECASE
    )
