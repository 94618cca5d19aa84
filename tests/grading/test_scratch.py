"""Temporary folders: gone with their process, also when that is killed, and nobody else's ever."""

import os
import signal
import subprocess
import sys
import tempfile

import pytest

from tests.instructor import scratch
from tests.instructor.course import ROOT
from tests.instructor.scratch import Scratch

pytestmark = pytest.mark.skipif(os.name == "nt", reason="nothing is graded on Windows")

HOLDER = """
from tests.instructor.scratch import Scratch
import time
print(Scratch("sandbox").path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """The system's temporary files, for this test."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def test_what_a_killed_process_leaves_is_swept_and_what_a_living_one_uses_is_not(temporary):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with holder:
        theirs = holder.stdout.readline().strip()
        own = Scratch("sandbox")
        scratch.sweep()
        assert {str(path) for path in temporary.iterdir()} == {theirs, str(own.path)}
        holder.send_signal(signal.SIGKILL)
    scratch.sweep()
    assert list(temporary.iterdir()) == [own.path]
    own.remove()
    assert list(temporary.iterdir()) == []


def test_links_files_and_other_peoples_folders_are_left_alone(temporary, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "work").write_text("years of it")
    (temporary / "minigrad-grading-sandbox-link").symlink_to(tmp_path / "home")
    (temporary / "minigrad-grading-sandbox-file").write_text("")
    (temporary / "minigrad-lab-other").mkdir()
    (temporary / "other-sandbox-x").mkdir()
    scratch.sweep()
    assert len(list(temporary.iterdir())) == 4
    (temporary / "minigrad-grading-sandbox-theirs").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    scratch.sweep()
    assert len(list(temporary.iterdir())) == 5
    assert (tmp_path / "home" / "work").read_text() == "years of it"


def test_whatever_is_in_it_goes_with_it(temporary):
    own = Scratch("sandbox")
    program = (
        "import os\nos.mkdir('shut')\nopen('shut/file', 'w').close()\nos.chmod('shut', 0)\n"
        "for _ in range(3000):\n    os.mkdir('deeper')\n    os.chdir('deeper')\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=own.path, check=True)
    own.remove()
    assert list(temporary.iterdir()) == []
