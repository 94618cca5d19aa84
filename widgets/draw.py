"""`draw(out)`: the graph for a slide, a handout or a report.

    draw(loss)                                          # as the last line of a cell
    draw(loss, params=model.named_parameters(), gradients=True).render("graph", format="pdf")

What is returned is a `graphviz.Digraph`. Its `render` and `pipe` need Graphviz's `dot`; the picture
in the notebook and `to_html` do not.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import graphviz

from minigrad.trace import Trace

from . import advice, colours, drawn, engines, still, still_page
from .layout import place
from .layout.sizes import LONGEST, NAME, SMALL, TEXT, output_label, shape_of, slot_label, value_text
from .numbers import brief, shape_text

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST_NAME, LONGEST_EXPRESSION = 60, 80  # characters
STYLES = {
    "leaf": {"style": "rounded,filled", "color": colours.TEXT, "penwidth": "2"},
    "constant": {"style": "dotted,filled", "fillcolor": colours.RAISED},
    "saved": {"style": "dashed,filled", "fillcolor": colours.BACK_TINT, "color": colours.BACK},
}
SEVERED = {"color": colours.BAD, "fontcolor": colours.BAD, "style": "dashed", "penwidth": "2"}


class Drawing(graphviz.Digraph):
    """A `graphviz.Digraph` that can also show itself where Graphviz is not installed.

    svg: the picture as SVG, made without Graphviz. words: the same in words.
    """

    svg: str = ""
    words: str = ""
    title: str = "minigrad: a computation graph"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None, **_: Any) -> Any:
        """The picture with its words; the SVG by itself if it is asked for."""
        if not self.svg:  # a copy that somebody went on drawing in
            return super()._repr_mimebundle_(include, exclude)
        bundle = {"text/html": still.image(self.svg, self.words), "text/plain": repr(self)}
        if "image/svg+xml" in (include or ()):
            bundle["image/svg+xml"] = self.svg
        return {kind: data for kind, data in bundle.items() if kind not in (exclude or ())}

    def to_html(self, path: str | Path) -> Path:
        """Write a page with the picture and its words, offline. Returns its path."""
        words = f"<p>{html.escape(self.words)}</p>"
        return still_page.write(path, self.title, still.image(self.svg, self.words) + words)

    def __repr__(self) -> str:
        return f'<{self.title}; .render("name", format="pdf") writes it, .source is its DOT>'


def draw(
    out: Any,
    params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
    *,
    values: bool = True,
    shapes: bool = True,
    gradients: bool = False,
    saved: bool = False,
    gradient: Any = None,
    limit: int | None = 200,
) -> Drawing:
    """Draw the graph that `out` was computed by.

    out: a tensor with a graph, minigrad's or PyTorch's; or a recorded `Trace`.
    params: names for tensors, such as `model.named_parameters()`; variables are found anyway.
    values, shapes, gradients, saved: whether to show the values, the shapes, the gradients that a
        backward pass would bring, and the tensors that are saved for it.
    gradient: the cotangent to start from, if `gradients` and `out` has more than one entry.
    limit: how many nodes are drawn, the nearest to `out` first; None: all.

    Raises TypeError for what is no tensor, RuntimeError for a tensor without a graph.
    """
    if isinstance(out, Trace):
        trace = out
    elif engines.is_tensor(out):
        names = _named(params)  # these come first, and so they win
        names |= {
            name: value
            for name, value in engines.names(sys._getframe(1)).items()
            if name not in names
        }
        trace = _recorded(out, gradient, gradients, names)
    else:
        raise TypeError(
            "draw() needs a Tensor that was computed from one with requires_grad=True, or a Trace, "
            f"but got {type(out).__name__}. Pass the result, such as the loss: draw(loss)."
        )
    data = drawn.shown(
        trace.to_dict(), values=values, shapes=shapes, gradients=gradients, saved=saved, limit=limit
    )
    place(data)
    return drawing(data)


def _named(params: Any) -> dict[str, Any]:
    return dict(params.items() if isinstance(params, Mapping) else params or ())


def _recorded(out: Any, gradient: Any, gradients: bool, names: dict[str, Any]) -> Trace:
    if gradient is None and not gradients and out.requires_grad:
        gradient = out.detach() * 0 + 1  # any will do: only the graph is looked at
    try:
        return engines.record(out, gradient, names, partial=True)
    except (RuntimeError, TypeError) as problem:
        said = advice.told(str(problem)).replace("step_through(", "draw(")
        raise type(problem)(said.replace("step through", "draw")) from None


def drawing(data: dict[str, Any]) -> Drawing:
    """The trace's data, laid out, as a `Drawing`."""
    label = next(node["label"] for node in data["nodes"] if node["id"] == data["output"])
    found = Drawing(
        "graph",
        graph_attr={"bgcolor": "white", "nodesep": "0.33", "ranksep": "0.5", "pad": "0.15"},
        node_attr={
            "shape": "box", "style": "filled", "fillcolor": colours.BOX, "color": colours.SOFT,
            "fontname": "monospace", "fontsize": str(TEXT), "fontcolor": colours.TEXT,
            "margin": "0.1,0.05",
        },
        edge_attr={"color": colours.SOFT, "arrowsize": "0.8", "fontname": "monospace"},
    )  # fmt: skip
    found.title = f"the graph of {label}"
    found.words = still.in_words(data)
    found.svg = still.svg(data)
    grads = still.gradients(data)
    failed = (data.get("error") or {}).get("node")
    for node in data["nodes"]:
        style = dict(STYLES.get(node["kind"], {}))
        if node["id"] == failed:
            style |= {"color": colours.BAD, "penwidth": "3"}
        about = f"{node['label']} = {node['expression']}" if node["expression"] else node["label"]
        tip = graphviz.escape(_clean(about, 400))
        found.node(node["id"], _label(data, node, grads.get(node["id"])), tooltip=tip, **style)
    kinds = {node["id"]: node["kind"] for node in data["nodes"]}
    for edge in data["edges"]:
        if "severed" in edge:
            reason = graphviz.escape(_clean(edge["severed"]["reason"], LONGEST_NAME))
            found.edge(edge["from"], edge["to"], **SEVERED, label=f" {reason}")
        elif kinds[edge["from"]] in ("constant", "saved"):
            found.edge(edge["from"], edge["to"], style="dashed")
        else:
            found.edge(edge["from"], edge["to"])
    return found


