"""What lies behind the place where a history ends, as a recorder reads it."""

from __future__ import annotations

from typing import Any

from minigrad.readings import Number
from minigrad.recording import place, source_line
from minigrad.trace.source import Described, Past

from . import operations, origins
from .describe import Node
from .origins import CASTS, WRITTEN, Given, Origin
from .recording import Record
from .tensors import array

DEPTH = 24  # operations, one after the other, that are shown of what was computed on and on


class Pasts:
    """The origins that lead to one graph."""

    def __init__(self, graph: Any) -> None:
        self.graph = graph
        self.found: dict[Any, Past] = {}
        self.numbers: dict[Any, Origin] = {}
        self.nodes = {node._sequence_nr(): node for node in graph.order}

    def of(self, tensor: Any) -> Past | None:
        """Where a tensor without a history came from, or None."""
        origin = None if tensor.grad_fn is not None else origins.of(tensor)
        return None if origin is None else self._past(origin, tensor, 0)

    def number(self, number: Number, record: Record) -> Past:
        """A number that an operation was given and that was read off a tensor."""
        key = ("number", number.readings[0].places, number.name, number.written, number.value)
        if key not in self.numbers:
            self.numbers[key] = origins.of_number(number, record.file, record.line)
        return self._past(self.numbers[key], None, 0)

    def _past(self, origin: Origin, tensor: Any, depth: int) -> Past:
        key: Any = ("past", id(origin)) if tensor is None else id(tensor)
        if key not in self.found:
            leaf = tensor is not None and tensor.requires_grad
            needs = leaf or origin.cut is None
            self.found[key] = Past(
                key, "leaf" if leaf else "operation", self._described(origin, depth),
                origin.shape, origin.dtype, needs, origin.cut, origin.variable,
            )  # fmt: skip
        return self.found[key]

    def _described(self, origin: Origin, depth: int) -> Described:
        values = [self._argument(value, depth + 1) for value in origin.arguments]
        row = None if origin.written else operations.named(origin.name, len(values))
        names = ["self", *(f"input{k}" for k in range(1, len(values)))]
        count = len(values) if row is None else len(row.inputs)
        if row is not None:
            names = list(row.arguments)
        written = origin.written or (None if row is None else row.shown)
        called = origin.written or origin.name
        if called in WRITTEN:
            called = written = WRITTEN[called][0]
        elif called in CASTS and len(values) == 1:
            called = written = f"self.{called}()"
        return Described(
            operation=called, grad_fn=origin.grad_fn,
            inputs=dict(zip(names[:count], values)),
            options=dict(zip(names[count:], values[count:])),
            shown=written, call=called, latex={}, kept={}, value=origin.value,
            source={
                "where": place(origin.file, origin.line),
                "line": origin.line,
                "text": source_line(origin.file, origin.line),
            },
            saved=[],
        )  # fmt: skip

    def _argument(self, given: Any, depth: int) -> Any:
        if not isinstance(given, Given):
            return given
        tensor = given.tensor()
        alive = tensor is not None and tensor.requires_grad == given.requires_grad
        if alive and tensor.grad_fn is not None:
            return self._of_node(tensor.grad_fn, array(tensor), depth)
        if given.origin is not None and depth < DEPTH:
            if given.origin.node in self.nodes:
                return (self.nodes[given.origin.node], 0)
            here = tensor is not None and origins.of(tensor) is given.origin
            return self._past(given.origin, tensor if here else None, depth)
        if alive and origins.of(tensor) is given.origin:  # nobody wrote to it since
            return tensor
        kind = "operation" if given.requires_grad else "constant"
        shown = "…" if given.requires_grad else ""  # a constant is shown by its label
        nothing = Described("", "", {}, {}, shown, "", {}, {}, given.value, None, [])
        key = ("gone", id(given))
        return Past(key, kind, nothing, given.shape, given.dtype, given.requires_grad, None)

    def _of_node(self, node: Any, value: Any, depth: int) -> Any:
        """What a node computed: in the graph by its key, outside of it as a past of its own."""
        if node in self.graph.nodes:
            return (node, 0)
        if node not in self.found:
            described = Node(node).described(value)
            inputs = {
                name: self._behind(given, depth + 1) for name, given in described.inputs.items()
            }
            like = node._input_metadata[0]
            self.found[node] = Past(
                (node, 0), "operation", described._replace(inputs=inputs, saved=[]),
                tuple(like.shape), str(like.dtype).removeprefix("torch."), True, None,
            )  # fmt: skip
        return self.found[node]

    def _behind(self, given: Any, depth: int) -> Any:
        """An input of a node that is not in the graph."""
        is_edge = isinstance(given, tuple) and given and hasattr(given[0], "next_functions")
        if not is_edge or self.graph.leaf(given) is not None:
            return given
        return self._of_node(given[0], None, depth) if depth < DEPTH else None
