"""A run as a picture: boxes with labels and sizes, edges, and where they are placed."""

from __future__ import annotations

from typing import Any

from minigrad import recording

from ..layout import place_nodes
from ..layout.sizes import ADVANCE, NAME, NARROWEST, PADDING, SLACK, SMALL, TEXT, WIDEST
from .failure import Failure, dtype_name
from .journal import Entry, Journal, Run, is_slot

MOST = 1000
"""Operations that are drawn, folded if there are many; of a longer run the last ones."""

OFTEN = 3  # uses from which on a leaf or a constant is drawn once per use
HEIGHT, MORE = 54, 28  # px: of a box, and for a line that says something more
LOW = 32  # px: of a box without a shape
Picture = dict[str, Any]


def picture(journal: Journal, run: Run) -> Picture:
    """The nodes and edges of a run, without places: {nodes, edges, left_out, failure}.

    node: {id, kind, label, operation, expression, shape, dtype, where, text, line}; kind "leaf",
    "constant", "operation" or "failed". edge: {id, from, to}. left_out: how many earlier
    operations are not in it.
    """
    labels = _labels(run)
    for operand in run.failure.operands if run.failure is not None else ():
        if operand.slot is not None:
            operand.label = labels[int(operand.slot[1:])]
    used = [_inputs(entry) for entry in run.entries]
    nodes = []
    for k, (operation, arguments, shape, dtype, place) in enumerate(run.entries):
        kind = operation if operation in ("leaf", "constant") else "operation"
        words = [labels[int(a[1:])] if is_slot(a) else _text(a) for a in arguments]
        nodes.append(
            {"id": f"n{k}", "kind": kind, "label": labels[k], "operation": _name(operation),
             "expression": journal.describe(operation, words) if kind == "operation" else "",
             "shape": list(shape), "dtype": _dtype(dtype), **_source(place)}
        )  # fmt: skip
    edges = [(f"n{i}", f"n{k}") for k, inputs in enumerate(used) for i in inputs]
    if run.failure is not None and run.failure.phase != "program":
        _add_failure(nodes, edges, run.failure)
    nodes, edges, left_out = _last(nodes, edges)
    nodes, edges = _once_per_use(nodes, edges)
    return {
        "nodes": nodes,
        "edges": [{"id": f"e{k}", "from": a, "to": b} for k, (a, b) in enumerate(edges)],
        "left_out": left_out,
        "failure": _failure(run.failure),
    }


def place(data: Picture) -> Picture:
    """The picture with its layout."""
    sizes = {node["id"]: _size(node) for node in data["nodes"]}
    # What failed was an operation, and stands among them.
    nodes = [n | {"kind": "operation"} if n["kind"] == "failed" else n for n in data["nodes"]]
    return data | {"layout": place_nodes({"nodes": nodes, "edges": data["edges"]}, sizes)}


def _inputs(entry: Entry) -> list[int]:
    return [int(a[1:]) for a in entry[1] if is_slot(a)]


def _labels(run: Run) -> list[str]:
    """The variable of each entry, or t1, t2, … and c1, c2, …, as the traces have it."""
    taken = set(run.names.values())
    counts = {"t": 0, "c": 0, "leaf": 0}
    labels = []
    for k, entry in enumerate(run.entries):
        name = run.names.get(k)
        letter = {"leaf": "leaf", "constant": "c"}.get(entry[0], "t")
        while name is None:
            counts[letter] += 1
            made = f"{letter}{counts[letter]}"
            name = None if made in taken else made
        labels.append(name)
    return labels


def _dtype(dtype: Any) -> str:
    """The dtype as a box shows it: not at all if it is the usual one."""
    name = "" if dtype is None else dtype_name(dtype)
    return "" if name == "float32" else name


def shape_text(shape: Any) -> str:
    """`2×3`, or `one number`."""
    return "×".join(str(n) for n in shape) or "one number"


def _name(operation: Any) -> str:
    named = getattr(operation, "name", None) or getattr(operation, "__name__", None)
    return named or str(operation)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _source(place: tuple[str, int] | None) -> dict[str, Any]:
    if place is None:
        return {"where": "", "text": "", "line": 0}
    text = recording.source_line(*place)[:400]
    return {"where": recording.place(*place), "text": text, "line": place[1]}


