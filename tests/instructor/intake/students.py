"""Whose notebook it is, by the names that learning platforms and people give to files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.instructor.intake.notebooks import names_lesson

MOODLE = re.compile(r"^(?P<name>.+?)_(?P<id>\d+)_(?:assignsubmission_\w+?|onlinetext)_")
CANVAS = re.compile(
    r"^(?P<name>[^_]+)_(?:LATE_)?(?P<id>\d+)_\d+_.*?(?:-(?P<again>\d+))?\.ipynb$", re.IGNORECASE
)
AGAIN = re.compile(r"(?:[ _-]*\((\d+)\)|[ _-]+copy(\d*))+$", re.IGNORECASE)
NOISE = re.compile(
    r"\b(?:final|last|old|new|copy|draft|solutions?|solved|answers?|submission|submitted|homework|"
    r"assignment|exercises?|lesson|notebook|untitled|hw|v\d+|version|done|fixed|late)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Whose:
    """A student's name; the platform's number for two of one name; which upload it was."""

    name: str
    id: str = ""
    again: int = 0
    guessed: bool = False


def clean(name: str) -> str:
    """A name as one writes it: composed letters, single spaces, nothing that cannot be seen."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in name)
    return " ".join(unicodedata.normalize("NFC", kept).split())[:120]


def whose(places: list[tuple[str, ...]], course: Any) -> list[Whose]:
    """The student of each of the files that were found together."""
    shared = _shared(places, course)
    return [_one(place, shared, course) for place in places]


def _one(place: tuple[str, ...], shared: int, course: Any) -> Whose:
    again = AGAIN.search(re.sub(r"\.ipynb$", "", place[-1], flags=re.IGNORECASE))
    turn = int(again[1] or again[2] or 1) if again else 0
    for part in place:
        moodle = MOODLE.match(part)
        if moodle:
            return Whose(clean(moodle["name"]), moodle["id"], turn)
    canvas = CANVAS.match(place[-1])
    if canvas:
        return Whose(clean(canvas["name"]), canvas["id"], int(canvas["again"] or turn))
    if "submitted" in place[:-2]:
        return Whose(clean(place[place.index("submitted") + 1]), again=turn)
    folders = [part for part in place[shared:-1] if not _is_lesson(part, course)]
    if folders:
        return Whose(clean(_without_zip(folders[0])), again=turn)
    name = rest(place[-1], course)
    if name:
        return Whose(name, again=turn)
    return Whose(clean(re.sub(r"\.ipynb$", "", place[-1], flags=re.IGNORECASE)), "", turn, True)


def rest(filename: str, course: Any) -> str:
    """What a file's name says besides the lesson: ada_lovelace_lesson02.ipynb is ada_lovelace's."""
    stem = re.sub(r"\.(?:ipynb|zip)$", "", clean(filename), flags=re.IGNORECASE)
    stem = AGAIN.sub("", stem)
    for lesson in course.lessons.values():
        stem, found = names_lesson(lesson).subn(" ", stem, count=1)
        if found:
            break
    words = NOISE.sub(" ", stem.replace("_", " "))
    return clean(stem).strip(" _-.") if words.strip(" -.") else ""


def _is_lesson(part: str, course: Any) -> bool:
    """True for a folder that is named after a lesson, and after nobody."""
    lessons = course.lessons.values()
    return any(names_lesson(lesson).search(part) for lesson in lessons) and not rest(part, course)


def _without_zip(part: str) -> str:
    return re.sub(r"\.zip$", "", part, flags=re.IGNORECASE)


def _shared(places: Iterable[tuple[str, ...]], course: Any) -> int:
    """How many of the outermost folders are nobody's: everything is in them.

    A folder around everything is a student's if there is one student only; so it is nobody's if
    the next folders are several, or if the files in it have several people's names.
    """
    places = list(places)
    shared = 0
    while len({place[shared] for place in places if len(place) > shared + 1}) == 1 and all(
        len(place) > shared + 1 for place in places
    ):
        outer = places[0][shared]
        folders = {place[shared + 1] for place in places if len(place) > shared + 2}
        folders = {folder for folder in folders if not _is_lesson(folder, course)}
        names = {rest(place[-1], course) for place in places if len(place) == shared + 2}
        alone = outer.lower().endswith(".zip") and bool(folders)
        deeper = len(folders) == 1 and all(len(place) > shared + 3 for place in places)
        if not (_is_lesson(outer, course) or alone or deeper or len(folders) + len(names) > 1):
            break
        if len(names) > 1 and "" in names and not folders:
            break
        shared += 1
    return shared
