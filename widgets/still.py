"""A still picture of a trace, with its final values: for a page that has no script or no state.

JupyterLab does not save widgets' state unless it is told to; what remains is this `<img>`.
"""

from __future__ import annotations

import base64
import html
from typing import Any

from .layout.sizes import ADVANCE, NAME, PADDING, SLOT, SMALL, TEXT, slot_label
from .numbers import brief, shape_text

LEAF, OTHER = 14, 6  # how round the corners are
STYLE = (
    "text{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1b1b1f;"
    "white-space:pre}.n{font-size:17px;font-weight:700}.s{font-size:13px;fill:#5c5f66}"
    ".g{font-weight:700;fill:#a33b00}rect{fill:#fff;stroke:#5c5f66}.l{stroke:#1b1b1f;stroke-width:2}"
    ".c{fill:#f5f6f8;stroke-dasharray:2 3}path{fill:none;stroke:#5c5f66;stroke-width:1.5}"
    ".h{fill:#5c5f66;stroke:none}"
)


def as_html(data: dict[str, Any]) -> str:
    """An `<img>` with the picture inside, and its words for those who do not see it."""
    picture = base64.b64encode(svg(data).encode()).decode()
    words = html.escape(in_words(data))
    return (
        f'<img alt="{words}" style="max-width:100%;background:#fff" '
        f'src="data:image/svg+xml;base64,{picture}">'
    )


def in_words(data: dict[str, Any]) -> str:
    """The picture's alternative text: what was computed and which gradients arrived."""
    computed = [
        f"{node['label']} = {node['expression']}"
        for node in data["nodes"]
        if node["kind"] == "operation"
    ]
    sums = [step["accumulate"]["text"] for step in data["backward"] if step["accumulate"]]
    words = f"Computation graph: {', '.join(computed)}. Gradients: {'; '.join(sums)}"
    return words if len(words) < 1000 else words[:999] + "…"


def svg(data: dict[str, Any]) -> str:
    """The graph as SVG, every name and number escaped. Needs the layout."""
    layout = data["layout"]
    width, height = layout["width"], layout["height"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><style>{STYLE}</style>'
    ]
    parts += [_curve(layout["edges"][edge["id"]]) for edge in data["edges"]]
    grads = {
        step["node"]: step["accumulate"]["after"] for step in data["backward"] if step["accumulate"]
    }
    parts += [_box(data, node, grads.get(node["id"])) for node in data["nodes"]]
    return "".join([*parts, "</svg>"])


def _curve(points: list[list[float]]) -> str:
    start, *rest = (f"{x:g},{y:g}" for x, y in points)
    (x, y), (from_x, from_y) = points[-1], points[-2]
    dx, dy = x - from_x, y - from_y
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    dx, dy = dx / length, dy / length
    corners = (
        f"{x - 9 * dx + side * dy:.1f},{y - 9 * dy - side * dx:.1f}" for side in (4.5, -4.5)
    )
    return (
        f'<path d="M{start}C{" ".join(rest)}"/>'
        f'<path class="h" d="M{x:g},{y:g}L{"L".join(corners)}z"/>'
    )


def _box(data: dict[str, Any], node: dict[str, Any], grad: dict[str, Any] | None) -> str:
    place = data["layout"]["nodes"][node["id"]]
    width, height = place["width"], place["height"]
    left, top = place["x"] - width / 2, place["y"] - height / 2
    kind = {"leaf": "l", "constant": "c"}.get(node["kind"], "")
    radius = LEAF if kind == "l" else OTHER
    x = left + PADDING
    room = width - 2 * PADDING
    name = cut(node["label"], room / NAME)
    rest = (room - len(name) * NAME * ADVANCE) / SMALL - 1 / ADVANCE
    expression = f"= {node['expression']}" if node["kind"] == "operation" else ""
    lines = [
        f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{width}" height="{height}" '
        f'rx="{radius}"/>',
        _text(x, top + 24, ("n", name), ("s", cut(expression, rest) if expression else "")),
    ]
    if node["value"] is not None:
        size = shape_text(node["value"])
        shown = brief(node["value"], 26)
        lines.append(_text(x, top + 46, ("", cut(shown, room / TEXT - len(size) - 1)), ("s", size)))
    if grad is not None:
        label = slot_label(data, node)
        shown = cut(brief(grad, 18), room / TEXT - len(label) - 1)
        lines.append(_text(x, top + height - SLOT + 20, ("s", label), ("g", shown)))
    return "".join(lines)


def _text(x: float, y: float, *pieces: tuple[str, str]) -> str:
    spans = " ".join(
        f'<tspan class="{kind}">{html.escape(text, quote=False)}</tspan>'
        for kind, text in pieces
        if text
    )
    return f'<text x="{x:g}" y="{y:g}">{spans}</text>'


def cut(text: str, room: float) -> str:
    """A text cut to what fits; `room` is the width in font sizes."""
    longest = max(2, int(room / ADVANCE))
    return text if len(text) <= longest else text[: longest - 1] + "…"
