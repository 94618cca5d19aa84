"""Every lesson: stored clean, runs top to bottom in a real kernel, and its exercises can tell.

A solution earns all points; each plausible wrong answer does not, and is told its own reason.
"""

import importlib
import re
from pathlib import Path

import nbclient
import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "lessons"
LESSONS = sorted(FOLDER.glob("*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def answers_of(path):
    return importlib.import_module(f"tests.instructor.lesson_{path.name[:2]}").ANSWERS


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
    assert answered == set(answers_of(path))


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_runs_and_its_exercises_can_tell(path):
    with Kernel(path) as kernel:
        kernel.run_all()
        for exercise, answers in answers_of(path).items():
            said = kernel.answer(exercise, answers.solution)
            assert said.startswith("All right"), f"{exercise}: the solution is told {said}"
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
