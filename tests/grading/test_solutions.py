"""Every lesson through the grader: solutions earn all points, mistakes do not."""

import pytest

from tests.grading.submissions import COURSE, content, points, solved
from tests.instructor.command import main
from tests.instructor.grading import grade

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("lesson", COURSE.lessons)
def test_solutions_earn_all_points(lesson):
    result = grade(COURSE, lesson, content(solved(lesson)))
    assert (result["state"], result["reason"], result["flags"]) == ("graded", "", [])
    assert set(points(result).values()) == {1.0}, result["exercises"]
    assert {cell["state"] for cell in result["cells"]} <= {"ran", "skipped"}


SOME = ("03", "08", "12", "13")
"""Between them they have all kinds of exercises. (`tests/lessons` tries every lesson's answers.)"""


@pytest.mark.parametrize("lesson", SOME)
def test_it_is_fit_to_be_handed_out_and_graded(lesson, capsys):
    """What an instructor runs after a change: all solutions, all wrong answers, nothing at all."""
    status = main(["verify", "--lesson", lesson, "--jobs", "1"])
    assert (status, capsys.readouterr().out) == (
        0, "Every solution earns all points; every wrong answer is told why.\n"
    )  # fmt: skip
