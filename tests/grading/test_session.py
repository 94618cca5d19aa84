"""A run of `grade`: nothing is lost, nothing is done twice, and what is wrong is one sentence."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from launch.places import LESSONS, ROOT
from launch.problem import Problem
from tests.grading import pretend
from tests.grading.made import put
from tests.instructor.command import main
from tests.instructor.session import Options, grade

CHECKS = LESSONS / "checks"


@pytest.fixture
def run(tmp_path, handed_in):
    """Grade what stands in a folder: run(jobs=2); before, run.put({"Ada": "right"})."""

    class Run:
        subs, out = tmp_path / "subs", tmp_path / "out"

        def put(self, students, lesson="02"):
            put(self.subs, {f"{k}/x.ipynb": handed_in(lesson, v) for k, v in students.items()})

        def __call__(self, **options):
            given = {"lessons": LESSONS, "checks": CHECKS, "work": pretend.marks} | options
            return grade(Options([self.subs], self.out, **given))

        def records(self):
            return {
                path.stem: json.loads(path.read_text(encoding="utf-8"))
                for path in (self.out / "results").glob("*.json")
            }

        def book(self):
            text = (self.out / "gradebook.csv").read_text(encoding="utf-8-sig")
            return {row["student"]: row for row in csv.DictReader(text.splitlines())}

    return Run()


def test_a_folder_becomes_a_gradebook(run, capsys):
    run.put({"Ada": "right", "Bo": "wrong", "=1+1": "right"})
    put(run.subs, {"Mallory/02.ipynb": b"{"})
    assert run() == 0
    book = run.book()
    assert {name: (row["points"], row["to decide"]) for name, row in book.items()} == {
        "'=1+1": ("16", ""),
        "Ada": ("16", ""),
        "Bo": ("0", ""),
        "Mallory": ("0", "02"),
    }
    assert "4 submissions of 4 students, 1 to look at." in capsys.readouterr().out
    whole = json.loads((run.out / "gradebook.json").read_text(encoding="utf-8"))
    assert [student["points"] for student in whole["students"]] == [16, 16, 0, 0]


def test_only_what_has_changed_is_graded_again(run, capsys):
    run.put({"Ada": "right", "Bo": "wrong"})
    run()
    before = run.records()
    run.put({"Bo": "right"})
    capsys.readouterr()
    run()
    assert "1 of 2 are to be graded." in capsys.readouterr().out
    after = run.records()
    assert len(after) == 2
    kept = before.keys() & after.keys()
    assert {before[name]["student"] for name in kept} == {"Ada"}
    assert all(before[name] == after[name] for name in kept)
    assert len(list((run.out / "results" / "superseded").iterdir())) == 1
    assert run.book()["Bo"]["points"] == "16"


def test_a_changed_check_or_isolation_is_graded_again(run, capsys, tmp_path):
    run.put({"Ada": "right"})
    checks = tmp_path / "checks"
    put(checks, {path.name: path.read_bytes() for path in CHECKS.glob("*.py")})
    run(checks=checks)
    with open(checks / "lesson_03.py", "a") as other:
        other.write("# another lesson's check")
    capsys.readouterr()
    run(checks=checks)
    assert "0 of 1 are to be graded." in capsys.readouterr().out
    with open(checks / "lesson_02.py", "a") as own:
        own.write("# this lesson's check")
    run(checks=checks)
    run(checks=checks, isolation="process")
    assert capsys.readouterr().out.count(" of 1 are to be graded.") == 0
    assert len(run.records()) == 1
    assert len(list((run.out / "results" / "superseded").iterdir())) == 2
    assert "Weaker isolation" in (run.out / "overview.html").read_text(encoding="utf-8")


def test_the_instructors_decisions_survive_a_regrade(run, capsys):
    run.put({"Ada": "right", "Bo": "wrong"})
    run()
    table = run.out / "manual.csv"
    table.write_text(
        "student;lesson;exercise;points;comment\n"
        "Bo;2;02-sum;2,5;Half of it was there.\nAda;02;;;A pleasure.\nCy;02;02-sum;1;\n",
        encoding="utf-8-sig",
    )
    run.put({"Bo": "wrong again"})
    run()
    book = run.book()
    assert (book["Bo"]["points"], book["Bo"]["02-sum"]) == ("2.5", "2.5")
    assert "manual.csv, line 4: there is no 02-sum of Cy in lesson 02." in capsys.readouterr().out
    pages = [path.read_text(encoding="utf-8") for path in (run.out / "students").iterdir()]
    assert sum("Half of it was there." in page for page in pages) == 1
    assert sum("A pleasure." in page for page in pages) == 1
    table.write_text("student,lesson,exercise,points,comment\nBo,02,02-sum,many,\n")
    assert run() == 1
    assert "manual.csv, line 2: 'many' is no number" in capsys.readouterr().err


def test_everything_else_is_made_again_from_the_results(run):
    run.put({"Ada": "right", "Bo": "wrong"})
    run()
    made = [p for p in run.out.rglob("*") if p.is_file() and "results" not in p.parts]
    before = {path: path.read_bytes() for path in made if path.name != ".lock"}
    for path in before:
        path.unlink()
    run()
    assert {path: path.read_bytes() for path in before} == before


def test_a_result_that_is_not_whole_is_graded_again(run):
    run.put({"Ada": "right"})
    run()
    (name,) = run.records()
    path = run.out / "results" / f"{name}.json"
    path.write_text(path.read_text(encoding="utf-8")[:200], encoding="utf-8")
    run()
    assert run.records()[name]["result"]["state"] == "graded"


def test_a_worker_that_dies_or_never_ends_costs_nobody_else_a_result(run):
    run.put({"Ada": "right", "Bo": "dies", "Cy": "never ends", "Di": "right"})
    run(jobs=2, limit=5)
    found = {r["student"]: r["result"] for r in run.records().values()}
    assert [found[name]["state"] for name in ("Ada", "Di")] == ["graded"] * 2
    assert found["Bo"]["state"] == found["Cy"]["state"] == "needs a look"
    assert "died 2 times" in found["Bo"]["reason"]
    assert "Does a check never end?" in found["Cy"]["reason"]
    assert {n for n, row in run.book().items() if row["to decide"]} == {"Bo", "Cy"}
    run.put({"Bo": "right"})
    run(again=True, limit=5)
    assert run.book()["Bo"]["points"] == "16"


def test_a_grader_killed_at_any_moment_loses_and_doubles_nothing(run):
    students = {f"s{k:02}": "right waits" for k in range(12)}
    run.put(students)
    program = (
        "import sys\nfrom pathlib import Path\nfrom launch.places import LESSONS\n"
        "from tests.grading import pretend\n"
        "from tests.instructor.session import Options, grade\n"
        "if __name__ == '__main__':\n    grade(Options([Path(sys.argv[1])], Path(sys.argv[2]),"
        " LESSONS, LESSONS / 'checks', jobs=2, work=pretend.marks))\n"
    )
    script = run.subs.parent / "program.py"
    script.write_text(program)
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    seen = {}
    for wanted in (1, 4, 8):
        child = subprocess.Popen(
            [sys.executable, script, run.subs, run.out],
            env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while child.poll() is None and len(run.records()) < wanted:
            time.sleep(0.01)
        child.send_signal(signal.SIGKILL)
        child.wait()
        time.sleep(0.3)  # what it had started sees that it is gone
        found = run.records()
        assert all(found[name] == record for name, record in seen.items()), "done twice"
        seen = found
    assert run(jobs=2) == 0
    done = run.records()
    assert sorted(record["student"] for record in done.values()) == sorted(students)
    assert all(done[name] == record for name, record in seen.items())
    assert {row["points"] for row in run.book().values()} == {"16"}


def test_bad_input_is_one_sentence(run, capsys, tmp_path, handed_in):
    run.put({"Ada": "right"})
    (tmp_path / "empty").mkdir()
    (tmp_path / "taken").write_bytes(b"")
    cases = [
        ([str(tmp_path / "nowhere")], f"There is no {tmp_path / 'nowhere'}."),
        ([str(tmp_path / "empty")], f"There is no notebook in {tmp_path / 'empty'}."),
        ([str(run.subs), "--lesson", "77"], f"There is no lesson 77 in {LESSONS}."),
        ([str(run.subs), "--lesson", "5"], f"There is no notebook of lesson 05 in {run.subs}."),
        ([str(run.subs), "--lessons", str(tmp_path / "x")], f"{tmp_path / 'x'} is not a folder."),
        ([str(run.subs), "--out", str(tmp_path / "taken")], "Nothing can be written to"),
    ]
    for arguments, sentence in cases:
        out = [] if "--out" in arguments else ["--out", str(run.out)]
        assert main(["grade", *arguments, *out]) == 1, arguments
        assert sentence in capsys.readouterr().err
    assert run.records() == {}


def test_a_broken_check_stops_its_own_lesson_only(run, capsys, tmp_path):
    checks = tmp_path / "checks"
    put(checks, {path.name: path.read_bytes() for path in CHECKS.glob("*.py")})
    (checks / "lesson_06.py").write_text("import nothing_of_the_kind\n")
    run.put({"Ada": "right"}, "02")
    run.put({"Bo": "right"}, "06")
    assert run(checks=checks) == 1
    said = capsys.readouterr().err
    assert "Lesson 06 was not graded:" in said
    assert "No module named 'nothing_of_the_kind'" in said
    assert {record["student"] for record in run.records().values()} == {"Ada"}


def test_a_full_disk_keeps_what_was_graded(run, monkeypatch):
    from tests.instructor import results

    run.put({"Ada": "right", "Bo": "right"})
    run()
    kept = run.records()
    run.put({"Cy": "right"})

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(results.os, "replace", full)
    with pytest.raises(Problem, match=r"cannot be written \(No space left on device\)"):
        run()
    monkeypatch.undo()
    assert run.records() == kept
    run()
    assert len(run.records()) == 3
