"""The grader is killed in the middle: what it has started is gone as well, no result is lost."""

import contextlib
import ctypes
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.grading.made import put
from tests.grading.submissions import answers, content, solved
from tests.instructor.course import ROOT

pytestmark = pytest.mark.sandbox

GRADER = """
import sys
from pathlib import Path
from tests.instructor.course import Course
from tests.instructor.grading import grade
grade(Course(), "01", Path(sys.argv[1]).read_bytes(), isolation=sys.argv[2])
"""


def children(pid):
    """Of a process, and theirs."""
    found = []
    for task in Path("/proc").glob(f"{pid}/task/*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("isolation", ["bubblewrap", "process"])
def test_nothing_outlives_the_grader(isolation, tmp_path):
    path = tmp_path / "one.ipynb"
    loop = "def inner_gradient(values):\n    while True: pass"
    path.write_bytes(content(solved("01", codes={"01-repair": loop})))
    grader = subprocess.Popen([sys.executable, "-c", GRADER, path, isolation], cwd=ROOT)
    deadline, started = time.monotonic() + 60, []
    most = 4 if isolation == "bubblewrap" else 3
    while time.monotonic() < deadline and len(started) < most and grader.poll() is None:
        time.sleep(0.05)  # the checker and its copy; bubblewrap, and Python inside
        started = children(grader.pid)
    os.kill(grader.pid, signal.SIGKILL)
    grader.wait()
    deadline = time.monotonic() + 10
    while any(map(alive, started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(started) >= most
    assert [pid for pid in started if alive(pid)] == []


@contextlib.contextmanager
def orphans_are_ours():
    """Processes whose parent is killed become this one's children, for as long as this lasts."""
    adopt = 36  # prctl's PR_SET_CHILD_SUBREAPER
    prctl = ctypes.CDLL(None).prctl
    assert prctl(adopt, 1, 0, 0, 0) == 0
    try:
        yield
    finally:
        prctl(adopt, 0, 0, 0, 0)


def all_gone(before, seconds=20):
    """Wait for the processes that the killed one had started; those that are still there."""
    deadline = time.monotonic() + seconds
    while True:
        left = [pid for pid in children(os.getpid()) if pid not in before]
        for pid in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        if not any(map(alive, left)) or time.monotonic() > deadline:
            return [pid for pid in left if alive(pid)]
        time.sleep(0.02)


def records(out):
    """What stands in the results: name → bytes."""
    return {path.name: path.read_bytes() for path in (out / "results").glob("*.json")}


@pytest.mark.parametrize(
    ("isolation", "students", "kills"), [("bubblewrap", 6, 4), ("process", 3, 2)]
)
def test_killed_at_random_moments_it_loses_and_doubles_nothing(
    isolation, students, kills, tmp_path
):
    chance = random.Random(time.time_ns())
    mistakes = {name: each.wrong for name, each in answers("02").items()}
    for k in range(students):
        name = chance.choice(list(mistakes))
        codes = {name: chance.choice(mistakes[name]).code} if k % 3 else {}
        put(tmp_path / "subs" / f"s{k:02}", {"02.ipynb": content(solved("02", codes=codes))})
    (tmp_path / "temporary").mkdir()

    def begin(out):
        command = [sys.executable, "-m", "tests.instructor", "grade", tmp_path / "subs"]
        return subprocess.Popen(
            [*command, "--out", out, "--jobs", "2", "--isolation", isolation],
            cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    assert begin(tmp_path / "whole").wait() == 0
    out, seen, killed = tmp_path / "out", {}, 0
    before = children(os.getpid())
    with orphans_are_ours():
        while killed < kills:
            grader = begin(out)
            more = chance.choice((0, 1)) if len(seen) < students - 2 else 0
            while grader.poll() is None and len(records(out)) < len(seen) + more:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.5 if more else 1.5))
            killed += grader.poll() is None
            grader.kill()
            grader.wait()
            assert all_gone(before) == []
            found = records(out)
            assert {name: found.get(name) for name in seen} == seen, "lost, or done twice"
            assert all(json.loads(record)["result"] for record in found.values())
            seen = found
        assert begin(out).wait() == 0
    done = records(out)
    assert {name: done[name] for name in seen} == seen
    assert len(done) == students
    assert not (out / "results" / "superseded").exists()
    for name in ("gradebook.csv", "gradebook.json"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list(out.rglob("*.part")) == []
