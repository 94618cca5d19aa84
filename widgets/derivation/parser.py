"""A formula's tokens made into a tree, by Pratt's operator precedence.

The method is from "Top down operator precedence" (V. Pratt, 1973): every operator has a binding
power, `expression` reads as far as the powers allow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .functions import FUNCTIONS
from .meanings import PRODUCT
from .paper import Paper
from .precedence import (
    ATTRIBUTES,
    BARS,
    BINARY,
    CASTS,
    COMPARE,
    CONSTANTS,
    IGNORED,
    LOGICAL,
    MODULES,
    OPEN,
    POWER,
    SIGN,
    TIMES,
    WORDS,
)  # fmt: skip
from .reader import MAX_DEPTH
from .tokens import SUPERSCRIPTS, Token
from .tree import Node
from .unknown import near, unknown_name


class Parser(Paper):
    """Reads one text, in which the tensors `names` may occur."""

    # --- expressions ---------------------------------------------------------------------------

    def expression(self, power: int = 0) -> Node:
        """Read as far as the binding powers allow."""
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
        """How tightly what comes next binds; 0 ends the expression."""
        token = self.token
        if token.kind == "op":
            if token.text == "[" and left.kind == "number":
                return TIMES  # 1[x > 0]
            if token.text in ("**", "^", "ᵀ", "⊤", ".", "["):
                return POWER
            opens = (token.text in OPEN and token.text != "[") or token.text in ("√", "frac")
            return TIMES if opens else BINARY.get(token.text, 0)
        if token.kind == "power":
            return POWER
        if token.kind == "name" and token.text in WORDS:
            return WORDS[token.text]
        if token.kind == "name" and token.text == "else":
            return 0
        return TIMES if token.kind in ("number", "name") else 0

    def prefix(self) -> Node:
        """Read what an expression can begin with."""
        token = self.next()
        if token.kind == "number":
            return self.node("number", float(token.text), at=token.at, end=token.end)
        if token.kind == "name":
            return self.name(token)
        if token.text in ("-", "+"):
            operand = self.expression(SIGN)
            if token.text == "+":
                return operand
            return self.node("op", "neg", operand, at=token.at, end=operand.end)
        if token.text in ("√", "~"):
            operand = self.expression(POWER if token.text == "√" else COMPARE)
            function = "sqrt" if token.text == "√" else "logical_not"
            return self.node("call", function, operand, at=token.at, end=operand.end)
        if token.text in BARS:
            inside = self.expression()
            ended = self.expect(OPEN[token.text], token)
            return self.node("call", BARS[token.text], inside, at=token.at, end=ended.end)
        if token.text == "frac":
            above, below = self.bracket(self.brace()), self.bracket(self.brace())
            return self.node("op", "/", above, below, at=token.at, end=below.end)
        if token.text in ("(", "{"):
            return self.bracket(token)
        if token.text == "[":
            items, closed = self.items(token)
            return self.node("array", None, *items, at=token.at, end=closed.end)
        if token.kind == "end":
            raise self.error("Something is missing at the end of the formula.", token.at)
        reason = f"`{token.text}` was not expected here; is something missing before it?"
        raise self.error(reason, token.at, token.end)

    def brace(self) -> Token:
        """The `{` of LaTeX's groups."""
        if not self.at("{"):
            raise self.error("\\frac takes two groups: \\frac{1}{2}.", self.token.at)
        return self.next()

    def bracket(self, opened: Token) -> Node:
        """Read what is in brackets: an expression, or a tuple."""
        items, closed = self.items(opened)
        if len(items) == 1 and self.tokens[self.position - 2].text != ",":
            return replace(items[0], at=opened.at, end=closed.end)
        return self.node("tuple", None, *items, at=opened.at, end=closed.end)

    def items(self, opened: Token, item: Any = None) -> tuple[list[Node], Token]:
        """What stands between brackets, separated by commas, and the closing bracket."""
        closing, items = OPEN[opened.text], []
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
            value = None if word == "None" else float(word == "True")
            return self.node("none" if value is None else "number", value, at=token.at, end=end)
        while self.at(".") and self.peek().kind == "name":
            dotted = f"{word}.{self.peek().text}"
            is_prefix = any(name == dotted or name.startswith(dotted + ".") for name in self.names)
            if not is_prefix and (word in self.names or word not in MODULES):
                break
            self.next()
            last = self.next()
            word, end = (dotted if is_prefix else last.text), last.end
        if word in self.names or word in CONSTANTS:
            return self.node("name", word, at=token.at, end=end)
        if word not in FUNCTIONS:
            node = self.node("name", word, at=token.at, end=end)
            if self.at("("):
                raise unknown_name(node, self.text, self.names, "function")
            return node
        if self.at("(") or (self.at("{") and self.text[token.at] == "\\"):
            prefixed = end - token.at > len(token.text)
            if word in ("max", "min") and not prefixed:
                call = self.call(word, token.at, end)
                is_pair = [child.kind != "keyword" for child in call.children] == [True, True]
                return replace(call, value=word + "?") if is_pair else call
            # NumPy's size(x) is a count; the method x.size() is PyTorch's, and a shape.
            return self.call("numel" if word == "size" else word, token.at, end)
        return self.powered(word, token, end) or self.bare(word, token, end)

    def call(self, function: str, at: int, end: int, *receiver: Node) -> Node:
        """Read the arguments of a function."""
        if function in CASTS:
            return self.cast(receiver, at)
        arguments, closed = self.items(self.next(), self.argument)
        arguments = [argument for argument in arguments if argument.value not in IGNORED]
        return self.node("call", function, *receiver, *arguments, at=at, end=closed.end)

    def cast(self, receiver: tuple[Node, ...], at: int) -> Node:
        """`.to(torch.float32)`: everything is float64 here, whatever it is turned into."""
        self.next()
        while not self.at(")"):
            token = self.next()
            if token.kind != "name" and token.text != ".":
                raise self.error("Leave this out: numbers are float64 here.", token.at, token.end)
        end = self.next().end
        return self.node("call", "double", *receiver, at=at, end=end)

    def argument(self) -> Node:
        """Read one argument, with or without its name."""
        if self.token.kind == "subscripts":
            token = self.next()
            return self.node("subscripts", token.text, at=token.at, end=token.end)
        if self.token.kind == "name" and self.peek().text == "=":
            key = self.next()
            self.next()
            if key.text in IGNORED:
                while self.token.kind == "name" or self.at("."):
                    self.next()
                return self.node("none", key.text, at=key.at, end=key.end)
            value = self.expression()
            return self.node("keyword", key.text, value, at=key.at, end=value.end)
        return self.expression()

    # --- what can follow an expression ------------------------------------------------------------

    def infix(self, left: Node, binding: int) -> Node:
        """Read what follows `left`."""
        token = self.token
        if token.kind == "name" and token.text in WORDS:
            return self.word(left, binding)
        if token.kind in ("number", "name") or (binding == TIMES and token.text not in BINARY):
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
            if end := self.transposed():
                return self.node("attribute", "T", left, at=left.at, end=end)
            if token.text == "^":
                self.notes["`^` is read as a power; in Python that is `**`."] = None
            right = self.expression(POWER - 1)
            return self.node("op", "**", left, right, at=left.at, end=right.end)
        right = self.expression(binding)
        if token.text in LOGICAL:
            function = LOGICAL[token.text]
            return self.node("call", function, left, right, at=left.at, end=right.end)
        if binding == COMPARE and self.compared(left):
            return self.between(left, token, right)
        if token.text == PRODUCT:
            return self.product(left, right)
        return self.node("op", token.text, left, right, at=left.at, end=right.end)

    def after_dot(self, left: Node) -> Node:
        """Read a method or an attribute."""
        token = self.next()
        if token.kind == "name" and self.at("("):
            if token.text in FUNCTIONS or token.text in CASTS:
                return self.call(token.text, left.at, token.end, left)
            known = near(token.text)
            reason = f"There is no method called `{token.text}` here{known}."
            raise self.error(reason, token.at, token.end)
        if token.kind == "name" and token.text in ATTRIBUTES:
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
        bounds = [self.bound(start)]
        if not self.at(":"):
            return bounds[0]
        while self.at(":") and len(bounds) < 3:
            self.next()
            bounds.append(self.bound(start))
        return self.node("slice", None, *bounds, at=start.at, end=self.token.at)

    def bound(self, start: Token) -> Node:
        """One end of a slice, which may be left out."""
        if self.at(":", ",", "]"):
            return self.node("none", None, at=start.at, end=start.at)
        return self.expression()
