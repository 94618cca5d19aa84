"""Which calls led to an operation: the frames around it, written down cheaply while it runs.

A path is what the pictures fold by (`minigrad.trace.scopes` turns it into modules, functions and
loop iterations). Nothing here keeps a frame or a module alive.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Container
from types import CodeType, FrameType
from typing import Any, NamedTuple

from .warn import inside, module_of

DEEPEST = 150
"""Frames that are looked at; an operation from a deeper recursion has an empty path."""

module_calls: set[CodeType] = set()
"""The code of functions whose `self` is a module that is being called."""

PACKAGE = __name__.rpartition(".")[0]
WATCHING = {f"{PACKAGE}.{name}" for name in ("recording", "watch", "autograd.node")}
"""Modules whose frames lie between an operation and its record."""


class Call(NamedTuple):
    """One frame of a path, and where it stood."""

    code: CodeType
    instruction: int
    """Offset of the bytecode instruction that called the next frame of the path."""
    frame: int
    """The frame's id: frames of different id are different, but an id may be used again."""
    module: Any
    """A weak reference to the module that is being called here, or None."""
    ours: bool
    """Is it a frame of the library that computes?"""


_previous: tuple[Call, ...] = ()  # only saves memory: what did not change is shared


def call_path(
    watching: Container[str] = WATCHING, packages: Container[str] = (PACKAGE,)
) -> tuple[str, int, tuple[Call, ...]]:
    """(file, line, path) of the operation that is running; the path's outermost call is first.

    File and line are those of the nearest frame outside the `packages`. The path ends at the first
    module-level frame, which in a notebook is the cell. watching: modules between an operation and
    its record.
    """
    global _previous
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and module_of(frame) in watching:
        frame = frame.f_back
    frames: list[FrameType] = []
    while frame is not None and len(frames) <= DEEPEST:
        frames.append(frame)
        if frame.f_code.co_name == "<module>":
            break
        frame = frame.f_back
    nearest = next((frame for frame in frames if not inside(frame, packages)), frames[-1])
    file, line = nearest.f_code.co_filename, nearest.f_lineno
    if len(frames) > DEEPEST:
        return file, line, ()
    frames.reverse()
    before = _previous
    path = []
    for level, frame in enumerate(frames):
        code, at, identity = frame.f_code, frame.f_lasti, id(frame)
        if level < len(before):
            call = before[level]
            if call[2] == identity and call[1] == at and call[0] is code and call[3] is None:
                path.append(call)
                continue
        module = weakref.ref(frame.f_locals["self"]) if code in module_calls else None
        path.append(Call(code, at, identity, module, inside(frame, packages)))
    _previous = tuple(path)
    return file, line, _previous
