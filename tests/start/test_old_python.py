"""A Python that is too old is told so, in words that it can read."""

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from launch.places import ROOT

# Version managers keep the Pythons of a machine side by side.
OLD = [
    python
    for name in ("python2.7", "python3.6", "python3.8", "python3.10")
    for python in Path(sys.base_prefix).parent.glob(f"*/bin/{name}")
]


def test_start_reads_on_the_first_python_3():
    ast.parse((ROOT / "start.py").read_text(), feature_version=(3, 0))


def test_message_names_the_version_and_a_fix(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(ROOT / "start.py"), run_name="__main__")
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "minigrad needs Python 3.11 or newer, and this is Python 3.8" in said
    assert "Install" in said


@pytest.mark.skipif(os.name == "nt", reason="the Python that it finds is a shell script here")
def test_message_names_a_newer_python_of_this_machine(monkeypatch, capsys, tmp_path):
    newer = tmp_path / "python3.12"
    newer.write_text("#!/bin/sh\n")
    newer.chmod(0o755)
    (tmp_path / "python3.13").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.13").chmod(0o755)
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit):
        runpy.run_path(str(ROOT / "start.py"), run_name="__main__")
    assert "python3.12 start.py" in capsys.readouterr().err


@pytest.mark.parametrize("python", OLD, ids=lambda path: path.name)
def test_an_old_python_of_this_machine(python):
    done = subprocess.run([python, ROOT / "start.py"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Traceback" not in done.stderr
