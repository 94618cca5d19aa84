"""The operation that raised, found in a traceback: most errors are found before it even runs."""

from __future__ import annotations

import sys
from types import FrameType, TracebackType
from typing import Any, NamedTuple

from minigrad import calling, explaining
from minigrad.warn import module_of

from .bindings import reader
from .failure import Failure, Operand, dtype_name, told

CHECKING = (calling.__name__, explaining.__name__)
"""The modules where a call goes wrong because of its arguments."""

UNNAMED = ("call", "unwatched", "method", "apply", "forward", "__call__", "wrapper", "lambda")


class Found(NamedTuple):
    """A failure, the tensors that its operands are, and the reader's frame it came from."""

    noted: Failure
    tensors: list[tuple[Operand, Any]]
    frame: FrameType | None

    @property
    def phase(self) -> str:
        """Of the failure."""
        return self.noted.phase

    @property
    def text(self) -> str:
        """Of the failure."""
        return self.noted.text


def find(
    error: BaseException, package: str, tensor: type, operation: str | None = None, args: Any = ()
) -> Found:
    """What failed, where and with which tensors.

    package: the engine's; the last line of the traceback outside of it is the reader's.
    operation, args: what is known of it already.
    """
    own, inner = _split(error.__traceback__, package)
    tensors: list[Any] = [value for value in args if isinstance(value, tensor)]
    if operation is None:
        operation, tensors = _fullest(inner, tensor)
    if own is None and (frame := reader(sys._getframe(1))) is not None:  # it is still on its way
        own = (frame, frame.f_lineno)
    frame = None if own is None else own[0]
    place = None if own is None else (own[0].f_code.co_filename, own[1])
    operands = [
        Operand(f"operand {k + 1}", tuple(value.shape), dtype_name(value.dtype))
        for k, value in enumerate(tensors)
    ]
    if not operation:
        return Found(Failure("program", "", told(error), [], place), [], frame)
    failure = Failure("forward", operation, told(error), operands, place).mark_axes()
    return Found(failure, list(zip(operands, tensors, strict=True)), frame)


def _split(
    traceback: TracebackType | None, package: str
) -> tuple[tuple[FrameType, int] | None, list[FrameType]]:
    """The reader's last frame with its line, and the engine's frames below it."""
    own, inner = None, []
    while traceback is not None:
        name = module_of(traceback.tb_frame)
        if name == package or name.startswith(package + "."):
            inner.append(traceback.tb_frame)
        elif not name.startswith("widgets."):
            own, inner = (traceback.tb_frame, traceback.tb_lineno), []
        traceback = traceback.tb_next
    return own, inner


def _fullest(frames: list[FrameType], tensor: type) -> tuple[str, list[Any]]:
    """The first call that was given the most tensors: its name and those tensors."""
    given = [(frame, found) for frame in frames if (found := _given(frame, tensor))]
    most = max((len(found) for _, found in given), default=0)
    fullest = [(frame, found) for frame, found in given if len(found) == most]
    named = ((name, found) for frame, found in fullest if (name := _name(frame)))
    return next(named, ("", []))


def _given(frame: FrameType, tensor: type) -> list[Any]:
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 0x04)
    found: list[Any] = []
    for name in code.co_varnames[:count]:
        value = frame.f_locals.get(name)
        parts = value if isinstance(value, (list, tuple)) else (value,)
        found += [part for part in parts if isinstance(part, tensor)]
    return found


def _checked(frame: FrameType) -> str:
    """What a reader calls the function whose arguments are checked there."""
    checks = frame.f_locals.get("checks") or frame.f_locals.get("self")
    found = checks.name if isinstance(checks, calling.Checks) else frame.f_locals.get("name")
    return found.rpartition(".")[2] if isinstance(found, str) else ""


def _name(frame: FrameType) -> str:
    """What a reader calls the function of a frame; empty if it is a helper."""
    writer = frame.f_locals.get("writer")
    if isinstance(writer, str):
        return writer
    if module_of(frame) in CHECKING and (checked := _checked(frame)):
        return checked
    name = frame.f_code.co_name
    operation = frame.f_locals.get("operation") or frame.f_globals.get("operation")
    if name in UNNAMED or (name.startswith("_") and not name.startswith("__")):
        return getattr(operation, "name", "")
    return name.strip("_") if name.startswith("__") else name
