"""The gradebook: what the results and the instructor's own decisions say together."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.instructor.manual import Decisions

FORMULA = set("=+-@\t\r\n|%＝＋－＠")  # spreadsheets take full-width letters, too
LOOK = ("needs a look", "set aside")


@dataclass
class Mark:
    """One exercise of one student. automatic: the computed points, None if a person must decide.

    about: the exercise's title, kind and first hint, as they were when it was graded.
    """

    id: str
    of: float
    automatic: float | None
    state: str
    findings: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""
    instructor: str = ""
    manual: float | None = None
    comment: str = ""
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """What counts: the instructor's points where there are some."""
        return self.manual if self.manual is not None else (self.automatic or 0.0)

    @property
    def open(self) -> bool:
        """True if a person has still to decide."""
        return self.manual is None and self.state in LOOK


@dataclass
class Entry:
    """What a student has in a lesson."""

    student: str
    lesson: str
    file: str
    state: str
    reason: str
    marks: dict[str, Mark]
    flags: list[str] = field(default_factory=list)
    isolation: str = ""
    comment: str = ""
    digest: str = ""
    seconds: float = 0.0

    @property
    def points(self) -> float:
        """The sum of the exercises' points."""
        return sum(mark.points for mark in self.marks.values())

    @property
    def of(self) -> float:
        """The points that the lesson has."""
        return sum(mark.of for mark in self.marks.values())

    @property
    def open(self) -> bool:
        """True if a person has still to decide about an exercise, or about all of it."""
        undecided = any(mark.open for mark in self.marks.values())
        decided = any(mark.manual is not None for mark in self.marks.values())
        return undecided or (self.state in LOOK and not decided)


def entries_of(
    records: Iterable[dict[str, Any]], decisions: Decisions
) -> tuple[list[Entry], list[str]]:
    """The entries, and a sentence about each decision that fits none."""
    used = set()
    entries = []
    for record in records:
        entry = _entry(record)
        for mark in entry.marks.values():
            place = (entry.student, entry.lesson, mark.id)
            if place in decisions:
                used.add(place)
                mark.manual, mark.comment = decisions[place].points, decisions[place].comment
        place = (entry.student, entry.lesson, "")
        if place in decisions:
            used.add(place)
            entry.comment = decisions[place].comment
        entries.append(entry)
    lost = [
        f"manual.csv, line {decision.line}: there is no {place[2] or 'submission'} "
        f"of {place[0]} in lesson {place[1]}."
        for place, decision in decisions.items()
        if place not in used
    ]
    return entries, lost


def _entry(record: dict[str, Any]) -> Entry:
    result = record["result"]
    marks = {}
    for name, about in record["exercises"].items():
        found = result["exercises"].get(name, {"state": result["state"]})
        undecided = found["state"] in LOOK
        marks[name] = Mark(
            name,
            found.get("of", about["of"]),
            None if undecided else found.get("points", 0.0),
            found["state"],
            found.get("findings", []),
            found.get("reason", ""),
            found.get("instructor", ""),
            about=about,
        )
    return Entry(
        record["student"],
        record["lesson"],
        record["file"],
        result["state"],
        result.get("reason", ""),
        marks,
        [*record["flags"], *result.get("flags", [])],
        result.get("isolation", ""),
        digest=record["digest"],
        seconds=result.get("seconds", 0.0),
    )


def as_csv(entries: list[Entry]) -> str:
    """A line per student, for a spreadsheet; no cell of it is a formula."""
    columns: dict[str, list[str]] = {}
    for entry in entries:
        if entry.lesson:
            columns.setdefault(entry.lesson, [])
            columns[entry.lesson] += [m for m in entry.marks if m not in columns[entry.lesson]]
    head = ["student", "points", "of"]
    for lesson in sorted(columns):
        head += [f"lesson {lesson}", f"lesson {lesson} state", *sorted(columns[lesson])]
    lines = [[*head, "to decide"]]
    for student, own in by_student(entries).items():
        line = [student, number(sum(e.points for e in own)), number(sum(e.of for e in own))]
        of = {entry.lesson: entry for entry in own}
        for lesson in sorted(columns):
            entry = of.get(lesson)
            line += [number(entry.points), entry.state] if entry else ["", "not handed in"]
            marks = entry.marks if entry else {}
            line += [number(marks[m].points) if m in marks else "" for m in sorted(columns[lesson])]
        undecided = [entry.lesson or entry.file for entry in own if entry.open]
        lines.append([*line, ", ".join(undecided)])
    text = io.StringIO(newline="")
    # In quotes, so that a spreadsheet which splits at semicolons finds no other cells in a name.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([[harmless(cell) for cell in line] for line in lines])
    return text.getvalue()


def harmless(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if {cell[:1], cell.lstrip()[:1]} & FORMULA else cell


def number(value: float) -> str:
    """Points as one writes them: 3, 2.5, 1.333."""
    return f"{round(value, 3):g}"


def by_student(entries: list[Entry]) -> dict[str, list[Entry]]:
    """Student → their entries."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.student, []).append(entry)
    return found


def as_json(entries: list[Entry]) -> str:
    """The same for a program: every exercise with its points, computed and decided."""
    students = [
        {
            "student": student,
            "points": round(sum(entry.points for entry in own), 6),
            "of": sum(entry.of for entry in own),
            "lessons": [
                {
                    "lesson": entry.lesson,
                    "file": entry.file,
                    "state": entry.state,
                    "reason": entry.reason,
                    "points": round(entry.points, 6),
                    "of": entry.of,
                    "to decide": entry.open,
                    "comment": entry.comment,
                    "flags": entry.flags,
                    "isolation": entry.isolation,
                    "exercises": {
                        mark.id: {
                            "points": round(mark.points, 6),
                            "of": mark.of,
                            "computed": mark.automatic,
                            "by hand": mark.manual,
                            "state": mark.state,
                            "reason": mark.reason,
                            "comment": mark.comment,
                        }
                        for mark in entry.marks.values()
                    },
                }
                for entry in own
            ],
        }
        for student, own in by_student(entries).items()
    ]
    return json.dumps({"schema": 1, "students": students}, indent=1, ensure_ascii=False) + "\n"
