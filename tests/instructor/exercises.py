"""A lesson's exercises: what a page says about them, and the lesson with answers in it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any


def about(lesson: Any) -> dict[str, Any]:
    """id → title, kind, points and first hint. Raises CourseError for a broken lesson."""
    titles = _titles(lesson)
    return {
        name: {
            "of": exercise.points,
            "kind": exercise.kind,
            "title": titles.get(name, name),
            "hint": exercise.hints[0],
        }
        for name, exercise in lesson.exercises.items()
    }


def _titles(lesson: Any) -> dict[str, str]:
    """grade_id → the heading that stands above it, without its points."""
    titles, heading = {}, ""
    for cell in lesson.cells:
        if cell["cell_type"] == "markdown":
            for line in re.findall(r"^#+\s+(.+)$", cell["source"], re.MULTILINE):
                heading = re.sub(r"\s*\(\d+ points?\)$", "", line)
        elif "nbgrader" in cell["metadata"] and heading:
            titles[cell["metadata"]["nbgrader"]["grade_id"]] = heading
    return titles


def answered(lesson: Any, answers: Mapping[str, str]) -> bytes:
    """The lesson as a student with these answers, exercise → code, would hand it in."""
    import nbformat

    notebook = copy.deepcopy(lesson.notebook)
    for cell in notebook.cells:
        code = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if code is not None:
            cell.source = code
    return nbformat.writes(notebook).encode()
