"""Telling a journal what minigrad does.

Tensors are known by marks, so that none is kept alive: an operation's node carries its slot, and
leaves and constants are looked up by weak references.
"""

from __future__ import annotations

import re
import sys
import weakref
from typing import Any

import numpy as np

from minigrad import Tensor, recording, watch
from minigrad.autograd.node import AccumulateGrad, Node
from minigrad.nn import Module
from minigrad.trace import names as naming
from minigrad.trace.nodes import forward_order
from minigrad.versions import caller
from minigrad.views import CopySlices

from .failure import Failure, told
from .source import Source

PLAIN = frozenset((int, float, bool, type(None), str))
LONGEST = 60  # characters of an argument that is no tensor


class Minigrad(Source):
    """Watches minigrad's operations."""

    package = "minigrad"
    tensor = Tensor
    module = Module

    def start(self) -> None:
        """Watch from here on."""
        watch.add(self.operation)
        watch.listen(self.heard)

    def stop(self) -> None:
        """Watch no more."""
        watch.remove(self.operation)
        watch.unlisten(self.heard)

    # ---- operations --------------------------------------------------------------------------

    def operation(self, operation: Any, args: Any, result: Any, *times: int) -> None:
        """Note an operation, if it made a node of the graph. (A watcher; see `minigrad.watch`.)"""
        out = result[0] if isinstance(result, tuple) else result
        edge = out._history() if isinstance(out, Tensor) else None
        if edge is None or isinstance(edge[0], AccumulateGrad):
            return
        node = edge[0]
        if node.extras is not None and self.mark in node.extras:
            return
        journal = self.journal
        if journal.over:
            journal.fresh(self._own(args))
        self.follow()
        slots = tuple([self.slot(a) if isinstance(a, Tensor) else _plain(a) for a in args])
        record = recording.of(node)
        place = caller() if record is None else (record.file, record.line)
        array = out._array
        slot = journal.operation(operation, slots, array.shape, array.dtype, place)
        if node.extras is None:
            node.extras = {}
        node.extras[self.mark] = (self.turn, slot)
        if not journal.alike:
            self.bindings.after(slot, operation, place, sys._getframe(1))
        self.changed()

    def slot(self, tensor: Tensor) -> str:
        """The slot of a tensor that is used; a new one if this iteration has not met it."""
        edge = tensor._history()
        if edge is not None and not isinstance(edge[0], AccumulateGrad):
            return self._of_node(edge[0], tensor)
        known = self.others.get(id(tensor))
        if known is not None and known[0]() is tensor:
            return known[1]
        array = tensor._array
        kind = "leaf" if tensor._requires_grad else "constant"
        slot = self.journal.tensor(kind, array.shape, array.dtype)
        self.others[id(tensor)] = (weakref.ref(tensor), slot)
        if not self.journal.alike:
            self.bindings.recall(slot, kind, None)
        return slot

    def known(self, tensor: Tensor) -> str | None:
        """The slot of a tensor, or None if this iteration has not met it."""
        if self.turn != self.journal.turn:
            return None
        edge = tensor._known_edge()
        if edge is None:
            known = self.others.get(id(tensor))
            return known[1] if known is not None and known[0]() is tensor else None
        return self._slot_of(edge[0])

    def _slot_of(self, node: Node) -> str | None:
        turn, slot = (node.extras or {}).get(self.mark, (0, None))
        return slot if turn == self.turn else None

    def _own(self, args: Any) -> tuple[str, ...]:
        """Slots of operations of this iteration among the arguments."""
        found = []
        for value in args:
            edge = value._history() if isinstance(value, Tensor) else None
            slot = None if edge is None else self._slot_of(edge[0])
            if slot is not None:
                found.append(slot)
        return tuple(found)

    def _of_node(self, node: Node, tensor: Tensor) -> str:
        # It may have been computed before this iteration, or by what is no operation.
        return self._slot_of(node) or self._adopt(node, tensor)

    def _adopt(self, last: Node, tensor: Tensor) -> str:
        """Note what a tensor was computed by, as far as nobody has told. Returns its slot."""
        slot = ""
        for node in forward_order(tensor):
            if self._slot_of(node) is not None:
                continue
            record = recording.of(node)
            given = record.arguments if record is not None else node.edges
            slots = tuple(self._given(value) for value in given)
            name = node.name().rpartition("::")[2]
            if isinstance(node, CopySlices) and node.inner is not None:  # a part was overwritten
                slots = (slots[0], self._slot_of(node.inner))
            array = tensor._array if node is last else None if record is None else record.value
            slot = self.journal.operation(
                name if record is None else record.operation, slots,
                () if array is None else array.shape, None if array is None else array.dtype,
                None if record is None else (record.file, record.line),
            )  # fmt: skip
            if node.extras is None:
                node.extras = {}
            self.journal.carry(node.extras.get(self.mark, (0,))[0])
            node.extras[self.mark] = (self.turn, slot)
        return slot

    def _given(self, value: Any) -> Any:
        if isinstance(value, Tensor):
            return self.slot(value)
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], Node):
            if isinstance(value[0], AccumulateGrad):
                return self.slot(value[0].variable)
            return self._slot_of(value[0])
        return _plain(value)

    # ---- what else happens -------------------------------------------------------------------

    def heard(self, word: str, *details: Any) -> None:
        """Note failures and the ends of iterations. (A listener; see `minigrad.watch`.)"""
        if word == "applied":
            function, args, results = details
            first = next((out for out in results if isinstance(out, Tensor)), None)
            self.operation(function, args, first)
        elif word == "failed":
            operation, args, error = details
            name = getattr(operation, "name", None) or getattr(operation, "__name__", None)
            self.failed(error, name, args)
        elif word == "backward failed":
            node, error = details
            at = self._slot_of(node)
            record = recording.of(node)
            place = None if record is None else (record.file, record.line)
            given = self.journal.operands(at)
            self.journal.failed(Failure("backward", node.name(), told(error), given, place, at))
        elif word == "step" or (word == "backward" and not details[0]):
            self.over(word)
        self.changed()


ONE = re.compile(r"\(-?\d+,\)")
"""One axis, as the engine keeps it."""


def describe(operation: Any, labels: list[str]) -> str:
    """A minigrad operation written out: `x @ w`."""
    if isinstance(operation, str):
        return f"{operation}({', '.join(labels)})"
    shown = getattr(operation, "shown", None)
    if shown is None or len(labels) != len(operation.arguments):
        name = getattr(operation, "name", None) or operation.__name__ + ".apply"
        return f"{name}({', '.join(labels)})"
    given = {
        name: label[1:-2] if name.startswith(naming.AXES) and ONE.fullmatch(label) else label
        for name, label in zip(operation.arguments, labels, strict=True)
    }
    usual = {n: value for n, value in naming.USUAL.items() if given.get(n) == str(value)}
    return naming.written(naming.short(shown, usual), "", given)


def _plain(value: Any) -> Any:
    """What is kept of an argument that is no tensor: a number, or a short text."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, (list, tuple)) and any(isinstance(part, Tensor) for part in value):
        return "…"
    written = isinstance(value, (tuple, slice, np.ndarray))
    kept = naming.plain(value) if written else type(value).__name__
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"
