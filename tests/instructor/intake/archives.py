"""What is in a zip archive: looked at in place, within bounds, and never unpacked to the disk."""

from __future__ import annotations

import io
import stat
import time
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.instructor.intake.found import LARGEST, Found, Unreadable, is_hidden, is_notebook

DEEPEST = 3  # archives in archives
MOST = 20_000  # entries of one archive
LARGEST_INNER = 256 << 20  # bytes of an archive in an archive
MOST_OF_ONE = 512 << 20  # bytes of all that one student has in an archive, archives in it included
LONGEST_NAME = 255  # of a file or a folder, as on a disk
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError)
BROKEN += (RuntimeError, OverflowError, MemoryError)

Source = Callable[[], "Path | io.BytesIO"]


class _Room:
    """How much may still be unpacked."""

    def __init__(self) -> None:
        self.left = MOST_OF_ONE

    def take(self, size: int) -> bool:
        """True if there is room for so many bytes more."""
        self.left -= size
        return self.left >= 0


def inside(
    source: Source, place: tuple[str, ...], depth: int = 1, room: _Room | None = None
) -> Iterator[Found]:
    """The notebooks in an archive; what must not be read comes with its reason instead.

    room: of whoever made the archive. Otherwise each folder in it is another student's.
    """
    try:
        with zipfile.ZipFile(source()) as archive:
            entries = archive.infolist()
            if sum(entry.compress_size for entry in entries) > archive.start_dir:
                raise zipfile.BadZipFile("its entries overlap")
    except Unreadable as problem:
        yield Found(place, problem=str(problem))
        return
    except BROKEN:
        yield Found(place, problem="It is not a whole zip archive; ask for it again.")
        return
    if len(entries) > MOST:
        yield Found(place, problem=f"The archive has {len(entries)} entries; {MOST} are read.")
        return
    rooms: dict[str, _Room] = defaultdict(_Room)
    for index, entry in enumerate(entries):
        parts = _parts(_name_of(entry))
        if parts:
            own = room or rooms[parts[0]]
            yield from _entry(source, entry, index, place, depth, own)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))


def _entry(
    source: Source, entry: zipfile.ZipInfo, index: int, place: tuple[str, ...], depth: int,
    room: _Room,
) -> Iterator[Found]:  # fmt: skip
    name = _name_of(entry)
    parts = _parts(name)
    archive = name.lower().endswith(".zip")
    if entry.is_dir() or is_hidden(parts) or not (archive or is_notebook(parts[-1])):
        return
    there = (*place, *(part[:LONGEST_NAME] for part in parts if part != ".."))
    problem = _refusal(name, entry, parts, archive, depth)
    # No more is ever unpacked of an entry than the archive says that it has.
    if not problem and not room.take(entry.file_size):
        problem = (
            f"More than {MOST_OF_ONE >> 20} MB would come out of the archive; is it a zip bomb?"
        )
    if problem:
        yield Found(there, problem=problem)
        return

    def read() -> bytes:
        return _read(source, index, LARGEST_INNER if archive else LARGEST)

    if archive:
        kept: list[bytes] = []  # of an archive in an archive: read once while it is looked at

        def inner() -> io.BytesIO:
            return io.BytesIO(kept[0] if kept else read())

        try:
            kept.append(read())
        except Unreadable as broken:
            yield Found(there, problem=str(broken))
            return
        yield from inside(inner, there, depth + 1, room)
        kept.clear()
    else:
        yield Found(there, _when(entry), entry.file_size, read=read)


def _refusal(
    name: str, entry: zipfile.ZipInfo, parts: tuple[str, ...], archive: bool, depth: int
) -> str:
    """Why an entry is not to be read, by what the archive says about it; empty if it may be."""
    largest = LARGEST_INNER if archive else LARGEST
    if name.startswith(("/", "\\")) or ":" in parts[0]:
        return "Its name in the archive is an absolute path."
    if max(map(len, parts)) > LONGEST_NAME:
        return f"Its name in the archive is longer than {LONGEST_NAME} letters."
    if ".." in parts:
        return "Its name in the archive leads out of the archive."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "It is a symbolic link, not a notebook."
    if entry.flag_bits & 1:
        return "It is encrypted."
    if entry.file_size > largest:
        return f"It has {entry.file_size >> 20} MB unpacked; {largest >> 20} MB are read."
    if archive and depth >= DEEPEST:
        return f"Archives lie in archives, more than {DEEPEST} deep."
    return ""


def _read(source: Source, index: int, most: int) -> bytes:
    """An entry's bytes; what its header says of its size is not believed. Raises Unreadable."""
    try:
        with zipfile.ZipFile(source()) as archive, archive.open(archive.infolist()[index]) as file:
            content = file.read(most + 1)
    except Unreadable:
        raise
    except BROKEN as error:
        raise Unreadable(f"It cannot be unpacked ({type(error).__name__}).") from error
    if len(content) > most:
        raise Unreadable(f"It is larger unpacked than its {most >> 20} MB; a zip bomb?")
    return content


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name; archives without the mark for UTF-8 often hold UTF-8 all the same."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _when(entry: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
