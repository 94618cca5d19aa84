"""What both engines have in common while they are watched: slots, iterations, failures."""

from __future__ import annotations

import itertools
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from .bindings import Bindings
from .culprit import find
from .journal import Journal

_numbers = itertools.count()


class Source(ABC):
    """Watches an engine from `start()` to `stop()` and tells `journal`.

    package: the engine's. tensor, module: its classes.
    """

    package: str
    tensor: type
    module: type

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self.journal = journal
        self.mark = f"widgets.watched {next(_numbers)}"  # on the nodes of the graph
        self.turn = 0  # the journal's, for which the marks are
        self.others: dict[int, tuple[Any, str]] = {}  # id → (weak reference, slot)
        self.bindings = Bindings(journal, self.known, self.tensor, self.module)
        self.changed: Callable[[], object] = bool  # told after each operation

    @abstractmethod
    def start(self) -> None:
        """Watch from here on."""

    @abstractmethod
    def stop(self) -> None:
        """Watch no more."""

    @abstractmethod
    def slot(self, tensor: Any) -> str:
        """The slot of a tensor that is used; a new one if this iteration has not met it."""

    @abstractmethod
    def known(self, tensor: Any) -> str | None:
        """The slot of a tensor, or None if this iteration has not met it."""

    def follow(self) -> None:
        """In a new iteration nothing of the one before counts any more."""
        if self.turn != self.journal.turn:
            self.turn = self.journal.turn
            self.others.clear()
            self.bindings.begin()

    def over(self, word: str) -> None:
        """A "backward" or a "step" was done."""
        if not self.journal.alike and self.bindings.unknown:
            self.bindings.look(sys._getframe(2), finish=True)
        self.journal.passed(word)
        self.changed()

    def failed(self, error: BaseException, operation: str | None = None, args: Any = ()) -> None:
        """Note the operation that raised `error`; from its traceback if its name is not given."""
        failure = find(error, self.package, self.tensor, operation, args)
        journal = self.journal
        if journal.failure is not None and failure.text == journal.failure.text:
            return
        if failure.phase == "forward":
            journal.fresh()
        self.follow()
        for operand, tensor in failure.tensors:
            operand.slot = self.slot(tensor)
        journal.failed(failure.noted)
        self.bindings.look(failure.frame or sys._getframe(1), finish=True)
        self.changed()
