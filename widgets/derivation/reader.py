"""The tokens of a formula, one after another, and the nodes made of them: all bounded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from .functions import FUNCTIONS
from .precedence import CONSTANTS
from .tokens import Token, tokens
from .tree import FormulaError, Node

MAX_DEPTH = 60  # brackets, signs and powers inside one another
MAX_NODES = 1_500
MAX_HEIGHT = 150  # of the tree: also the longest sum or product written without brackets


def _letter_by_letter(found: Sequence[Token], names: Collection[str]) -> Iterator[Token]:
    """`Xw` on paper is the product of X and w, if there are such tensors and none of that name."""
    for k, token in enumerate(found):
        word = token.text
        calls = k + 1 < len(found) and found[k + 1].text in "(."
        product = token.kind == "name" and 1 < len(word) < 4 and not calls
        if (
            product
            and word not in names
            and word not in FUNCTIONS
            and word not in CONSTANTS
            and set(word) <= set(names)
        ):
            for at, letter in enumerate(word, token.at):
                yield Token("name", letter, at, at + 1)
        else:
            yield token


class Reader:
    """Where in one text the reading is; the tensors `names` may occur there."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text, self.names = text, names
        self.tokens = list(_letter_by_letter(tokens(text), names))
        self.position = self.depth = self.count = 0
        self.notes: dict[str, None] = {}

    # --- small helpers -------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.position]

    def peek(self, count: int = 1) -> Token:
        """A token further on."""
        return self.tokens[min(self.position + count, len(self.tokens) - 1)]

    def next(self) -> Token:
        """Take a token."""
        token = self.token
        self.position += 1
        return token

    def at(self, *ops: str) -> bool:
        """Is one of these operators next?"""
        return self.token.kind == "op" and self.token.text in ops

    def error(self, reason: str, at: int, end: int | None = None) -> FormulaError:
        """An error with its place."""
        return FormulaError(reason, self.text, at, end)

    def node(self, kind: str, value: Any, *children: Node, at: int, end: int) -> Node:
        """A node; raises for a formula that has too many."""
        self.count += 1
        if self.count > MAX_NODES:
            raise self.error("This formula is too long to be a derivative; simplify it first.", at)
        height = 1 + max((child.height for child in children), default=0)
        if height > MAX_HEIGHT:
            raise self.error("This formula has too many terms; simplify it first.", at)
        return Node(kind, value, children, at, end, height)

    def expect(self, closing: str, opened: Token) -> Token:
        """Take the closing bracket; raises where it is missing."""
        if not self.at(closing):
            if self.token.kind == "end":
                reason = f"The `{opened.text}` opened here is never closed: add a `{closing}`."
                raise self.error(reason, opened.at)
            reason = f"`{self.token.text}` was not expected here; is a `{closing}` or a * missing?"
            raise self.error(reason, self.token.at, self.token.end)
        return self.next()
