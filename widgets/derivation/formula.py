r"""Read a formula that a person typed: text in, syntax tree out, nothing is ever executed.

The language is what a student writes without being taught it: PyTorch and NumPy syntax
(`x.T @ (y - t)`, `z.sum(0)`, `torch.exp(x)`), plain mathematics (`6y/4`, `y^2`, `y²`, `Wᵀ @ v`,
`∂z/∂y = 6y`, `|x|`), a little LaTeX (`\frac{1}{2} X^T (p - t)`), and what a tensor prints.
`parse` gives a tree of `Node`s; `evaluate` gives the tree its meaning, one whitelisted operation at
a time. What can be meant in two ways (`a·b`) is read in each: see `meanings`.

Everything here is bounded (`MAX_TEXT`, `MAX_DEPTH`, `MAX_NODES`), so an absurd formula is refused
in milliseconds. The method is Pratt's operator precedence ("Top down operator precedence", 1973).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from .meanings import meanings
from .parser import Parser
from .precedence import CONSTANTS
from .tree import Formula, FormulaError
from .unknown import unknown_name

MAX_TEXT = 4_000  # characters


_SPELLED = (
    (re.compile(r"#.*"), ""),  # a comment
    (re.compile("`"), ""),
    (re.compile(r"\^\s*\{\s*\\math(?:sf|rm|bf|tt)\s*\{?\s*T\s*\}?\s*\}"), "^T"),
    (re.compile(r"\\[dt]?frac\s*([0-9A-Za-z])\s*([0-9A-Za-z])"), r"(\1)/(\2)"),
)


def _plain(text: str) -> str:
    """Without what says nothing, and in the plainer of two spellings; every place stays where it
    is.
    """
    for spelling, plain in _SPELLED:
        text = spelling.sub(lambda found: found.expand(plain).ljust(len(found[0])), text)  # noqa: B023
    return text


def parse(text: str, names: Iterable[str] = (), beside: Iterable[str] = ()) -> Formula:
    """Read `text`, in which the tensors `names` may occur, and those `beside`, less talked about.

    Raises FormulaError, with the place, for anything that is not a formula.
    """
    if len(text) > MAX_TEXT:
        reason = f"This has {len(text):,} characters; a formula may have {MAX_TEXT:,}."
        raise FormulaError(reason, text)
    if not text.strip():
        raise FormulaError("There is nothing to read yet: type a formula.", text)
    if text.strip() == "None":
        raise FormulaError("Not answered yet: type a formula.", text)
    listed = dict.fromkeys(unicodedata.normalize("NFKC", name) for name in names)
    known = listed | dict.fromkeys(unicodedata.normalize("NFKC", name) for name in beside)
    start = _right_hand_side(text)
    parser = Parser(" " * start + _plain(text[start:]), known)
    parser.text = text
    tree = parser.expression()
    if parser.token.kind != "end":
        token = parser.token
        for comma in re.finditer(r"(?<![\w.])(\d+),(\d+)(?![\w.,])", text):
            if comma.end(1) == token.at:
                point = f"{comma[1]}.{comma[2]}"
                reason = f"Write decimals with a point: {point}."
                raise parser.error(reason, comma.start(), comma.end())
        closed = token.text in (")", "]", "}")
        why = "closes a bracket that was never opened" if closed else "was not expected here"
        raise parser.error(f"`{token.text}` {why}.", token.at, token.end)
    for node in tree.walk():
        if node.kind == "name" and node.value not in known and node.value not in CONSTANTS:
            raise unknown_name(node, text, listed)
    return meanings(Formula(text, tree, tuple(parser.notes)))


def _right_hand_side(text: str) -> int:
    """Where the formula starts: after the `=` of `∂z/∂y = 6y`, if there is one outside brackets."""
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        pair = text[at - 1 : at + 1] in ("==", "<=", ">=", "!=") or text[at : at + 2] == "=="
        if char == "=" and depth == 0 and not pair:
            start = at + 1
    return start
