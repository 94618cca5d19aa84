"""What a formula is once it has been read: a tree of nodes that know their place in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


class FormulaError(ValueError):
    """A formula that cannot be read or computed.

    `reason` says what is wrong and what to do, in a sentence; `text[at:end]` is where. `absurd`: it
    is nothing that a derivative could be.
    """

    absurd = False

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
    """A formula that has been read: its text, its tree, and what was remarked on the way.

    others: what else it can mean (see `meanings`), likelier ones first.
    """

    text: str
    tree: Node
    notes: tuple[str, ...] = ()
    others: tuple[Formula, ...] = ()
