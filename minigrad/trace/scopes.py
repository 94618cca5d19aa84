"""Which module, function and loop iteration each operation belongs to, from its call path.

The paths are read in the order of execution. A frame that stands where it stood before has gone
round a loop, or is another call of the same function; which of the two, its bytecode tells: a jump
backwards is a loop, and the loop that went round is the innermost one around both places.
"""

from __future__ import annotations

import dis
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from types import CodeType
from typing import Any, NamedTuple

from .. import recording
from ..call_path import Call

Scope = tuple[str, str, int]
"""(kind, name, index): kind "module", "function" or "loop"; index counts calls or iterations."""

LONGEST = 60  # characters of a loop's first line
STARTS = ("for ", "while ", "async for ")


class Loop(NamedTuple):
    """A loop of a code object: the offsets of its instructions, and its first line."""

    start: int
    end: int
    line: int


def loops_of(code: CodeType) -> list[Loop]:
    """The loops of a function's code, the outer ones first."""
    found: dict[int, tuple[int, set[int]]] = {}
    line_at: dict[int, int] = {}
    line = code.co_firstlineno
    lines = {start: number for start, _, number in code.co_lines() if number is not None}
    for instruction in dis.get_instructions(code):
        offset, target = instruction.offset, instruction.argval
        line = line_at[offset] = lines.get(offset, line)
        if "JUMP" in instruction.opname and isinstance(target, int) and target <= offset:
            end, numbers = found.get(target, (0, set()))
            found[target] = (max(end, offset), {*numbers, line_at[target], line})
    loops = []
    for start, (end, numbers) in found.items():
        headed = [n for n in sorted(numbers) if _text(code, n).startswith(STARTS)]
        loops.append(Loop(start, end, (headed or sorted(numbers))[0]))
    return sorted(loops, key=lambda loop: loop.start - loop.end)


def _text(code: CodeType, line: int) -> str:
    return recording.source_line(code.co_filename, line)


def loop_name(code: CodeType, loop: Loop) -> str:
    """`for t in range(20)`."""
    text = _text(code, loop.line)
    head = text.split("  #")[0].rstrip().removesuffix(":") if text.startswith(STARTS) else ""
    if not head:
        return f"loop at line {loop.line}"
    return head if len(head) <= LONGEST else head[: LONGEST - 1] + "…"


class Running:
    """A frame that was running at the operation before: where it stands, and in which loops."""

    def __init__(self, call: Call, own: Scope | None) -> None:
        self.call = call
        self.own = own
        self.rounds: dict[Loop, Scope] = {}


class Scopes:
    """Reads paths in the order of execution, and says the scope of each."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = {id(value): name for name, value in names.items() if name[:1] != "_"}
        self.stack: list[Running] = []
        self.loops: dict[CodeType, list[Loop]] = {}
        self.calls: dict[Any, int] = defaultdict(int)  # (outer scope, kind, name) → calls so far
        self.same: dict[Any, list[Any]] = defaultdict(list)  # loops of one name in one scope

    def of(self, path: tuple[Call, ...]) -> tuple[Scope, ...]:
        """The scope of the next operation, outermost first."""
        self._advance(path)
        scope: tuple[Scope, ...] = ()
        for level, call in enumerate(path):
            if level >= len(self.stack):
                self.stack.append(Running(call, self._own(scope, path, level)))
            running = self.stack[level]
            running.call = call
            if running.own is not None:
                scope += (running.own,)
            if not call.ours:
                scope = self._in_loops(scope, running)
        return scope

    def _advance(self, path: tuple[Call, ...]) -> None:
        """Forget what has ended, and count the round of a loop that went round."""
        known = 0
        for running, call in zip(self.stack, path, strict=False):
            if running.call[0] is not call[0] or running.call[2:] != call[2:]:
                break
            known += 1
            if running.call[1] != call[1]:
                break
        keep = known
        if known and path[known - 1][1] <= self.stack[known - 1].call[1]:
            for level in range(known - 1, -1, -1):
                if self._turn(self.stack[level], path[level][1]):
                    keep = level + 1
                    break
        del self.stack[keep:]

    def _turn(self, running: Running, now: int) -> bool:
        """Count a round of the innermost loop around where a frame stood and where it stands."""
        code, before = running.call[:2]
        low, high = min(before, now), max(before, now)
        around = [loop for loop in self._loops(code) if loop.start <= low and high <= loop.end]
        if not around:
            return False
        turning = around[-1]
        if turning in running.rounds:
            kind, name, index = running.rounds[turning]
            running.rounds[turning] = (kind, name, index + 1)
        for loop in list(running.rounds):
            if turning.start <= loop.start and loop.end <= turning.end != loop.end:
                del running.rounds[loop]
        return True

    def _loops(self, code: CodeType) -> list[Loop]:
        if code not in self.loops:
            self.loops[code] = loops_of(code)
        return self.loops[code]

    def _in_loops(self, scope: tuple[Scope, ...], running: Running) -> tuple[Scope, ...]:
        """The scope, and the loops around the place where a frame stands."""
        code, at = running.call[:2]
        for loop in self._loops(code):
            if loop.start <= at <= loop.end:
                if loop not in running.rounds:
                    name = loop_name(code, loop)
                    twins = self.same[scope, name]
                    if (code, loop) not in twins:
                        twins.append((code, loop))
                    if twins[0] != (code, loop):
                        name = f"{name}, line {loop.line}"
                    running.rounds[loop] = ("loop", name, 0)
                scope += (running.rounds[loop],)
            else:
                running.rounds.pop(loop, None)
        return scope

    def _own(self, outer: tuple[Scope, ...], path: tuple[Call, ...], level: int) -> Scope | None:
        """The scope that a call opens, if it is one of a module or of the reader's function."""
        call = path[level]
        if call.module is not None:
            kind, name = "module", self._module_name(path, level)
        elif call.ours or call.code.co_name == "<module>":
            return None
        elif call.code.co_name == "forward" and level and path[level - 1].module is not None:
            return None  # the module says it already
        else:
            kind, name = "function", call.code.co_name
        index = self.calls[outer, kind, name]
        self.calls[outer, kind, name] += 1
        return (kind, name, index)

    def _module_name(self, path: tuple[Call, ...], level: int) -> str:
        """`net.0 Linear`: the variable and attributes that lead to it, and its class."""
        chain = [call.module() for call in path[: level + 1] if call.module is not None]
        module = chain[-1]
        if module is None:  # it is gone
            return "module"
        words: list[str] = []
        for parent, child in pairwise(chain):
            inner: Any = getattr(parent, "named_modules", list)()  # a list of layers is not called
            words += [name for name, value in inner if value is child][:1]
        first = self.names.get(id(chain[0]), "")
        kind = type(module).__name__
        return f"{'.'.join([first, *words] if first else words)} {kind}".strip()


def scopes(paths: Iterable[tuple[Call, ...]], names: dict[str, Any]) -> list[tuple[Scope, ...]]:
    """The scope of each operation; what is around all of them is left out."""
    reader = Scopes(names)
    found = [reader.of(path) for path in paths]
    common = 0
    if found:
        shortest = min(map(len, found))
        first = found[0]
        while common < shortest and all(scope[common] == first[common] for scope in found):
            if first[common][0] == "module":
                break
            common += 1
    return [scope[common:] for scope in found]