def _failure(failure: Failure | None) -> dict[str, Any] | None:
    if failure is None:
        return None
    operands = [
        {"label": o.label, "shape": list(o.shape), "dtype": o.dtype, "axes": o.axes}
        for o in failure.operands
    ]
    return {
        "phase": failure.phase, "operation": failure.operation, "error": failure.text,
        "operands": operands, "words": failure.in_words(), **_source(failure.place),
    }  # fmt: skip


def _add_failure(nodes: list[Any], edges: list[tuple[str, str]], failure: Failure) -> None:
    """The box of what failed: of its own in a forward pass, the operation's in a backward pass."""
    if failure.at is not None:
        nodes[int(failure.at[1:])] |= {"kind": "failed", "fault": "failed in backward"}
        return
    operands = ", ".join(operand.label for operand in failure.operands)
    nodes.append(
        {"id": "failed", "kind": "failed", "label": failure.operation,
         "operation": failure.operation, "shape": None, "dtype": "",
         "expression": f"({operands})", "fault": "raised", **_source(failure.place)}
    )  # fmt: skip
    for operand in failure.operands:
        if operand.slot is not None:
            edges.append((f"n{operand.slot[1:]}", "failed"))
            nodes[int(operand.slot[1:])]["axes"] = operand.axes


def _last(nodes: list[Any], edges: list[tuple[str, str]]) -> tuple[list[Any], list[Any], int]:
    """At most MOST operations, and of the others only those that they use."""
    done = [n["id"] for n in nodes if n["kind"] in ("operation", "failed")]
    kept = set(done[-MOST:])
    edges = [edge for edge in edges if edge[1] in kept]
    kept |= {edge[0] for edge in edges}
    if len(done) <= MOST:
        kept |= {n["id"] for n in nodes}
    left_out = sum(identity not in kept for identity in done)
    return [n for n in nodes if n["id"] in kept], edges, left_out


def _once_per_use(nodes: list[Any], edges: list[tuple[str, str]]) -> tuple[list[Any], list[Any]]:
    """Leaves and constants that are used often get a box at each of their uses."""
    often = {n["id"]: n for n in nodes if n["kind"] in ("leaf", "constant")}
    uses: dict[str, list[str]] = {}
    for start, end in edges:
        if start in often and end not in uses.setdefault(start, []):
            uses[start].append(end)
    often = {k: n for k, n in often.items() if len(uses.get(k, ())) >= OFTEN}
    before: dict[str, list[Any]] = {}
    for identity, node in often.items():
        for k, end in enumerate(uses[identity]):
            use = {**node, "id": f"{identity}.{k}", "uses": len(uses[identity])}
            before.setdefault(end, []).append(use)
    drawn = []
    for node in nodes:
        if node["id"] not in often:
            drawn += [*before.get(node["id"], []), node]
    moved = [
        (f"{start}.{uses[start].index(end)}" if start in often else start, end)
        for start, end in edges
    ]
    return drawn, moved


def _size(node: dict[str, Any]) -> tuple[int, int]:
    first = len(node["label"]) * NAME + PADDING / ADVANCE
    if node["expression"]:
        first += (len(node["expression"]) + 3) * SMALL
    beside = f"used {node['uses']}×" if "uses" in node else node["dtype"]
    second = 0.0
    if node["shape"] is not None:
        entries = " entries" if len(node["shape"]) == 1 else ""  # as static/watch/box.js writes it
        second = (len(shape_text(node["shape"]) + entries) + len(beside) + 2) * TEXT
    third = len(node.get("fault") or node.get("note", "")) * TEXT + 26
    wide = ADVANCE * max(first, second, third) + 2 * PADDING + SLACK
    height = LOW if node["shape"] is None else HEIGHT
    more = any(node.get(name) for name in ("note", "fault"))
    return round(min(max(wide, NARROWEST), WIDEST)), height + (MORE if more else 0)
