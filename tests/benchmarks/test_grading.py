"""What grading a class costs. Times are the processor's, so that a busy machine does not matter."""

import json
import random
import resource
import statistics
import subprocess
import sys
import time

import pytest

from launch.places import LESSONS, ROOT
from tests.grading import pretend
from tests.grading.submissions import answers, content, solved
from tests.instructor.session import Options, grade
from tests.instructor.workers.task import do

pytestmark = [pytest.mark.benchmark, pytest.mark.sandbox]

LESSON = "12"  # six exercises
STUDENTS = 200
CORES, MINUTES = 2, 5
ONE, UNCHANGED = 1.0, 2.0  # seconds
MEMORY = 40  # MB that the grader itself may grow by, from a few submissions to many


def hand_in(folder, students):
    """Submissions with random mistakes in them."""
    chance = random.Random(7)
    for k in range(students):
        codes = {
            name: chance.choice(each.wrong).code
            for name, each in answers(LESSON).items()
            if chance.random() < 0.4
        }
        path = folder / f"Student {k:03}" / "work.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content(solved(LESSON, codes=codes)))


def options(folder, work, jobs=CORES):
    checks = LESSONS / "checks"
    return Options([folder / "subs"], folder / "out", LESSONS, checks, jobs=jobs, work=work)


def spent():
    """Seconds of processor time of this process and of all that it has started and seen end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def test_a_class_of_200_within_five_minutes_on_two_cores(tmp_path):
    hand_in(tmp_path / "subs", STUDENTS)
    before, begun = spent(), time.monotonic()
    assert grade(options(tmp_path, do)) == 0
    wall = time.monotonic() - begun
    results = [json.loads(p.read_bytes()) for p in (tmp_path / "out" / "results").glob("*.json")]
    assert len(results) == STUDENTS
    # The sandbox's time and the checks', with that of the submission's own cells.
    costs = [record["result"]["cpu"] for record in results]
    each = statistics.median(costs)
    # Some is in both; what a killed sandbox took is in the first alone.
    whole = sum(costs) + spent() - before
    print(f"\n{STUDENTS}: at most {whole:.0f} s of processor time, {wall:.0f} s; one: {each:.2f} s")
    assert each < ONE
    assert whole / CORES < MINUTES * 60

    command = [sys.executable, "-m", "tests.instructor", "grade", str(tmp_path / "subs")]
    before, begun = spent(), time.monotonic()
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out")], cwd=ROOT, capture_output=True, text=True
    )
    again, wall = spent() - before, time.monotonic() - begun
    print(f"Unchanged: {again:.2f} s of processor time, {wall:.2f} s")
    assert f"0 of {STUDENTS} are to be graded." in done.stdout
    assert again < UNCHANGED


def test_the_graders_memory_is_flat(tmp_path):
    def peak(students):
        hand_in(tmp_path / str(students) / "subs", students)
        assert grade(options(tmp_path / str(students), pretend.marks)) == 0
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    few, many = peak(10), peak(STUDENTS)
    print(f"\nThe grader's memory: {few:.0f} MB for 10, {many:.0f} MB for {STUDENTS} submissions")
    assert many - few < MEMORY
