"""Lines of JSON between processes, with a deadline and a largest size."""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable
from typing import Any


class Ended(Exception):
    """The other end is gone, or what it sends is not to be read."""


class TookTooLong(Exception):
    """No line came in time."""


class Lines:
    """Both ends of a conversation: requests go out, replies come in, each one line of JSON."""

    def __init__(self, incoming: int, outgoing: int, longest: int) -> None:
        self.incoming, self.outgoing, self.longest = incoming, outgoing, longest
        self._rest = b""
        os.set_blocking(outgoing, False)

    def send(self, message: Any, seconds: float) -> None:
        """Raises Ended, TookTooLong."""
        data = memoryview(json.dumps(message).encode() + b"\n")
        deadline = time.monotonic() + seconds
        while data:
            if not select.select([], [self.outgoing], [], max(0, deadline - time.monotonic()))[1]:
                raise TookTooLong
            try:
                data = data[os.write(self.outgoing, data) :]
            except OSError as error:
                raise Ended(str(error)) from error

    def receive(self, seconds: float, overdue: Callable[[], bool] = lambda: False) -> Any:
        """The next line's data. `overdue` is asked a few times a second whether to give up.

        Raises Ended, TookTooLong.
        """
        deadline = time.monotonic() + seconds
        while b"\n" not in self._rest:
            if len(self._rest) > self.longest:
                raise Ended("It sent more than it may.")
            left = deadline - time.monotonic()
            if left <= 0:
                raise TookTooLong
            if not select.select([self.incoming], [], [], min(left, 0.2))[0]:
                if overdue():
                    raise TookTooLong
                continue
            part = os.read(self.incoming, 1 << 20)
            if not part:
                raise Ended("It ended.")
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        try:
            return json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Ended("What it sent cannot be read.") from error

    def close(self) -> None:
        """Close both ends."""
        for end in (self.incoming, self.outgoing):
            os.close(end)
