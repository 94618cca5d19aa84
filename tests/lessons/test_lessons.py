"""Every lesson: stored clean, runs top to bottom in a real kernel, and its exercises can tell.

A solution earns all points; each plausible wrong answer does not, and is told its own reason.
"""

import importlib
import inspect
import re
from itertools import pairwise
from pathlib import Path

import nbclient
import nbformat
import pytest

from widgets.exercise import KINDS, Exercise

WIDGET = "(step_through|watch|jacobian|derive|versions|profile_chart|training_view)"
FOLDER = Path(__file__).resolve().parents[2] / "lessons"
LESSONS = sorted(FOLDER.glob("*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def answers_of(path):
    return importlib.import_module(f"tests.instructor.lesson_{path.name[:2]}").ANSWERS


def exercises_of(path):
    """id → exercise, of the checks that the lesson imports."""
    checks = importlib.import_module(f"lessons.checks.lesson_{path.name[:2]}")
    found = [value for value in vars(checks).values() if isinstance(value, Exercise)]
    return {exercise.id: exercise for exercise in found}


class Kernel:
    """A lesson in a kernel of its own; cells can be run again with another text."""

    def __init__(self, path):
        self.notebook = read(path)
        self.client = nbclient.NotebookClient(
            self.notebook, timeout=60, resources={"metadata": {"path": str(FOLDER)}}
        )

    def __enter__(self):
        self._setup = self.client.setup_kernel()
        self._setup.__enter__()
        return self

    def __exit__(self, *exc):
        self._setup.__exit__(*exc)

    def run(self, cell):
        return self.client.execute_cell(cell, self.notebook.cells.index(cell))

    def run_all(self):
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                self.run(cell)

    def graded(self, grade_id):
        for cell in self.notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id:
                return cell
        raise KeyError(grade_id)

    def answer(self, exercise, code):
        """What the check says about an answer, as text."""
        cell = self.graded(exercise)
        cell.source = code
        self.run(cell)
        outputs = self.run(self.graded(f"{exercise}-check")).outputs
        return "\n".join(o.data["text/plain"] for o in outputs if "data" in o)


def name(path):
    return path.stem


def test_there_are_lessons():
    assert [path.name[:2] for path in LESSONS] == sorted({path.name[:2] for path in LESSONS})
    assert LESSONS


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_stored_clean(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    ids = [cell["id"] for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_says_what_it_takes_and_what_it_gives(path):
    first = read(path).cells[0].source
    assert re.search(r"\*\*Time:\*\* about \d+ minutes", first)
    assert "**You need:**" in first
    assert "**Afterwards you can**" in first


@pytest.mark.parametrize(("path", "following"), list(pairwise(LESSONS)), ids=name)
def test_the_end_says_what_comes_next(path, following):
    end = read(path).cells[-1].source
    assert f"]({following.name})" in end


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_graded_cells_have_nbgraders_metadata(path):
    cells = [cell.metadata.nbgrader for cell in read(path).cells if "nbgrader" in cell.metadata]
    assert all(cell["schema_version"] == 3 for cell in cells)
    ids = [cell["grade_id"] for cell in cells]
    assert len(set(ids)) == len(ids)
    for cell in cells:
        if cell["solution"]:
            assert f"{cell['grade_id']}-check" in ids
        if cell["grade"]:
            assert cell["points"] > 0
            assert cell["locked"]
    answered = {cell["grade_id"] for cell in cells if cell["solution"]}
    assert answered == set(answers_of(path)) == set(exercises_of(path))
    points = {cell["grade_id"]: cell["points"] for cell in cells if cell["grade"]}
    assert points == {f"{e.id}-check": e.points for e in exercises_of(path).values()}


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_the_headings_say_the_points(path):
    said = None
    for cell in read(path).cells:
        heading = re.findall(r"^#+ Exercise .*\((\d+) points?\)$", cell.source, re.MULTILINE)
        said = int(heading[-1]) if heading else said
        if cell.metadata.get("nbgrader", {}).get("grade"):
            assert cell.metadata.nbgrader.points == said, cell.metadata.nbgrader.grade_id


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_exercises_are_of_several_kinds_and_one_is_new(path):
    exercises = exercises_of(path).values()
    assert len(exercises) >= 4
    assert len({exercise.kind for exercise in exercises} & set(KINDS)) >= 3
    assert any(exercise.transfer for exercise in exercises)
    for exercise in exercises:
        assert len({*exercise.hints, exercise.idea}) == 3
        assert all(len(text) > 20 for text in (*exercise.hints, exercise.idea))


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_the_program_in_question_is_the_one_that_is_shown(path):
    shown = "\n".join(cell.source for cell in read(path).cells)
    for exercise in exercises_of(path).values():
        if exercise.program is not None:
            for line in inspect.getsource(exercise.program).splitlines()[1:]:
                if line.strip() and "return locals()" not in line:
                    assert line.strip() in shown, f"{exercise.id}: {line}"


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_something_to_act_on_comes_before_the_first_exercise(path):
    for cell in read(path).cells:
        if "nbgrader" in cell.metadata:
            raise AssertionError("an exercise came first")
        if cell.cell_type == "code" and re.search(rf"^{WIDGET}\(", cell.source, re.MULTILINE):
            return


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_runs_and_its_exercises_can_tell(path):
    with Kernel(path) as kernel:
        kernel.run_all()
        for exercise, answers in answers_of(path).items():
            for right in (answers.solution, *answers.also):
                said = kernel.answer(exercise, right)
                assert said.startswith("All right"), f"{exercise}: {right} is told {said}"
            assert len(answers.wrong) >= 3
            for wrong in answers.wrong:
                said = kernel.answer(exercise, wrong.code)
                assert not said.startswith("All right"), f"{exercise} accepts {wrong.code}"
                assert wrong.because in said, f"{exercise}: {wrong.code} is told {said}"


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_holds_no_solution(path):
    text = path.read_text(encoding="utf-8")
    for answers in answers_of(path).values():
        assert answers.solution not in text


def test_the_lesson_on_pytorch_runs_without_it_and_says_so():
    (path,) = FOLDER.glob("13_*.ipynb")
    with Kernel(path) as kernel:
        first = next(cell for cell in kernel.notebook.cells if cell.cell_type == "code")
        first.source = "import sys\nsys.modules['torch'] = None\n" + first.source
        kernel.run_all()
        assert "minigrad stands in" in "".join(o.text for o in first.outputs if "text" in o)
        for exercise, answers in answers_of(path).items():
            said = kernel.answer(exercise, answers.solution)
            assert said.startswith("All right"), f"{exercise}: the solution is told {said}"
