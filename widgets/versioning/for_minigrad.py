"""What minigrad knows of memory, versions and saved tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from minigrad import Tensor, recording
from minigrad.autograd.node import AccumulateGrad
from minigrad.memory import address, geometry, owner
from minigrad.ops.operation_node import OperationNode
from minigrad.trace import names as naming
from minigrad.trace.nodes import forward_order, saved_tensors
from minigrad.versions import INFERENCE, UNTOUCHED, Write

from ..watching.for_minigrad import describe
from .text import operands


class Minigrad:
    """Answers the questions of `tell` about minigrad's tensors."""

    tensor = Tensor
    silent = ""  # what it does not know

    def storage(self, tensor: Tensor) -> Any:
        """What identifies the memory of a tensor."""
        memory = owner(tensor._array)
        return address(memory), memory.nbytes

    def memory(self, tensor: Tensor) -> np.ndarray:
        """All entries of that memory, in order."""
        return owner(tensor._array)

    def geometry(self, tensor: Tensor) -> tuple[Sequence[int], Sequence[int], int]:
        """(shape, strides, offset), in entries."""
        where = geometry(tensor._array, owner(tensor._array))
        return where.size, where.stride, where.offset

    def counter(self, tensor: Tensor) -> Any:
        """What identifies the version counter of a tensor."""
        counter = tensor._counter
        return id(tensor) if counter is UNTOUCHED else id(counter)

    def version(self, tensor: Tensor) -> int | None:
        """The version; None for an inference tensor, which keeps none."""
        return None if tensor._counter is INFERENCE else tensor._counter.value

    def writes(self, tensor: Tensor) -> Sequence[Write]:
        """The writes that are remembered, oldest first."""
        counter = tensor._counter
        if counter.writes:
            return counter.writes
        return [Write(counter.value, *counter.writer)] if counter.writer is not None else []

    def base(self, tensor: Tensor) -> Tensor | None:
        """Of a view: the tensor that it shows."""
        return tensor._base

    def nodes(self, tensors: Sequence[Tensor]) -> Iterator[Any]:
        """The operations behind the tensors, oldest first."""
        seen: dict[Any, None] = {}
        for tensor in tensors:
            seen |= dict.fromkeys(forward_order(tensor))
        return (node for node in seen if not isinstance(node, AccumulateGrad))

    def node_name(self, node: Any) -> str:
        """Such as `MulBackward0`."""
        return node.name()

    def expression(self, node: Any, label: Any) -> str:
        """The operation written out; `label` is asked for the name of a tensor."""
        record = recording.of(node)
        if record is None:
            return ""
        words = {
            str(k): label(a) if isinstance(a, Tensor) else naming.plain(a)
            for k, a in enumerate(record.arguments)
        }
        shown = getattr(record.operation, "shown", None)
        return describe(record.operation, [*operands(shown, words).values()])

    def place(self, node: Any) -> tuple[str, int] | None:
        """(file, line) of an operation."""
        record = recording.of(node)
        return None if record is None else (record.file, record.line)

    def saved(self, node: Any) -> list[tuple[str, Tensor, int, bool]]:
        """(name, tensor, version, whether it is the node's own result)."""
        return [
            (one.name, one.tensor, one.version, one.own)
            for one in saved_tensors(node)
            if one.version is not None  # else it is freed, see below
        ]

    def freed(self, node: Any) -> bool:
        """Has it let go of what it had saved?"""
        if isinstance(node, OperationNode):
            return node.saved is None
        return bool(getattr(node, "_freed", False))

    def result_of(self, node: Any, tensor: Tensor) -> bool:
        """Is that what the node computed?"""
        edge = tensor._known_edge()
        return edge is not None and edge[0] is node
