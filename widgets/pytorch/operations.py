"""Which row of minigrad's table of operations a node of PyTorch's belongs to.

The formula of a derivative, and how its operation is written, stand there once. PyTorch's nodes
have the same names, inputs in the same order and saved tensors of the same names.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from minigrad.ops import joining
from minigrad.ops.operation import Operation
from minigrad.ops.operation_node import OperationNode
from minigrad.ops.saved_attributes import PYTORCH_NAME

LISTS = {"CatBackward0": joining._cat, "StackBackward0": joining._stack}
"""Operations on a list of tensors: a row for each length."""

FACTORS = {"alpha": 1, "beta": 1}
"""Factors that a plain sum or product has as well; a row without them means these values."""


def short(name: str) -> str:
    """A node's name without its C++ namespace."""
    return name.rpartition(":")[2]


def find(node: Any, arguments: Mapping[str, Any]) -> Operation | None:
    """The operation of a node; None if minigrad has none like it.

    arguments: those that the operation was called with, as far as they are known.
    """
    name, edges = short(node.name()), len(node.next_functions)
    if name in LISTS:
        return LISTS[name](edges)
    fitting = [row for row in _table().get(name, ()) if len(row.rules) == edges]
    if arguments.get("memory_format") is not None:
        fitting.sort(key=lambda row: "contiguous" not in row.shown)
    for row in fitting:
        if all(
            getattr(node, f"_saved_{factor}", usual) == usual or factor in row.options
            for factor, usual in FACTORS.items()
        ):
            return row
    return None


@functools.cache
def _table() -> dict[str, list[Operation]]:
    table: dict[str, list[Operation]] = {}
    for kind in _kinds(OperationNode):
        table.setdefault(kind.__name__, []).append(kind.operation)
    return table


def _kinds(base: Any) -> Iterator[Any]:
    for kind in base.__subclasses__():
        if "operation" in vars(kind):
            yield kind
        yield from _kinds(kind)


def named(name: str, count: int) -> Operation | None:
    """The operation of that name that takes so many arguments; rather of two tensors than of one
    and a number.
    """
    rows = (row for kind in _table().values() for row in kind)
    fitting = [row for row in rows if row.name == name and len(row.arguments) == count]
    return max(fitting, key=lambda row: len(row.inputs), default=None)


def name_of(func: Any) -> str:
    """What a call of PyTorch's is called: `linear`, `T`, `rsub` for `__rsub__`."""
    name = getattr(func, "__name__", str(func))
    if name == "__get__":
        name = getattr(getattr(func, "__self__", None), "__name__", name)
    return str(name).strip("_")


def attribute(need: str) -> str:
    """What PyTorch calls the attribute of a node for `need`: `_saved_self_sym_sizes`."""
    return "_saved_" + PYTORCH_NAME.sub(r"_sym_\1", need)


def called(name: str) -> str:
    """A name for an operation that is not in the table: `convolution` for ConvolutionBackward0."""
    words, backward, _ = name.partition("Backward")
    if not backward:
        return name
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in words).lstrip("_")
