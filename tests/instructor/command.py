"""What an instructor types, and what is said when it ends badly."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from launch.places import LESSONS
from launch.problem import Problem
from tests.instructor.sandbox.command import WAYS

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
    _how(grade)
    grade.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="grade on a dask.distributed cluster, such as tcp://host:8786",
    )  # fmt: skip
    grade.add_argument(
        "--again", action="store_true", help="grade once more what needs a look by a person"
    )
    _material(grade)
    grade.set_defaults(run=_grade)

    release = commands.add_parser(
        "release",
        help="write copies of lessons for students",
        description="Write copies of lessons for students: no solutions, no outputs. The same "
        "lessons give the same bytes.",
        allow_abbrev=False,
    )
    release.add_argument("out", metavar="DIR", type=Path, help="where to")
    _chosen(release)
    _material(release)
    release.set_defaults(run=_release)

    verify = commands.add_parser(
        "verify",
        help="try every solution and every wrong answer; for after you have changed a lesson",
        description="Grade every lesson as it is handed out, with its solutions, and with each of "
        "its wrong answers, and say what is not as it must be.",
        allow_abbrev=False,
    )
    _chosen(verify)
    _answers(verify)
    _how(verify)
    _material(verify)
    verify.set_defaults(run=_verify)

    export = commands.add_parser(
        "export-nbgrader",
        help="write lessons as source assignments of nbgrader",
        description="Write DIR/source/NN_name/ for nbgrader generate_assignment and autograde, "
        "with the checks as hidden tests.",
        allow_abbrev=False,
    )
    export.add_argument("out", metavar="DIR", type=Path, help="the folder of the nbgrader course")
    _chosen(export)
    _answers(export)
    _material(export)
    export.set_defaults(run=_export)
    return whole


def _chosen(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--lesson", metavar="NN", type=_lesson, action="append", default=[], dest="chosen",
        help=f"{NUMBER}; may be given again (default: all)",
    )  # fmt: skip


def _answers(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--answers", metavar="DIR", type=Path,
        help="the folder of solutions and wrong answers, lesson_NN.py (default: this project's, "
        "or answers in the folder of your lessons)",
    )  # fmt: skip


def _how(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--jobs", metavar="N", type=_count, default=os.cpu_count() or 1,
        help="how many are graded at a time (default: one per processor)",
    )  # fmt: skip
    command.add_argument(
        "--isolation", choices=WAYS, default=WAYS[0],
        help="what keeps the code in notebooks from this machine (default: bubblewrap). process is "
        "weaker, and the overview says so",
    )  # fmt: skip
    command.add_argument(
        "--limit", metavar="SECONDS", type=float, default=300.0,
        help="give up on a notebook after this time (default: 300)",
    )  # fmt: skip


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


def _release(options: argparse.Namespace) -> int:
    from tests.instructor.release import release
    from tests.instructor.session import open_course

    for path in release(open_course(options.lessons, options.checks), options.chosen, options.out):
        print(path)
    return 0


def _verify(options: argparse.Namespace) -> int:
    from tests.instructor.session import open_course
    from tests.instructor.verify import verify
    from tests.instructor.workers.task import Material

    wrong = verify(
        open_course(options.lessons, options.checks),
        options.chosen,
        options.answers,
        Material(options.lessons.resolve(), options.checks.resolve()),
        jobs=options.jobs, isolation=options.isolation, limit=options.limit,
    )  # fmt: skip
    print("\n".join(wrong) or "Every solution earns all points; every wrong answer is told why.")
    return 1 if wrong else 0


def _export(options: argparse.Namespace) -> int:
    from tests.instructor.nbgrader import export
    from tests.instructor.session import open_course

    course = open_course(options.lessons, options.checks)
    for path in export(course, options.chosen, options.out, options.answers):
        print(path)
    return 0


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; the exit status."""
    options = parser().parse_args(arguments)
    options.checks = options.checks or options.lessons / "checks"
    if "answers" in options and options.answers is None and options.lessons.resolve() != LESSONS:
        options.answers = options.lessons / "answers"
    try:
        return options.run(options)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        print("\nStopped; what is graded is kept. Run the same command again to go on.",
              file=sys.stderr)  # fmt: skip
        return 130
