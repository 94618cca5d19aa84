"""A still picture of a trace, with its final values: for a page that has no script or no state.

JupyterLab does not save widgets' state unless it is told to; what remains is this `<img>`.
"""

from __future__ import annotations

import html
from typing import Any

from .layout import unfold
from .layout.sizes import (
    ADVANCE,
    LONGEST,
    NAME,
    PADDING,
    SLOT,
    SMALL,
    TEXT,
    output_label,
    shape_of,
    slot_label,
    value_text,
)
from .numbers import brief

CLASSES = {"leaf": " class='l'", "constant": " class='c'", "saved": " class='v'"}
STYLE = (  # its colours: widgets/colours.py
    "text{font:14px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1b1b1f;"
    "white-space:pre}.n{font-size:17px;font-weight:700}.s{font-size:13px;fill:#5c5f66}"
    ".g{font-weight:700;fill:#a33b00}rect{fill:#fff;stroke:#5c5f66;rx:6px}"
    ".l{stroke:#1b1b1f;stroke-width:2;rx:14px}"
    ".x{stroke:#b00020;stroke-width:2.5;stroke-dasharray:7 5}"
    ".c{fill:#f5f6f8;stroke-dasharray:2 3}.v{fill:#fff0e4;stroke:#a33b00;stroke-dasharray:5 3}"
    ".f{fill:none;stroke:#c9ccd3;rx:10px}.o{fill:#f5f6f8;rx:10px}path{fill:none;stroke:#5c5f66;stroke-width:1.5}"
    "path{marker-end:url(#h)}path.p{marker-end:none}"
    ".r{font-size:13px;font-weight:700;fill:#b00020;stroke:#fff;stroke-width:4;paint-order:stroke}"
)
HEAD = (  # nothing else in this picture has an id, and an <img> keeps it to itself
    "<marker id='h' viewBox='0 0 9 9' refX='9' refY='4.5' markerWidth='7' markerHeight='7' "
    "orient='auto'><path d='M0,0L9,4.5L0,9z' style='fill:#5c5f66;stroke:none;marker-end:none'/>"
    "</marker>"
)
MOST = 20_000  # characters of a picture that is kept with every output
BOXES = 24  # that it has, where groups can be closed
ESCAPED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in '%#&"\n\r\t'})


def as_html(data: dict[str, Any]) -> str:
    """An `<img>` with the picture inside, and its words for those who do not see it."""
    words = html.escape(in_words(data))
    drawn = svg(data, _opened(data["layout"]["groups"]))
    if len(drawn) > MOST:
        return f"<p>{words}</p><p>Run the cell to step through it.</p>"
    return image(drawn, in_words(data))


def image(drawn: str, words: str) -> str:
    """An `<img>` with an SVG inside, as text: shorter than in base64, and allowed like it."""
    return (
        f'<img alt="{html.escape(words)}" style="max-width:100%;background:#fff" '
        f'src="data:image/svg+xml,{drawn.translate(ESCAPED)}">'
    )


def _opened(groups: dict[str, Any]) -> set[str]:
    """The groups that are open in a picture of a few boxes: outer ones first, as they start."""
    found: set[str] = set()
    shown = 1
    for name, group in groups.items():
        more = len(group["boxes"]) - 1
        reached = group["parent"] is None or group["parent"] in found
        if group["open"] and reached and (shown + more <= BOXES or not found):
            found.add(name)
            shown += more
    return found


def in_words(data: dict[str, Any]) -> str:
    """The picture's alternative text: what was computed and which gradients arrived."""
    computed = [
        f"{node['label']} = {node['expression']}"
        for node in data["nodes"]
        if node["kind"] == "operation"
    ]
    sums = [step["accumulate"]["text"] for step in data["backward"] if step["accumulate"]]
    words = f"Computation graph: {', '.join(computed)}"
    words += f". Gradients: {'; '.join(sums)}" if sums else ""
    cuts = {edge["severed"]["reason"] for edge in data["edges"] if "severed" in edge}
    words += f". History cut by {', '.join(sorted(cuts))}" if cuts else ""
    if data.get("error"):
        words += f". It failed: {data['error']['text']}"
    return words if len(words) < 1000 else words[:999] + "…"


