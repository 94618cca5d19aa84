"""What all tests share: the browser, PyTorch, and the report of what could not run.

A test marked `browser`, `oracle` or `sandbox` that cannot run is never counted as passed: it is
listed under NOT RUN at the end, with what to install, and with CI=true it fails.
"""

import functools
import gc
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from launch import browser

# PyTorch in the tests is this one: its recorded facts come from it (2.13 has a CPU build on PyPI).
TORCH = "torch==2.13.0"


def _no_browser() -> str | None:
    return None if browser.find() else f"no Chromium or Chrome; {browser.how_to_install()}"


def _no_torch() -> str | None:
    if importlib.util.find_spec("torch"):
        return None
    return f"no PyTorch;  python3 start.py python -m pip install {TORCH}"


def _no_sandbox() -> str | None:
    if shutil.which("bwrap") is None:
        return "no bubblewrap;  apt-get install bubblewrap"
    tried = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
    said = subprocess.run(tried, capture_output=True, text=True).stderr.strip()
    return f"bubblewrap does not work here: {said}" if said else None


NEEDS = {"browser": _no_browser, "oracle": _no_torch, "sandbox": functools.cache(_no_sandbox)}


def pytest_collection_finish() -> None:
    """Tens of thousands of tests are not to be searched for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, why_not in NEEDS.items():
        reason = why_not() if item.get_closest_marker(marker) else None
        if reason and os.environ.get("CI") == "true":
            pytest.fail(f"CI=true, so this must run: {reason}", pytrace=False)
        if reason:
            pytest.skip(f"NOT RUN: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for marker, why_not in NEEDS.items():
        names = [report.nodeid for report in skipped if marker in report.keywords]
        if names:
            terminalreporter.section(
                f"NOT RUN: {len(names)} {marker} tests", "!", red=True, bold=True
            )
            terminalreporter.line(f"They did not pass, they did not fail: {why_not() or 'skipped'}")
            for name in names:
                terminalreporter.line(f"  {name}")


@pytest.fixture(scope="session")
def chrome() -> str:
    """The path of a Chromium or Chrome, for tests marked `browser`."""
    found = browser.find()
    assert found, "mark the test with @pytest.mark.browser"
    return found


@pytest.fixture(scope="session")
def torch():
    """The real PyTorch, for tests marked `oracle`."""
    return pytest.importorskip("torch", reason="mark the test with @pytest.mark.oracle")


@pytest.fixture
def start_environ(tmp_path: Path) -> dict[str, str]:
    """Variables for a start.py run by a test: the environment of this very run is used again, the
    settings and files of the person's own Jupyter are left alone, and it is nobody's conda."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CONDA")}
    environ.pop("PYTHONPATH", None)
    environ["MINIGRAD_ENV"] = sys.prefix
    environ["MINIGRAD_LESSONS"] = str(tmp_path / "my lessons")
    for kind in ("CONFIG", "DATA", "RUNTIME"):
        environ[f"JUPYTER_{kind}_DIR"] = str(tmp_path / "jupyter" / kind.lower())
    for kind in ("SETTINGS", "WORKSPACES"):
        environ[f"JUPYTERLAB_{kind}_DIR"] = str(tmp_path / "jupyter" / kind.lower())
    environ["IPYTHONDIR"] = str(tmp_path / "ipython")
    return environ
