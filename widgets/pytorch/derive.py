"""Derivations on PyTorch's graphs: run again where they were recorded, else as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import numpy as np
import torch

from minigrad.trace import names as naming

from ..derivation.graph_engine import Call, Engine, NotRecorded, Place
from ..derivation.graph_problem import GraphProblem
from ..derivation.problem import Problem
from . import again, recording, tensors
from .describe import Node
from .point import PointProblem
from .recording import Constant, Edge, _flat


def problem(out: Any, wrt: Any, names: Mapping[str, Any]) -> Problem:
    """∂`out`/∂`wrt`. Raises as `GraphProblem` does, and TypeError for what cannot be drawn."""
    for tensor in (out, wrt):
        tensors.check(tensor, "a tensor of the derivation")
    try:
        return GraphProblem(out, wrt, names, PyTorch())
    except NotRecorded:
        return PointProblem(out, wrt, names)


class PyTorch(Engine):
    """PyTorch's graphs."""

    def __init__(self) -> None:
        self.seen: dict[int, Any] = {}  # a node that nobody holds is another object next time

    def is_tensor(self, value: Any) -> bool:
        """See `Engine`."""
        return isinstance(value, torch.Tensor)

    def place(self, tensor: Any) -> Place:
        """See `Engine`."""
        node = tensor.grad_fn
        if node is None:
            return (id(tensor), -1)
        self.seen[id(node)] = node
        return (id(node), tensor.output_nr)

    def call(self, node: Any) -> Call:
        """See `Engine`."""
        return PyTorchCall(node, self)

    def array(self, tensor: Any) -> np.ndarray:
        """See `Engine`."""
        return tensors.array(tensor.tensor if isinstance(tensor, Constant) else tensor)

    def memory(self, tensor: Any) -> Any:
        """See `Engine`."""
        return recording.memory(tensor)

    def tensor(self, array: np.ndarray, requires_grad: bool = False) -> Any:
        """See `Engine`."""
        return torch.tensor(array, requires_grad=requires_grad)

    def quiet(self, grad: bool) -> ExitStack:
        """See `Engine`."""
        stack = ExitStack()
        stack.enter_context(recording.paused())
        stack.enter_context(tensors.one_thread())
        stack.enter_context(torch.enable_grad() if grad else torch.no_grad())
        return stack


class PyTorchCall(Call):
    """One operation that was recorded."""

    def __init__(self, node: Any, engine: PyTorch) -> None:
        record = recording.of(node)
        if record is None:
            raise NotRecorded(f"{node.name()} was not recorded")
        self.node, self.record, self.engine = node, record, engine
        self.order = -node._sequence_nr()
        self.arguments = tuple(record.arguments.values())
        self.inputs = list(self._inputs())

    def _inputs(self) -> Iterator[tuple[Place, Any, Any]]:
        for argument in _flat(self.arguments, whole=Edge):
            place = self.place(argument)
            if place is not None:
                yield place, argument, argument.node if isinstance(argument, Edge) else None

    def place(self, argument: Any) -> Place | None:
        """See `Call`."""
        if isinstance(argument, Edge):
            self.engine.seen[id(argument.node)] = argument.node
            return (id(argument.node), argument.output_nr)
        if isinstance(argument, Constant):
            argument = argument.tensor
        return (id(argument), -1) if isinstance(argument, torch.Tensor) else None

    def run(self, arguments: list[Any]) -> Any:
        """See `Call`."""
        return again.run(self.record, arguments)

    def written(self, labels: list[str]) -> str:
        """See `Call`."""
        described = Node(self.node).described(None)
        by_name = dict(zip(self.record.arguments, labels, strict=True))
        by_name |= {name: naming.plain(value) for name, value in described.options.items()}
        shown = naming.short(described.shown, described.options)
        return naming.written(shown, described.call, by_name)
