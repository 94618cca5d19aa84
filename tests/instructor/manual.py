"""What the instructor decides by hand: points and comments, in a table that no grading writes to.

    student,lesson,exercise,points,comment
    Ada Lovelace,02,02-sum,3.5,The sign was lost while copying.
    Ada Lovelace,02,,,A pleasure to read.

Points of an exercise replace the computed ones; without points the line is a comment. Without an
exercise the comment is on the whole submission.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from launch.problem import Problem
from tests.instructor.intake.students import clean

FILE = "manual.csv"
COLUMNS = ("student", "lesson", "exercise", "points", "comment")


@dataclass(frozen=True)
class Decision:
    """A line of the table; points are None where there are none. line: its number."""

    points: float | None
    comment: str
    line: int


Decisions = dict[tuple[str, str, str], Decision]


def read(path: Path) -> tuple[Decisions, list[str]]:
    """(student, lesson, exercise) → what was decided; and a sentence about each line that is wrong.

    An empty table is made where there is none. Raises Problem if it cannot be read.
    """
    try:
        if not path.exists():
            path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(f"{path} is not in UTF-8.", "Save it again as CSV UTF-8.") from error
    except OSError as error:
        raise Problem(
            f"{path} cannot be read ({error.strerror}).", "Close it elsewhere."
        ) from error
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)  # spreadsheets write the one of their country
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = set(COLUMNS) - set(table.fieldnames or ())
    if missing:
        raise Problem(
            f"{path} has no column {', '.join(sorted(missing))}.",
            f"Its first line must be {','.join(COLUMNS)}.",
        )
    found: Decisions = {}
    wrong = []
    for row in table:
        student, lesson, exercise, points, comment = ((row[c] or "").strip() for c in COLUMNS)
        if not any((student, lesson, exercise, points, comment)):
            continue
        line = table.line_num
        where = (clean(student.removeprefix("'")), _lesson(lesson), exercise)
        try:
            number = float(points.replace(",", ".")) if points else None
        except ValueError:
            wrong.append(f"{FILE}, line {line}: {points!r} is no number; the line is left out.")
            continue
        if number is not None and not (exercise and 0 <= number < float("inf")):
            wrong.append(f"{FILE}, line {line}: points need an exercise, and a number from 0 on.")
            continue
        if where in found:
            wrong.append(
                f"{FILE}, line {line}: {exercise or lesson} of {student} again; this one counts."
            )
        found[where] = Decision(number, comment, line)
    return found, wrong


def _lesson(text: str) -> str:
    """Spreadsheets make 2 of 02."""
    return text.zfill(2) if text.isdigit() else text
