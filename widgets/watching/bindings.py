"""Which variables tensors are bound to, looked up while the frames that hold them still run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from inspect import CO_OPTIMIZED
from types import FrameType
from typing import Any

from minigrad.warn import module_of

from .journal import Journal

MOST = 20_000  # names that are remembered

FRAME_AND_HERE = 3
"""References to a frame's copy of its variables, if nobody else has asked for it: `locals()`."""

ENGINES = ("minigrad", "torch", "widgets", "IPython", "ipykernel")
"""Packages whose frames hold no variables of the reader's."""


class Bindings:
    """Tells a journal the names of its tensors.

    slot_of: the slot of a tensor in the iteration that runs, or None.
    tensor, module: the engine's classes.

    To look through frames takes longer than an operation. So a name that was found once is
    remembered for the operation at that place of the code: the k-th in a row on its line.
    """

    def __init__(
        self, journal: Journal, slot_of: Callable[[Any], str | None], tensor: Any, module: Any
    ) -> None:
        self.journal = journal
        self.slot_of = slot_of
        self.tensor = tensor
        self.module = module
        self.unknown = False  # has this iteration something that no iteration before had?
        self.due = 0  # operations at which to look: the new one, and the next, when it is bound
        self._remembered: dict[Any, str | None] = {}
        self._keys: dict[int, Any] = {}  # position → key, of this iteration
        self._before: dict[int, Any] = {}  # the same of the last one
        self._place: Any = None
        self._row = 0

    def begin(self) -> None:
        """A new iteration: what was found in the last one is remembered."""
        names = self.journal.runs[-1].names if self.journal.runs else {}
        for position, key in self._keys.items():
            self._remembered[key] = names.get(position)
        if len(self._remembered) > MOST:
            self._remembered.clear()
        self._before, self._keys = self._keys or self._before, {}
        self.unknown, self.due, self._place, self._row = False, 0, None, 0

    def recall(self, slot: str, what: Any, place: Any) -> None:
        """Name what is at that slot as it was named before; if it is new, looks are due."""
        position = int(slot[1:])
        if not self._keys:
            self._catch_up(position)
        if place is not None and place != self._place:
            self._place, self._row = place, 0
        key = (what, self._place, self._row)
        self._row += 1
        self._keys[position] = key
        if key not in self._remembered:
            self.unknown, self.due = True, 2
            return
        name = self._remembered[key]
        if name is not None:
            self.journal.call(slot, name)

    def _catch_up(self, position: int) -> None:
        """Up to here the iteration was like the last one, and nobody asked."""
        self._keys = {k: key for k, key in self._before.items() if k < position}
        if position - 1 in self._keys:
            _, self._place, row = self._keys[position - 1]
            self._row = row + 1

    def after(self, slot: str, operation: Any, place: Any, frame: FrameType) -> None:
        """An operation ran: recall its name, or look for names where there is something new."""
        self.recall(slot, operation, place)
        if self.due:
            self.due -= 1
            self.look(frame)

    def look(self, frame: FrameType | None, finish: bool = False) -> None:
        """Look in the variables of the reader's nearest frame; to finish, in those of all its
        callers, the outermost first, and in modules.
        """
        frames: list[FrameType] = []
        while frame is not None and (finish or not frames):
            if not _engine(frame):
                frames.append(frame)
            frame = frame.f_back
        for found in reversed(frames):
            variables = found.f_locals
            self.match(variables, finish)
            if found.f_globals is not variables:
                self.match(found.f_globals, finish)
            # Before Python 3.13 this is a copy that the frame keeps, and tensors with it.
            copied = isinstance(variables, dict) and found.f_code.co_flags & CO_OPTIMIZED
            if copied and sys.getrefcount(variables) <= FRAME_AND_HERE:
                variables.clear()

    def match(self, namespace: Mapping[str, Any], modules: bool = False) -> None:
        """Look among the tensors of a namespace and, if asked, the parameters of its modules."""
        names = self.journal.names
        for name, value in self._found(namespace, modules):
            slot = self.slot_of(value)
            if slot is not None and int(slot[1:]) not in names:
                self.journal.call(slot, name)

    def _found(self, namespace: Mapping[str, Any], modules: bool) -> Iterator[tuple[str, Any]]:
        inside = []
        for name, value in list(namespace.items()):
            if name.startswith("_"):
                continue
            if isinstance(value, self.tensor):
                yield name, value
            elif modules and isinstance(value, self.module):
                inside.append((name, value))
        for name, value in inside:
            for inner, parameter in value.named_parameters():
                yield f"{name}.{inner}", parameter


def reader(frame: FrameType | None) -> FrameType | None:
    """The nearest frame, from this one outwards, that is the reader's."""
    while frame is not None and _engine(frame):
        frame = frame.f_back
    return frame


def _engine(frame: FrameType) -> bool:
    return module_of(frame).partition(".")[0] in ENGINES