def _label(data: dict[str, Any], node: dict[str, Any], grad: dict[str, Any] | None) -> str:
    """The lines of a box, in Graphviz's HTML-like language."""
    large = node["kind"] != "saved"
    first = _font(node["label"], NAME if large else TEXT, bold=large, longest=LONGEST_NAME)
    if node["kind"] == "operation":
        first += _font(f" = {node['expression']}", SMALL, colours.SOFT, longest=LONGEST_EXPRESSION)
    rows = [_row(first)]
    value = node["value"]
    if value is not None:
        second = _font(value_text(node), TEXT) + _font(
            f"\u00a0\u00a0{shape_of(value)}" if shape_of(value) else "", SMALL, colours.SOFT
        )
        if value_text(node) or shape_of(value):
            rows.append(_row(second))
    if grad is not None:
        text = _font(f"{slot_label(output_label(data), node)} ", TEXT, colours.BACK) + _font(
            brief(grad, LONGEST) + (f"  {shape_text(grad)}" if grad["shape"] else ""),
            TEXT, colours.BACK, bold=True,
        )  # fmt: skip
        rows.append(_row(text, colours.BACK_TINT))
    table = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'
    return f"<{table}{''.join(rows)}</TABLE>>"


def _row(content: str, background: str = "") -> str:
    colour = f' BGCOLOR="{background}"' if background else ""
    return f'<TR><TD ALIGN="LEFT"{colour}>{content}</TD></TR>'


def _font(text: str, size: int, colour: str = "", *, bold: bool = False, longest: int = 60) -> str:
    inside = html.escape(_clean(text, longest), quote=False)
    if not inside:
        return ""
    inside = f"<B>{inside}</B>" if bold else inside
    attribute = f' COLOR="{colour}"' if colour else ""
    return f'<FONT POINT-SIZE="{size}"{attribute}>{inside}</FONT>'


def _clean(text: str, longest: int) -> str:
    """Without the characters that XML does not have, and cut."""
    text = NOT_XML.sub("�", text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
