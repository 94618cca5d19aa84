"""Read a formula that a person typed: text in, syntax tree out, nothing is ever executed.

The language is what a student writes without being taught it: PyTorch and NumPy syntax
(`x.T @ (y - t)`, `z.sum(0)`, `torch.exp(x)`) and plain mathematics (`6y/4`, `y^2`, `y²`, `Wᵀ @ v`,
`∂z/∂y = 6y`). `parse` gives a tree of `Node`s; `evaluate` gives the tree its meaning, one
whitelisted operation at a time.

Everything here is bounded (`MAX_TEXT`, `MAX_DEPTH`, `MAX_NODES`), so an absurd formula is refused
in milliseconds. The method is Pratt's operator precedence ("Top down operator precedence", 1973).
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from .functions import FUNCTIONS
from .tokens import SUPERSCRIPTS, Token, tokens
from .tree import Formula, FormulaError, Node

MAX_TEXT = 4_000  # characters
MAX_DEPTH = 60  # brackets, signs and powers inside one another
MAX_NODES = 1_500
MAX_HEIGHT = 150  # of the tree: also the longest sum or product written without brackets


# Binding powers. ** binds its left side tighter than a sign and groups to the right, as in Python.
_COMPARE, _SUM, _PRODUCT, _SIGN, _POWER = 10, 20, 30, 40, 50
_BINARY = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT}
_BINARY |= dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _COMPARE)
_OPEN = {"(": ")", "[": "]", "{": "}"}
CONSTANTS = {"e": math.e, "pi": math.pi, "π": math.pi, "inf": math.inf}
MODULES = {"torch", "np", "numpy", "math", "F", "nn", "functional", "minigrad", "linalg", "special"}
_ATTRIBUTES = {"T", "mT", "H", "shape", "ndim", "size"}


class _Parser:
    def __init__(self, text: str, names: Collection[str], functions: Collection[str]) -> None:
        self.text, self.names, self.functions = text, names, functions
        self.tokens = tokens(text)
        self.position = self.depth = self.count = 0
        self.notes: dict[str, None] = {}

    # --- small helpers -------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def next(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def at(self, *ops: str) -> bool:
        return self.token.kind == "op" and self.token.text in ops

    def error(self, reason: str, at: int, end: int | None = None) -> FormulaError:
        return FormulaError(reason, self.text, at, end)

    def node(self, kind: str, value: Any, *children: Node, at: int, end: int) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            raise self.error("This formula is too long to be a derivative; simplify it first.", at)
        height = 1 + max((child.height for child in children), default=0)
        if height > MAX_HEIGHT:
            raise self.error("This formula has too many terms; simplify it first.", at)
        return Node(kind, value, children, at, end, height)

    def expect(self, closing: str, opened: Token) -> Token:
        if not self.at(closing):
            if self.token.kind == "end":
                reason = f"The `{opened.text}` opened here is never closed: add a `{closing}`."
                raise self.error(reason, opened.at)
            reason = f"`{self.token.text}` was not expected here; is a `{closing}` or a * missing?"
            raise self.error(reason, self.token.at, self.token.end)
        return self.next()

    # --- expressions ---------------------------------------------------------------------------

    def expression(self, power: int = 0) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            reason = f"More than {MAX_DEPTH} brackets or powers inside one another: simplify it."
            raise self.error(reason, self.token.at)
        left = self.prefix()
        while (binding := self.binding(left)) > power:
            left = self.infix(left, binding)
        self.depth -= 1
        return left

    def binding(self, left: Node) -> int:
        token = self.token
        if token.kind == "op":
            if token.text in ("**", "^", "ᵀ", "⊤", ".", "["):
                return _POWER
            return _PRODUCT if token.text == "(" else _BINARY.get(token.text, 0)
        if token.kind == "power":
            return _POWER
        return _PRODUCT if token.kind in ("number", "name") else 0

    def prefix(self) -> Node:
        token = self.next()
        if token.kind == "number":
            return self.node("number", float(token.text), at=token.at, end=token.end)
        if token.kind == "name":
            return self.name(token)
        if token.text in ("-", "+"):
            operand = self.expression(_SIGN)
            if token.text == "+":
                return operand
            return self.node("op", "neg", operand, at=token.at, end=operand.end)
        if token.text in ("(", "{"):
            return self.bracket(token)
        if token.text == "[":
            items, end = self.items(token)
            return self.node("array", None, *items, at=token.at, end=end.end)
        if token.kind == "end":
            raise self.error("Something is missing at the end of the formula.", token.at)
        reason = f"`{token.text}` was not expected here; is something missing before it?"
        raise self.error(reason, token.at, token.end)

    def bracket(self, opened: Token) -> Node:
        items, closed = self.items(opened)
        if len(items) == 1 and self.tokens[self.position - 2].text != ",":
            return replace(items[0], at=opened.at, end=closed.end)
        return self.node("tuple", None, *items, at=opened.at, end=closed.end)

    def items(self, opened: Token, item: Any = None) -> tuple[list[Node], Token]:
        """What stands between brackets, separated by commas, and the closing bracket."""
        closing, items = _OPEN[opened.text], []
        while not self.at(closing):
            items.append((item or self.expression)())
            if not self.at(","):
                break
            self.next()
        return items, self.expect(closing, opened)

    def name(self, token: Token) -> Node:
        """A tensor, a function, or a dotted name: `x`, `exp(…)`, `torch.exp(…)`, `net.weight`."""
        word, end = token.text, token.end
        if word == "None" or word in ("True", "False"):
            kind, value = ("none", None) if word == "None" else ("number", float(word == "True"))
            return self.node(kind, value, at=token.at, end=end)
        while self.at(".") and self.tokens[self.position + 1].kind == "name":
            dotted = f"{word}.{self.tokens[self.position + 1].text}"
            is_prefix = any(name == dotted or name.startswith(dotted + ".") for name in self.names)
            if not is_prefix and (word in self.names or word not in MODULES):
                break
            self.next()
            last = self.next()
            word, end = (dotted if is_prefix else last.text), last.end
        if word not in self.names and word in self.functions and self.at("("):
            # NumPy's size(x) is a count; the method x.size() is PyTorch's, and a shape.
            return self.call("numel" if word == "size" else word, token.at, end)
        return self.node("name", word, at=token.at, end=end)

    def call(self, function: str, at: int, end: int, *receiver: Node) -> Node:
        arguments, closed = self.items(self.next(), self.argument)
        return self.node("call", function, *receiver, *arguments, at=at, end=closed.end)

    def argument(self) -> Node:
        if self.token.kind == "name" and self.tokens[self.position + 1].text == "=":
            key = self.next()
            self.next()
            value = self.expression()
            return self.node("keyword", key.text, value, at=key.at, end=value.end)
        return self.expression()

    # --- what can follow an expression ------------------------------------------------------------

    def infix(self, left: Node, binding: int) -> Node:
        token = self.token
        if token.kind in ("number", "name") or token.text == "(":
            return self.implicit(left)
        self.next()
        if token.kind == "power":
            value = float(token.text.translate(SUPERSCRIPTS))
            exponent = self.node("number", value, at=token.at, end=token.end)
            return self.node("op", "**", left, exponent, at=left.at, end=token.end)
        if token.text in ("ᵀ", "⊤"):
            return self.node("attribute", "T", left, at=left.at, end=token.end)
        if token.text == ".":
            return self.after_dot(left)
        if token.text == "[":
            items, closed = self.items(token, self.index)
            return self.node("index", None, left, *items, at=left.at, end=closed.end)
        if token.text in ("**", "^"):
            if token.text == "^":
                self.notes["`^` is read as a power; in Python that is `**`."] = None
            right = self.expression(_POWER - 1)
            return self.node("op", "**", left, right, at=left.at, end=right.end)
        right = self.expression(binding)
        compared = left.kind == "op" and _BINARY.get(left.value) == _COMPARE
        if binding == _COMPARE and compared and self.text[left.at] != "(":
            reason = "Compare two things at a time: (0 < x) * (x < 1)."
            raise self.error(reason, token.at, token.end)
        return self.node("op", token.text, left, right, at=left.at, end=right.end)

    def implicit(self, left: Node) -> Node:
        """`6y`, `2(x + 1)`, `(a)(b)`: a product without a sign, where it can mean only that."""
        token = self.token
        last = self.text[left.end - 1]
        if token.kind == "number":
            reason = "Two things stand side by side: put a * (or another sign) between them."
            raise self.error(reason, token.at, token.end)
        if left.kind == "name" and left.value not in self.names:
            what = "function" if token.text == "(" else "tensor"
            raise unknown_name(left, self.text, self.names, self.functions, what)
        if token.kind == "name" and not (last.isdigit() or last in ")]}." or left.kind == "number"):
            reason = f"Put a * between `{self.text[left.at : left.end]}` and `{token.text}`."
            raise self.error(reason, token.at, token.end)
        if left.kind == "op" and left.value in ("/", "**") and last not in ")]²³⁴⁵⁶⁷⁸⁹⁰¹":
            tail = self.text[left.children[1].at : left.children[1].end] + token.text
            unclear = "is under the line" if left.value == "/" else "the power is"
            reason = f"`{self.text[left.at : token.end]}` can be read in two ways: "
            reason += f"write a * and brackets, so that it is clear what {unclear}."
            raise self.error(reason, left.children[1].at, left.children[1].at + len(tail))
        if left.kind == "name":
            self.notes[f"`{left.value}(…)` is read as {left.value}*(…)."] = None
        right = self.expression(_PRODUCT)
        if right.kind == "op" and right.value == "neg":
            raise self.error("Put a sign between these.", token.at)
        return self.node("op", "*", left, right, at=left.at, end=right.end)

    def after_dot(self, left: Node) -> Node:
        token = self.next()
        if token.kind == "name" and self.at("("):
            if token.text in self.functions:
                return self.call(token.text, left.at, token.end, left)
            known = _near(token.text, self.functions)
            reason = f"There is no method called `{token.text}` here{known}."
            raise self.error(reason, token.at, token.end)
        if token.kind == "name" and token.text in _ATTRIBUTES:
            return self.node("attribute", token.text, left, at=left.at, end=token.end)
        if token.text in ("grad", "data"):
            reason = (
                f"`.{token.text}` would give the answer away: write it with the tensors' names."
            )
            raise self.error(reason, token.at, token.end)
        reason = f"`.{token.text}` cannot be used here; `.T`, `.shape` and `.sum(0)`, say, can."
        raise self.error(reason, token.at, token.end)

    def index(self) -> Node:
        """One subscript: a number, a slice, None or `...`."""
        start = self.token
        if self.at("..."):
            self.next()
            return self.node("none", "...", at=start.at, end=start.end)
        bounds: list[Node] = []
        colons = 0
        while not self.at(",", "]"):
            if self.at(":"):
                self.next()
                colons += 1
                if len(bounds) < colons:
                    bounds.append(self.node("none", None, at=start.at, end=start.at))
            else:
                bounds.append(self.expression())
                if not self.at(":", ",", "]"):
                    break
        if colons == 0 and len(bounds) == 1:
            return bounds[0]
        return self.node("slice", None, *bounds, at=start.at, end=self.token.at)


def _near(word: str, known: Iterable[str]) -> str:
    lower = word if word in known else word.lower()
    match = difflib.get_close_matches(lower, sorted(known), 1, 0.7)
    return f"; perhaps you meant `{match[0]}`" if match else ""


def unknown_name(
    node: Node, text: str, names: Collection[str], functions: Collection[str], what: str = "tensor"
) -> FormulaError:
    """The error for a name that is neither a tensor nor, where a bracket follows, a function."""
    if what == "function":
        reason = f"There is no function called `{node.value}` here{_near(node.value, functions)}."
    elif node.value in functions:
        reason = f"`{node.value}` is a function: put what it is applied to in brackets after it."
    elif same := [name for name in names if name.casefold() == str(node.value).casefold()]:
        reason = f"There is no tensor called `{node.value}` here; perhaps you meant `{same[0]}`."
    else:
        listed = ", ".join(list(names)[:30]) or "none"
        reason = f"There is no tensor called `{node.value}` here; the names are {listed}."
    return FormulaError(reason, text, node.at, node.end)


def parse(text: str, names: Iterable[str] = ()) -> Formula:
    """Read `text`, in which the tensors `names` may occur.

    Raises FormulaError, with the place, for anything that is not a formula.
    """
    if len(text) > MAX_TEXT:
        reason = f"This has {len(text):,} characters; a formula may have {MAX_TEXT:,}."
        raise FormulaError(reason, text)
    if not text.strip():
        raise FormulaError("There is nothing to read yet: type a formula.", text)
    if text.strip() == "None":
        raise FormulaError("Not answered yet: type a formula.", text)
    known = dict.fromkeys(unicodedata.normalize("NFKC", name) for name in names)
    start = _right_hand_side(text)
    parser = _Parser(" " * start + text[start:], known, FUNCTIONS)
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
            raise unknown_name(node, text, known, FUNCTIONS)
    return Formula(text, tree, tuple(parser.notes))


def _right_hand_side(text: str) -> int:
    """Where the formula starts: after the `=` of `∂z/∂y = 6y`, if there is one outside brackets."""
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        pair = text[at - 1 : at + 1] in ("==", "<=", ">=", "!=") or text[at : at + 2] == "=="
        if char == "=" and depth == 0 and not pair:
            start = at + 1
    return start
