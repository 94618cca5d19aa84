"""One door for all that wants to see every operation: recording, forward mode, the profiler.

While nobody watches, an operation asks one question (`watch.active`) and goes on. While somebody
does, it runs through `around`, which tells every watcher what was computed and how long it took.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

active = False

Watcher = Callable[[Any, tuple[Any, ...], Any, int, int], None]
"""Called with the operation, its arguments, its result, and when it started and ended (in ns)."""

_watchers: list[Watcher] = []


def add(watcher: Watcher) -> None:
    """Tell `watcher` of every operation from here on."""
    global active
    if watcher not in _watchers:
        _watchers.append(watcher)
    active = True


def remove(watcher: Watcher) -> None:
    """Tell `watcher` no more."""
    global active
    if watcher in _watchers:
        _watchers.remove(watcher)
    active = bool(_watchers)


def around(operation: Any, run: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run an operation and tell the watchers. What they do themselves is not watched."""
    global active
    started = perf_counter_ns()
    out = run(*args)
    ended = perf_counter_ns()
    watchers = list(_watchers)
    active = False
    try:
        for watcher in watchers:
            watcher(operation, args, out, started, ended)
    finally:
        active = bool(_watchers)
    return out
