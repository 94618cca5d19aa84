"""What a formula's tree means: float64 NumPy arrays, one whitelisted operation at a time."""

from __future__ import annotations

import math
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .budget import NODE, Budget, TooMuch, shown, whole
from .functions import FUNCTIONS
from .matrices import matmul, transpose
from .precedence import CONSTANTS
from .tree import Formula, FormulaError, Node

_OPERATORS: dict[str, Any] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power,
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
    "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
_LISTS = {"cat", "concat", "concatenate", "stack", "hstack", "vstack", "flip"}
_TRUTHS = {"<", "<=", ">", ">=", "==", "!=", "gt", "ge", "lt", "le", "eq", "ne", "isfinite", "bool"}
_TRUTHS |= {"logical_and", "logical_or", "logical_not"}
_KEYWORDS = {
    "axis": "dim",
    "keepdims": "keepdim",
    "axes": "dims",
    "a_min": "min",
    "a_max": "max",
    "ddof": "correction",
    "num_classes": "classes",
}


def evaluate(
    formula: Formula | Node, values: Mapping[str, Any], budget: Budget | None = None
) -> np.ndarray:
    """The formula's value, a float64 array, where the tensors have these values.

    Divisions by zero and logarithms of negative numbers give inf and nan, as in NumPy, silently.
    Raises FormulaError, with the place, for shapes that do not fit and for absurd amounts of work:
    more than `budget` has left.
    """
    tree, text = (formula.tree, formula.text) if isinstance(formula, Formula) else (formula, "")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing
        return _Evaluation(values, text, budget or Budget()).whole(tree)


class _Evaluation:
    def __init__(self, values: Mapping[str, Any], text: str, budget: Budget) -> None:
        self.values, self.text, self.budget = values, text, budget

    def whole(self, tree: Node) -> np.ndarray:
        result = self.value(tree)
        if isinstance(result, tuple):
            result = result[0] if len(result) == 1 else self.rows(result, tree)
        if result is None or result is Ellipsis:
            raise FormulaError("This is no number.", self.text, tree.at, tree.end)
        return np.asarray(result, dtype=np.float64)

    def rows(self, parts: Sequence[Any], node: Node) -> np.ndarray:
        """Parts of one shape, one under another."""
        arrays = [self.real(part) for part in parts]
        if len({array.shape for array in arrays}) > 1:
            reason = "The rows of this matrix have different lengths."
            raise FormulaError(reason, self.text, node.at, node.end)
        self.budget.spend(sum(array.size for array in arrays))
        return np.array(arrays, dtype=np.float64)

    def real(self, value: Any) -> np.ndarray:
        if value is None or value is Ellipsis:
            raise TypeError("None cannot be computed with")
        return np.asarray(value, dtype=np.float64)

    def value(self, node: Node) -> Any:
        try:
            self.budget.take(NODE)
            return getattr(self, "_" + node.kind)(node)
        except FormulaError:
            raise
        except RecursionError:
            raise FormulaError("This formula is nested too deeply.", self.text, node.at) from None
        except (ValueError, TypeError, IndexError, OverflowError, MemoryError) as problem:
            piece = self.text[node.at : node.end]
            piece = f"In `{piece}`: " if piece and len(piece) <= 60 else ""
            reason = f"{piece}{_friendly(problem)}."
            error = FormulaError(reason, self.text, node.at, node.end)
            error.absurd = isinstance(problem, TooMuch)
            raise error from None

    def _number(self, node: Node) -> np.ndarray:
        return np.asarray(node.value, dtype=np.float64)

    def _none(self, node: Node) -> Any:
        return Ellipsis if node.value == "..." else None

    def _subscripts(self, node: Node) -> str:
        return node.value

    def named(self, word: str) -> Any:
        """A tensor's value as it is kept, truths and whole numbers included; None for no tensor."""
        if word not in self.values:
            same = (name for name in self.values if unicodedata.normalize("NFKC", name) == word)
            word = next(same, "")
        return self.values[word] if word else None

    def _name(self, node: Node) -> np.ndarray:
        found = self.named(node.value)
        return np.asarray(CONSTANTS[node.value] if found is None else found, dtype=np.float64)

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
        return self.real(self.value(node))

    def _tuple(self, node: Node) -> tuple[Any, ...]:
        return tuple(self.value(child) for child in node.children)

    def _array(self, node: Node) -> np.ndarray:
        return self.rows([self.value(child) for child in node.children], node)

    def _attribute(self, node: Node) -> Any:
        value = self.array(node.children[0])
        if node.value in ("T", "mT", "H", "mH"):
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
        arrays = [part for part in index if isinstance(part, np.ndarray) and part.dtype != bool]
        if arrays:  # the chosen entries, times the axes that are left: at most the longest ones
            chosen = math.prod(np.broadcast_shapes(*(part.shape for part in arrays)))
            left = sorted(np.shape(target), reverse=True)[: max(np.ndim(target) - len(arrays), 0)]
            self.budget.spend(chosen, *left)
        result = np.asarray(target)[index]
        self.budget.spend(result.size)
        return result

    def subscript(self, node: Node) -> Any:
        if node.kind == "slice":
            bounds = [self.value(child) for child in node.children]
            return slice(*(None if b is None else whole(b) for b in bounds or [None]))
        value = self.value(node)
        if value is None or value is Ellipsis:
            return value
        if np.ndim(value) == 0:
            return whole(value)
        kept = np.asarray(self.named(node.value)) if node.kind == "name" else np.zeros(())
        if kept.dtype == bool or (node.kind in ("op", "call") and node.value in _TRUTHS):
            return np.asarray(value) != 0
        entries = np.asarray(value, dtype=np.float64)
        if not np.all((entries == np.floor(entries)) & (np.abs(entries) < 1e9)):
            raise ValueError("only whole numbers say which entries are meant")
        return entries.astype(np.int64)

    def _call(self, node: Node) -> Any:
        function = FUNCTIONS[node.value]
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for child in node.children:
            if child.kind == "array" and node.value in _LISTS:
                positional.append(tuple(self.array(part) for part in child.children))
            elif child.kind == "keyword":
                named[_KEYWORDS.get(child.value, child.value)] = self.value(child.children[0])
            elif child.kind in ("tuple", "none", "subscripts"):
                positional.append(self.value(child))
            else:
                value = self.value(child)
                is_shape = isinstance(value, tuple)
                positional.append(value if is_shape else np.asarray(value, dtype=np.float64))
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
    if "broadcast" in message or "number of dimensions" in message:
        return "the shapes do not fit together"
    if "0-dimensional" in message or "size-1" in message:
        return "a single number is needed here"
    if "zero-size" in message or "empty sequence" in message:
        return "there is nothing in it"
    if "0-d array" in message:
        return "a list is needed here"
    return message.rstrip(".") or "this cannot be computed"
