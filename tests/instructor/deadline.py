"""A submission may take only so long, whatever it is that takes long: every wait asks how long."""

from __future__ import annotations

import time


class GivenUp(Exception):
    """The time is over. A sentence says so."""


class Deadline:
    """A time that began when this was made, of so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self._end = seconds, time.monotonic() + seconds

    def within(self, seconds: float) -> float:
        """That many seconds, or as many as are left. Raises GivenUp when none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise GivenUp(too_long(self.seconds))
        return min(seconds, left)


def too_long(seconds: float) -> str:
    """Why a submission was given up."""
    return (
        f"Given up after {seconds:g} s. Does a check never end? Try it with verify, or raise "
        "--limit and grade it --again."
    )
