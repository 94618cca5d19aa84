"""What is in a folder of submissions: every notebook, also those in archives.

Nothing but regular files is ever opened: no link is followed, and a pipe or a device is not waited
for.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from tests.instructor.intake import archives
from tests.instructor.intake.found import LARGEST, Found, Unreadable, is_hidden, is_notebook

DEEPEST = 20
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}
FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))


def below(given: Path, place: tuple[str, ...] = ()) -> Iterator[Found]:
    """The submissions in a folder, or the one that a file is; an archive counts as a folder."""
    if not place and not given.is_dir():
        yield from _file(given, (given.name,), given.stat(), top=True)
        return
    try:
        entries = sorted(os.scandir(given), key=lambda entry: entry.name)
    except OSError as error:
        yield Found(place, problem=f"The folder cannot be read ({error.strerror}).")
        return
    for entry in entries:
        there = (*place, _shown(entry.name))
        if is_hidden((entry.name,)):
            continue
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            yield Found(there, problem=f"It cannot be read ({error.strerror}).")
            continue
        if not stat.S_ISDIR(status.st_mode) or is_notebook(entry.name):
            yield from _file(Path(entry.path), there, status)
        elif len(there) > DEEPEST:
            yield Found(there, problem=f"Folders in folders, more than {DEEPEST} deep.")
        else:
            yield from below(Path(entry.path), there)


def _shown(name: str) -> str:
    """A name that can be written down: bytes that are no UTF-8 are shown as such."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _file(
    path: Path, place: tuple[str, ...], status: os.stat_result, top: bool = False
) -> Iterator[Found]:
    name, when, size = path.name.lower(), status.st_mtime, status.st_size
    archive = name.endswith(".zip")
    kind = stat.S_IFMT(status.st_mode)
    if not (archive or is_notebook(name)):
        if name.endswith(OTHER_ARCHIVES):
            yield Found(place, when, problem="Only zip archives are read; unpack it first.")
        elif kind == stat.S_IFLNK and path.is_dir():
            yield Found(place, when, problem="It is a link to a folder; links are not followed.")
        return
    if kind != stat.S_IFREG:
        yield Found(place, when, problem=f"It is {KINDS.get(kind, 'no file')}, not a notebook.")
    elif archive:
        yield from archives.inside(lambda: path, place[:-1] if top else place)
    elif size > LARGEST:
        problem = (
            f"It has {size >> 20} MB; {LARGEST >> 20} MB are read. Ask for it without outputs."
        )
        yield Found(place, when, size, problem)
    else:
        yield Found(place, when, size, read=lambda: read(path))


def read(path: Path) -> bytes:
    """The bytes of a regular file of at most `LARGEST` bytes. Raises Unreadable."""
    try:
        opened = os.open(path, FLAGS)
        with open(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise Unreadable("It is no regular file.")
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"It cannot be read ({error.strerror}).") from error
    if len(content) > LARGEST:
        raise Unreadable(f"It has more than {LARGEST >> 20} MB.")
    return content
