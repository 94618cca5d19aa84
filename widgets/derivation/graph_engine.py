"""What a `GraphProblem` asks of the engine that made a graph; and minigrad's answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import numpy as np

import minigrad
from minigrad import Tensor, recording
from minigrad.autograd.node import AccumulateGrad, Edge, Node
from minigrad.trace import names as naming
from minigrad.views import CopySlices

Place = tuple[int, int]
"""Which tensor, by identity: (id of its node, which output), or (id of the leaf, -1)."""


class NotRecorded(ValueError):
    """A graph that cannot be run again, as its operations were not recorded."""


class Call(ABC):
    """One recorded operation, and which tensors its arguments *were* when it ran.

    A tensor that is changed in place later belongs to another node then; the edges of the recorded
    node still tell where its inputs came from.

    order: the smaller, the later it ran. arguments: tensors, numbers, lists of them.
    inputs: (place, tensor, node) of every tensor among the arguments; no node: a leaf.
    """

    order: int
    arguments: tuple[Any, ...]
    inputs: list[tuple[Place, Any, Any]]

    @abstractmethod
    def place(self, argument: Any) -> Place | None:
        """The place of an argument; None for what is no tensor."""

    @abstractmethod
    def run(self, arguments: list[Any]) -> Any:
        """Compute it again: a tensor or a tuple of them."""

    @abstractmethod
    def written(self, labels: list[str]) -> str:
        """The operation with labels for its arguments."""

    def replaced(self, argument: Any, known: Mapping[Place, Any]) -> Any:
        """An argument as it is now: tensors, also inside lists, by what they were computed as."""
        place = self.place(argument)
        if place is not None:
            return known[place]
        if isinstance(argument, list | tuple):
            parts = [self.replaced(part, known) for part in argument]
            return parts if isinstance(argument, list) else tuple(parts)
        return argument


class Engine(ABC):
    """The engine that made a graph. Its tensors have `requires_grad`, `grad` and `backward`."""

    @abstractmethod
    def is_tensor(self, value: Any) -> bool:
        """Whether a value is one of its tensors."""

    @abstractmethod
    def place(self, tensor: Any) -> Place:
        """Where a tensor stands in the graph."""

    @abstractmethod
    def call(self, node: Any) -> Call:
        """The recorded operation of a node. Raises NotRecorded, with what to do, without one."""

    @abstractmethod
    def array(self, tensor: Any) -> np.ndarray:
        """A tensor's entries."""

    @abstractmethod
    def memory(self, tensor: Any) -> Any:
        """Where its entries stand; the same for tensors that share exactly their memory."""

    def again(self, tensor: Any, tensors: Mapping[Place, Any], calls: list[Call]) -> Any:
        """How a constant was computed from a graph's tensors (`cut_off.Again`); None if unknown."""
        return None

    @abstractmethod
    def tensor(self, array: np.ndarray, requires_grad: bool = False) -> Any:
        """A fresh tensor."""

    @abstractmethod
    def quiet(self, grad: bool) -> AbstractContextManager[Any]:
        """Where nothing is recorded for pictures; `grad`: whether a graph is made."""

    def double(self, tensor: Any) -> Any:
        """A tensor that has no history, in float64 if it is of a floating-point type."""
        array = self.array(tensor)
        return self.tensor(array.astype(np.float64) if array.dtype.kind == "f" else array.copy())


class Minigrad(Engine):
    """Minigrad's graphs."""

    def is_tensor(self, value: Any) -> bool:
        """See `Engine`."""
        return isinstance(value, Tensor)

    def place(self, tensor: Tensor) -> Place:
        """See `Engine`."""
        node = tensor.grad_fn
        return (id(tensor), -1) if node is None else (id(node), tensor.output_nr)

    def call(self, node: Node) -> Call:
        """See `Engine`."""
        return MinigradCall(node)

    def array(self, tensor: Tensor) -> np.ndarray:
        """See `Engine`."""
        return tensor._array

    def memory(self, tensor: Tensor) -> Any:
        """See `Engine`."""
        array = tensor._array
        return array.__array_interface__["data"][0], array.shape, array.strides

    def again(self, tensor: Tensor, tensors: Mapping[Place, Any], calls: list[Call]) -> Any:
        """See `Engine`."""
        from .from_origin import again  # which asks here what an engine is

        return again(self, tensor, tensors)

    def tensor(self, array: np.ndarray, requires_grad: bool = False) -> Tensor:
        """See `Engine`."""
        return minigrad.tensor(array, requires_grad=requires_grad)

    def quiet(self, grad: bool) -> ExitStack:
        """See `Engine`."""
        stack = ExitStack()
        stack.enter_context(recording.recording(False))
        stack.enter_context(minigrad.enable_grad() if grad else minigrad.no_grad())
        stack.enter_context(np.errstate(all="ignore"))
        return stack


class MinigradCall(Call):
    """One operation that minigrad recorded."""

    def __init__(self, node: Node) -> None:
        record = recording.of(node)
        if record is None and isinstance(node, CopySlices):
            raise NotRecorded(
                "a part of a tensor was overwritten on the way (`y[0] = …`, or in place through a "
                "view), and so it cannot be computed again at other values, as a check needs. "
                "Write it out of place: torch.where(…), torch.cat(…)"
            )
        if record is None:
            raise NotRecorded(
                "this graph was made before recording was on: put `import widgets` above the cell "
                "that computes it, and run that cell again"
            )
        self.record, self.order, self.arguments = record, node.order, record.arguments
        self.inputs = []
        flat = list(_flat(record.arguments))
        edges = [*node.edges, *[None] * (len(flat) - len(node.edges))]
        for argument, edge in zip(flat, edges):
            if isinstance(argument, Tensor):
                self.inputs.append(_source(argument, edge))
        self.places = {id(tensor): place for place, tensor, _ in self.inputs}

    def place(self, argument: Any) -> Place | None:
        """See `Call`."""
        return self.places[id(argument)] if isinstance(argument, Tensor) else None

    def run(self, arguments: list[Any]) -> Any:
        """See `Call`."""
        operation = self.record.operation
        return getattr(operation, "apply", operation)(*arguments)

    def written(self, labels: list[str]) -> str:
        """See `Call`."""
        return naming.expression(self.record, labels)


def _source(tensor: Tensor, edge: Edge) -> tuple[Place, Tensor, Node | None]:
    """Where an argument came from: its place, itself, and its node if it was computed."""
    if edge is None or isinstance(edge[0], AccumulateGrad):
        return (id(tensor), -1), tensor, None
    return (id(edge[0]), edge[1]), tensor, edge[0]


def _flat(arguments: tuple[Any, ...]) -> Iterator[Any]:
    """The arguments one by one, those inside lists of tensors as well."""
    for argument in arguments:
        if isinstance(argument, list | tuple) and any(isinstance(a, Tensor) for a in argument):
            yield from argument
        else:
            yield argument
