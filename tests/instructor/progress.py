"""How far the grading is, and about how long it will take."""

from __future__ import annotations

import sys
import time
from typing import TextIO


class Progress:
    """A line that is written over in a terminal; elsewhere a line now and then."""

    def __init__(self, total: int, what: str = "graded", out: TextIO | None = None) -> None:
        self.total, self.what, self.out = total, what, out or sys.stderr
        self.done = self.look = 0
        self.start = self.said = time.monotonic()

    def step(self, look: bool = False) -> None:
        """One more is done; `look` if a person must look at it."""
        self.done += 1
        self.look += look
        now = time.monotonic()
        live = self.out.isatty()
        if live or self.done == self.total or now - self.said >= 10:
            self.said = now
            end = "\n" if self.done == self.total or not live else ""
            self.out.write(("\r\x1b[K" if live else "") + self.line(now) + end)
            self.out.flush()

    def line(self, now: float) -> str:
        """Such as: 37 of 200 graded, 2 need a look, about 3 min left."""
        look = f", {self.look} need{'s' * (self.look == 1)} a look" if self.look else ""
        rest = (now - self.start) / self.done * (self.total - self.done)
        left = f", about {duration(rest)} left" if self.done < self.total else ""
        took = f" in {duration(now - self.start)}" if self.done == self.total else ""
        return f"{self.done} of {self.total} {self.what}{look}{left}{took}"


def duration(seconds: float) -> str:
    """A time as one says it: 40 s, 3 min, 2 h 10 min."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
