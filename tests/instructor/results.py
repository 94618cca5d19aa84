"""What was found out about each submission: a file each, written whole or not at all.

    OUT/results/KEY.json          one per student and lesson: what the gradebook is made from
    OUT/results/superseded/       what was found about earlier submissions, or with earlier checks

KEY is made from the student, the submission's bytes, the lesson with its checks, and the isolation.
So what is there need not be graded again, and whatever has changed is.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launch.places import ROOT
from launch.problem import Problem

SCHEMA = 1
GRADERS = (  # besides a lesson and its checks, what points depend on
    "minigrad/**/*.py",
    "widgets/exercise.py",
    "widgets/compare.py",
    "widgets/probe.py",
    "widgets/derive.py",
    "widgets/formula.py",
    "widgets/derivation/*.py",
    *(f"tests/instructor/{part}.py" for part in ("course", "grading", "submission", "plan")),
    *(f"tests/instructor/{part}.py" for part in ("running", "checking", "checker", "lines")),
    "tests/instructor/deadline.py",
    "tests/instructor/sandbox/**/*.py",
)
OF_A_LESSON = re.compile(r"lesson_\d\d\.py").fullmatch

Record = dict[str, Any]


def checks_digest(lesson: Any) -> str:
    """A digest of everything that a lesson's points depend on, besides the submission."""
    others = (path for path in lesson.checks.parent.glob("*.py") if not OF_A_LESSON(path.name))
    digest = hashlib.sha256(_graders().encode())
    for path in [lesson.path, lesson.checks, *sorted(others)]:
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()


@functools.cache
def _graders() -> str:
    """A digest of the code that grades."""
    digest = hashlib.sha256()
    for pattern in GRADERS:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def key(submission: Any, checks: str, isolation: str) -> str:
    """The name of a submission's result."""
    parts = (SCHEMA, submission.student, submission.lesson, submission.digest, checks, isolation)
    # What is set aside is not graded: its reason is what counts.
    parts = (*parts, submission.problem, submission.file if submission.problem else "")
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


class Results:
    """The results in an output folder."""

    def __init__(self, out: Path) -> None:
        self.folder = out / "results"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe = self.folder / f".{os.getpid()}.part"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise Problem(
                f"Nothing can be written to {out} ({error.strerror}).",
                "Name another folder with --out.",
            ) from error

    def sweep(self) -> None:
        """Remove the halves of files that a killed run has left. Only while no other run writes."""
        for half in self.folder.parent.rglob(".*.part"):
            half.unlink(missing_ok=True)

    def read(self, name: str) -> Record | None:
        """A result, or None if there is none that is whole."""
        return _read(self.folder / f"{name}.json")

    def write(self, record: Record) -> None:
        """Keep a result, and set aside what was known about the same student and lesson."""
        write(self.folder / f"{record['key']}.json", json.dumps(record, ensure_ascii=False))

    def all(self) -> Iterator[Record]:
        """Every result that is whole, in the order of their names."""
        for path in sorted(self.folder.glob("*.json")):
            record = _read(path)
            if record is not None and record["key"] == path.stem:
                yield record

    def settle(self) -> list[Record]:
        """The newest result of each student and lesson; the others are superseded."""
        newest: dict[tuple[str, str], Record] = {}
        superseded = self.folder / "superseded"
        for record in sorted(self.all(), key=lambda record: record["graded"]):
            pair = (record["student"], record["lesson"] or record["file"])
            earlier = newest.get(pair)
            newest[pair] = record
            if earlier is not None:
                superseded.mkdir(exist_ok=True)
                name = f"{earlier['key']}.json"
                os.replace(self.folder / name, superseded / name)
        return sorted(newest.values(), key=lambda r: (r["student"].casefold(), r["lesson"]))


def _read(path: Path) -> Record | None:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = isinstance(record, dict) and record.get("schema") == SCHEMA and "result" in record
    return record if known else None


def write(path: Path, text: str) -> None:
    """Write a file whole: whoever is interrupted, or killed, leaves the old one.

    A file that is the same already is left alone. Raises Problem.
    """
    content = text.encode("utf-8", "backslashreplace")
    half = path.with_name(f".{path.name[:80]}.{os.getpid()}.part")
    try:
        if path.exists() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        os.replace(half, path)
    except OSError as error:
        raise Problem(
            f"{path} cannot be written ({error.strerror}). What was graded before it is kept.",
            "Make room or name another folder with --out, and run the same command again.",
        ) from error
