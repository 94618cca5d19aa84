"""Layouts inside each other: of a graph whose groups can be opened and closed.

Each group's inside is laid out by itself, once. Where an edge enters or leaves a group there is a
port on its border, so that the curve outside and the curve inside meet. How the insides are put
together, for any choice of open groups, is in `unfold` (and in static/stepper/unfold.js).
"""

from __future__ import annotations

from typing import Any

from . import built_in
from .groups import Drawn, Group, add_leaves, start_open, tree
from .sizes import ADVANCE, HEAD, NAME, PADDING, SLOT, TEXT

NARROWEST = 168  # px: a closed group says how many operations it has
TITLE = 44  # px above what is in an open group
BELOW = 16  # px below it
WIDEST_TITLE = 420
WIDEST_CLOSED = 340


def place(
    data: dict[str, Any], sizes: dict[str, tuple[int, int]], root: Group | None = None
) -> dict[str, Any]:
    """The layout of a trace, with groups; see `widgets.layout`."""
    root = root or tree(data)
    drawn = add_leaves(root, data)
    boxes = dict(sizes) | {box: sizes[node] for box, node in drawn.copies.items()}
    levels = {group.id: Level(group) for group in root.groups()}
    for edge in data["edges"]:
        _thread(edge, drawn, levels)
    groups = {}
    alike: dict[Any, Any] = {}
    first = start_open(root)
    for group in root.groups():
        inside = levels[group.id].layout(boxes, alike)
        parent = drawn.parent.get(group.id)
        groups[group.id] = {
            "kind": group.kind,
            "name": group.name,
            "operations": group.operations,
            "parent": None if parent is None else parent.id,
            "open": group.id in first,
            **inside,
        }
    return {"engine": "built-in", "groups": groups, "copies": drawn.copies}


def closed_size(group: Group) -> tuple[int, int]:
    """Width and height of a group's box while it is closed."""
    width = len(group.name) * NAME * ADVANCE + 2 * PADDING + 30
    return round(min(max(width, NARROWEST), WIDEST_CLOSED)), HEAD + SLOT


def title_width(group: Group) -> int:
    """How wide an open group must be for its title."""
    return min(round(len(group.name) * TEXT * ADVANCE + 2 * PADDING + 30), WIDEST_TITLE)


