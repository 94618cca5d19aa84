"""``start.py test`` runs the tests, ``grade`` the grader, ``python`` the environment's Python."""

import argparse
import os
import subprocess
from pathlib import Path

from launch import browser
from launch.environment import ensure, environ_for
from launch.places import ROOT

WORKERS = min(2 * (os.cpu_count() or 1), 8)
"""More than processors: many tests wait for a browser, a kernel or a time limit."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def run_tests(options: argparse.Namespace) -> int:
    """Add what the tests need, and run pytest: all tests by several workers.

    A file's tests stay together, as far as no worker is left without any.
    """
    python = ensure("test")
    browser.install_on_debian()
    found = browser.find()
    print(f"Browser tests use {found}" if found else f"No browser: {browser.how_to_install()}")
    if options.arguments:
        return _call(python, ["-m", "pytest", *options.arguments])
    for name, value in ONE_THREAD.items():  # or the workers would get in each other's way
        os.environ.setdefault(name, value)
    return _call(python, ["-m", "pytest", "-n", str(WORKERS), "--dist", "worksteal"])


def run_python(options: argparse.Namespace) -> int:
    """Run the environment's Python, with the tools that the tests need installed."""
    return _call(ensure("test"), options.arguments)


def run_grade(options: argparse.Namespace) -> int:
    """Grade submissions: folders are named from where the instructor stands."""
    arguments = ["-m", "tests.instructor", "grade", *options.arguments]
    return _call(ensure("test"), arguments, Path.cwd())


def _call(python: Path, arguments: list[str], folder: Path = ROOT) -> int:
    with subprocess.Popen([python, *arguments], env=environ_for(python), cwd=folder) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                pass  # the child was told as well, and says so itself
