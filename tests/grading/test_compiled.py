"""A sandbox is quick to start: it has the compiled files of what it imports."""

import json
import os
import subprocess
import sys

import pytest

from tests.instructor.course import ROOT

pytestmark = pytest.mark.sandbox

GRADER = '''
import json
import minigrad
from tests.instructor.sandbox.client import Sandbox

LOOK = """
import sys, os.path
names = ("json", "numpy", "numpy._core.numeric", "minigrad.tensor")
found = {name: os.path.exists(sys.modules[name].__cached__) for name in names}
"""
sandbox = Sandbox("bubblewrap")
sandbox.ask("cell", LOOK, "cell 1")
print(json.dumps(sandbox.ask("read", "found")))
sandbox.close()
'''


def test_compiled_files_that_are_kept_elsewhere_are_shown(tmp_path):
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(tmp_path)}
    program = [sys.executable, "-c", GRADER]
    subprocess.run(program, env=environ, check=True, capture_output=True)
    done = subprocess.run(program, env=environ, check=True, capture_output=True, text=True)
    found = dict(json.loads(done.stdout)["data"]["dict"])
    assert len(found) == 4
    assert all(found.values()), found
