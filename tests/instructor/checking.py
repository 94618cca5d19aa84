"""The near end of the process that runs the checks."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.instructor.course import ROOT
from tests.instructor.deadline import Deadline
from tests.instructor.lines import Ended, Lines, TookTooLong

LONGEST = 16_000_000
START = 120.0  # seconds until Python, NumPy and the widgets are there, on a busy machine
MOST_PROBES = 500  # in one check
Attempt = Callable[[str, str, Any], dict[str, Any]]


class CheckFailed(Exception):
    """A check of ours did not do its work. A sentence says how; `traceback` may say more."""

    def __init__(self, said: str, traceback: str = "") -> None:
        super().__init__(said)
        self.traceback = traceback


class Checker:
    """The process. Used for one submission at a time."""

    def __init__(self) -> None:
        replies, theirs = os.pipe()
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.instructor.checker", str(theirs)],
            cwd=ROOT,
            env=environment,
            pass_fds=[theirs],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(theirs)
        assert self._process.stdin is not None
        self._lines = Lines(replies, os.dup(self._process.stdin.fileno()), LONGEST)
        self._process.stdin.close()
        self._said("hello", START)

    def _said(self, key: str, seconds: float) -> Any:
        try:
            reply = self._lines.receive(seconds)
        except TookTooLong:
            self.close()
            raise CheckFailed(f"It did not come to an end in {seconds:g} s.") from None
        except Ended as end:
            self.close()
            raise CheckFailed(f"The process that checks came to an end. {end}") from None
        if key and key not in reply:
            raise CheckFailed(str(reply.get("unusable", "The process that checks is confused.")))
        return reply

    def begin(self, checks: Path, seconds: float) -> None:
        """For a submission. Raises CheckFailed if the checks cannot be used."""
        self._send({"checks": str(checks)}, seconds)
        self._said("ready", seconds)

    def _send(self, message: Any, seconds: float) -> None:
        try:
            self._lines.send(message, seconds)
        except (TookTooLong, Ended) as problem:
            self.close()
            raise CheckFailed("The process that checks does not listen.") from problem

    def check(
        self,
        exercise: str,
        answers: list[Any],
        attempt: Attempt,
        seconds: float,
    ) -> dict[str, Any]:
        """Points and findings. `attempt` has a probe done: name, path, arguments → outcome.

        seconds: for the check's own work, between two probes. Raises CheckFailed.
        """
        self._send({"exercise": exercise, "with": answers}, seconds)
        for _ in range(MOST_PROBES):
            reply = self._said("", seconds)
            if "probe" in reply:
                try:
                    outcome = attempt(reply["probe"], reply["path"], reply["arguments"])
                except BaseException:
                    self.close()  # it waits for an outcome
                    raise
                self._send(outcome, seconds)
            elif "verdict" in reply:
                return reply["verdict"]
            elif "broken" in reply:
                raise CheckFailed(f"It raised {reply['broken']}", reply["traceback"])
            else:
                self.close()
                raise CheckFailed("Its process came to an end, for want of memory perhaps.")
        self.close()
        raise CheckFailed(f"It asked more than {MOST_PROBES} times.")

    def end(self) -> float:
        """Of this submission. Seconds of processor time that its checks took."""
        self._send({"end": True}, START)
        cpu = self._said("cpu", START)["cpu"]
        self._said("over", START)
        return float(cpu)

    @property
    def usable(self) -> bool:
        """Whether it can take another submission."""
        return self._lines is not None

    def close(self) -> None:
        """End the process."""
        if self._lines is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._lines.close()
        self._lines = None  # type: ignore[assignment]


_idle: list[Checker] = []
_owner = os.getpid()
_lock = threading.Lock()


class Checks:
    """The checks of one lesson, for one submission. A checker that ended is replaced.

    seconds: what a check may take for its own work, between two probes.
    deadline: of the submission.
    """

    def __init__(self, checks: Path, seconds: float, deadline: Deadline) -> None:
        self.checks, self.seconds, self.deadline, self.cpu = checks, seconds, deadline, 0.0
        self._checker: Checker | None = None

    def check(self, exercise: str, answers: list[Any], attempt: Attempt) -> dict[str, Any]:
        """Points and findings, of `Checker.check`. Raises CheckFailed, GivenUp."""
        seconds = self.deadline.within(self.seconds)
        if self._checker is None or not self._checker.usable:
            self._checker = _take()
            self._checker.begin(self.checks, max(self.seconds, START))
        return self._checker.check(exercise, answers, attempt, seconds)

    def close(self) -> None:
        """The submission is done; the process is kept for the next one."""
        used, self._checker = self._checker, None
        if used is None or not used.usable:
            return
        try:
            self.cpu += used.end()
        except CheckFailed:
            used.close()
            return
        with _lock:
            _idle.append(used)


def _take() -> Checker:
    global _owner
    with _lock:
        if _owner != os.getpid():  # a copy of a process: these are the other one's
            _idle.clear()
            _owner = os.getpid()
        if _idle:
            return _idle.pop()
    return Checker()


@atexit.register
def close_all() -> None:
    """End the checkers of this process."""
    with _lock:
        if _owner == os.getpid():
            while _idle:
                _idle.pop().close()
