"""Where a program failed: the operation, its operands, the axes that do not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Operand:
    """A tensor that a failing operation was given. axes: those that do not fit."""

    label: str
    shape: tuple[int, ...]
    dtype: str
    slot: str | None = None
    axes: list[int] = field(default_factory=list)

    def in_words(self) -> str:
        """`x (2×3, float32)`, with what does not fit in brackets: `x (2×[3], float32)`."""
        sizes = [f"[{n}]" if axis in self.axes else str(n) for axis, n in enumerate(self.shape)]
        return f"{self.label} ({'×'.join(sizes) or 'one number'}, {self.dtype})"


@dataclass
class Failure:
    """An operation, or one node of a backward pass, that raised.

    phase: "forward", "backward", or "program" if it was no operation that raised.
    at: the slot of the operation whose backward failed.
    """

    phase: str
    operation: str
    text: str
    operands: list[Operand] = field(default_factory=list)
    place: tuple[str, int] | None = None
    at: str | None = None

    def mark_axes(self) -> Failure:
        """Find the axes that do not fit, for an error that is about shapes. Returns itself."""
        if ABOUT_SHAPES.search(self.text) and len(self.operands) > 1:
            mismatched(self.operation, self.operands)
        return self

    def in_words(self) -> str:
        """What failed, with what, and why, for those who read or hear."""
        if self.phase == "program":
            return f"The program stopped. {self.text}"
        way = "The backward pass failed at" if self.phase == "backward" else "Failed:"
        given = ", ".join(operand.in_words() for operand in self.operands)
        return f"{way} {self.operation}{f' of {given}' if given else ''}. {self.text}"


ABOUT_SHAPES = re.compile(
    r"size|shape|broadcast|multipl|dimension|must match|mismatch|inconsistent|operand",
    re.IGNORECASE,
)
PRODUCTS = re.compile(r"^_{0,2}r?(matmul|mm|bmm|mv|dot|addmm|baddbmm|inner|vdot)")
JOINS = re.compile(r"^(cat|concat|concatenate|hstack|vstack)")


def mismatched(operation: str, operands: list[Operand]) -> None:
    """Mark the axes that do not fit in `operands`, by what the operation asks for."""
    name = operation.rsplit(".", 1)[-1].lower()
    if name.startswith("linear"):
        _differ(operands[0], -1, operands[1], -1)
    elif PRODUCTS.match(name):
        a, b = operands[-2:] if "add" in name else operands[:2]
        if min(len(a.shape), len(b.shape)) > 0:
            _differ(a, -1, b, -2 if len(b.shape) > 1 else -1)
            _broadcast([a, b], skip=2)
    elif JOINS.match(name):
        first = operands[0]
        for other in operands[1:]:
            if len(other.shape) == len(first.shape):
                wrong = [k for k, n in enumerate(first.shape) if n != other.shape[k]]
                for axis in wrong[1:] if len(wrong) > 1 else wrong:
                    _differ(first, axis, other, axis)
    else:
        _broadcast(operands)


def _differ(a: Operand, i: int, b: Operand, j: int) -> None:
    if a.shape[i] != b.shape[j]:
        for operand, axis in ((a, i), (b, j)):
            place = axis % len(operand.shape)
            if place not in operand.axes:
                operand.axes.append(place)


def _broadcast(operands: list[Operand], skip: int = 0) -> None:
    """Aligned at their last axes, sizes have to be equal or 1."""
    for k, a in enumerate(operands):
        for b in operands[k + 1 :]:
            for back in range(1 + skip, min(len(a.shape), len(b.shape)) + 1):
                if 1 not in (a.shape[-back], b.shape[-back]):
                    _differ(a, -back, b, -back)


def told(error: BaseException) -> str:
    """The error as a reader meets it: its kind and its text."""
    text = str(error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def dtype_name(dtype: Any) -> str:
    """`float32`, of a dtype of NumPy, minigrad or PyTorch."""
    return str(dtype).removeprefix("torch.")
