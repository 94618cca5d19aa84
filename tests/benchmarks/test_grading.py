"""What grading a class costs. Times are the processor's, so that a busy machine does not matter."""

import json
import random
import resource
import statistics
import time

import pytest

from launch.places import LESSONS
from tests.grading import pretend
from tests.grading.submissions import answers, content, solved
from tests.instructor.session import Options, grade
from tests.instructor.workers.task import do

pytestmark = [pytest.mark.benchmark, pytest.mark.sandbox]

LESSON = "12"  # six exercises
STUDENTS = 200
CORES, MINUTES = 2, 5
UNCHANGED = 2.0  # seconds
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


def test_a_class_of_200_within_five_minutes_on_two_cores(tmp_path):
    hand_in(tmp_path / "subs", STUDENTS)
    before, begun = time.process_time(), time.monotonic()
    assert grade(options(tmp_path, do)) == 0
    grader, wall = time.process_time() - before, time.monotonic() - begun
    results = [json.loads(p.read_bytes()) for p in (tmp_path / "out" / "results").glob("*.json")]
    assert len(results) == STUDENTS
    costs = [record["result"]["cpu"] for record in results]  # with the time of its own cells
    each = statistics.median(costs)
    print(f"\n{STUDENTS}: {wall:.0f} s; one: {each:.2f} s; the grader itself: {grader:.1f} s")
    assert (sum(costs) + grader) / CORES <= MINUTES * 60

    before = time.process_time()
    assert grade(options(tmp_path, do)) == 0
    again = time.process_time() - before
    print(f"Unchanged: {again:.2f} s")
    assert again < UNCHANGED


def test_the_graders_memory_is_flat(tmp_path):
    def peak(students):
        hand_in(tmp_path / str(students) / "subs", students)
        assert grade(options(tmp_path / str(students), pretend.marks)) == 0
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    few, many = peak(10), peak(STUDENTS)
    print(f"\nThe grader's memory: {few:.0f} MB for 10, {many:.0f} MB for {STUDENTS} submissions")
    assert many - few < MEMORY
