"""What an instructor types, and what is said when it ends badly."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from launch.places import LESSONS
from launch.problem import Problem

CHECKS = LESSONS / "checks"
NUMBER = "a lesson's number, such as 02"


def parser() -> argparse.ArgumentParser:
    """The commands with their help."""
    whole = argparse.ArgumentParser(
        prog="python3 -m tests.instructor",
        description="For instructors: hand out lessons, grade what comes back, report.",
        epilog="The guide: tests/instructor/README.md",
        allow_abbrev=False,
    )
    commands = whole.add_subparsers(dest="command", metavar="command", required=True)

    grade = commands.add_parser(
        "grade",
        help="grade a folder of notebooks: gradebook, a page per student, an overview",
        description="Grade notebooks, each in a sandbox. Stop it whenever you like: run the same "
        "command again, and it does the rest. What has not changed is not graded again.",
        allow_abbrev=False,
    )
    grade.add_argument(
        "submissions", nargs="+", type=Path,
        help="a folder of any usual shape (a folder per student, name_lesson.ipynb, nbgrader's "
        "submitted/), a zip of Moodle or Canvas, or a notebook",
    )  # fmt: skip
    grade.add_argument("--lesson", metavar="NN", type=_lesson, help=f"grade {NUMBER}, and no other")
    grade.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("grades"),
        help="where results and reports go, and where manual.csv is read (default: grades)",
    )  # fmt: skip
    grade.add_argument(
        "--jobs", metavar="N", type=_count, default=os.cpu_count() or 1,
        help="how many are graded at a time (default: one per processor)",
    )  # fmt: skip
    grade.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="grade on a dask.distributed cluster, such as tcp://host:8786",
    )  # fmt: skip
    grade.add_argument(
        "--isolation", metavar="NAME", default="bubblewrap",
        help="what keeps the submissions' code from this machine (default: bubblewrap). Anything "
        "else is weaker, and the overview says so",
    )  # fmt: skip
    grade.add_argument(
        "--limit", metavar="SECONDS", type=float, default=300.0,
        help="give up on a submission after this time (default: 300)",
    )  # fmt: skip
    grade.add_argument(
        "--again", action="store_true", help="grade once more what needs a look by a person"
    )
    _material(grade)
    grade.set_defaults(run=_grade)
    return whole


def _material(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--lessons", metavar="DIR", type=Path, default=LESSONS,
        help="the folder of your own lessons, NN_name.ipynb (default: this project's)",
    )  # fmt: skip
    command.add_argument(
        "--checks", metavar="DIR", type=Path,
        help="the folder of their checks, lesson_NN.py (default: checks in the folder of lessons)",
    )  # fmt: skip


def _lesson(text: str) -> str:
    return text.zfill(2)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _grade(options: argparse.Namespace) -> int:
    from tests.instructor.session import Options, grade

    return grade(
        Options(
            options.submissions, options.out, options.lessons, options.checks, options.lesson,
            options.jobs, options.scheduler, options.isolation, options.limit, options.again,
        )
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; the exit status."""
    options = parser().parse_args(arguments)
    options.checks = options.checks or options.lessons / "checks"
    try:
        return options.run(options)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        print("\nStopped; what is graded is kept. Run the same command again to go on.",
              file=sys.stderr)  # fmt: skip
        return 130
