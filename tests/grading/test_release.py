"""Lessons handed out, verified, and exported."""

import json

import nbformat
import pytest

from launch.places import LESSONS, ROOT
from launch.problem import Problem
from tests.grading.made import put
from tests.grading.submissions import answers
from tests.instructor.command import main
from tests.instructor.course import Course
from tests.instructor.nbgrader import export
from tests.instructor.release import release

TEMPLATE = ROOT / "tests" / "instructor" / "template"


def files_in(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_copies_for_students_hold_no_solution_and_are_the_same_every_time(course, tmp_path, capsys):
    assert main(["release", str(tmp_path / "a")]) == 0
    release(course, [], tmp_path / "b")
    release(course, [], tmp_path / "b")
    found = files_in(tmp_path / "a")
    assert found == files_in(tmp_path / "b")
    assert len(found) == len(course.lessons)
    for path, text in found.items():
        nbformat.validate(json.loads(text))
        for each in answers(path.name[:2]).values():
            sources = [cell["source"] for cell in json.loads(text)["cells"]]
            assert not any(each.solution.strip() in "".join(source) for source in sources)


def test_solutions_in_a_lesson_are_taken_out(tmp_path):
    own = nbformat.read(TEMPLATE / "20_a_lesson_of_your_own.ipynb", 4)
    for cell in own.cells:
        if cell.get("id") == "20-energy":
            cell.source = (
                "def energy(x):\n    ### BEGIN SOLUTION\n    half = x / 2\n"
                "    return (half * x).sum()\n    ### END SOLUTION"
            )
            cell.outputs = [nbformat.v4.new_output("stream", text="half")]
    put(tmp_path, {f"own/{k}": v for k, v in files_in(TEMPLATE).items()})
    nbformat.write(own, tmp_path / "own" / "20_a_lesson_of_your_own.ipynb")
    release(Course(tmp_path / "own", tmp_path / "own" / "checks"), [], tmp_path / "out")
    (out,) = (tmp_path / "out").glob("*.ipynb")
    assert "half" not in out.read_text()
    assert "    # YOUR CODE HERE\\n" in out.read_text()
    assert (tmp_path / "out" / "checks" / "lesson_20.py").exists()
    assert not list((tmp_path / "out").rglob("*answers*"))


def test_what_is_there_is_not_overwritten(course, tmp_path):
    release(course, ["03"], tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_text("a student's work")
    with pytest.raises(Problem, match="is there already, and it is another"):
        release(course, ["03"], tmp_path)
    assert path.read_text() == "a student's work"
    with pytest.raises(Problem, match="There is no lesson 77"):
        release(course, ["77"], tmp_path)


@pytest.mark.sandbox
def test_an_instructors_own_lesson_is_verified(capsys):
    assert main(["verify", "--lessons", str(TEMPLATE), "--jobs", "2"]) == 0
    assert "every wrong answer is told why" in capsys.readouterr().out


@pytest.mark.sandbox
def test_verify_finds_what_is_wrong(tmp_path, capsys):
    put(tmp_path, files_in(TEMPLATE))
    checks = tmp_path / "checks" / "lesson_20.py"
    broken = checks.read_text().replace("x**2).sum() / 2):", "x**2).sum()):")
    checks.write_text(broken.replace('"Only leaves keep a gradient."', '"No."'))
    assert main(["verify", "--lessons", str(tmp_path), "--jobs", "2"]) == 1
    said = capsys.readouterr().out
    assert "Lesson 20, solved, 20-energy: the solution is told" in said
    assert "Lesson 20, wrong answers 2, 20-gradients:" in said
    assert "and not 'Only leaves keep'" in said
    checks.write_text("import nothing_of_the_kind\n")
    assert main(["verify", "--lessons", str(tmp_path)]) == 1
    assert "No module named 'nothing_of_the_kind'" in "".join(capsys.readouterr())


@pytest.mark.sandbox
def test_an_own_lesson_is_graded_like_any_other(tmp_path, capsys):
    own = Course(TEMPLATE, TEMPLATE / "checks")
    codes = {"20-energy": "def energy(x):\n    return (x * x).sum() / 2"}
    from tests.instructor.exercises import answered

    put(tmp_path, {"subs/Ada/20.ipynb": answered(own.lessons["20"], codes)})
    given = [str(tmp_path / "subs"), "--lessons", str(TEMPLATE), "--out", str(tmp_path / "out")]
    assert main(["grade", *given, "--jobs", "1"]) == 0
    (student,) = json.loads((tmp_path / "out" / "gradebook.json").read_text())["students"]
    points = {n: e["points"] for n, e in student["lessons"][0]["exercises"].items()}
    assert points == {"20-gradients": 0, "20-energy": 3}


def test_a_check_cell_without_a_verdict_is_said(course, tmp_path):
    put(tmp_path, files_in(TEMPLATE))
    path = tmp_path / "20_a_lesson_of_your_own.ipynb"
    text = path.read_text().replace("check.energy(energy)", "verdict = check.energy(energy)")
    path.write_text(text)
    own = Course(tmp_path, tmp_path / "checks")
    with pytest.raises(Problem, match="20-energy-check does not end with a call of its check"):
        export(own, [], tmp_path / "out", tmp_path / "answers")
    assert course.folder == LESSONS
