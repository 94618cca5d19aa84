"""How large the box of a node must be for its texts.

The texts are set in a monospaced font, so their width follows from their length on any machine.
The front end (static/stepper/node.js) and the still picture use the same numbers.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..numbers import brief, shape_text

ADVANCE = 0.61  # width of a character of the usual monospaced fonts, in font sizes
NAME, TEXT, SMALL = 17, 14, 13  # font sizes in px
PADDING = 12
WIDEST, NARROWEST = 256, 120
FEW, WIDEST_OF_FEW = 6, 380  # a picture of so few boxes has room for wider ones
LONGEST = 14  # characters of a gradient before it becomes a range
LONGEST_VALUE, LONGEST_CONSTANT = 20, 10
SHORT_NAME = 8  # characters of a name that its gradient's line repeats
SLACK = 6  # px for what is rounded
HEAD, SLOT = 54, 28  # px: the lines with name and value; the gradient's line
LOCKS = 22  # px: the line of what is saved, and for each its padlock and the gap to the next
LOCK_WIDTH, LOCK_GAP, LOCK_NAME = 16, 10, 10


def sizes(data: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Node id → width and height of its box, in px."""
    output = output_label(data)
    longest: dict[str, int] = {}
    arriving = Counter(p["to"] for step in data["backward"] for p in step.get("products") or ())
    for step in data["backward"]:
        length = len(brief(step["incoming"], LONGEST)) + 2  # "← 4.5" when it arrives at a leaf
        length += len(" + …") if arriving[step["node"]] > 1 else 0
        longest[step["node"]] = max(length, longest.get(step["node"], 0))
    most = WIDEST_OF_FEW if len(data["nodes"]) <= FEW else WIDEST
    return {n["id"]: _size(n, output, longest.get(n["id"], 0), most) for n in data["nodes"]}


def output_label(data: dict[str, Any]) -> str:
    """What the tensor is called that backward starts from."""
    return str(next(node["label"] for node in data["nodes"] if node["id"] == data["output"]))


def _size(node: dict[str, Any], output: str, gradient: int, most: int) -> tuple[int, int]:
    value = node["value"]
    first = len(node["label"]) * NAME + PADDING / ADVANCE
    if node["kind"] == "operation":
        first += (len(node["expression"]) + 3) * SMALL
    second = 0.0
    if value is not None:
        second = (len(value_text(node)) + 1 + len(shape_of(value))) * TEXT
    passed = len("None") if keeps(node) else len("passed")
    if node.get("reached") is False:
        passed = len("not reached")
    third = (len(slot_label(output, node)) + 1 + max(passed, gradient)) * TEXT
    widest = max(first, second, third if node["requires_grad"] else 0)
    width = max(ADVANCE * widest, locks_width(node)) + 2 * PADDING + SLACK
    height = HEAD + (LOCKS if node["saved"] else 0) + (SLOT if node["requires_grad"] else 0)
    return round(min(max(width, NARROWEST), most)), height


def locks_width(node: dict[str, Any]) -> float:
    """The width of the line of padlocks, `y v0  w v0`."""
    texts = set()
    for item in node["saved"]:
        was = " freed" if item["version"] is None else f" v{item['version']}"
        texts.add(item["label"][:LOCK_NAME] + was + (f"≠v{item['now']}" if "now" in item else ""))
    wide = sum(len(text) * SMALL * ADVANCE + LOCK_WIDTH + LOCK_GAP for text in texts)
    return max(0.0, wide - LOCK_GAP)


def shape_of(value: dict[str, Any]) -> str:
    """The shape as it is shown, unless it is not to be."""
    return "" if value.get("shape_hidden") else shape_text(value)


def value_text(node: dict[str, Any]) -> str:
    """A node's value in its box. Constants are the quiet ones: they show few numbers, or none."""
    if node["value"] is None or not node["value"].keys() & {"values", "min"}:
        return ""  # it was not kept, or only its shape is shown
    text = brief(node["value"], LONGEST_VALUE)
    return "" if node["kind"] == "constant" and len(text) > LONGEST_CONSTANT else text


def slot_label(output: str, node: dict[str, Any]) -> str:
    """What the gradient's line of a node is called: `x.grad`, or `∂out/∂y` for an inner node."""
    if keeps(node):
        return f"{node['label']}.grad" if len(node["label"]) <= SHORT_NAME else ".grad"
    return f"∂{output}/∂{node['label']}"


def keeps(node: dict[str, Any]) -> bool:
    """Has it a `.grad` of its own?"""
    return bool(node["is_leaf"] or node["retains_grad"])
