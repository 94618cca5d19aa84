"""The reader's own copy of the lessons, which no update ever overwrites."""

import hashlib
import json
import os
from pathlib import Path

from launch.places import LESSONS, working_folder
from launch.problem import Problem

RECORD = ".minigrad-lessons.json"
"""In the reader's folder: name → digest of the lesson as it was handed out."""


def hand_out() -> Path:
    """Bring the reader's folder up to date, say where it is, and return it.

    A lesson that the reader has not touched is replaced by a newer one; a touched one is kept.
    Raises Problem if the folder cannot be written.
    """
    folder = working_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = _update(folder)
    except OSError as error:
        raise Problem(
            f"Your copy of the lessons cannot be written to {folder} ({error.strerror}).",
            "Name another folder with the variable MINIGRAD_LESSONS.",
        ) from error
    print(f"Your lessons are in {folder}. No update changes what you have worked on.", flush=True)
    for name in kept:
        print(f"  There is a newer {name}; yours is kept. To get the new one, rename yours.")
    return folder


def _update(folder: Path) -> list[str]:
    """Copy what is new; return the names of the lessons that are newer but kept."""
    handed_out = _read(folder / RECORD)
    kept = []
    for lesson in sorted([*LESSONS.glob("*.ipynb"), *LESSONS.glob("*.md")]):
        new, own = lesson.read_bytes(), folder / lesson.name
        known = handed_out.get(lesson.name)
        if own.exists() and _digest(own.read_bytes()) not in (known, _digest(new)):
            if known != _digest(new):
                kept.append(lesson.name)
            continue
        if not own.exists() or own.read_bytes() != new:
            _write(own, new)
        handed_out[lesson.name] = _digest(new)
    _write(folder / RECORD, json.dumps(handed_out, indent=1).encode())
    return kept


def _read(path: Path) -> dict[str, str]:
    """What was handed out; nothing, if that is not known: then everything there is kept."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Write a file as a whole: an interruption leaves the old one."""
    half = path.with_name(path.name + ".part")
    half.write_bytes(content)
    os.replace(half, path)
