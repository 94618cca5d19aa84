"""The real nbgrader, on exported lessons: the same points for the same notebooks."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from launch.places import ROOT
from tests.grading.made import put
from tests.grading.submissions import answers, content, notebook
from tests.instructor.grading import grade
from tests.instructor.nbgrader import export

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(importlib.util.find_spec("nbgrader") is None, reason="needs nbgrader"),
]

LESSONS = ("02", "06", "08")  # derivations and code; predictions and repairs; classes
COMMANDS = """
import json, sys
from nbgrader.api import Gradebook
from nbgrader.apps.nbgraderapp import NbGraderApp

for name in sys.argv[1:]:
    for command in ("generate_assignment", "autograde"):
        NbGraderApp.launch_instance([command, name, "--create"])
        NbGraderApp.clear_instance()
with Gradebook("sqlite:///gradebook.db") as book:
    scores = {
        each.name: {
            s.student.id: {g.cell.name: g.score for n in s.notebooks for g in n.grades}
            for s in book.assignment_submissions(each.name)
        }
        for each in book.assignments
    }
print(json.dumps(scores))
"""
"""What one types, in one process: nbgrader takes seconds to be imported."""


def handed_in(lesson):
    """Two notebooks with right, wrong, broken and missing answers: student → bytes.

    What is missing in the second stands in a cell of its own.
    """
    given = answers(lesson)
    kinds = [
        lambda each: each.solution,
        lambda each: each.wrong[0].code,
        lambda each: "1/0",
        lambda each: None,
    ]
    found = {}
    for shift, student in enumerate(("ada", "bo")):
        codes = {n: kinds[(k + shift) % 4](each) for k, (n, each) in enumerate(given.items())}
        missing = [name for name, code in codes.items() if code is None]
        own = {f"{name}-check": [given[name].solution] for name in missing if student == "bo"}
        codes = {name: code for name, code in codes.items() if code is not None}
        found[student] = content(notebook(lesson, codes=codes, extra=own))
    return found


def test_the_points_are_the_same(course, tmp_path):
    names = {lesson: course.lessons[lesson].path.stem for lesson in LESSONS}
    export(course, list(LESSONS), tmp_path, None)
    notebooks = {lesson: handed_in(lesson) for lesson in LESSONS}
    for lesson, name in names.items():
        for student, text in notebooks[lesson].items():
            put(tmp_path / "submitted" / student / name, {f"{name}.ipynb": text})
    environ = {
        **os.environ,
        "PATH": os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")]),
        "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        **{f"JUPYTER_{kind}_DIR": str(tmp_path / "jupyter") for kind in ("CONFIG", "RUNTIME")},
    }
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, *names.values()],
        cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    theirs = json.loads(done.stdout.splitlines()[-1])
    for lesson, name in names.items():
        released = (tmp_path / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "HIDDEN TESTS" not in released
        assert "earned" not in released
        for each in answers(lesson).values():
            assert json.dumps(each.solution.strip())[1:-1] not in released
        for student, text in notebooks[lesson].items():
            ours = grade(course, lesson, text)["exercises"]
            assert theirs[name][student] == {f"{n}-check": e["points"] for n, e in ours.items()}
            assert 0 < sum(theirs[name][student].values()) < sum(e["of"] for e in ours.values())
