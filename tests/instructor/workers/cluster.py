"""Grading on a dask.distributed cluster: tasks go out as bytes, results come back by value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from launch.problem import Problem
from tests.instructor.workers.task import Do, Task, do, unfinished

CONNECT = 15  # seconds
AHEAD = 3  # tasks per thread that are on their way


def run(tasks: Iterator[Task], address: str, work: Do = do) -> Iterator[tuple[str, dict[str, Any]]]:
    """Grade the tasks on the cluster at `address`; give back key and result as they come.

    A worker's death costs nobody a result: the cluster does its tasks again elsewhere. A task over
    which several workers die is left to the instructor. Raises Problem without a cluster.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise Problem(
            "--scheduler needs dask.distributed, which is not installed here.",
            "    python3 start.py python -m pip install distributed",
        ) from error
    try:
        client = Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise Problem(
            f"No dask scheduler answers at {address}.",
            "Start one with:  dask scheduler    and its workers with:  dask worker ADDRESS",
        ) from error
    with client:
        threads = sum(client.nthreads().values())
        shipped: dict[Any, Any] = {}  # the lessons: sent once, not with every task
        running: dict[Any, Task] = {}
        done = as_completed(loop=client.loop)

        def send() -> None:
            task = next(tasks, None)
            if task is None:
                return
            if task.material not in shipped:
                whole = task.material.with_files()
                shipped[task.material] = client.scatter(whole, broadcast=True)
            future = client.submit(
                _with_material, work, replace(task, material=None), shipped[task.material],
                key=f"grade-{task.key}", pure=False,
            )  # fmt: skip
            running[future] = task
            done.add(future)

        for _ in range(max(1, threads) * AHEAD):
            send()
        for future in done:
            task = running.pop(future)
            try:
                result = future.result()
            except Exception as error:
                result = unfinished(task.lesson, f"The cluster: {type(error).__name__}: {error}")
            future.release()
            yield task.key, result
            send()


def _with_material(work: Do, task: Task, material: Any) -> dict[str, Any]:
    return work(replace(task, material=material))
