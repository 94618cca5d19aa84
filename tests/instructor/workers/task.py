"""One submission's grading as plain data: any process can do it, and send back the result."""

from __future__ import annotations

import atexit
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.instructor import scratch
from tests.instructor.course import Course, CourseError

ONE_AT_A_TIME = threading.Lock()  # a cluster's worker may have several threads


@dataclass(frozen=True)
class Material:
    """The lessons and their checks: where they are, or, for another machine, what is in them.

    files: "lessons/NAME" or "checks/NAME" → content; empty if the folders are to be used.
    """

    lessons: Path
    checks: Path
    files: tuple[tuple[str, bytes], ...] = ()

    def with_files(self) -> Material:
        """The same, to be sent to another machine."""
        found = [(f"lessons/{p.name}", p.read_bytes()) for p in self.lessons.glob("*.ipynb")]
        found += [(f"checks/{p.name}", p.read_bytes()) for p in self.checks.glob("*.py")]
        return Material(self.lessons, self.checks, tuple(sorted(found)))


@dataclass(frozen=True)
class Task:
    """A submission: its key, its lesson, its bytes, and how it is to be kept from the machine.

    limit: the seconds after which it is given up.
    """

    key: str
    material: Material
    lesson: str
    content: bytes
    isolation: str
    limit: float = 300.0


Do = Callable[[Task], dict[str, Any]]


def do(task: Task) -> dict[str, Any]:
    """Grade. Plain data comes back, whatever happened."""
    from tests.instructor.grading import grade
    from tests.instructor.sandbox.client import Limits

    with ONE_AT_A_TIME:
        try:
            course = course_of(task.material)
            limits = Limits(whole=task.limit)
            return grade(course, task.lesson, task.content, isolation=task.isolation, limits=limits)
        except CourseError as problem:
            return unfinished(task.lesson, f"The lesson's checks cannot be used: {problem}")
        except Exception as problem:
            return unfinished(
                task.lesson, f"The grader failed: {type(problem).__name__}: {problem}"
            )


def unfinished(lesson: str, reason: str, state: str = "needs a look") -> dict[str, Any]:
    """The result of a submission that nobody has graded; `reason`: why not, for the instructor."""
    return {
        "schema": 1,
        "lesson": lesson,
        "state": state,
        "reason": reason,
        "exercises": {},
        "cells": [],
        "flags": [],
        "seconds": 0.0,
        "cpu": 0.0,
    }


@functools.lru_cache(maxsize=4)
def course_of(material: Material) -> Course:
    """The course, opened once per process. Raises CourseError."""
    if not material.files:
        return Course(material.lessons, material.checks)
    scratch.sweep()  # a worker that is killed leaves its own
    kept = scratch.Scratch("lessons")
    atexit.register(kept.remove)
    for name, content in material.files:
        path = kept.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return Course(kept.path / "lessons", kept.path / "checks")
