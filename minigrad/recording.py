"""Keeping what a picture needs: off by default, switched on by `import widgets`.

While recording is on, every node keeps what PyTorch forgets: its inputs, the value it computed,
the line of code that made it and the calls that led there; and every version counter keeps which
line wrote when. That costs memory for as long as the graph lives, and a little time.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import versions, watch
from .call_path import Call, call_path

if TYPE_CHECKING:
    from .autograd.node import Node

KEPT_WHOLE = 4096
"""Entries up to which a value is copied, so that later in-place changes do not alter the record."""

COMPARED = 64
"""Entries up to which it is looked whether an argument was overwritten since it was computed."""

LONGEST_LINE = 500
"""Characters of a line of code that are kept."""

_on = False


class Overwritten(NamedTuple):
    """An argument that had been written to behind the back of its node."""

    position: int
    held: np.ndarray
    writer: str
    """What wrote last, and where; empty if nobody knows."""


class Record(NamedTuple):
    """What one node keeps while recording is on."""

    operation: Any
    """The `Operation`, or the `Function` subclass; None: a view of this tensor was written to."""
    arguments: tuple[Any, ...]
    value: np.ndarray
    file: str
    line: int
    path: tuple[Call, ...] = ()
    """The calls around the operation, outermost first."""
    further: tuple[np.ndarray | None, ...] = ()
    """The values of its other results, in order; None for what is no result of this node."""
    overwritten: tuple[Overwritten, ...] = ()
    """The arguments that no longer held what their nodes had computed."""
    held: tuple[tuple[int, np.ndarray], ...] = ()
    """Position → the entries, of the small arguments that no node had computed."""


def enabled() -> bool:
    """True while nodes keep records."""
    return _on


def enable(on: bool = True) -> None:
    """Switch recording on or off from here on."""
    from . import origins  # which asks here whether recording is on

    global _on
    _on = versions.remembering = bool(on)
    for watcher in (note, origins.note):
        if on:
            watch.add(watcher)
        else:
            watch.remove(watcher)


@contextmanager
def recording(on: bool = True) -> Iterator[None]:
    """Recording on (or off) within a `with` block, for example while a time is measured."""
    outer = _on
    enable(on)
    try:
        yield
    finally:
        enable(outer)


def note(operation: Any, arguments: tuple[Any, ...], result: Any, *times: int) -> None:
    """Keep the record of an operation, if it made a node."""
    out = result[0] if isinstance(result, tuple) and result else result
    edge = out._known_edge() if hasattr(out, "_array") else None
    if edge is None or kept(edge[0]) is not None:
        return
    node, value = edge[0], _snapshot(out._array)
    others = result[1:] if isinstance(result, tuple) else ()
    further = tuple([_snapshot(one._array) if _is_of(node, one) else None for one in others])
    written, held = tuple(_overwritten(arguments)), tuple(_held(arguments))
    given = tuple(map(_unshared, arguments))
    node._note(
        "record", lambda: Record(operation, given, value, *call_path(), further, written, held)
    )


def _overwritten(arguments: tuple[Any, ...]) -> Iterator[Overwritten]:
    """Those of the small arguments that hold something else than their nodes have noted."""
    for position, value in enumerate(arguments):
        edge = value._known_edge() if hasattr(value, "_array") else None
        record = None if edge is None else kept(edge[0])
        if edge is None or record is None or value._array.size > COMPARED:
            continue
        known = (record.value, *record.further)[edge[1]]
        if known is not None and known.tobytes() != value._array.tobytes():
            by = writer(value) if value._version else ""
            yield Overwritten(position, value._array.copy(), by)


def _held(arguments: tuple[Any, ...]) -> Iterator[tuple[int, np.ndarray]]:
    for position, value in enumerate(arguments):
        if hasattr(value, "_array") and value._array.size <= COMPARED:
            edge = value._known_edge()
            if edge is None or edge[0].next_functions == ():
                yield position, value._array.copy()


def _unshared(value: Any) -> Any:
    """A small index or mask is the user's own, who may write to it."""
    if isinstance(value, np.ndarray):
        return value.copy() if value.size <= COMPARED else value
    plain = isinstance(value, tuple) and not hasattr(value, "_fields")
    if plain and any(isinstance(part, (np.ndarray, tuple)) for part in value):
        return tuple(map(_unshared, value))
    return value


def _snapshot(array: np.ndarray) -> np.ndarray:
    """The entries as they are now; those of a large array are not copied."""
    return array.copy() if array.size <= KEPT_WHOLE else array


def _is_of(node: Node, value: Any) -> bool:
    edge = value._known_edge() if hasattr(value, "_array") else None
    return edge is not None and edge[0] is node


def kept(node: Node) -> Record | None:
    """The record of a node, or None if recording was off when it was made."""
    return None if node.extras is None else node.extras.get("record")


def of(node: Node) -> Record | None:
    """The record of a node that an operation made, so that it can be run again; else None."""
    record = kept(node)
    return None if record is None or record.operation is None else record


def writer(tensor: Any) -> str:
    """What wrote to a tensor last, and where; empty if nobody knows."""
    wrote = tensor._counter.writer
    return f"{wrote[0]} at {place(*wrote[1:])}" if wrote else ""


def place(file: str, line: int) -> str:
    """A file name and a line number as a reader would say it: `In [3], line 2` for a cell."""
    cell = cell_number(file)
    if cell is not None:
        return f"In [{cell}], line {line}"
    return f"{file}, line {line}"


def cell_number(file: str) -> int | None:
    """The number of the notebook cell that a file name stands for, or None."""
    number = _cells().get(file)
    return number if isinstance(number, int) else None


def cells_before(file: str) -> list[str]:
    """The files of the notebook cells that ran before that one, the last one first."""
    own = cell_number(file)
    if own is None:
        return []
    before = {name: number for name, number in _cells().items() if number < own}
    return sorted(before, key=before.__getitem__, reverse=True)


def _cells() -> dict[str, Any]:
    """File name → number of each cell of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    names = getattr(getattr(shell, "compile", None), "_filename_map", None)
    return names if isinstance(names, dict) else {}


def source_line(file: str, line: int) -> str:
    """The text of a line, without the white space around it; empty if it is not known.

    A line that nobody could read at once is cut: every node that it made would carry it along.
    """
    text = linecache.getline(file, line).strip()
    return text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + "…"