def svg(data: dict[str, Any], opened: set[str] | None = None) -> str:
    """The graph as SVG, every text escaped. Needs the layout.

    opened: the groups that are open; None: those that are at first.
    """
    layout = data["layout"]
    if opened is None:
        opened = {name for name, group in layout["groups"].items() if group["open"]}
    picture = unfold(layout, opened)
    width, height = round(picture["width"]), round(picture["height"])
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}'><style>{STYLE}</style>{HEAD}"
    ]
    groups, boxes = layout["groups"], picture["boxes"]
    parts += [_frame(groups[name], place) for name, place in boxes.items() if name in opened]
    cut_off = {e["id"]: e["severed"]["reason"] for e in data["edges"] if "severed" in e}
    reasons = []
    for group in groups.values():
        for name, (_, end, _) in group["edges"].items():
            if name in picture["edges"]:
                kinds = "" if end in boxes and end not in opened else "p "
                carried, points = group["carries"].get(name, [name]), picture["edges"][name]
                if cut_off.keys() >= set(carried):
                    kinds += "x"
                    x, y = points[len(points) // 2]
                    reasons.append(_text(x, y, ("r", f"cut: {cut_off[carried[0]]}")))
                parts.append(_curve(points, kinds.strip()))
    grads = gradients(data)
    nodes = {node["id"]: node for node in data["nodes"]}
    output = output_label(data)
    for name, place in boxes.items():
        node = nodes.get(layout["copies"].get(name, name))
        if node is not None:
            parts.append(_box(node, place, output, grads.get(node["id"])))
        elif name not in opened:
            parts.append(_closed(groups[name], place))
    return "".join([*parts, *reasons, "</svg>"])


def gradients(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Node → the gradient that it has in the end, of those that keep one."""
    return {
        step["node"]: step["accumulate"]["after"] for step in data["backward"] if step["accumulate"]
    }


def _frame(group: dict[str, Any], place: list[float]) -> str:
    x, y, width, height = place
    left, top = x - width / 2, y - height / 2
    name = cut(group["name"], (width - 2 * PADDING) / SMALL)
    return (
        f"<rect class='f' x='{left:.0f}' y='{top:.0f}' width='{width:.0f}' height='{height:.0f}'/>"
        f"{_text(left + PADDING, top + 20, ('s', name))}"
    )


def _closed(group: dict[str, Any], place: list[float]) -> str:
    x, y, width, height = place
    left, top = x - width / 2, y - height / 2
    name = cut(group["name"], (width - 2 * PADDING) / NAME)
    return (
        f"<rect class='o' x='{left:.0f}' y='{top:.0f}' width='{width:.0f}' height='{height:.0f}'/>"
        f"{_text(left + PADDING, top + 24, ('n', name))}"
        + _text(left + PADDING, top + 46, ("s", f"{group['operations']} operations"))
    )


def _curve(points: list[list[float]], kinds: str) -> str:
    """A curve; "p" has no arrowhead as it goes on inside a group, "x" is a cut history."""
    whole = [(round(x), round(y)) for x, y in points]
    moves = []
    for k in range(1, len(whole), 3):  # each piece from where the last one ended: short numbers
        ox, oy = whole[k - 1]
        moves += [f"{x - ox},{y - oy}" for x, y in whole[k : k + 3]]
    kind = f" class='{kinds}'" if kinds else ""
    return f"<path{kind} d='M{whole[0][0]},{whole[0][1]}c{' '.join(moves)}'/>"


def _box(node: dict[str, Any], place: list[float], output: str, grad: dict[str, Any] | None) -> str:
    x, y, width, height = place
    left, top = x - width / 2, y - height / 2
    kind = CLASSES.get(node["kind"], "")
    x = left + PADDING
    room = width - 2 * PADDING
    name = cut(node["label"], room / NAME)
    rest = (room - len(name) * NAME * ADVANCE) / SMALL - 1 / ADVANCE
    expression = f"= {node['expression']}" if node["kind"] == "operation" and rest > 3 else ""
    lines = [
        f"<rect{kind} x='{left:.0f}' y='{top:.0f}' width='{width}' height='{height}'/>",
        _text(x, top + 24, ("n", name), ("s", cut(expression, rest) if expression else "")),
    ]
    if node["value"] is not None:
        size = shape_of(node["value"])
        shown = value_text(node)
        lines.append(
            _text(
                x, top + 46, ("", cut(shown, room / TEXT - (len(size) + 1) * ADVANCE)), ("s", size)
            )
        )
    if grad is not None:
        label = slot_label(output, node)
        shown = cut(brief(grad, LONGEST), room / TEXT - (len(label) + 1) * ADVANCE)
        lines.append(_text(x, top + height - SLOT + 19, ("s", label), ("g", shown)))
    return "".join(lines)


def _text(x: float, y: float, *pieces: tuple[str, str]) -> str:
    spans = [
        f"<tspan class='{kind}'>{html.escape(text, quote=False)}</tspan>"
        if kind
        else html.escape(text, quote=False)
        for kind, text in pieces
        if text
    ]
    return f"<text x='{x:.0f}' y='{y:.0f}'>{' '.join(spans)}</text>"


def cut(text: str, room: float) -> str:
    """A text cut to what fits; `room` is the width in font sizes."""
    longest = max(2, int(room / ADVANCE))
    return text if len(text) <= longest else text[: longest - 1] + "…"
