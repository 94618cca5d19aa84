"""One start at a time may change the environment."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if os.name == "nt":
    import msvcrt
else:
    import fcntl


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextmanager
def exclusive(path: Path, on_wait: Callable[[], None]) -> Iterator[IO[str]]:
    """Hold the lock file at `path`; the system lets go of it however the process ends.

    Arguments:
        path: the lock file; made when it is not there, and left there.
        on_wait: called once when somebody else holds it.

    Yields the open file: a child that is given it keeps the lock while it lives.
    """
    with open(path, "a") as file:
        if not _try_lock(file):
            on_wait()
            while not _try_lock(file):
                time.sleep(0.2)
        yield file
