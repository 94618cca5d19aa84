"""A course of an instructor's own, and what is wrong with its checks: said, and nobody's loss."""

import nbformat
import pytest

from tests.grading.submissions import points
from tests.instructor.course import Course, CourseError
from tests.instructor.grading import grade
from tests.instructor.sandbox.client import Limits

pytestmark = pytest.mark.sandbox

CHECKS = """
import os, sys
from widgets import Finding, exercise, probe

def about(id, answer):
    hints = ("A first hint for it.", "A second hint for it.")
    return exercise(id, kind="code", points=2, answer=answer, hints=hints, idea="Double it, twice.")

@about("50-twice", "twice")
def twice(function):
    print("a check may print")
    result = probe.run(function, 4)
    return [Finding("twice 4", result.value == 8, result.failed or "seen")]

@about("50-pair", "first, second")
def pair(first, second):
    return [Finding("first", first == 1, "seen"), Finding("second", second == "ä", "seen")]

@about("50-broken", "twice")
def broken(function):
    raise ZeroDivisionError("the instructor's own mistake")

@about("50-endless", "twice")
def endless(function):
    while True:
        pass

@about("50-leaves", "twice")
def leaves(function):
    os._exit(3)

@about("50-asks", "twice")
def asks(function):
    while True:
        probe.run(function, 1)

@about("50-after", "twice")
def after(function):
    return twice.check(function)
"""
LIMITS = Limits(cell=3, clock=20, check=4)


def submission(*sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for cell, name in zip(cells, ("50-twice", "50-pair"), strict=False):
        cell.metadata["nbgrader"] = {"grade_id": name, "solution": True}
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    nbformat.write(submission("def twice(x): ...", "first = second = ..."), folder / "50_own.ipynb")
    nbformat.write(submission("x = 1"), folder / "51_broken.ipynb")
    nbformat.write(submission("x = 1"), folder / "52_none.ipynb")
    (folder / "lesson_50.py").write_text(CHECKS, encoding="utf-8")
    (folder / "lesson_51.py").write_text("import nothing_of_this_name", encoding="utf-8")
    return Course(folder, folder)


def test_the_others_keep_their_points(course):
    found = submission("def twice(x):\n    return x * 2", "first, second = 1, 'ä'")
    result = grade(course, "50", nbformat.writes(found).encode(), limits=LIMITS)
    right = {"50-twice": 1.0, "50-pair": 1.0, "50-after": 1.0}
    broken = ("50-broken", "50-endless", "50-leaves", "50-asks")
    assert points(result) == right | dict.fromkeys(broken, 0.0)
    states = {name: found["state"] for name, found in result["exercises"].items()}
    assert states == dict.fromkeys(right, "graded") | dict.fromkeys(broken, "needs a look")
    assert result["state"] == "needs a look"
    reasons = {name: found["reason"] for name, found in result["exercises"].items()}
    assert "It raised ZeroDivisionError" in reasons["50-broken"]
    assert "It did not come to an end in 4 s" in reasons["50-endless"]
    assert "Its process came to an end" in reasons["50-leaves"]
    assert "more than 500 times" in reasons["50-asks"]
    assert "in broken" in result["exercises"]["50-broken"]["instructor"]


@pytest.mark.parametrize(
    ("lesson", "reason"), [("51", "cannot be imported"), ("52", "There is no lesson_52.py")]
)
def test_checks_that_cannot_be_used(course, lesson, reason):
    result = grade(course, lesson, nbformat.writes(submission("x = 1")).encode())
    assert result["state"] == "needs a look"
    assert reason in result["reason"]


def test_a_lesson_that_is_not_there(course):
    with pytest.raises(CourseError, match=r"There is no lesson '99' .* there are 50, 51, 52"):
        grade(course, "99", b"")
