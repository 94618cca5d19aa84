"""One submission, hostile or not: points and findings per exercise.

    result = grade(Course(), "01", content)

The student's code runs in a sandbox (sandbox/), the checks run in a process of ours (checking.py),
and between the two go plain data alone. The result is plain data as well:

    {"schema": 1, "lesson": "01", "state": "graded" | "needs a look" | "set aside", "reason": "",
     "isolation": "bubblewrap",
     "exercises": {id: {"points": 3.0, "of": 4, "state": "graded" | "needs a look" | "not answered",
                        "findings": [{"what": "", "right": True, "said": ""}],
                        "reason": "", "instructor": ""}},
     "cells": [{"place": 1, "id": "", "error": "",
                "state": "ran" | "raised" | "timed out" | "died" | "skipped"}],
     "flags": [], "seconds": 1.2, "cpu": 0.8}

"instructor" is what a student must not see. "cpu" is processor time, the sandbox's and the checks'.
"""

from __future__ import annotations

import re
import time
import traceback
from typing import Any

from tests.instructor import plan as plans
from tests.instructor.checking import Checks
from tests.instructor.course import Course, CourseError, Lesson
from tests.instructor.deadline import Deadline, GivenUp
from tests.instructor.running import Run
from tests.instructor.sandbox.client import Limits
from tests.instructor.sandbox.command import WAYS, SandboxFailed
from tests.instructor.submission import Cell, Unreadable, read, tidy

SCHEMA = 1
SUSPICIOUS = {
    "sys.modules": r"\bsys\s*\.\s*modules\b",
    "processes": r"\b(os\s*\.\s*(fork|system|popen|exec\w*|spawn\w*|kill|_exit)|subprocess)\b",
    "sockets": r"\b(socket|urllib|requests|http\.client)\b",
    "/proc": r"/proc\b",
    "ctypes": r"\bctypes\b",
    "the checks": r"\b(lessons\.checks|tests\.instructor)\b(?!\s+import\s+lesson_\d\d as check)",
    "the environment": r"\bos\s*\.\s*environ\b|\bgetenv\b",
    "signals, tracing": r"\b(signal\.|settrace|setprofile|atexit)",
    "frames": r"\b(_getframe|f_back|gc\.get_)",
}


def grade(
    course: Course,
    lesson: str,
    content: bytes,
    *,
    isolation: str = "bubblewrap",
    limits: Limits | None = None,
) -> dict[str, Any]:
    """The result for a notebook's bytes. Nothing that a submission does makes it raise.

    isolation: "bubblewrap"; or "process", which is weaker: the student's code could read files.
    Raises CourseError for a lesson that the course does not have, ValueError for another isolation.
    """
    if isolation not in WAYS:
        raise ValueError(f"isolation must be one of {', '.join(WAYS)}, not {isolation!r}")
    if lesson not in course.lessons:
        known = ", ".join(course.lessons)
        raise CourseError(f"There is no lesson {lesson!r} in {course.folder}; there are {known}.")
    begun, spent = time.monotonic(), time.process_time()
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "lesson": lesson,
        "state": "graded",
        "reason": "",
        "isolation": isolation,
        "exercises": {},
        "cells": [],
        "flags": [],
        "seconds": 0.0,
        "cpu": 0.0,
    }
    try:
        _grade(course, lesson, content, isolation, limits or Limits(), result)
    except Unreadable as problem:
        result |= {"state": "set aside", "reason": str(problem)}
    except (CourseError, SandboxFailed) as problem:
        result |= {"state": "needs a look", "reason": str(problem)}
    except GivenUp as problem:
        result |= {"state": "needs a look", "reason": str(problem), "exercises": {}}
    except Exception as problem:
        said = f"The grader itself failed: {type(problem).__name__}: {problem}"
        result |= {"state": "needs a look", "reason": said}
        result["flags"].append(traceback.format_exc()[-2000:])
    result["seconds"] = round(time.monotonic() - begun, 3)
    result["cpu"] = round(result["cpu"] + time.process_time() - spent, 3)
    return result


def _grade(
    course: Course,
    lesson: str,
    content: bytes,
    isolation: str,
    limits: Limits,
    result: dict[str, Any],
) -> None:
    chapter = course.lessons[lesson]
    exercises = chapter.exercises
    for name, exercise in exercises.items():
        result["exercises"][name] = _nothing(exercise.points)
    cells = read(content)
    plan = plans.make(chapter, cells)
    if not plan.recognised and not any(plan.answered.values()):
        result["state"] = "needs a look"
        result["reason"] = f"No exercise of lesson {lesson} is in it. Is it another lesson's?"
        return
    result["flags"] += plan.notes + _suspicions(cells, chapter)
    if isolation == "process":
        result["flags"].append("weak isolation: plain processes, as was asked for")
    deadline = Deadline(limits.whole)
    checks = Checks(chapter.checks, limits.check, deadline)
    try:
        # The strictest first: what is right without a package is right with it too, and costs no
        # second sandbox.
        ways = dict.fromkeys(exercise.without for exercise in exercises.values())
        for without in sorted(ways, key=len, reverse=True):
            names = [
                name
                for name, exercise in exercises.items()
                if plan.answered[name]
                and set(exercise.without) <= set(without)
                and result["exercises"][name]["points"] < exercise.points
                and not (result["cells"] and exercise.without != without)
            ]
            run = Run(plan, exercises, names, without, isolation, limits, checks, deadline)
            try:
                found = run.run() if names or not result["cells"] else {}
            finally:
                result["cpu"] += run.cpu
            result["exercises"] |= found
            result["flags"] += [flag for flag in run.flags if flag not in result["flags"]]
            result["cells"] = result["cells"] or run.cells()
    finally:
        checks.close()
        result["cpu"] += checks.cpu
    unsure = [n for n, found in result["exercises"].items() if found["state"] == "needs a look"]
    if unsure:
        result["state"] = "needs a look"
        result["reason"] = f"{', '.join(unsure)}: {result['exercises'][unsure[0]]['reason']}"


def _nothing(points: float) -> dict[str, Any]:
    said = {"what": "your answer", "right": False, "said": "Not answered yet."}
    return {
        "points": 0.0,
        "of": points,
        "state": "not answered",
        "findings": [said],
        "reason": "",
        "instructor": "",
    }


def _suspicions(cells: list[Cell], lesson: Lesson) -> list[str]:
    """What a person may want to look at. Nobody loses points by it."""
    handed_out = {tidy(cell.source) for cell in lesson.notebook.cells}
    return [
        f"cell {cell.place} mentions {what}"
        for cell in cells
        if tidy(cell.source) not in handed_out
        for what, pattern in SUSPICIOUS.items()
        if re.search(pattern, cell.source)
    ][:50]
