"""Folders that last no longer than the process that made them.

Each is locked by its process for as long as that lives. So one that nobody locks was left by a
process that was killed, and whoever comes next removes it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PREFIX = "minigrad-grading-"


class Scratch:
    """An empty folder of one's own, among the system's temporary files. kind: a word for its name.

    Raises OSError if there can be none.
    """

    def __init__(self, kind: str) -> None:
        held = None
        while held is None:  # a sweep may come between making it and locking it
            self.path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-"))
            held = _hold(self.path)
        self._held = held

    def remove(self) -> None:
        """With all that is in it."""
        _remove(self.path)
        os.close(self._held)


def sweep() -> None:
    """Remove the folders of this user's processes that are no more."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        held = _hold(path)
        if held is not None:
            _remove(path)
            os.close(held)


def _hold(path: Path) -> int | None:
    """Lock a folder, if it is one, and ours, and nobody else's."""
    import fcntl  # not above: where there is none, there are no such folders either

    try:
        held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(held).st_uid == os.geteuid():
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return held
    except OSError:
        pass
    os.close(held)
    return None


def _remove(path: Path) -> None:
    try:
        shutil.rmtree(path)
    except (OSError, RecursionError):  # forbidden to read, or folders in folders without end
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run(
                [*command, "--", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
