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

from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

active = False

Watcher = Callable[[Any, tuple[Any, ...], Any, int, int], None]
"""Called with the operation, its arguments, its result, and when it started and ended (in ns)."""

_watchers: list[Watcher] = []

unrecorded: Callable[[Any, Callable[..., Any], tuple[Any, ...]], Any] | None = None
"""Runs an operation in place of `around` (see `autograd/inference.py`)."""

heard = False
"""True while somebody listens: ask before `tell`."""

Listener = Callable[..., None]
"""Called with the word and what belongs to it."""

_listeners: list[Listener] = []


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
    try:
        out = run(*args) if unrecorded is None else unrecorded(operation, run, args)
    except Exception as error:
        if heard:
            tell("failed", operation, args, error)
        raise
    ended = perf_counter_ns()
    watchers = list(_watchers)
    active = False
    try:
        for watcher in watchers:
            watcher(operation, args, out, started, ended)
    finally:
        active = bool(_watchers)
    return out


def listen(listener: Listener) -> None:
    """Tell `listener` what else happens from here on."""
    global heard
    if listener not in _listeners:
        _listeners.append(listener)
    heard = True


def unlisten(listener: Listener) -> None:
    """Tell `listener` no more."""
    global heard
    if listener in _listeners:
        _listeners.remove(listener)
    heard = bool(_listeners)


def tell(word: str, *details: Any) -> None:
    """Tell the listeners. What they do themselves is not watched."""
    global active
    active = False
    try:
        for listener in list(_listeners):
            listener(word, *details)
    finally:
        active = bool(_watchers)
