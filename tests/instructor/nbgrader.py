"""Lessons as source assignments of nbgrader, which then grades them by the same checks.

    DIR/source/02_the_chain_rule_by_hand/02_the_chain_rule_by_hand.ipynb
    DIR/nbgrader_config.py

An answer cell keeps what students start from, and gets the solution between nbgrader's marks. A
check cell gets a hidden test: the points that the check gives, which nbgrader takes as they are. An
answer that is as it was handed out gets none, though some of those are right in part.
"""

from __future__ import annotations

import ast
import copy
import re
from pathlib import Path
from typing import Any

import nbformat

from launch.places import LESSONS
from launch.problem import Problem
from tests.instructor import plan
from tests.instructor.course import Course
from tests.instructor.release import chosen, write
from tests.instructor.verify import OWN, answers_of

CONFIG = '''\
"""nbgrader's settings for these lessons."""

c = get_config()  # noqa: F821
# The answer cells hold what students start from: where a solution stood, nothing is to be raised.
c.ClearSolutions.code_stub = {"python": "# Your answer goes here."}
c.ExecutePreprocessor.timeout = 120
'''
HIDDEN = """\
import re as _re
_ran = [s.replace("# Your answer goes here.", "").strip()
        for s in get_ipython().history_manager.input_hist_raw]
_others = [s for s in _ran if s != {stub!r} and "input_hist_raw" not in s]
_given = {stub!r} not in _ran or any(_re.search({binds!r}, s, _re.M) for s in _others)
({verdict}).earned if _given else 0.0"""
"""The points. An answer is given if its cell has changed, or if another one binds its name."""


def export(course: Course, lessons: list[str], out: Path, answers: Path | None) -> list[Path]:
    """Write the lessons' source assignments; the paths. Raises Problem."""
    own = course.folder.resolve() != LESSONS
    written = [write(out / "nbgrader_config.py", CONFIG.encode())]
    for number in lessons or list(course.lessons):
        lesson = chosen(course, number)
        solutions = {n: a.solution for n, a in answers_of(answers or OWN, number).items()}
        folder = out / "source" / lesson.path.stem
        content = nbformat.writes(source(lesson, solutions), version=4).encode() + b"\n"
        written.append(write(folder / lesson.path.name, content))
        if own:  # nbgrader copies what lies beside a notebook
            for path in sorted(course.checks.glob("*.py")):
                written.append(write(folder / "checks" / path.name, path.read_bytes()))
    return written


def source(lesson: Any, solutions: dict[str, str]) -> Any:
    """The notebook for nbgrader generate_assignment."""
    notebook = copy.deepcopy(lesson.notebook)
    stubs = {}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution"):
            stubs[about["grade_id"]] = cell.source.strip()
            solution = solutions[about["grade_id"]].strip("\n")
            cell.source += f"\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
        elif about.get("grade"):
            name = about["grade_id"].removesuffix("-check")
            hidden = HIDDEN.format(
                stub=stubs[name],
                binds=_binding(plan.names_in(stubs[name], lesson.exercises[name])),
                verdict=_verdict(cell.source, about["grade_id"]),
            )
            cell.source += f"\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return notebook


def _binding(names: set[str]) -> str:
    """A pattern for lines that may bind one of the names."""
    either = "|".join(sorted(map(re.escape, names)))
    return rf"^\s*(?:def |class )?(?:{either})\s*[=(:,]|{plan.INDIRECT.pattern}"


def _verdict(code: str, name: str) -> str:
    """The last expression of a check cell: what gives the verdict. Raises Problem."""
    body = ast.parse(code).body
    last = body[-1] if body else None
    text = ast.get_source_segment(code, last.value) if isinstance(last, ast.Expr) else None
    if text is None:
        raise Problem(
            f"The cell {name} does not end with a call of its check.",
            "Its last line must be one, such as check.of_a_sum(my_factors).",
        )
    return text
