"""The course, and notebooks that students might have handed in."""

import pytest

from tests.instructor.course import Course
from tests.instructor.exercises import answered


@pytest.fixture(scope="session")
def course():
    return Course()


@pytest.fixture(scope="session")
def handed_in(course):
    """A lesson's notebook with a text in every answer: handed_in("02", "right")."""

    def make(number, text="right"):
        lesson = course.lessons[number]
        return answered(lesson, dict.fromkeys(lesson.exercises, f"# {text}"))

    return make
