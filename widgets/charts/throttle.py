"""How often a loop may be interrupted: never for more than a small share of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time
from typing import Any

SHARE = 0.04  # of the loop's time that noting and drawing may take together; promised are 5 %
NOTING = 0.025  # the share that measuring gradients may take
DOUBT = 2  # times its last cost that a picture is expected to take: lines come, machines get busy
RARELY = 0.25  # seconds between two pictures at least


class Throttle:
    """A clock that starts with the first step, and what of its time was spent here."""

    def __init__(self) -> None:
        self.started: float | None = None
        self.latest = 0.0
        self.noted = 0.0
        self.drawn = 0.0
        self.pictures = 0
        self.cost = 0.0
        self.last_picture = 0.0

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Time that a step's notes take."""
        if self.started is None:
            self.started = self.last_picture = perf_counter()
        began = thread_time()  # of this thread: that the machine is busy is not our doing
        try:
            yield
        finally:
            self.noted += thread_time() - began
            self.latest = perf_counter()

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Time that a picture takes."""
        began = perf_counter()
        yield
        self.last_picture = perf_counter()
        self.cost = self.last_picture - began
        self.drawn += self.cost
        self.pictures += 1

    def time(self, picture: Callable[[], Any]) -> None:
        """Find out what a picture costs, before the loop begins."""
        picture()  # the first one loads fonts
        began = perf_counter()
        picture()
        self.cost = perf_counter() - began

    def elapsed(self) -> float:
        """Seconds from the first step to the latest."""
        return 0.0 if self.started is None else self.latest - self.started

    def affordable(self) -> bool:
        """May the gradients be measured at this step? The first ones always are."""
        return self.noted <= NOTING * self.elapsed() or self.elapsed() < 0.05

    def may_draw(self) -> bool:
        """Would one more picture keep within the share?"""
        now = perf_counter()
        if now - self.last_picture < RARELY:
            return False
        return self.noted + self.drawn + DOUBT * self.cost <= SHARE * self.elapsed()
