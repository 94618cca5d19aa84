"""The grader is killed in the middle: whatever it has started is gone as well."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.grading.submissions import content, solved
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
    while time.monotonic() < deadline and len(started) < (5 if isolation == "bubblewrap" else 3):
        time.sleep(0.1)  # the checker and its copy; bubblewrap's two processes and Python
        started = children(grader.pid)
    os.kill(grader.pid, signal.SIGKILL)
    grader.wait()
    deadline = time.monotonic() + 10
    while any(map(alive, started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(started) >= 3
    assert [pid for pid in started if alive(pid)] == []
