"""All formulas that are one slip away from a given one: a sign, a transpose, an exponent, a name.

A wrong formula whose neighbour is right tells what went wrong *and where*. Each variant carries the
name of the slip and the piece of the formula in which it was undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .tree import Node

MATRIX_PRODUCTS = {"matmul", "mm", "mv", "dot", "bmm", "inner"}
_CONFUSED = (
    ("sin", "cos", "tan"), ("sinh", "cosh", "tanh"), ("sigmoid", "tanh", "softplus", "exp"),
    ("relu", "step", "sign", "abs"), ("log", "exp", "reciprocal", "sqrt"), ("square", "sqrt"),
    ("softmax", "sigmoid"), ("maximum", "minimum"), ("amax", "amin"), ("max", "min"),
)  # fmt: skip


@dataclass(frozen=True)
class Variant:
    """A neighbour of a formula: the slip that leads from it to the formula, and where that is."""

    slip: str
    tree: Node
    place: Node


def put(tree: Node, place: Node, new: Node) -> Node:
    """The tree with the node `place` (that very object) replaced by `new`."""
    if tree is place:
        return new
    children = tuple(put(child, place, new) for child in tree.children)
    if all(a is b for a, b in zip(children, tree.children)):
        return tree
    return replace(tree, children=children)


def _op(value: str, *children: Node, like: Node) -> Node:
    return Node("op", value, children, like.at, like.end)


def _number(value: float, like: Node) -> Node:
    return Node("number", value, (), like.at, like.end)


def _transposed(node: Node) -> Node:
    """node.T, without ever writing .T twice."""
    if is_transposed(node):
        return node.children[0]
    return Node("attribute", "T", (node,), node.at, node.end)


def is_transposed(node: Node) -> bool:
    """Is it written `….T`, or `transpose(…)`?"""
    if node.kind == "attribute" and node.value in ("T", "mT"):
        return True
    return node.kind == "call" and node.value in ("t", "transpose") and len(node.children) >= 1


def normalised(node: Node) -> Node:
    """matmul(a, b) as a @ b, pow(a, b) as a ** b: one spelling less to think about."""
    children = tuple(normalised(child) for child in node.children)
    if node.kind == "call" and len(children) == 2:
        if node.value in MATRIX_PRODUCTS:
            return _op("@", *children, like=node)
        operators = {
            "pow": "**",
            "power": "**",
            "mul": "*",
            "multiply": "*",
            "sub": "-",
            "add": "+",
        }
        if node.value in operators:
            return _op(operators[node.value], *children, like=node)
    return replace(node, children=children)


def variants(
    tree: Node, values: Mapping[str, np.ndarray], kinds: tuple[Slips, ...]
) -> Iterator[Variant]:
    """The neighbours of `tree`, likely slips first. `values` are the tensors that it may name."""
    nodes = list(tree.walk())
    for generate in kinds:
        for node in nodes:
            for slip, new in generate(node, values):
                yield Variant(slip, put(tree, node, new), node)


def _matrix_products(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    slip, other = "transposed operand", "element-wise against matrix product"
    if node.kind == "op" and node.value in ("@", "*"):
        a, b = node.children
        if "number" in (a.kind, b.kind):
            return
        pairs = [(a, _transposed(b)), (_transposed(a), b), (_transposed(a), _transposed(b))]
        pairs += [(b, a), (_transposed(b), a), (b, _transposed(a))]
        for left, right in pairs:
            if node.value == "@":
                yield slip, _op("@", left, right, like=node)
        if node.value == "*":
            for left, right in [(a, b), *pairs]:
                yield other, _op("@", left, right, like=node)
            for pair in ((a, b), (b, a)):
                yield other, Node("call", "outer", pair, node.at, node.end)
        else:
            for pair in ((a, b), (b, a)):
                yield other, Node("call", "outer", pair, node.at, node.end)
            yield other, _op("*", a, b, like=node)
            for left, right in ((a, _transposed(b)), (_transposed(a), b)):
                yield other, _op("*", left, right, like=node)
    elif node.kind == "call" and node.value == "outer" and len(node.children) == 2:
        yield slip, replace(node, children=node.children[::-1])
        yield other, _op("*", *node.children, like=node)


def _transposes(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    slip = "transposed operand"
    if is_transposed(node) or (node.kind == "name" and np.ndim(values.get(node.value, 0.0)) == 2):
        yield slip, _transposed(node)


def _powers(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind == "op" and node.value == "**":
        base, exponent = node.children
        sign = 1.0
        if exponent.kind == "op" and exponent.value == "neg":
            sign, exponent = -1.0, exponent.children[0]
        if exponent.kind == "number":
            power = sign * exponent.value
            for other in (
                power - 1,
                power + 1,
                power - 0.5,
                power + 0.5,
                power - 2,
                power + 2,
                -power,
            ):
                yield "wrong power", _op("**", base, _number(other, exponent), like=node)
    elif node.kind in ("name", "call") and node.value not in ("sum", "mean", "numel", "size"):
        for power in (2.0, 3.0, 0.5, 0.0):
            yield "wrong power", _op("**", node, _number(power, node), like=node)
        yield "upside down", _op("**", node, _number(-1.0, node), like=node)


def _signs(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind == "op" and node.value in ("+", "-"):
        a, b = node.children
        yield "sign", replace(node, value="-" if node.value == "+" else "+")
        yield "sign", _op(node.value, _op("neg", a, like=a), b, like=node)
    elif node.kind == "op" and node.value == "neg":
        yield "sign", node.children[0]
    elif node.kind in ("name", "number"):
        yield "sign", _op("neg", node, like=node)


def _conditions(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind == "op" and node.value in ("<", ">", "<=", ">="):
        flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}[node.value]
        yield "wrong condition", replace(node, value=flipped)


def _functions(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind != "call":
        return
    for group in _CONFUSED:
        if node.value in group:
            for other in group:
                if other != node.value:
                    yield "wrong function", replace(node, value=other)


def _sums(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind != "call":
        return
    if node.value in ("sum", "mean"):
        other = "mean" if node.value == "sum" else "sum"
        yield "sum against mean", replace(node, value=other)
        keep = Node("keyword", "keepdim", (_number(1.0, node),), node.at, node.end)
        for axis in (0.0, 1.0, -1.0):
            children = (node.children[0], _number(axis, node))
            yield "wrong axis", replace(node, children=children)
            yield "wrong axis", replace(node, children=(*children, keep))
    elif len(node.children) > 1 and node.value in ("softmax", "log_softmax", "cumsum", "logsumexp"):
        for axis in (0.0, 1.0):
            along = (node.children[0], _number(axis, node), *node.children[2:])
            yield "wrong axis", replace(node, children=along)


def _without_sum(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind == "call" and node.value in ("sum", "mean"):
        yield "extra sum", node.children[0]


def _names(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind != "name" or node.value not in values:
        return
    for other, value in values.items():
        if other != node.value and np.shape(value) == np.shape(values[node.value]):
            yield "wrong tensor", replace(node, value=other)


def _factors(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind == "number" or (node.kind == "op" and node.value in ("+", "-", "neg")):
        return
    for name in values:
        other = Node("name", name, (), node.at, node.end)
        yield "missing factor", _op("*", node, other, like=node)
        for inner in _inner_derivatives(other):
            yield "missing inner derivative", _op("*", node, inner, like=node)
    if (node.kind == "op" and node.value == "**") or node.kind == "name":
        for count in (2.0, 3.0, 4.0, 1 / 2, 1 / 3, 1 / 4):
            yield "wrong number", _op("*", _number(count, node), node, like=node)


def _inner_derivatives(value: Node) -> Iterator[Node]:
    """The derivatives of tanh, sigmoid and relu, by what these gave."""
    one, zero = _number(1.0, value), _number(0.0, value)
    square = _op("*", value, value, like=value)
    yield _op("-", one, square, like=value)
    yield _op("*", value, _op("-", one, value, like=value), like=value)
    yield _op(">", value, zero, like=value)


def _terms(node: Node, values: Mapping[str, np.ndarray]) -> Iterator[tuple[str, Node]]:
    if node.kind == "op" and node.value in ("+", "-"):
        yield "extra term", node.children[0]
        if node.value == "+":
            yield "extra term", node.children[1]
    elif node.kind == "op" and node.value in ("*", "/"):
        yield "upside down", replace(node, value="/" if node.value == "*" else "*")
        if node.value == "/":
            yield "upside down", replace(node, children=node.children[::-1])
    elif node.kind == "number":
        for step in (1.0, -1.0):
            yield "wrong number", _number(node.value + step, node)
        for factor in (2.0, 0.5):
            yield "wrong number", _number(node.value * factor, node)
    elif node.kind == "name":
        yield "missing term", _op("-", _number(1.0, node), node, like=node)
        shape = np.shape(values.get(node.value, 0.0))
        for name, value in values.items():
            if name != node.value and node.value in values and np.shape(value) == shape:
                other = Node("name", name, (), node.at, node.end)
                for sign in "-+":
                    yield "missing term", _op(sign, node, other, like=node)
        for axis in range(-1, len(shape)) if shape else ():
            keep = Node("keyword", "keepdim", (_number(1.0, node),), node.at, node.end)
            over = () if axis < 0 else (_number(float(axis), node), keep)
            mean = Node("call", "mean", (node, *over), node.at, node.end)
            yield "missing term", _op("-", node, mean, like=node)


Slips = Callable[[Node, Mapping[str, np.ndarray]], Iterator[tuple[str, Node]]]
PRODUCTS: tuple[Slips, ...] = (_matrix_products,)
CONDITIONS: tuple[Slips, ...] = (_conditions,)
POWERS: tuple[Slips, ...] = (_powers,)
SUMS: tuple[Slips, ...] = (_sums,)
ALL: tuple[Slips, ...] = (
    _powers, _signs, _functions, _sums, _without_sum, _transposes, _factors, _names, _terms,
)  # fmt: skip
