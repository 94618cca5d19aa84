"""From what was handed in to who handed in what: one notebook per student and lesson.

found.py, folders.py and archives.py find the files; notebooks.py says of which lesson a notebook
is a copy; students.py whose it is.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.instructor.intake import folders, notebooks, students
from tests.instructor.intake.found import Found, Unreadable


@dataclass(frozen=True)
class Submission:
    """What a student handed in for a lesson.

    lesson: empty if nobody can tell. digest: of its bytes, or of its place if it was not read.
    problem: why it is set aside; empty if it can be graded. flags: what the instructor should know.
    """

    student: str
    lesson: str
    file: str
    digest: str
    when: float = 0.0
    problem: str = ""
    flags: tuple[str, ...] = ()
    read: Callable[[], bytes] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class _Read:
    found: Found
    whose: students.Whose
    lesson: str
    digest: str
    problem: str = ""


def collect(given: list[Path], course: Any, lesson: str | None = None) -> list[Submission]:
    """One submission per student and lesson: of several the newest that can be read.

    lesson: take this one's notebooks only; what belongs to no lesson counts as this one's.
    """
    read: list[_Read] = []
    for path in given:
        found = list(folders.below(path))
        owners = students.whose([one.place for one in found], course) if found else []
        read += [_look(one, owner, course, lesson) for one, owner in zip(found, owners)]
    if lesson is not None:
        read = [one for one in read if one.lesson in (lesson, "")]
    by_pair: dict[tuple[str, str], list[_Read]] = defaultdict(list)
    for one in _told_apart(read):
        by_pair[one.whose.name, one.lesson or one.found.name].append(one)
    return sorted(map(_newest, by_pair.values()), key=lambda one: (one.student, one.lesson))


def _look(found: Found, owner: students.Whose, course: Any, lesson: str | None) -> _Read:
    named = lesson or notebooks.lesson_named(found.place, course) or ""
    unread = hashlib.sha256(f"{found.name} {found.size} {found.when}".encode()).hexdigest()
    if found.read is None:
        return _Read(found, owner, named, unread, found.problem)
    try:
        content = found.read()
    except Unreadable as problem:
        return _Read(found, owner, named, unread, str(problem))
    digest = hashlib.sha256(content).hexdigest()
    try:
        cells = notebooks.cells_of(content)
    except Unreadable as problem:
        return _Read(found, owner, named, digest, str(problem))
    known = notebooks.lesson_of(cells, found.place, course) or lesson or ""
    problem = "" if known else "It is a copy of no lesson of this course."
    return _Read(found, owner, known, digest, problem)


def _told_apart(read: list[_Read]) -> list[_Read]:
    """Two people of one name are two, where the platform numbers them."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in read:
        numbers[one.whose.name, one.lesson].add(one.whose.id)
    shared = {name for (name, _), found in numbers.items() if len(found - {""}) > 1}
    return [
        replace(one, whose=replace(one.whose, name=f"{one.whose.name} ({one.whose.id})"))
        if one.whose.name in shared and one.whose.id
        else one
        for one in read
    ]


def _newest(candidates: list[_Read]) -> Submission:
    candidates.sort(key=lambda one: (one.found.when, one.whose.again, one.found.name))
    sound = [one for one in candidates if not one.problem]
    taken = (sound or candidates)[-1]
    flags = []
    if len(candidates) > 1:
        others = ", ".join(one.found.name for one in candidates if one is not taken)
        what = "the newest" if taken is candidates[-1] else "the newest that can be read"
        flags.append(f"Handed in {len(candidates)} times; {what} counts, not {others}.")
    if sound and taken is not candidates[-1]:
        flags.append(f"{candidates[-1].found.name} is newer: {candidates[-1].problem}")
    if taken.whose.guessed:
        flags.append("No student's name was found; the file's name stands for it.")
    return Submission(
        taken.whose.name,
        taken.lesson,
        taken.found.name,
        taken.digest,
        taken.found.when,
        taken.problem,
        tuple(flags),
        taken.found.read,
    )
