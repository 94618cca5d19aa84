"""``start.py test`` runs the tests, ``grade`` the grader, ``python`` the environment's Python."""

import argparse
import subprocess
from pathlib import Path

from launch import browser
from launch.environment import ensure, environ_for
from launch.places import ROOT


def run_tests(options: argparse.Namespace) -> int:
    """Add what the tests need, and run pytest on the project."""
    python = ensure("test")
    browser.install_on_debian()
    found = browser.find()
    print(f"Browser tests use {found}" if found else f"No browser: {browser.how_to_install()}")
    return _call(python, ["-m", "pytest", *options.arguments])


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
