"""The table of commands, and what is said when one of them ends badly."""

import argparse
import sys
from collections.abc import Callable

from launch import lab, tests
from launch.problem import Problem

Run = Callable[[argparse.Namespace], int]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py", description="minigrad: the autograd you can see.", allow_abbrev=False
    )
    table = parser.add_subparsers(dest="command", metavar="command")

    opened = table.add_parser("lab", help="open the lessons in JupyterLab (the default)")
    lab.add_arguments(opened)
    opened.set_defaults(run=lab.run)

    # What follows these is not ours to read: main() sets it aside before parsing.
    help_test = "run all tests; arguments are pytest's"
    table.add_parser("test", help=help_test, add_help=False).set_defaults(run=tests.run_tests)
    help_grade = "grade a folder of submissions; for instructors: tests/instructor/README.md"
    table.add_parser("grade", help=help_grade, add_help=False).set_defaults(run=tests.run_grade)
    help_python = "run the environment's own Python, e.g.  python -m ruff check"
    table.add_parser("python", help=help_python, add_help=False).set_defaults(run=tests.run_python)
    return parser


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name (none: the lessons) and return its exit status."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        arguments = ["lab", *arguments]
    rest: list[str] = []
    if arguments[0] in ("test", "python", "grade"):
        arguments, rest = arguments[:1], arguments[1:]
    options = _parser().parse_args(arguments)
    options.arguments = rest
    run: Run = options.run
    try:
        return run(options)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130
