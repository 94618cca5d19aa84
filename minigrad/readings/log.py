"""The readings of one engine, and what was made of them."""

from __future__ import annotations

import ast
import sys
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from ..warn import inside, module_of
from .code import Code, Span, code_of, frame_outside, span_of, told
from .search import IsTensor, Search, literal, operands, value_in

NUMBERS = (float, np.floating)
LAST = 64  # readings that are remembered
AROUND = 8  # calls around a reading that are remembered
READ = "A Python number does not know the tensor that it was read off: no gradient goes back."


class Reading(NamedTuple):
    """A number, a list or an array that was read off a tensor."""

    held: Any
    """The value; of an array a weak reference."""
    how: str
    """How it is written, with `self` for the tensor: `self.item()`."""
    source: Any
    """The tensor, as the engine keeps it."""
    places: tuple[Span, ...]
    """Where it was read, and the calls around, innermost first."""

    def gave(self, value: Any) -> bool:
        """Is it this very value?"""
        held = self.held() if isinstance(self.held, weakref.ref) else self.held
        return held is value


class Number(NamedTuple):
    """A number that an operation was given, made of what was read off tensors."""

    value: float
    readings: tuple[Reading, ...]
    name: str
    """The variable that it was in, or nothing."""
    written: str
    """How it was computed: `number * 2`, or `self.item()` for the reading itself."""

    @property
    def cut(self) -> tuple[str, str]:
        """Why its history ends, in a word and in a sentence."""
        return cut(self.readings[0], READ)


def cut(reading: Reading, why: str) -> tuple[str, str]:
    """Why a history ends at a reading: `.item()`, and a sentence."""
    return reading.how.replace("self", ""), why


class Log:
    """The readings of one engine.

    packages: modules whose frames are not the reader's. library: those among them that call
    operations with numbers of their own. is_tensor: of a value, whether it is a tensor.
    """

    def __init__(
        self,
        packages: tuple[str, ...],
        library: tuple[str, ...],
        is_tensor: Callable[[Any], bool],
    ) -> None:
        self.packages, self.library, self.is_tensor = packages, library, is_tensor
        self.taken: deque[Reading] = deque(maxlen=LAST)

    def took(self, value: Any, how: str, source: Any) -> None:
        """A value was read off a tensor."""
        frame: FrameType | None = frame_outside(self.packages)
        places: list[Span] = []
        while frame is not None and len(places) < AROUND:
            span = None if inside(frame, self.packages) else span_of(frame)
            places += [] if span is None else [span]
            frame = frame.f_back
        held = weakref.ref(value) if isinstance(value, np.ndarray) else value
        self.taken.append(Reading(held, how, source, tuple(places)))

    def itself(self, value: Any) -> Reading | None:
        """The last reading that gave this very value."""
        if isinstance(value, (float, list, np.ndarray)):
            return next((one for one in reversed(self.taken) if one.gave(value)), None)
        return None

    def call(self) -> tuple[list[Reading], str]:
        """What the arguments of the call that is running were made of; the call as written."""
        if not self.taken:
            return [], ""
        frame = frame_outside(self.packages)
        node, code = _expression(frame)
        if not isinstance(node, ast.Call):
            return [], ""
        search = Search(self, frame, code)
        for part in operands(node):
            search.follow(part)
        return search.found, told(code.written(node))

    def numbers(self, arguments: Sequence[Any]) -> dict[int, Number]:
        """Position → number, of what was read off tensors among the arguments of the operation
        that is running.
        """
        if not self.taken:
            return {}
        given = {k: v for k, v in enumerate(arguments) if isinstance(v, NUMBERS)}
        if not given:
            return {}
        frame = frame_outside(self.packages)
        node, code = _expression(frame)
        left = [] if _passes(frame, self.library) else operands(node)
        found = {}
        for position, value in given.items():
            number = self._number(value, left, frame, code)
            if number is not None:
                found[position] = number
        return found

    def _number(
        self, value: Any, left: list[ast.expr], frame: FrameType, code: Code
    ) -> Number | None:
        """The number, if it was read off. left: the operands that are not accounted for yet."""
        itself = self.itself(value)
        written = [node for node in left if literal(node) == value]
        named = [node for node in left if _is_named(node, value, frame)]
        for node in written or named or list(left):
            search = Search(self, frame, code)
            try:
                search.follow(node, number=True)
            except IsTensor:
                continue
            if written or named or search.found:
                left.remove(node)
            if search.found:
                name = node.id if isinstance(node, ast.Name) else ""
                how = search.written if name else told(code.written(node))
                if itself is not None or search.is_reading(node):
                    how = search.found[0].how
                return Number(value, tuple(search.found), name, how or "…")
        return None if itself is None else Number(value, (itself,), "", itself.how)


def _is_named(node: ast.AST, value: float, frame: FrameType) -> bool:
    known = value_in(frame, node.id) if isinstance(node, ast.Name) else None
    return isinstance(known, NUMBERS) and known == value


def _passes(frame: FrameType, modules: tuple[str, ...]) -> bool:
    """Is there a frame of one of these modules between here and that frame?"""
    here: FrameType | None = sys._getframe(1)
    while here is not None and here is not frame:
        if module_of(here).startswith(modules):
            return True
        here = here.f_back
    return False


def _expression(frame: FrameType) -> tuple[ast.AST | None, Code]:
    """The expression that a frame is at, and the file that it stands in."""
    span = span_of(frame)
    code = code_of(frame.f_code.co_filename)
    return None if span is None else code.nodes.get(span), code
