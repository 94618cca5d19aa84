"""Every lesson in a real JupyterLab: run, its widgets operated, its exercises answered.

One server for all lessons, a page for each. A picture of every widget, light and dark, is written
to `tests/browser/screenshots/`.
"""

import importlib
import shutil
from pathlib import Path

import pytest

from tests.browser.lab import Lab
from tests.browser.lesson_page import SOURCE, LessonPage
from tests.browser.operate import ROOTS, kinds, operate

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))
PICTURES = Path(__file__).parent / "screenshots"


@pytest.fixture(scope="module")
def lab(chrome, tmp_path_factory):
    """A server over a copy of the lessons: a page saves what it has run."""
    folder = tmp_path_factory.mktemp("course")
    for path in LESSONS:
        shutil.copy(path, folder)
    PICTURES.mkdir(exist_ok=True)
    with Lab(folder, chrome, height=1600, environ={"PYTHONPATH": str(ROOT)}) as lab:
        yield lab


@pytest.fixture
def lesson(lab, request):
    lab.problems.clear()  # each lesson answers for its own
    lesson = LessonPage(lab, request.param.name)
    yield lesson
    lesson.close()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem, indirect=True)
def test_a_lesson_in_the_page(lab, lesson):
    assert lesson.kernel() == "python3"
    lesson.run_all()
    lesson.contents()
    every_widget(lab, lesson)
    every_exercise(lesson)
    assert lab.problems == []


def every_widget(lab, lesson):
    """Each is operated once, and seen in both themes."""
    widgets = [
        (cell["id"], kind)
        for cell in lesson.cells()
        if cell["type"] == "code"
        for kind in kinds(lesson.page.evaluate(SOURCE, cell["id"]))
    ]
    assert widgets
    for cell, kind in widgets:
        picture(lesson, cell, operate(kind, lesson.page, lesson.show(cell)), "light")
    lab.set_theme(lesson.page, "dark")
    for cell, kind in widgets:
        widget = lesson.show(cell).locator(ROOTS[kind]).first
        widget.wait_for()
        picture(lesson, cell, widget, "dark")
    lab.set_theme(lesson.page, "light")


def picture(lesson, cell, widget, theme):
    """Written to a file; a picture of nothing would be a small one."""
    path = PICTURES / f"lesson_{lesson.notebook[:2]}_{cell}_{theme}.png"
    widget.screenshot(path=path, animations="disabled")
    assert path.stat().st_size > 4_000, f"{path.name} shows next to nothing"


def every_exercise(lesson):
    """A wrong answer is told why, and the right one that it is right, in the page."""
    answers = importlib.import_module(f"tests.instructor.lesson_{lesson.notebook[:2]}").ANSWERS
    for exercise, known in answers.items():
        wrong = known.wrong[0]
        said = lesson.answer(exercise, wrong.code)
        assert not said.startswith("All right"), f"{exercise} accepts {wrong.code}"
        assert wrong.because in said, f"{exercise}: {wrong.code} is told {said}"
        said = lesson.answer(exercise, known.solution)
        assert said.startswith("All right"), f"{exercise}: the solution is told {said}"
