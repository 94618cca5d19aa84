"""How large the box of a node must be for its texts.

The texts are set in a monospaced font, so their width follows from their length on any machine.
The front end (static/stepper/node.js) and the still picture use the same numbers.
"""

from __future__ import annotations

from typing import Any

from ..numbers import brief, shape_text

ADVANCE = 0.61  # width of a character of the usual monospaced fonts, in font sizes
NAME, TEXT, SMALL = 17, 14, 13  # font sizes in px
PADDING = 12
WIDEST, NARROWEST = 256, 120
LONGEST = 14  # characters of a gradient before it becomes a range
LONGEST_VALUE, LONGEST_CONSTANT = 20, 10
SLACK = 6  # px for what is rounded
HEAD, SLOT = 54, 28  # px: the lines with name and value; the gradient's line


def size(data: dict[str, Any], node: dict[str, Any]) -> tuple[int, int]:
    """Width and height of a node's box, in px."""
    value = node["value"]
    first = len(node["label"]) * NAME + PADDING / ADVANCE
    if node["kind"] == "operation":
        first += (len(node["expression"]) + 3) * SMALL
    second = 0.0
    if value is not None:
        second = (len(value_text(node)) + 1 + len(shape_of(value))) * TEXT
    third = (len(slot_label(data, node)) + 1 + _longest_gradient(data, node)) * TEXT
    widest = max(first, second, third if node["requires_grad"] else 0)
    width = ADVANCE * widest + 2 * PADDING + SLACK
    height = HEAD + (SLOT if node["requires_grad"] else 0)
    return round(min(max(width, NARROWEST), WIDEST)), height


def shape_of(value: dict[str, Any]) -> str:
    """The shape as it is shown, unless it is not to be."""
    return "" if value.get("shape_hidden") else shape_text(value)


def value_text(node: dict[str, Any]) -> str:
    """A node's value in its box. Constants are the quiet ones: they show few numbers, or none."""
    if node["value"] is None or not node["value"].keys() & {"values", "min"}:
        return ""  # it was not kept, or only its shape is shown
    text = brief(node["value"], LONGEST_VALUE)
    return "" if node["kind"] == "constant" and len(text) > LONGEST_CONSTANT else text


def slot_label(data: dict[str, Any], node: dict[str, Any]) -> str:
    """What the gradient's line of a node is called: `x.grad`, or `∂out/∂y` for an inner node."""
    if node["is_leaf"] or node["retains_grad"]:
        return f"{node['label']}.grad"
    output = next(n["label"] for n in data["nodes"] if n["id"] == data["output"])
    return f"∂{output}/∂{node['label']}"


def _longest_gradient(data: dict[str, Any], node: dict[str, Any]) -> int:
    texts = [
        brief(step["incoming"], LONGEST) for step in data["backward"] if step["node"] == node["id"]
    ]
    if node.get("reached") is False:
        return len("not reached")
    passed = 0 if node["is_leaf"] else len("passed")
    return max([passed, *(len(text) + 2 for text in texts)])  # "← 4.5" when it arrives at a leaf
