"""What mathematics leaves out or writes otherwise: `2x cos(x)`, `tanh²(x)`, `X^T`, `0 < x < 1`."""

from __future__ import annotations

from abc import ABC, abstractmethod

from .functions import ELEMENTWISE
from .meanings import PRODUCT
from .precedence import BINARY, COMPARE, CONSTANTS, IF, LOGICAL, OPEN, TIMES
from .reader import Reader
from .tokens import SUPERSCRIPTS, Token
from .tree import Node
from .unknown import unknown_name


class Paper(Reader, ABC):
    """The part of the parser that a programming language would not have."""

    @abstractmethod
    def expression(self, power: int = 0) -> Node:
        """See `Parser`."""

    @abstractmethod
    def prefix(self) -> Node:
        """See `Parser`."""

    @abstractmethod
    def call(self, function: str, at: int, end: int, *receiver: Node) -> Node:
        """See `Parser`."""

    def powered(self, word: str, token: Token, end: int) -> Node | None:
        """`tanh²(x)`, `sin^2(x)`: the power of what the function gives."""
        marked = 1 if self.token.kind == "power" else 2 if self.at("^", "**") else 0
        power = self.peek(marked - 1)
        is_power = power.kind in ("power", "number") and self.peek(marked).text == "("
        if not marked or not is_power:
            return None
        exponent = float(power.text.translate(SUPERSCRIPTS))
        if exponent < 0:
            raise self.error(
                f"`{word}` to the power of -1 can mean two things: write 1/{word}(…).", power.at
            )
        self.position += marked
        call = self.call(word, token.at, end)
        value = self.node("number", exponent, at=power.at, end=power.end)
        return self.node("op", "**", call, value, at=token.at, end=call.end)

    def bare(self, word: str, token: Token, end: int) -> Node:
        """`ln 2`, `cos u`: a function of one name or number, if nothing makes that doubtful."""
        node = self.node("name", word, at=token.at, end=end)
        after = self.peek()
        clear = after.kind == "end" or after.text in ("+", "-", "*", "·", "@", ",", *OPEN.values())
        number = self.token.kind == "number" or self.token.text in self.names
        if word in ELEMENTWISE and clear and number:
            return self.node("call", word, self.prefix(), at=token.at, end=after.at)
        return node

    def transposed(self) -> int:
        """`^T`, `^{T}`: where it ends, if that is what comes; else 0."""
        braced = self.at("{")
        letter, closing = self.peek(braced), self.peek(braced + 1)
        if letter.text not in ("T", "⊤", "ᵀ") or letter.text in self.names:
            return 0
        if braced and closing.text != "}":
            return 0
        self.position += 1 + 2 * braced
        return (closing if braced else letter).end

    def compared(self, left: Node) -> bool:
        """Is it a comparison without brackets?"""
        is_one = left.kind == "op" and BINARY.get(left.value) == COMPARE
        return is_one and self.text[left.at] != "("

    def between(self, left: Node, token: Token, right: Node) -> Node:
        """`0 < x < 1`, as two comparisons."""
        middle = left.children[1]
        self.count += sum(1 for _ in middle.walk())
        second = self.node("op", token.text, middle, right, at=middle.at, end=right.end)
        return self.node("op", "*", left, second, at=left.at, end=right.end)

    def word(self, left: Node, binding: int) -> Node:
        """`a if condition else b`, `and`, `or`."""
        token = self.next()
        right = self.expression(binding)
        if token.text != "if":
            function = LOGICAL[token.text]
            return self.node("call", function, left, right, at=left.at, end=right.end)
        if self.token.text != "else":
            raise self.error("An `if` in a formula needs an `else`: a if x > 0 else b.", token.at)
        self.next()
        other = self.expression(IF - 1)
        return self.node("call", "where", right, left, other, at=left.at, end=other.end)

    def implicit(self, left: Node) -> Node:
        """`6y`, `2(x + 1)`, `x cos(x)`: a product without a sign, where it can mean only that."""
        token = self.token
        last, apart = self.text[left.end - 1], token.at > left.end
        if "\n" in self.text[left.end : token.at]:
            raise self.error("Write one formula: here is a second line.", token.at, token.end)
        names = left.children[1:] if left.kind == "op" else (left,)
        for name in names:
            if name.kind == "name" and name.value not in self.names and name.value not in CONSTANTS:
                raise unknown_name(name, self.text, self.names)
        if token.kind == "number" and last not in ")]}":
            reason = "Two things stand side by side: put a * (or another sign) between them."
            raise self.error(reason, token.at, token.end)
        fraction = left.kind == "op" and left.value == "/" and apart
        fraction = fraction and all(
            child.kind == "number" or child.value == "neg" for child in left.children
        )
        power = left.kind == "op" and left.value == "**" and apart
        clear = last in ")]}²³⁴⁵⁶⁷⁸⁹⁰¹" or fraction or power
        if left.kind == "op" and left.value in ("/", "**") and not clear:
            tail = self.text[left.children[1].at : left.children[1].end] + token.text
            unclear = "is under the line" if left.value == "/" else "the power is"
            reason = f"`{self.text[left.at : token.end]}` can be read in two ways: "
            reason += f"write a * and brackets, so that it is clear what {unclear}."
            raise self.error(reason, left.children[1].at, left.children[1].at + len(tail))
        if left.kind == "name" and not apart:
            self.notes[f"`{left.value}(…)` is read as {left.value}*(…)."] = None
        right = self.expression(TIMES)
        if right.kind == "op" and right.value == "neg":
            raise self.error("Put a sign between these.", token.at)
        if token.text == "[" and len(right.children) == 1:
            right = right.children[0]  # 1[x > 0], where x > 0
        return self.product(left, right)

    def product(self, left: Node, right: Node) -> Node:
        """A product of either kind; with a number it can only be the one."""
        kind = "*" if "number" in (left.kind, right.kind) else PRODUCT
        return self.node("op", kind, left, right, at=left.at, end=right.end)
