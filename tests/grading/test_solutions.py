"""Every lesson through the grader: solutions earn all points, mistakes do not, nothing earns none.

What is said of each wrong answer is tested in tests/lessons, in a notebook; that both say the same
follows from there being one check.
"""

import pytest

from tests.grading.submissions import COURSE, answers, content, notebook, points, solved
from tests.instructor.grading import grade

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("lesson", COURSE.lessons)
def test_solutions_earn_all_points(lesson):
    result = grade(COURSE, lesson, content(solved(lesson)))
    assert (result["state"], result["reason"], result["flags"]) == ("graded", "", [])
    assert set(points(result).values()) == {1.0}, result["exercises"]
    assert {cell["state"] for cell in result["cells"]} <= {"ran", "skipped"}


@pytest.mark.parametrize("lesson", COURSE.lessons)
def test_mistakes_do_not_and_are_told_their_reason(lesson):
    wrong = {name: each.wrong[0] for name, each in answers(lesson).items()}
    result = grade(
        COURSE, lesson, content(notebook(lesson, codes={n: w.code for n, w in wrong.items()}))
    )
    assert (result["state"], result["reason"]) == ("graded", "")
    assert max(points(result).values()) < 1
    for name, found in result["exercises"].items():
        if found["state"] == "not answered":
            continue  # the mistake is the program as it was handed out
        said = "\n".join(
            f"{'✓' if f['right'] else '✗'} {f['what']}: {f['said']}" for f in found["findings"]
        )
        assert wrong[name].because in said


def test_what_was_handed_out_earns_nothing():
    for lesson in ("01", "12"):
        result = grade(COURSE, lesson, content(notebook(lesson)))
        assert result["state"] == "graded"
        assert set(points(result).values()) == {0.0}
        assert {found["state"] for found in result["exercises"].values()} == {"not answered"}
