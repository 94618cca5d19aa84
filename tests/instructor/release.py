"""Copies of lessons for students: no solution in them, no output, and the same bytes every time."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import nbformat

from launch.places import LESSONS
from launch.problem import Problem
from tests.instructor.course import Course, CourseError
from tests.instructor.results import OF_A_LESSON

# nbgrader's own marks, for instructors who write the solution into the lesson.
SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION[^\n]*", re.DOTALL | re.MULTILINE
)
HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?", re.DOTALL | re.MULTILINE
)
STUB = r"\1# YOUR CODE HERE\n\1raise NotImplementedError()"


def release(course: Course, lessons: list[str], out: Path) -> list[Path]:
    """Write the lessons to a folder, with their checks if they are not this project's.

    A file there that is not ours is never overwritten. Raises Problem.
    """
    written = []
    for number in lessons or list(course.lessons):
        lesson = chosen(course, number)
        written.append(write(out / lesson.path.name, student_copy(lesson)))
    if course.folder.resolve() != LESSONS:
        checks = [course.lessons[number].checks for number in lessons or course.lessons]
        checks += [p for p in sorted(course.checks.glob("*.py")) if not OF_A_LESSON(p.name)]
        written += [write(out / "checks" / path.name, path.read_bytes()) for path in checks]
    return written


def chosen(course: Course, number: str) -> Any:
    """A lesson of the course. Raises Problem if there is none, or if it is broken."""
    try:
        lesson = course.lessons[number]
        lesson.exercises, lesson.notebook  # noqa: B018 (asked for, so that what is broken is said)
    except KeyError:
        raise Problem(
            f"There is no lesson {number} in {course.folder}.",
            f"There are {', '.join(course.lessons)}.",
        ) from None
    except CourseError as problem:
        raise Problem(f"Lesson {number}: {problem}", "Mend it, and run verify.") from problem
    return lesson


def student_copy(lesson: Any) -> bytes:
    """A lesson's notebook as students get it."""
    notebook = copy.deepcopy(lesson.notebook)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = SOLUTION.sub(STUB, cell.source)
            cell.source = HIDDEN.sub("", cell.source).rstrip("\n")
    return nbformat.writes(notebook, version=4).encode() + b"\n"


def write(path: Path, content: bytes) -> Path:
    """Write a file; one that is there and is another stays. Returns its path. Raises Problem."""
    try:
        if path.exists() and path.read_bytes() != content:
            raise Problem(
                f"{path} is there already, and it is another.",
                "Name an empty folder, or move that file away.",
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Problem(
            f"{path} cannot be written ({error.strerror}).", "Name another folder."
        ) from error
    return path
