"""Which operations ran, iteration by iteration, as plain data: no tensor, no graph.

While an iteration repeats the one before, operation by operation, nothing but a comparison is done;
that is what makes it cheap to watch a training loop. Iterations that are alike become one `Run`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from .failure import Failure, Operand, dtype_name

Entry = tuple[Any, tuple[Any, ...], tuple[int, ...], Any, tuple[str, int] | None]
"""(operation, or "leaf" or "constant"; arguments; shape; dtype; (file, line))"""

KEPT = 60
"""Runs of alike iterations that are kept; the oldest are forgotten."""

SLOTS = [f"#{k}" for k in range(4096)]


def slot(k: int) -> str:
    """What stands for the tensor of entry k among the arguments of another entry."""
    return SLOTS[k] if k < len(SLOTS) else f"#{k}"


def is_slot(value: Any) -> bool:
    """Does an argument stand for a tensor?"""
    return isinstance(value, str) and value[:1] == "#" and value[1:].isdigit()


@dataclass
class Run:
    """Iterations one after the other in which the same operations ran."""

    first: int
    last: int
    entries: list[Entry]
    names: dict[int, str] = field(default_factory=dict)  # position → variable
    failure: Failure | None = None
    passed: str = ""  # "backward" or "step", once it was done
    carried: int = 0  # operations that iterations before had computed

    @property
    def operations(self) -> int:
        """How many operations ran in each of them."""
        return sum(entry[0] not in ("leaf", "constant") for entry in self.entries)


class Journal:
    """Notes what an engine does. See `widgets.watching` for how it is told.

    describe: writes an operation out, given the labels of its arguments.
    history: keep earlier iterations; otherwise only the last.
    """

    def __init__(self, describe: Callable[[Any, list[str]], str], history: bool = True) -> None:
        self.describe = describe
        self.history = history
        self.lock = threading.Lock()  # `story` may be asked for by another thread
        self.runs: list[Run] = []
        self.count = 0  # iterations so far, with the one that runs
        self.turn = 0  # changes with every iteration: slots of an earlier one are void
        self.explicit = False  # `iteration()` was called: only that counts from then on
        self._begin()

    def _begin(self) -> None:
        self.turn += 1
        self.entries: list[Entry] = []
        self.names: dict[int, str] = {}
        self.failure: Failure | None = None
        self.passes = ""
        self.over = False
        self.began = monotonic()
        self.before = self.runs[-1].entries if self.runs else []
        self.alike = bool(self.before)
        self.carried = 0
        self.same = 0  # how many of the first entries were as before, once they no longer are

    # ---- what an engine tells ----------------------------------------------------------------

    def tensor(self, kind: str, shape: tuple[int, ...], dtype: Any) -> str:
        """A "leaf" or "constant" that an operation of this iteration uses. Returns its slot."""
        return self._add((kind, (), shape, dtype, None))

    def operation(
        self,
        operation: Any,
        arguments: tuple[Any, ...],
        shape: tuple[int, ...],
        dtype: Any,
        place: tuple[str, int] | None,
    ) -> str:
        """An operation ran, with slots and plain values as arguments. Returns its result's slot."""
        self.failure = None  # the program went on: whatever it was, it was caught
        return self._add((operation, arguments, shape, dtype, place))

    def carry(self, turn: int) -> None:
        """What is noted next was computed in that turn, and its graph is still held."""
        self.carried += 0 < turn < self.turn

    def call(self, slot: str, name: str) -> None:
        """The tensor of that slot is bound to a variable."""
        self.names[int(slot[1:])] = name

    def failed(self, failure: Failure) -> None:
        """An operation, or a backward pass, raised."""
        self.failure = failure
        if failure.phase == "backward":
            self.over = not self.explicit

    def operands(self, of: str | None) -> list[Operand]:
        """What the operation of that slot was given."""
        arguments = () if of is None else self.entries[int(of[1:])][1]
        given = [int(a[1:]) for a in arguments if is_slot(a)]
        return [
            Operand(
                f"operand {k + 1}", self.entries[at][2], dtype_name(self.entries[at][3]), slot(at)
            )
            for k, at in enumerate(given)
        ]

    def passed(self, what: str) -> None:
        """A "backward" or a "step" was done; `fresh` says what comes of it."""
        self.passes = what
        self.over = not self.explicit

    def fresh(self, slots: tuple[Any, ...] = ()) -> None:
        """Begin a new iteration if the last one is over.

        slots: operations of this iteration that the next operation builds on: then it goes on.
        """
        if self.over and not slots:
            self.end()

    def iteration(self) -> None:
        """The reader says that a new iteration begins here."""
        self.explicit = True
        self.end()

    # ---- keeping -----------------------------------------------------------------------------

    def _add(self, entry: Entry) -> str:
        entries = self.entries
        k = len(entries)
        entries.append(entry)
        if self.alike:
            before = self.before
            if k >= len(before) or (before[k] != entry and not alike(before[k], entry)):
                self.alike, self.same = False, k
        return slot(k)

    def end(self) -> None:
        """The iteration is over; nothing happens if it has no operation."""
        with self.lock:
            if self.entries:
                run = self.current()
                self.count = run.last
                if self.repeats():
                    self.runs[-1] = run
                else:
                    self.runs.append(run)
                    del self.runs[:-KEPT]
            self._begin()

    def repeats(self) -> bool:
        """Has this iteration done all that the one before did, and nothing else?"""
        same = self.alike and len(self.entries) == len(self.before) and self.failure is None
        return same and self.runs[-1].failure is None

    def current(self) -> Run:
        """The iteration that runs, with those before if it is like them."""
        number = self.count + 1
        if self.repeats():
            last = self.runs[-1]
            return Run(last.first, number, last.entries, last.names, None, self.passes)
        names = dict(self.names)
        if self.runs:  # names are not looked up where nothing is new
            same = len(self.entries) if self.alike else self.same
            names = {k: v for k, v in self.runs[-1].names.items() if k < same} | names
        entries = list(self.entries)
        return Run(number, number, entries, names, self.failure, self.passes, self.carried)

    def story(self) -> list[Run]:
        """The runs, oldest first, with the iteration that runs at the end."""
        with self.lock:
            runs = list(self.runs)
            if self.entries or self.failure:
                run = self.current()
                if self.repeats():
                    runs[-1] = run
                else:
                    runs.append(run)
        return runs if self.history else runs[-1:]


def alike(one: Entry, other: Entry) -> bool:
    """The same, except for the value of a floating point number such as a learning rate?"""
    if one[0] != other[0] or one[2:] != other[2:] or len(one[1]) != len(other[1]):
        return False
    return all(
        a == b or (type(a) is float and type(b) is float)
        for a, b in zip(one[1], other[1], strict=True)
    )