class Level:
    """The inside of one group: its children, and the edges between them and to its ports."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.ends: dict[str, tuple[str, str]] = {}  # drawn edge → where it starts and ends
        self.carries: dict[str, list[str]] = {}  # drawn edge → edges of the trace
        self.known: dict[tuple[str, str], str] = {}
        self.ports: dict[str, str] = {}  # drawn edge of the level around → "in" or "out"

    def join(self, start: str, end: str, edge: str, alone: bool) -> str:
        """The drawn edge from child to child that stands for an edge of the trace."""
        name = edge if alone else self.known.get((start, end), f"{self.group.id}:{edge}")
        if not alone:
            self.known[start, end] = name
        self.ends.setdefault(name, (start, end))
        self.carries.setdefault(name, []).append(edge)
        return name

    def layout(self, sizes: dict[str, tuple[int, int]], alike: dict[Any, Any]) -> dict[str, Any]:
        """Positions inside the group, from its upper left corner; alike: what was laid out."""
        children = [c.id if isinstance(c, Group) else c for c in self.group.children]
        entering = [f"port {name}" for name, side in self.ports.items() if side == "in"]
        leaving = [f"port {name}" for name, side in self.ports.items() if side == "out"]
        inner = dict.fromkeys(entering, built_in.DUMMY)
        inner |= {
            child: closed_size(c) if isinstance(c, Group) else sizes[c]
            for child, c in zip(children, self.group.children, strict=True)
        }
        inner |= dict.fromkeys(leaving, built_in.DUMMY)
        edges = [(name, start, end) for name, (start, end) in self.ends.items()]
        layout = _placed(inner, edges, len(entering), len(leaving), alike)
        nodes = layout["nodes"]
        outermost = self.group.kind == "graph"
        right = 0.0 if outermost else max(0.0, (title_width(self.group) - layout["width"]) / 2)
        up = 0.0 if outermost else (built_in.MARGIN if entering else built_in.MARGIN - TITLE)
        height = layout["height"] - up
        if not outermost:
            height += -built_in.MARGIN if leaving else BELOW - built_in.MARGIN
        ports = {name: round(nodes[f"port {name}"]["x"] + right, 1) for name in self.ports}
        moved = {
            name: _moved(points, right, -up, alike) for name, points in layout["edges"].items()
        }
        return {
            "width": round(layout["width"] + 2 * right),
            "height": round(height),
            "boxes": {
                child: [
                    round(nodes[child]["x"] + right, 1),
                    round(nodes[child]["y"] - up, 1),
                    *inner[child],
                ]
                for child in children
            },
            "edges": {name: [*self.ends[name], moved[name]] for name in self.ends},
            "carries": {name: list(all_) for name, all_ in self.carries.items() if all_ != [name]},
            "ports": ports,
        }


def _placed(
    sizes: dict[str, tuple[int, int]],
    edges: list[tuple[str, str, str]],
    top: int,
    bottom: int,
    alike: dict[Any, Any],
) -> dict[str, Any]:
    """Laid out once for all groups that look alike, as the iterations of a loop do.

    The first `top` boxes have the first layer to themselves, the last `bottom` the last one.
    """
    number = {box: k for k, box in enumerate(sizes)}
    shape = tuple(sizes.values()), tuple((number[a], number[b]) for _, a, b in edges), top, bottom
    if shape not in alike:
        ids = list(sizes)
        layout = built_in.place(sizes, edges, set(ids[:top]), set(ids[len(ids) - bottom :]))
        alike[shape] = layout
        return layout
    known = alike[shape]
    return {
        **known,
        "nodes": dict(zip(sizes, known["nodes"].values(), strict=True)),
        "edges": dict(zip((name for name, *_ in edges), known["edges"].values(), strict=True)),
    }


def _moved(
    points: list[Any], right: float, down: float, alike: dict[Any, Any]
) -> list[list[float]]:
    """A curve elsewhere; made once for all groups that share a layout, and so its curves."""
    key = id(points), right, down
    if key not in alike:
        alike[key] = [[round(x + right, 1), round(y + down, 1)] for x, y in points]
    return alike[key]


def _thread(edge: dict[str, Any], drawn: Drawn, levels: dict[str, Level]) -> None:
    """Draw an edge on each level that it passes: out of groups, across, and into groups."""
    start = drawn.start.get(edge["id"], edge["from"])
    end = edge["to"]
    out_of, into = _around(start, drawn), _around(end, drawn)
    while len(out_of) > 1 and len(into) > 1 and out_of[-2] is into[-2]:
        out_of.pop()
        into.pop()
    across = levels[out_of[-1].id]
    left = out_of[-2].id if len(out_of) > 1 else start
    entered = into[-2].id if len(into) > 1 else end
    alone = left == start and entered == end
    name = across.join(left, entered, edge["id"], alone)
    for side, chain, box in (("in", into[:-1], end), ("out", out_of[:-1], start)):
        outside = name
        for depth in range(len(chain) - 1, -1, -1):
            level = levels[chain[depth].id]
            level.ports[outside] = side
            port = f"port {outside}"
            child = chain[depth - 1].id if depth else box
            first, last = (port, child) if side == "in" else (child, port)
            outside = level.join(first, last, edge["id"], alone=False)


def _around(box: str, drawn: Drawn) -> list[Group]:
    """The groups around a box, from the inside out."""
    found = []
    while box in drawn.parent:
        found.append(drawn.parent[box])
        box = found[-1].id
    return found
