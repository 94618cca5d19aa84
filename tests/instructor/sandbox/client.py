"""The near end of a sandbox: starts it, asks it, ends it, and counts what it took."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.instructor.deadline import Deadline
from tests.instructor.lines import Ended, Lines, TookTooLong
from tests.instructor.scratch import Scratch

from .command import WAYS, SandboxFailed, command

LONGEST_REPLY = 4_100_000
LAST_BREATH = 5.0  # seconds that a killed process may take to be gone


@dataclass(frozen=True)
class Limits:
    """What a submission may take. Seconds, bytes.

    cell: processor time for one cell or one probe. clock: what may pass on the clock meanwhile.
    total: processor time of one sandbox. memory: address space of one sandbox.
    restarts: sandboxes that one submission may wear out before only its answers are run.
    check: seconds for one check of ours, without what the answer takes.
    whole: seconds for all of a submission; after them it is given up.
    """

    cell: float = 10.0
    clock: float = 30.0
    total: int = 300
    start: float = 60.0
    memory: int = 2_000_000_000
    restarts: int = 6
    check: float = 20.0
    whole: float = 300.0


class Trouble(Exception):
    """A request that got no answer. state: "timed out" or "died". A sentence says more."""

    def __init__(self, state: str, said: str) -> None:
        super().__init__(said)
        self.state = state


class Sandbox:
    """A process that runs a student's code. Raises SandboxFailed if it cannot be started."""

    def __init__(
        self,
        isolation: str,
        without: tuple[str, ...] = (),
        limits: Limits | None = None,
        deadline: Deadline | None = None,
    ) -> None:
        if isolation not in WAYS:
            raise ValueError(f"isolation must be one of {', '.join(WAYS)}, not {isolation!r}")
        self.limits = limits or Limits()
        self.deadline = deadline or Deadline(self.limits.whole)
        self.cpu, self.asked = 0.0, 0
        self._folder = Scratch("sandbox") if isolation == "process" else None
        theirs_in, requests = os.pipe()
        replies, theirs_out = os.pipe()
        pipes = (theirs_in, theirs_out)
        self._lines = Lines(replies, requests, LONGEST_REPLY)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            folder = self._folder.path if self._folder else Path()
            what = command(isolation, pipes, without, self.limits, folder)
            self._process = subprocess.Popen(
                what.arguments,
                env=what.environment,
                pass_fds=pipes,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            for end in pipes:
                os.close(end)
            self.fence = self._handshake()
        except BaseException:
            self.close()
            raise

    def _handshake(self) -> str:
        """Before any student's code has run: does the sandbox stand?"""
        try:
            greeting = self._lines.receive(self.limits.start)
            if greeting.get("n") != 0:
                raise Ended("It did not greet.")
            return str(greeting.get("fence", ""))[:200]
        except TookTooLong:
            raise SandboxFailed("The sandbox did not start in time.") from None
        except Ended:
            self._kill()
            assert self._process is not None
            assert self._process.stderr is not None
            said = os.read(self._process.stderr.fileno(), 4000).decode(errors="replace").strip()
            last = said.splitlines()[-1] if said else "it ended without a word"
            raise SandboxFailed(f"The sandbox did not start: {last}") from None

    def ask(self, do: str, *arguments: Any) -> dict[str, Any]:
        """The reply to a request. Raises Trouble; then the sandbox has ended. Raises GivenUp."""
        self.asked += 1
        allowed, clock = self.limits.cell, self.deadline.within(self.limits.clock)
        begun = self.cpu = self._used()
        try:
            self._lines.send({"n": self.asked, "do": do, "with": arguments}, clock)
            reply = self._lines.receive(clock, lambda: self._used() - begun > allowed)
            if not isinstance(reply, dict) or reply.get("n") != self.asked:
                raise Ended("It sent what was not asked for.")
            return reply
        except TookTooLong:
            self.close()
            raise Trouble("timed out", f"It did not come to an end in {allowed:g} s.") from None
        except Ended as end:
            self.close()
            raise Trouble("died", f"The process that ran it came to an end. {end}") from None

    def _used(self) -> float:
        """Seconds of processor time so far, of all processes in the sandbox."""
        ticks, unseen = 0, [self._process.pid] if self._process else []
        while unseen:
            pid = unseen.pop()
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(stat[11]) + int(stat[12])
                unseen += _children(pid)
        return ticks / os.sysconf("SC_CLK_TCK")

    def _kill(self) -> None:
        """The first process within goes first: with it the kernel ends all others in there, and
        only when they are gone does the one that we started end, by itself.
        """
        if self._process is None or self._process.returncode is not None:
            return
        pid = self._process.pid
        deadline = time.monotonic() + LAST_BREATH
        for child in _children(pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            while time.monotonic() < deadline:
                if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                    break
                time.sleep(0.002)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = max(self.cpu, usage.ru_utime + usage.ru_stime)

    def close(self) -> None:
        """End the process and all that it has started; count its processor time."""
        if self._lines is None:
            return
        self.cpu = max(self.cpu, self._used())
        self._kill()
        self._lines.close()
        self._lines = None  # type: ignore[assignment]
        if self._process is not None and self._process.stderr is not None:
            self._process.stderr.close()
        if self._folder is not None:
            self._folder.remove()


def _children(pid: int) -> list[int]:
    """Of a process, by Linux's own list; none elsewhere."""
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []
