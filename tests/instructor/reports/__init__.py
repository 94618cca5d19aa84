"""What is made from the results: the gradebook, a page per student, the overview of the class.

Everything here can be deleted and made again; nothing here is graded.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.instructor.gradebook import Entry, as_csv, as_json, by_student
from tests.instructor.reports.junit import as_junit
from tests.instructor.reports.overview import overview
from tests.instructor.reports.page import file_name
from tests.instructor.reports.pictures import Pictures
from tests.instructor.reports.student import student_page
from tests.instructor.results import write as write_file


def write(out: Path, entries: list[Entry], course: Any) -> None:
    """Write all reports. A file that would be the same is left alone. Raises Problem."""
    _flag_copies(entries)
    pictures = Pictures(course)
    # With a mark for spreadsheets: without it they take UTF-8 for something else.
    write_file(out / "gradebook.csv", "\ufeff" + as_csv(entries))
    write_file(out / "gradebook.json", as_json(entries))
    write_file(out / "junit.xml", as_junit(entries))
    write_file(out / "overview.html", overview(entries, course))
    folder = out / "students"
    pages = {file_name(student): student for student in by_student(entries)}
    for name, student in pages.items():
        own = by_student(entries)[student]
        write_file(folder / name, student_page(student, own, course, pictures))
    for path in folder.glob("*.html"):
        if path.name not in pages:
            path.unlink()


def summary(out: Path, entries: list[Entry]) -> str:
    """What the instructor is told at the end."""
    undecided = sum(entry.open for entry in entries)
    look = f", {undecided} to look at" if undecided else ""
    return (
        f"{len(entries)} submissions of {len(by_student(entries))} students{look}.\n"
        f"    {out / 'overview.html'}\n    {out / 'gradebook.csv'}\n    {out / 'students'}"
    )


def _flag_copies(entries: list[Entry]) -> None:
    """The same bytes from two students: no reason to take points, but one to know."""
    same: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.marks:
            same[entry.lesson, entry.digest].append(entry)
    for own in same.values():
        for entry in own if len(own) > 1 else ():
            others = ", ".join(other.student for other in own if other is not entry)
            entry.flags.append(f"Byte for byte the same file as that of {others}.")
