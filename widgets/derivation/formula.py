"""Read a formula that a person typed: text in, syntax tree out, nothing is ever executed.

The language is what a student writes without being taught it: PyTorch and NumPy syntax
(``x.T @ (y - t)``, ``z.sum(0)``, ``torch.exp(x)``) and plain mathematics (``6y/4``, ``y^2``, ``y²``,
``Wᵀ @ v``, ``∂z/∂y = 6y``). `parse` gives a tree of `Node`s; `widgets.derivation.evaluate` gives the
tree its meaning, one whitelisted operation at a time.

Everything here is bounded (`MAX_TEXT`, `MAX_DEPTH`, `MAX_NODES`), so an absurd formula is refused in
milliseconds. The method is Pratt's operator precedence ("Top down operator precedence", 1973).
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

MAX_TEXT = 4_000  # characters
MAX_DEPTH = 60  # brackets, signs and powers inside one another
MAX_NODES = 1_500
MAX_HEIGHT = 150  # of the tree: also the longest sum or product written without brackets


class FormulaError(ValueError):
    """A formula that cannot be read or computed.

    `reason` says what is wrong and what to do, in a sentence; `text[at:end]` is where.
    """

    def __init__(self, reason: str, text: str = "", at: int = 0, end: int | None = None) -> None:
        self.reason, self.text, self.at = reason, text, at
        self.end = at + 1 if end is None else end
        super().__init__(self._with_caret())

    def _with_caret(self) -> str:
        if not self.text or len(self.text) > 200 or "\n" in self.text:
            return self.reason
        return f"{self.reason}\n    {self.text}\n    {' ' * self.at}^"


@dataclass(frozen=True)
class Node:
    """One piece of a formula; `at` and `end` say where it stands in the text.

    kind and value:
        number  a float          name   the name            op     + - * / ** @ neg < <= > >= == !=
        call    function name    keyword  argument name     attribute  T, shape, …
        index   None             slice  None                array, tuple  None
        none    None             (an omitted bound of a slice, `None`, or `...` with value "...")
    """

    kind: str
    value: Any = None
    children: tuple[Node, ...] = ()
    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    height: int = field(default=0, compare=False)

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, outermost first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


@dataclass(frozen=True)
class Formula:
    """A formula that has been read: its text, its tree, and what was remarked on the way."""

    text: str
    tree: Node
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Token:
    kind: str  # number, name, op, end
    text: str
    at: int
    end: int
    spaced: bool  # white space before it


# What people type for an operator that is on no keyboard (or on theirs).
_SPELLINGS = {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "⊙": "*"}
_SPELLINGS |= {"∘": "*", "≤": "<=", "≥": ">=", "≠": "!=", "′": "'"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TOKEN = re.compile(
    r"(?P<number>(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)"
    r"|(?P<power>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<op>\*\*|<=|>=|==|!=|\.\.\.|[-+*/^@()\[\]{},.:=<>ᵀ⊤−–×·⋅∗÷⊙∘≤≥≠])"
    r"|(?P<name>[^\W\d]((?![⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ])[\w\u0300-\u036f\u20d0-\u20ff])*)"
)
_ADVICE = {
    "∂": "type only the right-hand side, without the ∂",
    "∑": "write sum(…) instead",
    "√": "write sqrt(…) instead",
    "|": "write abs(…) instead of bars",
    "'": "quotes and primes have no meaning here",
    '"': "quotes have no meaning here",
    "%": "there is no % in a formula here",
    "&": "multiply 0/1 conditions instead: (x > 0) * (x < 1)",
    "!": "there is no factorial here",
    "∇": "type the derivative itself, not its name",
}


def _tokens(text: str) -> list[_Token]:
    tokens, at, spaced = [], 0, False
    while at < len(text):
        if text[at].isspace():
            at, spaced = at + 1, True
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            char = text[at]
            advice = _ADVICE.get(char, "use names, numbers, + - * / ** @, brackets and functions")
            raise FormulaError(f"`{char}` cannot be read here: {advice}.", text, at)
        kind, word = str(match.lastgroup), match.group()
        if kind == "op":
            word = _SPELLINGS.get(word, word)
        elif kind == "name":
            word = unicodedata.normalize("NFKC", word)
        tokens.append(_Token(kind, word, at, match.end(), spaced))
        at, spaced = match.end(), False
    tokens.append(_Token("end", "", len(text), len(text), spaced))
    return tokens


# Binding powers. ** binds its left side tighter than a sign and groups to the right, as in Python.
_COMPARE, _SUM, _PRODUCT, _SIGN, _POWER = 10, 20, 30, 40, 50
_BINARY = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "@": _PRODUCT}
_BINARY |= dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _COMPARE)
_OPEN = {"(": ")", "[": "]", "{": "}"}
CONSTANTS = {"e": math.e, "pi": math.pi, "π": math.pi, "inf": math.inf}
MODULES = {"torch", "np", "numpy", "math", "F", "nn", "functional", "minigrad", "linalg", "special"}
_ATTRIBUTES = {"T", "mT", "H", "shape", "ndim", "size"}


class _Parser:
    def __init__(self, text: str, names: frozenset[str], functions: frozenset[str]) -> None:
        self.text, self.names, self.functions = text, names, functions
        self.tokens = _tokens(text)
        self.position = self.depth = self.count = 0
        self.notes: dict[str, None] = {}

    # --- small helpers -------------------------------------------------------------------------

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def next(self) -> _Token:
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

    def expect(self, closing: str, opened: _Token) -> _Token:
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

    def bracket(self, opened: _Token) -> Node:
        items, closed = self.items(opened)
        if len(items) == 1 and self.tokens[self.position - 2].text != ",":
            return replace(items[0], at=opened.at, end=closed.end)
        return self.node("tuple", None, *items, at=opened.at, end=closed.end)

    def items(self, opened: _Token, item: Any = None) -> tuple[list[Node], _Token]:
        """What stands between brackets, separated by commas, and the closing bracket."""
        closing, items = _OPEN[opened.text], []
        while not self.at(closing):
            items.append((item or self.expression)())
            if not self.at(","):
                break
            self.next()
        return items, self.expect(closing, opened)

    def name(self, token: _Token) -> Node:
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
            value = float(token.text.translate(_SUPERSCRIPTS))
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
        if binding == _COMPARE and left.kind == "op" and left.value in _BINARY:
            if _BINARY[left.value] == _COMPARE and self.text[left.at] != "(":
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
            reason = (
                f"`{self.text[left.at : token.end]}` can be read in two ways: write a * and brackets,"
                f" so that it is clear what is {'under the line' if left.value == '/' else 'raised'}."
            )
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
        reason = f"`.{token.text}` cannot be used here; `.T`, `.shape` and methods such as `.sum(0)` can."
        raise self.error(reason, token.at, token.end)

    def index(self) -> Node:
        """One subscript: a number, a slice, None or `...`."""
        start = self.token
        if self.at("..."):
            self.next()
            return self.node("none", "...", at=start.at, end=start.end)
        bounds, colons = [], 0
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


def _near(word: str, known: frozenset[str]) -> str:
    match = difflib.get_close_matches(word, sorted(known), 1, 0.7)
    return f"; perhaps you meant `{match[0]}`" if match else ""


def unknown_name(
    node: Node, text: str, names: frozenset[str], functions: frozenset[str], what: str = "tensor"
) -> FormulaError:
    """The error for a name that is neither a tensor nor, where a bracket follows, a function."""
    if what == "function":
        reason = f"There is no function called `{node.value}` here{_near(node.value, functions)}."
    elif node.value in functions:
        reason = f"`{node.value}` is a function: put what it is applied to in brackets after it."
    else:
        listed = ", ".join(sorted(names, key=lambda name: (len(name) > 1, name))[:30]) or "none"
        reason = f"There is no tensor called `{node.value}` here; the names are {listed}."
    return FormulaError(reason, text, node.at, node.end)


def parse(text: str, names: Any = (), functions: Any = None) -> Formula:
    """Read `text`, in which the tensors `names` may occur.

    Raises FormulaError, with the place, for anything that is not a formula. `functions` (the names
    that may be called) is the table of `widgets.derivation.functions` unless given.
    """
    if functions is None:
        from .functions import FUNCTIONS as functions
    if len(text) > MAX_TEXT:
        reason = f"This has {len(text):,} characters; a formula may have {MAX_TEXT:,}."
        raise FormulaError(reason, text)
    if not text.strip():
        raise FormulaError("There is nothing to read yet: type a formula.", text)
    known = frozenset(unicodedata.normalize("NFKC", name) for name in names)
    start = _right_hand_side(text)
    parser = _Parser(" " * start + text[start:], known, frozenset(functions))
    parser.text = text
    tree = parser.expression()
    if parser.token.kind != "end":
        token = parser.token
        closed = token.text in (")", "]", "}")
        why = "closes a bracket that was never opened" if closed else "was not expected here"
        raise parser.error(f"`{token.text}` {why}.", token.at, token.end)
    for node in tree.walk():
        if node.kind == "name" and node.value not in known and node.value not in CONSTANTS:
            raise unknown_name(node, text, known, frozenset(functions))
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
