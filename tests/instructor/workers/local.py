"""Grading in a few processes of this machine; the death of one costs nobody a result."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from tests.instructor.deadline import too_long
from tests.instructor.workers.task import Do, Task, do, unfinished

GRACE = 1.2  # a task sees for itself that its time is over; one that does not is ended
TRIES = 2  # a process that dies twice over the same submission does so because of it


def run(
    tasks: Iterator[Task], jobs: int, limit: float, work: Do = do
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Grade the tasks, `jobs` at a time; give back key and result as they come.

    A task is taken when a process is free for it, so that few are in memory. limit: the seconds
    after which a submission is given up.
    """
    context = multiprocessing.get_context("spawn")
    again: deque[_Turn] = deque()
    workers: list[_Worker] = []
    coming = (_Turn(task) for task in tasks)
    try:
        while True:
            while len(workers) < jobs or any(worker.turn is None for worker in workers):
                turn = again.popleft() if again else next(coming, None)
                if turn is None:
                    break
                free = next((worker for worker in workers if worker.turn is None), None)
                if free is None:
                    free = _Worker(context, work)
                    workers.append(free)
                free.begin(turn)
            busy = [worker for worker in workers if worker.turn is not None]
            if not busy:
                return
            ready = wait([w.connection for w in busy], _until_next(busy, limit))
            for worker in busy:
                turn = worker.turn
                assert turn is not None
                if worker.connection in ready:
                    result = worker.result()
                elif time.monotonic() - worker.since > limit * GRACE:
                    result = unfinished(turn.task.lesson, too_long(limit))
                    worker.stop()
                else:
                    continue
                if result is None:  # it died
                    turn.tries += 1
                    code = worker.stop()
                    if turn.tries < TRIES:
                        again.append(turn)
                    else:
                        why = f"The grading process died {TRIES} times over it (exit code {code})."
                        yield turn.task.key, unfinished(turn.task.lesson, why)
                else:
                    yield turn.task.key, result
                if not worker.alive:
                    workers.remove(worker)
    finally:
        for worker in workers:
            worker.stop()


def _until_next(busy: list[_Worker], limit: float) -> float:
    return max(0.05, min(worker.since for worker in busy) + limit * GRACE - time.monotonic())


@dataclass
class _Turn:
    """A task, and how many processes have died over it."""

    task: Task
    tries: int = 0


class _Worker:
    """A process that grades one submission after another."""

    def __init__(self, context: Any, work: Do) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work))
        self.process.start()
        theirs.close()
        self.turn: _Turn | None = None
        self.since = 0.0
        self.alive = True

    def begin(self, turn: _Turn) -> None:
        self.turn, self.since = turn, time.monotonic()
        with contextlib.suppress(OSError):  # dead already: result() will say so
            self.connection.send(turn.task)

    def result(self) -> dict[str, Any] | None:
        """What it has found out; None if it is dead."""
        try:
            result = self.connection.recv()
        except (EOFError, OSError):
            return None
        self.turn = None
        return result

    def stop(self) -> int | None:
        """End the process and what it has started; return its exit code."""
        self.alive = False
        self.connection.close()
        self.process.join(0.2)  # one without a task ends by itself
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(2)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        return self.process.exitcode


def _serve(connection: Connection, work: Do) -> None:
    """A process's life: grade what comes, until nobody is there to send."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is asked, and it says what to do
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError, BrokenPipeError):
        while True:
            connection.send(work(connection.recv()))


def _end_with_parent() -> None:
    """A grader that is killed cannot tell its processes; each sees for itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
