"""From an expression back to the readings that its value was made of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..recording import cells_before
from .code import FUNCTIONS, Code, Scope, code_of, line_of, span_of, told, value_of

if TYPE_CHECKING:
    from .log import Log, Reading

DEEPEST = 12  # names that are followed, one behind the other
SIZES = {"shape", "ndim", "size", "numel", "dim", "dtype", "device"}
COUNTS = {"len", "range", "int", "str", "bool"}
NUMBERS = (float, np.floating, np.ndarray, list, tuple, dict)
NOTHING = object()


class IsTensor(Exception):
    """The expression is a tensor, not a number."""


class Search:
    """Collects in `found` the readings behind expressions of one frame."""

    def __init__(self, log: Log, frame: FrameType, code: Code) -> None:
        self.log, self.frame, self.code = log, frame, code
        self.found: list[Reading] = []
        self.written = ""
        """Of a name: what it was bound to last, as written."""
        self.seen: set[Any] = set()

    def is_reading(self, node: ast.AST) -> bool:
        """Is the expression a reading itself, and not made of one?"""
        span = self.code.span(node)
        return any(span in reading.places for reading in self.found)

    def follow(self, node: ast.AST, number: bool = False, depth: int = 0) -> None:
        """Collect what an expression was made of. number: raise IsTensor if it is a tensor."""
        if depth > DEEPEST or node in self.seen:
            return
        self.seen.add(node)
        for name in self._outside_of_readings(node):
            value = value_in(self.frame, name.id)
            if self.log.is_tensor(value):
                if number:
                    raise IsTensor
            elif value is NOTHING or isinstance(value, NUMBERS):
                self._name(name, value, number, depth)

    def _outside_of_readings(self, node: ast.AST) -> Iterator[ast.Name]:
        """The names in an expression whose values count; readings on the way are collected."""
        unseen = [node]
        while unseen:
            node = unseen.pop()
            if isinstance(node, ast.expr) and self._read(node):
                continue
            if isinstance(node, ast.Name):
                yield node
            elif isinstance(node, ast.Attribute) and node.attr in SIZES:
                continue
            elif isinstance(node, ast.Call):
                counts = isinstance(node.func, ast.Name) and node.func.id in COUNTS
                if not counts:
                    values = [keyword.value for keyword in node.keywords]
                    unseen += [*values, *reversed(node.args)]
                    unseen += [node.func] if isinstance(node.func, ast.Attribute) else []
            elif isinstance(node, ast.IfExp):
                unseen += [node.orelse, node.body]
            elif not isinstance(node, (ast.Compare, *FUNCTIONS)):
                unseen += reversed(list(ast.iter_child_nodes(node)))

    def _read(self, node: ast.AST) -> bool:
        """Was this expression itself a reading, or a call in which something was read?"""
        if not isinstance(node, (ast.Call, ast.Subscript)):
            return False
        span = self.code.span(node)
        for reading in reversed(self.log.taken):
            if span in reading.places:
                self._add(reading)
                return True
        return False

    def _add(self, reading: Reading) -> None:
        if not any(reading is known for known in self.found):
            self.found.append(reading)

    def _name(self, name: ast.Name, value: Any, number: bool, depth: int) -> None:
        itself = self.log.itself(value)
        if itself is not None:
            self._add(itself)
            return
        scope: Scope | None = self.code.outer.get(name)
        while scope is not None:
            bound = self.code.bound(name.id, scope, line_of(name))
            for statement in bound:
                made_of = value_of(statement)
                self.written = self.written or told(self.code.written(made_of))
                self.follow(made_of, number, depth + 1)
            if bound:
                return
            if isinstance(scope, FUNCTIONS) and self._parameter(name.id, scope, number, depth):
                return
            scope = self.code.outer[scope]
        self._earlier_cells(name.id, number, depth)

    def _parameter(self, name: str, scope: Any, number: bool, depth: int) -> bool:
        """Follow a parameter of the frame's function to the call that gave it."""
        code, outer = self.frame.f_code, self.frame.f_back
        known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if name not in known or getattr(scope, "name", "<lambda>") != code.co_name:
            return name in known
        span = None if outer is None else span_of(outer)
        if outer is None or span is None:
            return True
        there = code_of(span.file)
        call = there.nodes.get(span)
        if isinstance(call, ast.Call):
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            places = call.args[known.index(name) - (known[0] == "self") :]
            inner = self.frame, self.code
            self.frame, self.code = outer, there
            for part in [given[name]] if name in given else places[:1]:
                self.follow(part, number, depth + 1)
            self.frame, self.code = inner
        return True

    def _earlier_cells(self, name: str, number: bool, depth: int) -> None:
        """Follow a variable of a notebook to the last cell that bound it."""
        for file in cells_before(self.code.file):
            there = code_of(file)
            bound = there.bound(name, there.tree, 1 << 30)
            if bound:
                inner, self.code = self.code, there
                for statement in bound:
                    self.follow(value_of(statement), number, depth + 1)
                self.code = inner
                return


def operands(node: ast.AST | None) -> list[ast.expr]:
    """What an expression hands to the operation that it calls."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.AugAssign):
        return [node.value]
    if isinstance(node, ast.Call):
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return []


def literal(node: Any) -> Any:
    """The number that is written there; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = literal(node.operand)
        return None if inner is None else -inner
    is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return node.value if is_number else None


def value_in(frame: FrameType, name: str) -> Any:
    """What a name means in a frame; modules count as nothing to follow."""
    value = frame.f_locals.get(name, frame.f_globals.get(name, NOTHING))
    return None if isinstance(value, ModuleType) else value
