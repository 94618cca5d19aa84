"""What is different from one iteration to the next, in words and as marks in the picture.

Operations of two iterations are matched in order, by what they are and the line that they stand on.
"""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import Any

from minigrad import recording

from .frame import Picture, picture, place, shape_text
from .journal import Journal, Run


def compare(journal: Journal, run: Run, before: Run | None) -> Picture:
    """The picture of a run, with what changed since the run before, placed.

    Adds to `picture`: words, a list of sentences; and per node a `mark`, "added", "removed" (it is
    drawn although it is gone) or "changed", with a short `note`.
    """
    now = picture(journal, run)
    if before is None:
        return place(now | {"words": []})
    failed = run.failure is not None  # what it has not come to is not removed
    if _in_common(run, before) < SAME_PROGRAM:
        other = "Other operations altogether: they are not compared."
        return place(now | {"words": [] if failed else [other]})
    nodes, edges = _merged(now, picture(journal, before), failed)
    words = _sentences(run, before, failed)
    return place(now | {"nodes": nodes, "edges": edges, "words": words})


SAME_PROGRAM = 0.25
"""The share of places in the code that two iterations must have in common to be compared."""


def _in_common(run: Run, before: Run) -> float:
    now, then = set(_by_line(run)), set(_by_line(before))
    return len(now & then) / max(1, min(len(now), len(then)))


def _token(node: dict[str, Any]) -> tuple[Any, ...]:
    """What makes a node of one picture the same as one of another: what it is, and its line."""
    if node["kind"] == "leaf":
        return ("leaf", node["label"])
    if node["kind"] == "constant":
        return ("constant",)
    return ("operation", node["operation"], node["where"])


def _merged(now: Picture, then: Picture, failed: bool) -> tuple[list[Any], list[Any]]:
    """The nodes of both in one order, marked, and the edges; of what failed, only its own."""
    old, new = then["nodes"], now["nodes"]
    matcher = SequenceMatcher(None, [_token(n) for n in old], [_token(n) for n in new], False)
    nodes: list[Any] = []
    same: dict[str, str] = {}  # id in the picture before → id here
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            for one, other in zip(old[a:b], new[c:d], strict=True):
                same[one["id"]] = other["id"]
                nodes.append(_changed(one, other))
            continue
        for one in old[a:b] if not failed else ():
            same[one["id"]] = f"gone {one['id']}"
            nodes.append(one | {"id": same[one["id"]], "mark": "removed", "note": "− removed"})
        nodes += [other | {"mark": "added", "note": "+ added"} for other in new[c:d]]
    gone = [
        {"from": same[edge["from"]], "to": same[edge["to"]], "id": f"gone {edge['id']}"}
        for edge in then["edges"]
        if not failed
        if same[edge["from"]].startswith("gone") or same[edge["to"]].startswith("gone")
    ]
    return nodes, [*now["edges"], *(edge | {"mark": "removed"} for edge in gone)]


def _changed(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    if other["kind"] == "failed":
        return other
    if one["shape"] != other["shape"]:
        note = f"≠ was {shape_text(one['shape'])}"
    elif one["dtype"] != other["dtype"]:
        note = f"≠ was {one['dtype'] or 'float32'}"
    else:
        return other
    return other | {"mark": "changed", "note": note}


HELD = (
    "Held: {} of its {} operations were computed in iterations before, whose graphs are still "
    "there. Is something added up with its history? Add up numbers, such as loss.item()."
)


def _sentences(run: Run, before: Run, failed: bool) -> list[str]:
    """What changed, line of code by line of code; of what failed, only what it has come to."""
    said = [HELD.format(run.carried, run.operations)] if run.carried else []
    now, then = _by_line(run), _by_line(before)
    for where in dict.fromkeys([*then, *now]):
        a, b = then.get(where, []), now.get(where, [])
        line = _line(where)
        if not a:
            said.append(f"Added: {line}, {_operations(b)}.")
        elif not b:
            said += [] if failed else [f"Removed: {line}, {_operations(a)}."]
        elif failed and len(b) < len(a):
            said += _shapes(line, a[: len(b)], b)
        elif len(a) != len(b):
            said.append(f"Changed: {line}, {_operations(b)} instead of {len(a)}.")
        elif [entry[0] for entry in a] != [entry[0] for entry in b]:
            said.append(f"Changed: {line}, other operations.")
        else:
            said += _shapes(line, a, b)
    if failed:
        return said
    if not said and [e[2:4] for e in run.entries] != [e[2:4] for e in before.entries]:
        said += _leaves(run, before)
    if not said:
        said.append("The same operations, with other inputs or options.")
    return said


def _leaves(run: Run, before: Run) -> list[str]:
    """Which leaves are new or gone, by their names; in general words if those do not tell."""
    named = [
        {r.names.get(k): k for k, entry in enumerate(r.entries) if entry[0] == "leaf"}
        for r in (run, before)
    ]
    now, then = ({name for name in names if name} for names in named)
    computed = {run.names.get(k) for k, entry in enumerate(run.entries) if entry[4] is not None}
    said = [f"Removed: the leaf {name}." for name in sorted(then - now)]
    for name in sorted(now - then):
        said.append(f"Added: the leaf {name}.")
        if name in computed:
            said[-1] += " What was computed under that name before gets no gradient."
    return said or ["Changed: the shape or the number of leaves and constants."]


def _shapes(line: str, a: list[Any], b: list[Any]) -> list[str]:
    pairs = Counter(
        (shape_text(one[2]), shape_text(other[2]))
        for one, other in zip(a, b, strict=True)
        if one[2] != other[2]
    )
    return [
        f"Changed: {line}, shape {new} instead of {old}{f', {n} times' if n > 1 else ''}."
        for (old, new), n in pairs.items()
    ]


def _by_line(run: Run) -> dict[Any, list[Any]]:
    lines: dict[Any, list[Any]] = {}
    for entry in run.entries:
        if entry[4] is not None and entry[0] not in ("leaf", "constant"):
            lines.setdefault(entry[4], []).append(entry)
    return lines


def _line(where: tuple[str, int]) -> str:
    text = recording.source_line(*where)
    name = recording.place(*where).replace("\\", "/").rsplit("/", 1)[-1]
    return f"`{text[:80]}` ({name})" if text else name


def _operations(entries: list[Any]) -> str:
    return f"{len(entries)} operation{'s' * (len(entries) != 1)}"
