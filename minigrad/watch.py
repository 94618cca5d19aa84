"""One door for all that wants to see every operation: recording, forward mode, the profiler.

While nobody watches, an operation asks one question (`watch.active`) and goes on. While somebody
does, it runs through `around`, which tells every watcher what was computed and how long it took.

What is no operation that went well is told to listeners, as a word and what belongs to it:

    "failed", operation, arguments, error       an operation (or a `Function`) raised
    "applied", function, arguments, results     a `Function` of the user was applied
    "backward", create_graph                    a `backward()` went through
    "backward failed", node, error              it stopped at this node
    "step", optimizer                           an optimizer is about to change its parameters
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

active = False

Watcher = Callable[[Any, tuple[Any, ...], Any, int, int], None]
"""Called with the operation, its arguments, its result, and when it started and ended (in ns)."""

Runner = Callable[[Any, Callable[..., Any], tuple[Any, ...]], Any]
"""Called with the operation, the function that runs it, and the arguments; returns the result."""

_watchers: dict[Watcher, set[int]] = {}
"""Each with the threads that asked for it: threads, by their number, or 0, the whole process."""


class _Here(threading.local):
    busy = False  # True while watchers of this thread are at work
    runner: Runner | None = None  # see `run_by`


_here = _Here()

inference_runner: Runner | None = None
"""Runs every operation while there are leaves of inference mode, see `inference_leaves.py`."""

heard = False
"""True while somebody listens: ask before `tell`."""

Listener = Callable[..., None]
"""Called with the word and what belongs to it."""

_listeners: dict[Listener, set[int]] = {}


def add(watcher: Watcher, thread: int = 0) -> None:
    """Tell `watcher` of every operation from here on."""
    global active
    _watchers.setdefault(watcher, set()).add(thread)
    active = True


def remove(watcher: Watcher, thread: int = 0) -> None:
    """Tell `watcher` no more, unless another thread still asks for it."""
    global active
    _leave(_watchers, watcher, thread)
    active = bool(_watchers)


def _leave(table: dict[Any, set[int]], who: Any, thread: int) -> None:
    threads = table.get(who, set())
    threads.discard(thread)
    if not threads:
        table.pop(who, None)


def around(operation: Any, run: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run an operation and tell the watchers. What they do themselves is not watched."""
    if _here.busy:
        return run(*args)
    started = perf_counter_ns()
    try:
        out = (_here.runner or plainly)(operation, run, args)
    except Exception as error:
        if heard:
            tell("failed", operation, args, error)
        raise
    ended = perf_counter_ns()
    _here.busy = True
    try:
        for watcher in list(_watchers):
            watcher(operation, args, out, started, ended)
    finally:
        _here.busy = False
    return out


def plainly(operation: Any, run: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run an operation as it runs where nobody wants it otherwise."""
    return run(*args) if inference_runner is None else inference_runner(operation, run, args)


def run_by(runner: Runner | None) -> Runner | None:
    """Let `runner` run the operations of this thread, as long as anybody watches; None: as usual.

    Returns the one that did before.
    """
    before, _here.runner = _here.runner, runner
    return before


def unwatched(function: Callable[..., Any], *args: Any) -> Any:
    """`function(*args)`, of which the watchers are not told."""
    outer, _here.busy = _here.busy, True
    try:
        return function(*args)
    finally:
        _here.busy = outer


def seen() -> bool:
    """True while somebody watches, unless it is a watcher that acts."""
    return active and not _here.busy


def listen(listener: Listener, thread: int = 0) -> None:
    """Tell `listener` what else happens from here on."""
    global heard
    _listeners.setdefault(listener, set()).add(thread)
    heard = True


def unlisten(listener: Listener, thread: int = 0) -> None:
    """Tell `listener` no more, unless another thread still asks for it."""
    global heard
    _leave(_listeners, listener, thread)
    heard = bool(_listeners)


def tell(word: str, *details: Any) -> None:
    """Tell the listeners. What they do themselves is not watched."""
    for listener in list(_listeners):
        unwatched(listener, word, *details)
