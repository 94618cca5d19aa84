"""Source code as data: which expression a frame is at, and what a name was last bound to.

What an expression was made of can be followed through it: `n` in `m * 3` after `m = n * 2`. Nothing
is run again.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
from collections.abc import Iterator
from itertools import islice
from types import CodeType, FrameType
from typing import Any, NamedTuple

from ..warn import inside

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Scope = ast.Module | Function
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
BINDING = (ast.AugAssign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.comprehension)
FILES, PLACES = 64, 4096  # that are kept in mind
LONGEST = 60  # characters of an expression


class Span(NamedTuple):
    """A piece of source code. Columns are counted in bytes, as Python's own positions are."""

    file: str
    line: int
    end_line: int
    column: int
    end_column: int

    def holds(self, other: Span) -> bool:
        """Is the other one inside, or the same?"""
        return (
            self.file == other.file
            and (self.line, self.column) <= (other.line, other.column)
            and (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        )


class Code:
    """One file: its expressions by their place, the scope of each, and what names are bound to."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = [line.encode() for line in re.split("\r\n|\r|\n", text)]
        self.nodes: dict[Span, ast.AST] = {}
        self.outer: dict[ast.AST, Scope | None] = {}
        self.bindings: dict[tuple[Scope, str], list[ast.AST]] = {}
        try:
            self.tree = ast.parse(text)
        except (SyntaxError, ValueError):
            self.tree = ast.parse("")
        unseen: list[tuple[ast.AST, Scope | None]] = [(self.tree, None)]
        while unseen:
            node, scope = unseen.pop()
            self.outer[node] = scope
            if isinstance(node, (ast.expr, ast.AugAssign)):
                self.nodes[self.span(node)] = node
            for name in _bound(node):
                self.bindings.setdefault((scope or self.tree, name), []).append(node)
            inner = node if isinstance(node, (ast.Module, *FUNCTIONS)) else scope
            unseen += [(child, inner) for child in ast.iter_child_nodes(node)]
        for bound in self.bindings.values():
            bound.sort(key=line_of)

    def span(self, node: Any) -> Span:
        """Where a node stands."""
        return Span(self.file, node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)

    def written(self, node: ast.AST) -> str:
        """A node as it is written, in one line."""
        span = self.span(node)
        lines = self.lines[span.line - 1 : span.end_line]
        lines[-1] = lines[-1][: span.end_column]
        lines[0] = lines[0][span.column :]
        return " ".join(b" ".join(lines).decode().split())

    def bound(self, name: str, scope: Scope, line: int) -> list[ast.AST]:
        """The statements that bound a name for its use in that line: the last one, and those that
        it added to. Of a name that is bound further down only, in a loop, the last one.
        """
        every = self.bindings.get((scope, name), [])
        before = [node for node in every if line_of(node) < line] or every[-1:]
        found: list[ast.AST] = []
        while before and (not found or isinstance(found[-1], ast.AugAssign)):
            found.append(before.pop())
        return found


def told(text: str) -> str:
    """An expression of the reader's, cut short; nothing if `self` in it would be mistaken for the
    tensor.
    """
    if "self" in text:
        return ""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def line_of(node: Any) -> int:
    """The line that a statement begins in; of a comprehension, which has none, of its target."""
    return node.target.lineno if isinstance(node, ast.comprehension) else node.lineno


def value_of(node: Any) -> ast.AST:
    """What a statement binds its names to; of a loop, what it runs through."""
    return node.iter if isinstance(node, (ast.For, ast.comprehension)) else node.value


def _bound(node: Any) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _names(target)
    elif isinstance(node, BINDING) and getattr(node, "value", node) is not None:
        yield from _names(node.target)


def _names(target: Any) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    for part in getattr(target, "elts", ()):
        yield from _names(part)
    if isinstance(target, ast.Starred):
        yield from _names(target.value)


# ---- what a frame is at --------------------------------------------------------------------------

_codes: dict[str, tuple[list[str], Code]] = {}
_spans: dict[tuple[int, int], tuple[CodeType, Span | None]] = {}


def code_of(file: str) -> Code:
    """A file, parsed; without any expression if nobody has its text."""
    lines = linecache.getlines(file)
    found = _codes.get(file)
    if found is None or (found[0] is not lines and found[0] != lines):
        if len(_codes) >= FILES:
            _codes.clear()
        found = _codes[file] = (lines, Code(file, "".join(lines)))
    return found[1]


def span_of(frame: FrameType) -> Span | None:
    """Where the expression stands that a frame is at; None if it is not known."""
    code, at = frame.f_code, frame.f_lasti
    found = _spans.get((id(code), at))
    if found is None or found[0] is not code:
        if len(_spans) >= PLACES:
            _spans.clear()
        place: Any = next(islice(code.co_positions(), at // 2, None), (None,))
        span = None if None in place else Span(code.co_filename, *place)
        found = _spans[id(code), at] = (code, span)
    return found[1]


def frame_outside(packages: tuple[str, ...]) -> FrameType:
    """The nearest frame outside of these packages."""
    frame = sys._getframe(1)
    while frame.f_back is not None and inside(frame, packages):
        frame = frame.f_back
    return frame
