"""Where the boxes and edges of a trace's graph are drawn.

    place(trace_data)      # fills trace_data["layout"], and returns it

Graphviz's `dot` places them when it is installed and answers in time, `built_in` otherwise. Both
return the same data, in pixels from the top left corner, y downwards:

    {"engine": "dot" | "built-in", "width": …, "height": …,
     "nodes": {id: {"x", "y", "width", "height"}},       # x, y: the centre
     "edges": {id: [[x, y], …]}}                         # 3k + 1 control points of a Bezier curve
"""

from __future__ import annotations

from typing import Any

from . import built_in, dot
from .sizes import size


def place(data: dict[str, Any], engine: str | None = None) -> dict[str, Any]:
    """Lay out a trace (as a dictionary): set its "layout" and return it.

    engine: "dot" or "built-in"; by default dot if it is there and the graph is not too tangled.
    Raises RuntimeError if dot was asked for by name and does not answer, and ValueError for any
    other name.
    """
    if engine not in (None, "dot", "built-in"):
        raise ValueError(f'engine must be "dot" or "built-in", not {engine!r}')
    sizes = {node["id"]: size(data, node) for node in data["nodes"]}
    edges = [(edge["id"], edge["from"], edge["to"]) for edge in data["edges"]]
    tangled = engine is None and built_in.tangled(sizes, edges)
    layout = None if tangled or engine == "built-in" else dot.place(sizes, edges)
    if layout is None:
        if engine == "dot":
            raise RuntimeError(
                "Graphviz's dot is not installed or did not answer in time. Install Graphviz, or "
                "leave the engine out and the built-in layout is used."
            )
        layout = built_in.place(sizes, edges)
    data["layout"] = layout
    return layout
