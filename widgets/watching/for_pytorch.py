"""Telling a journal what PyTorch does.

A function mode sees every call of PyTorch's from Python, with the tensors themselves. A call that
makes several nodes (`linear` of three axes) is one box: it is what was written. Nodes carry their
slots in their `metadata`; leaves and constants are looked up by weak references.
"""

from __future__ import annotations

import inspect
import sys
import threading
import weakref
from collections.abc import Iterator
from functools import cache
from typing import Any

import torch
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)
from torch.overrides import TorchFunctionMode, _get_current_function_mode

from minigrad.trace import names as naming

from ..pytorch import operations, saved
from ..pytorch.describe import FUNCTION
from ..pytorch.graph import ACCUMULATE, collect
from ..pytorch.operations import name_of
from ..pytorch.recording import LIBRARIES
from .failure import Failure, told
from .journal import Journal
from .source import Source

PLAIN = frozenset((int, float, bool, type(None), str))
SILENT = frozenset((torch.Tensor.grad.__get__, torch.Tensor.grad.__set__))
"""Calls that compute nothing: an optimizer makes them for every parameter."""


class PyTorch(Source, TorchFunctionMode):
    """Watches PyTorch's calls."""

    package = "torch"
    tensor = torch.Tensor
    module = torch.nn.Module

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.on = False
        self.thread: int | None = None  # the one that the mode was entered in, while it is
        self.hooks: list[Any] = []
        self.rows: dict[Any, Any] = {}
        self.seen: dict[int, tuple[Any, Any]] = {}  # place in the journal → (call, operation)

    def start(self) -> None:
        """Watch from here on."""
        self._enter()
        self.on = True
        self.hooks = [
            register_optimizer_step_pre_hook(lambda *details: self._leave()),
            register_optimizer_step_post_hook(self._stepped),
        ]

    def stop(self) -> None:
        """Watch no more."""
        self.on = False
        for hook in self.hooks:
            hook.remove()
        self._leave()

    def _enter(self) -> None:
        if self.thread is None:
            self.__enter__()
            self.thread = threading.get_ident()

    def _leave(self) -> None:
        """A mode can be left only where it was entered, and only if it is the innermost; otherwise
        it stays, and does nothing while `on` is False.
        """
        if self.thread == threading.get_ident() and _get_current_function_mode() is self:
            self.__exit__(None, None, None)
            self.thread = None

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Make a call, and note it if it made a node of the graph."""
        kwargs = kwargs or {}
        if not self.on or func in SILENT:
            return func(*args, **kwargs)
        try:
            out = func(*args, **kwargs)
        except Exception as error:
            if func is torch.Tensor.backward:
                self._backward_failed(args[0], error)
            elif not isinstance(error, AttributeError):
                self.failed(error, name_of(func), [*_flat((*args, *kwargs.values()))])
            raise
        if out is None:
            if func is torch.Tensor.backward and not kwargs.get("retain_graph"):
                self.over("backward")
            return out
        first = out[0] if isinstance(out, (tuple, list)) and out else out
        node = first.grad_fn if isinstance(first, torch.Tensor) else None
        if node is not None and self._slot_of(node) is None:
            self.call(func, args, kwargs, first, node)
        return out

    # ---- calls -------------------------------------------------------------------------------

    def call(self, func: Any, args: Any, kwargs: dict[str, Any], out: Any, node: Any) -> None:
        """Note a call that computed `out`."""
        if self.mark in node.metadata and node.metadata[self.mark][0] != self.journal.turn:
            return  # what an earlier iteration computed, handed on
        journal = self.journal
        given = (*args, *_said(func, kwargs))
        if journal.over:
            journal.fresh(tuple(self._own(given)))
        self.follow()
        slots = tuple(
            [self._before(out, node) if value is out else self._given(value) for value in given]
        )
        place = caller()
        at, what = len(journal.entries), (func, type(node), len(slots), out.dim())
        seen = self.seen.get(at) if journal.alike else None
        if seen is None or seen[0] != what:  # else as in the iteration before
            seen = self.seen[at] = what, self._operation(func, node, len(slots))
        operation = seen[1]
        slot = journal.operation(operation, slots, tuple(out.shape), out.dtype, place)
        node.metadata[self.mark] = (self.turn, slot)
        if not journal.alike:
            self.bindings.after(slot, operation, place, sys._getframe(1))
        self.changed()

    def _operation(self, func: Any, node: Any, count: int) -> Any:
        """The row in minigrad's table, if the call made but this node; else the call's name."""
        for inner, _ in node.next_functions:
            if inner is not None and self.mark not in inner.metadata and inner.name() != ACCUMULATE:
                return name_of(func)
        key = func, node.name(), count
        if key not in self.rows:
            row = operations.find(node, {})
            fits = row is not None and len(row.arguments) == count
            self.rows[key] = row if fits else name_of(func)
        return self.rows[key]

    def slot(self, tensor: Any) -> str:
        """The slot of a tensor that is used; a new one if this iteration has not met it."""
        node = tensor.grad_fn
        if node is not None:
            return self._slot_of(node) or self._adopt(tensor)
        known = self.others.get(id(tensor))
        if known is not None and known[0]() is tensor:
            return known[1]
        kind = "leaf" if tensor.requires_grad else "constant"
        slot = self.journal.tensor(kind, tuple(tensor.shape), tensor.dtype)
        self.others[id(tensor)] = (weakref.ref(tensor), slot)
        if not self.journal.alike:
            self.bindings.recall(slot, kind, None)
        return slot

    def known(self, tensor: Any) -> str | None:
        """The slot of a tensor, or None if this iteration has not met it."""
        if self.turn != self.journal.turn:
            return None
        if tensor.grad_fn is not None:
            return self._slot_of(tensor.grad_fn)
        known = self.others.get(id(tensor))
        return known[1] if known is not None and known[0]() is tensor else None

    def _slot_of(self, node: Any) -> str | None:
        turn, slot = node.metadata.get(self.mark, (0, None))
        return slot if turn == self.turn == self.journal.turn else None

    def _before(self, out: Any, node: Any) -> str:
        """The slot of what an operation in place has overwritten."""
        inner = node.next_functions[0][0] if node.next_functions else None
        if inner is not None:
            end = inner.name() == ACCUMULATE
            return (self.slot(inner.variable) if end else self._slot_of(inner)) or self._adopt(out)
        known = self.others.get(id(out))
        if known is not None and known[0]() is out:
            return known[1]
        return self.journal.tensor("constant", tuple(out.shape), out.dtype)

    def _own(self, given: Any) -> Iterator[str]:
        """Slots of operations of this iteration among the arguments."""
        for value in _flat(given):
            node = value.grad_fn if isinstance(value, torch.Tensor) else None
            if node is not None and (slot := self._slot_of(node)) is not None:
                yield slot

    def _adopt(self, tensor: Any) -> str:
        """Note what a tensor was computed by before anybody watched. Returns its slot."""
        slot = ""
        for node in collect(tensor)[0]:
            slot = self._slot_of(node) or ""
            if not slot:
                ends = [edge[0] for edge in node.next_functions if edge[0] is not None]
                slots = tuple(
                    self.slot(end.variable) if end.name() == ACCUMULATE else self._slot_of(end)
                    for end in ends
                )
                like = node._input_metadata[0]
                name = operations.called(operations.short(node.name()))
                slot = self.journal.operation(name, slots, tuple(like.shape), like.dtype, None)
                self.journal.carry(node.metadata.get(self.mark, (0,))[0])
                node.metadata[self.mark] = (self.turn, slot)
        return slot

    def _given(self, value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return self.slot(value)
        if type(value) in PLAIN:
            return value
        tensors = [part for part in _flat((value,)) if isinstance(part, torch.Tensor)]
        for tensor in tensors:
            self.slot(tensor)
        return "…" if tensors else naming.plain(value)

    # ---- what else happens -------------------------------------------------------------------

    def _stepped(self, *details: Any) -> None:
        if self.on:
            self._enter()
            self.over("step")

    def _backward_failed(self, tensor: Any, error: Exception) -> None:
        """Note the node that misses what it had saved, or whose own backward raised; of other
        errors PyTorch does not tell it.
        """
        misses = saved.freed if saved.FREED in str(error) else saved.overwritten
        behind = collect(tensor)[0] if tensor.grad_fn is not None else []
        node = next((node for node in reversed(behind) if misses(node)), None) or raising(error)
        if node is None:
            self.journal.failed(Failure("backward", "backward", told(error)))
            return
        at = self._slot_of(node)
        place = None if at is None else self.journal.entries[int(at[1:])][4]
        given = self.journal.operands(at)
        name = operations.short(node.name())
        self.journal.failed(Failure("backward", name, told(error), given, place, at))


def _said(func: Any, kwargs: dict[str, Any]) -> Iterator[Any]:
    """The named arguments that say something: those that are not what they are anyway."""
    usual = _defaults(func) if kwargs else {}
    for name, value in kwargs.items():
        goes_without = type(value) in PLAIN and usual.get(name, PLAIN) == value
        if value is not None and not goes_without:
            yield value


@cache
def _defaults(func: Any) -> dict[str, Any]:
    """Name → default of a function's arguments; empty for those of C++, which do not tell."""
    try:
        parameters = inspect.signature(func).parameters.values()
    except (TypeError, ValueError):
        return {}
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def raising(error: BaseException) -> Any:
    """The node of a user's `Function` whose backward raised; None if it was no such node."""
    found, trace = None, error.__traceback__
    while trace is not None:
        first = trace.tb_frame.f_code.co_varnames[:1]
        value = trace.tb_frame.f_locals.get(*first) if first else None
        found = value if isinstance(value, FUNCTION) else found
        trace = trace.tb_next
    return found


def caller() -> tuple[str, int]:
    """File and line of the nearest frame that is the reader's."""
    frame: Any = sys._getframe(2)
    while frame.f_back is not None and _is_librarys(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


@cache
def _is_librarys(module: str) -> bool:
    return module.partition(".")[0] in LIBRARIES


def _flat(values: Any) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (tuple, list)):
            yield from _flat(value)
        else:
            yield value
