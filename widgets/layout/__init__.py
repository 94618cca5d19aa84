"""Where the boxes and edges of a trace's graph are drawn, whatever of it is open.

    place(trace_data)      # fills trace_data["layout"], and returns it

Modules, functions, loops and their iterations are groups (`groups`), each with a layout of its own
(`nested`); the page puts together those that are open (`unfold`). A graph without groups is placed
by Graphviz's `dot`, when it is installed and answers in time, and by `built_in` otherwise. All
return the same data, in pixels from the upper left corner of their group, y downwards:

    layout    {engine: "dot" | "built-in", groups: {id: group}, copies: {box: node}}
              groups: the whole graph first, then outer ones before inner ones
              copies: a leaf with many uses is drawn at each of them, as boxes of other ids
    group     {kind, name, operations, parent, open, width, height, boxes, edges, carries, ports}
              kind: "graph", "module", "function", "loop", "iteration" or "run"
              open: whether it is open at first;  operations: how many it has, inner ones included
              boxes: {node, copy or group id: [x, y, width, height]}, x, y: the centre; a group's
              size here is that of its closed box, and width, height above that of its inside
              edges: {id: [from, to, [[x, y], …]]}: 3k + 1 control points of a Bezier curve, from
              box to box or to "port …" on the border
              carries: {edge id: [edges of the trace]}, where it is not the edge of that id
              ports: {id of an edge of the parent: x on the border}
"""

from __future__ import annotations

from typing import Any

from minigrad.trace.data import collector_paused

from . import built_in, dot, nested
from .groups import LARGE, Group, add_leaves, tree
from .sizes import sizes
from .unfold import unfold

__all__ = ["place", "place_nodes", "unfold"]


def place(data: dict[str, Any], engine: str | None = None) -> dict[str, Any]:
    """Lay out a trace (as a dictionary): set its "layout" and return it.

    engine: "dot" or "built-in" for the graph as it is, without groups; by default with its groups,
    and if there are none by dot if it is there and the graph is not too tangled. Raises
    RuntimeError if dot was asked for by name and does not answer, ValueError for any other name.
    """
    if engine not in (None, "dot", "built-in"):
        raise ValueError(f'engine must be "dot" or "built-in", not {engine!r}')
    boxes = sizes(data)
    root = tree(data)
    grouped = any(isinstance(child, Group) for child in root.children)
    if engine is None and (grouped or add_leaves(tree(data), data).copies):
        with collector_paused():
            data["layout"] = nested.place(data, boxes, root)
        return data["layout"]
    edges = [(edge["id"], edge["from"], edge["to"]) for edge in data["edges"]]
    tangled = engine is None and built_in.tangled(boxes, edges)
    layout = None if tangled or engine == "built-in" else dot.place(boxes, edges)
    if layout is None:
        if engine == "dot":
            raise RuntimeError(
                "Graphviz's dot is not installed or did not answer in time. Install Graphviz, or "
                "leave the engine out and the built-in layout is used."
            )
        layout = built_in.place(boxes, edges)
    data["layout"] = _one_group(layout, edges, root.operations)
    return data["layout"]


def place_nodes(data: dict[str, Any], boxes: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """The layout of nodes and edges that are no trace, but whose boxes have these sizes.

    Of a node only id, kind, name, label and scope are looked at. What is large has groups.
    """
    root = tree(data)
    if len(data["nodes"]) > LARGE:
        return nested.place(data, boxes, root)
    edges = [(edge["id"], edge["from"], edge["to"]) for edge in data["edges"]]
    return _one_group(built_in.place(boxes, edges), edges, root.operations)


def _one_group(
    layout: dict[str, Any], edges: list[tuple[str, str, str]], operations: int
) -> dict[str, Any]:
    """A layout without groups, as one group."""
    group = {
        "kind": "graph",
        "name": "",
        "operations": operations,
        "parent": None,
        "open": True,
        "width": layout["width"],
        "height": layout["height"],
        "boxes": {
            box: [at["x"], at["y"], at["width"], at["height"]]
            for box, at in layout["nodes"].items()
        },
        "edges": {edge: [start, end, layout["edges"][edge]] for edge, start, end in edges},
        "carries": {},
        "ports": {},
    }
    return {"engine": layout["engine"], "groups": {"g0": group}, "copies": {}}
