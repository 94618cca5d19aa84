"""What can be meant in two ways on paper: `a·b`, `|x|`, `max(x, 0)`. Each way is tried.

The parser marks such a place with a value of its own; `meanings` lists the formulas without
marks, the likeliest first. An answer is right if one of them is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from .tree import Formula, Node

PRODUCT = "·"  # a product whose kind is not said: entry by entry, or of matrices
MEANINGS = {
    PRODUCT: ("*", "@"),
    "|…|": ("abs", "norm"),
    "max?": ("maximum", "max"),  # max(x, 0): PyTorch's axis, or the larger one of two
    "min?": ("minimum", "min"),
}
NOTES = {
    "@": "A product without a sign, or with a dot, is read as @ here.",
    "norm": "`|…|` is read as the norm here.",
    "max": "The second argument of max is read as an axis.",
    "min": "The second argument of min is read as an axis.",
}
MOST = 16  # trees that are tried


def meanings(formula: Formula) -> Formula:
    """The formula with the likeliest meaning of every mark, and at most `MOST - 1` others."""
    tree = formula.tree
    marks = [MEANINGS[node.value] for node in tree.walk() if node.value in MEANINGS]
    found = []
    for choice in itertools.islice(itertools.product(*marks), MOST):
        notes = [NOTES[c] for c in dict.fromkeys(choice) if c in NOTES]
        notes = [*formula.notes, *notes]
        found.append(Formula(formula.text, _chosen(tree, iter(choice)), tuple(notes)))
    return replace(found[0], others=tuple(found[1:]))


def _chosen(node: Node, choice: Iterator[str]) -> Node:
    """The tree with its marks, in the order of `walk`, replaced by the choices."""
    value = next(choice) if node.value in MEANINGS else node.value
    children = tuple(_chosen(child, choice) for child in node.children)
    return replace(node, value=value, children=children)
