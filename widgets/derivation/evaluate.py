"""What a formula's tree means: float64 NumPy arrays, one whitelisted operation at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import numpy as np

from .formula import CONSTANTS
from .functions import FUNCTIONS, Budget, matmul, shown, transpose, whole
from .tree import Formula, FormulaError, Node

_OPERATORS: dict[str, Any] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power,
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
    "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
_KEYWORDS = {
    "axis": "dim",
    "keepdims": "keepdim",
    "a_min": "min",
    "a_max": "max",
    "ddof": "correction",
}


def evaluate(formula: Formula | Node, values: Mapping[str, Any], text: str = "") -> np.ndarray:
    """The formula's value, a float64 array, where the tensors have these values.

    Divisions by zero and logarithms of negative numbers give inf and nan, as in NumPy, silently.
    Raises FormulaError, with the place, for shapes that do not fit and for absurd amounts of work.
    """
    tree, text = (formula.tree, formula.text) if isinstance(formula, Formula) else (formula, text)
    arrays = {
        unicodedata.normalize("NFKC", name): np.asarray(value, dtype=np.float64)
        for name, value in values.items()
    }
    with np.errstate(all="ignore"):
        result = _Evaluation(arrays, text).value(tree)
    if isinstance(result, tuple):
        result = result[0] if len(result) == 1 else np.array(result, dtype=np.float64)
    return np.asarray(result, dtype=np.float64)


class _Evaluation:
    def __init__(self, values: Mapping[str, np.ndarray], text: str) -> None:
        self.values, self.text, self.budget = values, text, Budget()

    def value(self, node: Node) -> Any:
        try:
            return getattr(self, "_" + node.kind)(node)
        except FormulaError:
            raise
        except RecursionError:
            raise FormulaError("This formula is nested too deeply.", self.text, node.at) from None
        except (ValueError, TypeError, IndexError, OverflowError, MemoryError) as problem:
            piece = self.text[node.at : node.end]
            piece = f"In `{piece}`: " if piece and len(piece) <= 60 else ""
            reason = f"{piece}{_friendly(problem)}."
            raise FormulaError(reason, self.text, node.at, node.end) from None

    def _number(self, node: Node) -> np.ndarray:
        return np.asarray(node.value, dtype=np.float64)

    def _none(self, node: Node) -> Any:
        return Ellipsis if node.value == "..." else None

    def _name(self, node: Node) -> np.ndarray:
        if node.value in self.values:
            return self.values[node.value]
        return np.asarray(CONSTANTS[node.value])

    def _op(self, node: Node) -> Any:
        operands = [self.array(child) for child in node.children]
        if node.value == "neg":
            return -operands[0]
        left, right = operands
        if node.value == "@":
            return matmul(self.budget, left, right)
        try:
            shape = np.broadcast_shapes(left.shape, right.shape)
        except ValueError:
            raise ValueError(
                f"shapes {shown(left)} and {shown(right)} do not fit together"
            ) from None
        self.budget.spend(*shape)
        return np.asarray(_OPERATORS[node.value](left, right), dtype=np.float64)

    def array(self, node: Node) -> np.ndarray:
        """A child that has to be an array: a shape used in a sum, say, is refused."""
        value = self.value(node)
        if value is None or value is Ellipsis:
            raise TypeError("None cannot be computed with")
        return np.asarray(value, dtype=np.float64)

    def _tuple(self, node: Node) -> tuple[Any, ...]:
        return tuple(self.value(child) for child in node.children)

    def _array(self, node: Node) -> np.ndarray:
        rows = [self.array(child) for child in node.children]
        if len({row.shape for row in rows}) > 1:
            raise ValueError("the rows of this matrix have different lengths")
        self.budget.spend(sum(row.size for row in rows))
        return np.array(rows, dtype=np.float64)

    def _attribute(self, node: Node) -> Any:
        value = self.array(node.children[0])
        if node.value in ("T", "mT", "H"):
            return transpose(self.budget, value)
        if node.value == "ndim":
            return float(value.ndim)
        # `x.size` alone is NumPy's number of entries.
        return value.shape if node.value == "shape" else float(value.size)

    def _index(self, node: Node) -> Any:
        target = self.value(node.children[0])
        index = tuple(self.subscript(child) for child in node.children[1:])
        if isinstance(target, tuple):
            return target[index[0]]
        result = np.asarray(target)[index]
        self.budget.spend(result.size)
        return result

    def subscript(self, node: Node) -> Any:
        if node.kind == "slice":
            bounds = [self.value(child) for child in node.children]
            return slice(*(None if b is None else whole(b) for b in bounds or [None]))
        if node.kind == "array":
            return [whole(self.value(child)) for child in node.children]
        value = self.value(node)
        if value is None or value is Ellipsis:
            return value
        return whole(value) if np.ndim(value) == 0 else np.asarray(value) != 0

    def _call(self, node: Node) -> Any:
        function, positional, named = FUNCTIONS[node.value], [], {}
        for child in node.children:
            if child.kind == "keyword":
                named[_KEYWORDS.get(child.value, child.value)] = self.value(child.children[0])
            elif child.kind in ("tuple", "none"):
                positional.append(self.value(child))
            else:
                value = self.value(child)
                is_shape = isinstance(value, tuple)
                positional.append(value if is_shape else np.asarray(value, dtype=np.float64))
        named.pop("dtype", None)
        named.pop("requires_grad", None)
        return function(self.budget, *positional, **named)

    def _slice(self, node: Node) -> Any:
        raise ValueError("a slice stands only inside square brackets after a tensor")

    _keyword = _slice


def _friendly(problem: BaseException) -> str:
    """NumPy's and Python's words for a mistake, in a student's."""
    message = str(problem)
    if isinstance(problem, TypeError):
        if "positional argument" in message or "unexpected keyword" in message:
            return "this function was given too few or too many arguments"
        return message if message and "(" not in message else "this cannot be computed"
    if isinstance(problem, IndexError) or "out of bounds" in message:
        return "the tensor has no such axis or entry"
    if "reshape" in message:
        return "the numbers do not fill that shape"
    if "broadcast" in message:
        return "the shapes do not fit together"
    return message.rstrip(".") or "this cannot be computed"
