"""When reports are made again: if a result, a decision, or what makes the reports has changed."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from tests.instructor import manual
from tests.instructor.results import Results, write

STAMP = ".reports"
MAKERS = sorted(
    [*Path(__file__).parent.glob("reports/*.py"), Path(__file__).parent / "gradebook.py"]
)


def report(out: Path, results: Results, course: Any) -> bool:
    """Make the gradebook and the pages, and say where they are. True if a decision is wrong."""
    decisions, wrong = manual.read(out / manual.FILE)
    records = results.settle()
    now = _digest(out, results, course)
    stamp = out / STAMP
    try:
        known = stamp.read_text(encoding="utf-8").split("\n", 1)
    except (OSError, ValueError):
        known = []
    if known[:1] == [now] and not wrong and (out / "overview.html").exists():
        print(known[1], flush=True)
        return False

    from tests.instructor import reports  # with the widgets, which take a second
    from tests.instructor.gradebook import entries_of

    entries, lost = entries_of(records, decisions)
    reports.write(out, entries, course)
    said = "\n".join([*lost, reports.summary(out, entries)])
    write(stamp, f"{now}\n{said}")
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
    print(said, flush=True)
    return bool(wrong)


def _digest(out: Path, results: Results, course: Any) -> str:
    """Of everything that the reports are made from."""
    digest = hashlib.sha256()
    for path in [*MAKERS, *(lesson.path for lesson in course.lessons.values()), out / manual.FILE]:
        digest.update(path.name.encode() + path.read_bytes())
    for path in sorted(results.folder.glob("*.json")):
        status = path.stat()
        digest.update(f"{path.name} {status.st_mtime_ns} {status.st_size}\n".encode())
    return digest.hexdigest()
