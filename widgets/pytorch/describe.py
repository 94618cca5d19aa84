"""One node of PyTorch's in the words of minigrad's table of operations."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
import torch

from minigrad.ops.saved_attributes import TENSORS
from minigrad.recording import place, source_line
from minigrad.trace import names as naming
from minigrad.trace.record import part_overwritten
from minigrad.trace.source import Described, Saved
from minigrad.written import written

from . import operations, saved
from . import recording as records
from .recording import Constant, Edge, Record
from .tensors import array

FUNCTION = torch.autograd.function.FunctionCtx
"""What nodes of a user's `Function` are instances of."""


class Unknown:
    """An argument that nothing tells."""

    def __repr__(self) -> str:
        return "?"


UNKNOWN = Unknown()


class Node:
    """A node, what is known of it, and its names.

    names: of its edges, in order. inputs: name → edge, tensor or number; None: not known.
    """

    def __init__(self, node: Any) -> None:
        self.node = node
        self.record = records.kept(node)
        self.custom = isinstance(node, FUNCTION)
        self.given = {} if self.record is None else _spread(self.record.arguments)
        self.operation = operations.find(node, self.given)
        self.saved = list(saved.all_tensors(node))
        self.kept = self._kept()
        self.names = self._names()
        edges = zip(self.names, node.next_functions, strict=True)
        self.edges = {name: edge for name, edge in edges if edge[0] is not None}
        self.inputs = self._inputs()
        self.shape = tuple(node._input_metadata[0].shape)

    def _kept(self) -> dict[str, Any]:
        """What the operation's derivatives need and this node tells, by the names in the table."""
        found = {}
        operation = self.operation
        attributes = set(dir(self.node))
        for need in (*operation.saving, *operation.options) if operation is not None else ():
            name = operations.attribute(need)
            if name not in attributes or need.startswith("result"):
                continue
            value = saved.kept(self.node, name)
            if value is not None or f"_raw{name}" not in attributes:  # a tensor may be hidden
                number = isinstance(value, torch.Tensor) and saved.is_number(value)
                found[need] = value.item() if number else _signed(value)
        return found

    def _names(self) -> list[str]:
        count = len(self.node.next_functions)
        if self.operation is not None:
            return [name for name in self.operation.inputs if name in self.operation.rules]
        if self.custom:
            names = [name for name, value in self.given.items() if _is_tensor(value)]
        elif self.record is None or self.record.operation is None:
            names = []
        else:
            names = _tensor_arguments(self.record, self.given)
        return names if len(names) == count else list(self._found(names))

    def _found(self, names: list[str]) -> Iterator[str]:
        """Which of the arguments each edge leads to; `input0`, … for what is none of them."""
        for k, (node, slot) in enumerate(self.node.next_functions):
            leaf = getattr(node, "variable", None)
            fitting = (
                name
                for name in names
                if (value := self.given[name]) is leaf
                or (isinstance(value, Edge) and value.node is node and value.output_nr == slot)
            )
            name = next(fitting, None) if node is not None else None
            if name is not None:
                names = [other for other in names if other != name]
            yield name or f"input{k}"

    def _inputs(self) -> dict[str, Any]:
        if self.operation is not None:
            names, known = self.operation.inputs, {**self.kept, **self.given}
        else:
            names = tuple(self.given if self.custom and self.given else self.names)
            known = self.given
        return {name: self.edges.get(name, known.get(name)) for name in names}

    def options(self) -> dict[str, Any]:
        """The operation's further arguments, as minigrad has them."""
        if self.operation is None:
            nothing = self.custom or self.record is None or self.record.operation is None
            return {} if nothing else self._others()
        known = {**self.kept, **self.given}
        absent = UNKNOWN if self.record is None else None
        return {
            name: self._option(name, known.get(name, absent)) for name in self.operation.options
        }

    def _settings(self) -> dict[str, Any]:
        """What was set besides, as titles say it."""
        found = {}
        for name in self.operation.settings if self.operation is not None else ():
            if name in self.given:
                found[name] = _as_data(self.given[name])
            elif hasattr(self.node, f"_saved_{name}"):
                found[name] = _signed(getattr(self.node, f"_saved_{name}"))
        return found

    def _others(self) -> dict[str, Any]:
        """Of an operation that is not in the table: what it was given besides its inputs."""
        assert self.record is not None
        usual = {a.name: a.default_value for a in self.record.operation._schema.arguments}
        return {
            name: _as_data(value)
            for name, value in self.given.items()
            if name not in self.inputs
            and not isinstance(value, (Edge, torch.Tensor))
            and value != usual.get(name)
        }

    def _option(self, name: str, value: Any) -> Any:
        value = array(value) if isinstance(value, torch.Tensor) else _as_data(value)
        if self.operation is not None and self.operation.name == "slice" and name != "step":
            return self._bound(name, value)
        if name == "correction" and value is None:
            return 1
        if name == "count":  # of the entries that each mean is of
            return prod(self._input_shape()) // max(prod(self.shape), 1)
        if name == "dim" and value is None:
            return tuple(range(len(self._input_shape())))
        if value is UNKNOWN and name == "size":
            return self.shape
        if value is UNKNOWN and name == "dtype":
            return self.node._input_metadata[0].dtype
        if name.startswith("dim") and isinstance(value, int):
            return self._axis(value)
        if isinstance(value, tuple) and value and name.startswith("dim"):
            return tuple(self._axis(v) if isinstance(v, int) else v for v in value)
        if isinstance(value, tuple) and any(type(v) is int and v == -1 for v in value):
            return self.shape  # of a view: -1 was worked out
        return value

    def _bound(self, name: str, value: Any) -> Any:
        """The start or the end of a slice, or its axis; as in minigrad they count from 0."""
        axis = self._axis(self.given.get("dim", self.kept.get("dim", 0)))
        if name == "dim":
            return axis
        size = self._input_shape()[axis]
        if name == "end" and value in (None, sys.maxsize):
            return written(size, sys.maxsize)  # to the end, however long it is
        if value is None:
            return 0
        return (
            min(max(value + size if value < 0 else value, 0), size) if type(value) is int else value
        )

    def _axis(self, dim: int) -> int:
        """An axis counted from the front."""
        return dim if dim >= 0 else dim + max(len(self._input_shape()), len(self.shape))

    def _input_shape(self) -> tuple[int, ...]:
        edge = next(iter(self.edges.values()))
        return tuple(edge[0]._input_metadata[edge[1]].shape)

    def described(self, value: np.ndarray | None) -> Described:
        """All that a recorder asks. value: what it computed, if it was not recorded."""
        node, operation, record = self.node, self.operation, self.record
        name = operations.short(node.name())
        called = operations.called(name)
        if self.custom:
            called = type(node).__name__.removesuffix("Backward")
        elif operation is not None:
            called = operation.name
        shown = None if operation is None else naming.settled(operation.shown, self._settings())
        if record is not None and record.operation is None:
            shown = part_overwritten(self.names[0], node.next_functions[0][0])
        wanted = None
        if operation is not None:
            wanted = [
                n
                for n in operation.saving
                if n in self.inputs or n in TENSORS or n.startswith("result")
            ]
        return Described(
            operation=called,
            grad_fn=name,
            inputs=self.inputs,
            options=self.options(),
            shown=shown,
            call=f"{called}.apply" if self.custom and self.given else called,
            latex={} if operation is None else operation.latex,
            kept={need: _as_data(value) for need, value in self.kept.items()},
            value=value if record is None else array(record.value),
            source=source(record),
            saved=[
                one._replace(tensor=self._source(one))
                for one in saved.listed(node, self._saved(), wanted)
                if one.own or self._source(one) is not None
            ],
            further=()
            if record is None
            else tuple(None if one is None else array(one) for one in record.further),
            overwritten={}
            if record is None
            else {name: (array(held), by) for name, (held, by) in record.overwritten.items()},
            packed=saved.packed(node),
            held={} if record is None else self._held(record),
        )

    def _held(self, record: Record) -> dict[str, np.ndarray]:
        """What the arguments that no operation computed had in them."""
        constants = {n: v.held for n, v in self.given.items() if isinstance(v, Constant)}
        return {name: array(value) for name, value in (constants | record.held).items()}

    def _source(self, one: Saved) -> Any:
        """The edge by which something saved came, or itself; None for a number that was freed."""
        known = self.edges.get(one.name, one.tensor)
        given = self.inputs.get(one.name) if known is None else known
        return given if _is_tensor(given) or isinstance(given, tuple) else None

    def _saved(self) -> list[tuple[str, Any, int]]:
        """The saved tensors, without numbers in disguise."""
        plain = {name for name, value in self.kept.items() if not isinstance(value, torch.Tensor)}
        return [one for one in self.saved if one[0] not in plain]


