"""Bringing the page up to date while cells run: not too often, and never later than needed.

One thread does it, so that an operation only sets a flag. After an update that took long it waits
longer: updates get at most a tenth of the time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

INTERVAL = 1 / 30  # seconds between two updates, at least
SHARE = 0.1


class Pusher:
    """Calls `push` soon after `changed` was called, at most every `interval` seconds."""

    def __init__(self, push: Callable[[], None], interval: float = INTERVAL) -> None:
        self.push = push
        self.interval = interval
        self.pushes = 0
        self.dirty = False
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def changed(self) -> None:
        """There is something new to show."""
        if not self.dirty:
            self.dirty = True
            self._wake.set()

    def start(self) -> None:
        """Begin to push."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Push no more."""
        self._thread = None
        self._wake.set()

    def _run(self) -> None:
        own = threading.current_thread()
        while True:
            self._wake.wait()
            if self._thread is not own:
                return
            self._wake.clear()
            self.dirty = False
            began = time.perf_counter()
            self.push()
            self.pushes += 1
            time.sleep(max(self.interval, (time.perf_counter() - began) / SHARE))