def source(record: Record | None) -> dict[str, Any] | None:
    """Where an operation was written."""
    if record is None:
        return None
    return {
        "where": place(record.file, record.line),
        "line": record.line,
        "text": source_line(record.file, record.line),
    }


def _signed(value: Any) -> Any:
    """PyTorch shows a saved -1 as the unsigned number of the same bits."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_signed, value))
    return value - (1 << 64) if type(value) is int and value >= 1 << 63 else value


def _is_tensor(value: Any) -> bool:
    return isinstance(value, (torch.Tensor, Constant, Edge))


def _as_data(value: Any) -> Any:
    """An option as minigrad has it: tensors among others as arrays, lists as tuples."""
    if isinstance(value, Constant):
        return array(value.held)
    if isinstance(value, (list, tuple)) and not isinstance(value, Edge):
        return tuple(array(v) if isinstance(v, torch.Tensor) else _as_data(v) for v in value)
    return value


def _spread(given: dict[str, Any]) -> dict[str, Any]:
    """Arguments by name; a list of tensors as `tensor0`, `tensor1`, …"""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name == "tensors" and isinstance(value, tuple):
            found |= {f"tensor{k}": part for k, part in enumerate(value)}
        else:
            found[name] = value
    return found


def _tensor_arguments(record: Record, given: dict[str, Any]) -> list[str]:
    """The names of the arguments that are tensors, or could be."""
    if not hasattr(record.operation, "_schema"):
        return []
    kinds = {a.name: str(a.type) for a in record.operation._schema.arguments}
    return [
        name
        for name, value in given.items()
        if "Tensor" in kinds.get(name, "Tensor") and value is not None  # a mask that is not there
    ]
