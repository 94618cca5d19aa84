"""Operations with several results: `split`, `unbind`, `max` along an axis with its indices.

Declared like any `Operation`; `forward` returns a tuple of arrays. A derivative whose first
parameter is called `grads` receives one cotangent per result, zeros for one that nobody used (None
if it is called `given`); if it is called `grad`, that of the first result, which is then the only
one that has a derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np

from .. import watch
from ..autograd.grad_mode import state
from ..autograd.node import Node
from ..tensor import Tensor, on_array
from . import either
from .operation import Operation, parameters
from .operation_node import OperationNode
from .unrolled import read_off, result_number


class SeveralNode(OperationNode):
    """The node of an operation with several results."""

    __slots__ = ("like", "outputs")

    like: tuple[tuple[tuple[int, ...], Any], ...]  # (shape, NumPy dtype) of each result
    outputs: int

    def _known_outputs(self) -> dict[int, tuple[tuple[int, ...], Any]]:
        """The node knows of all its outputs."""
        return dict(enumerate(self.like)) | super()._known_outputs()

    def backward(self, incoming: list[Any], as_tensors: bool) -> Any:
        """As for one result, with the cotangents of all of them."""
        return self.carefully(incoming, as_tensors)

    def carefully(self, incoming: list[Any], as_tensors: bool) -> Any:
        """Fill in zeros for the results that nobody used, then apply the derivatives."""
        given = incoming[: self.outputs]
        if all(grad is None for grad in given):
            return [None] * len(self.edges)
        some = next(grad for grad in given if grad is not None)
        grads = [
            either.like(some, np.zeros(*like)) if grad is None else grad
            for grad, like in zip(given, self.like, strict=True)
        ]
        op: Any = self.operation
        saved = dict(zip(op.saving, self.unpack(as_tensors), strict=True))
        return [
            op.rules[name](_wanted(op, name, given, grads), *[saved[n] for n in op.needs[name]])
            if edge is not None and name in op.rules
            else None
            for name, edge in zip(op.inputs, self.edges, strict=True)
        ]


def _wanted(op: Any, name: str, given: Any, grads: Any) -> Any:
    if not op.takes_all[name]:
        return grads[0]
    return grads if op.fills[name] else given


class SeveralResults(Operation):
    """An operation whose forward returns a tuple of arrays. See `Operation` for the arguments."""

    node_base = SeveralNode

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = False
        self.takes_all: dict[str, bool] = {}
        self.fills: dict[str, bool] = {}

    def _declared(self, name: str, rule: Callable[..., Any]) -> None:
        first = parameters(rule)[0]
        self.takes_all[name] = first in ("grads", "given")
        self.fills[name] = first != "given"

    @property
    def call(self) -> Callable[..., Any]:
        """The function itself: inputs, then options → a tuple of results."""
        return self._watched

    def computed_by(self, forward: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself with another forward; it records the same."""
        twin = copy(self)
        twin.forward = forward
        return twin._run

    def _watched(self, *args: Any) -> tuple[Tensor, ...]:
        return watch.around(self, self._run, args) if watch.active else self._run(*args)

    def _run(self, *args: Any) -> tuple[Tensor, ...]:
        order: Any = "C" if self.layout == "C" else None
        arrays = self.forward(*[a._array if isinstance(a, Tensor) else a for a in args])
        outs = tuple(on_array(np.asarray(array, order=order)) for array in arrays)
        if self.view:
            for out in outs:
                args[0]._share_memory_with(out, "multi")
        tensors = args[: len(self.inputs)]
        if self.rules and state.grad_enabled:
            edges = tuple(a._get_edge() if isinstance(a, Tensor) else None for a in tensors)
            if outs and any(edge is not None for edge in edges):
                self._connect(args, edges, outs)
        return outs

    def _connect(self, args: tuple[Any, ...], edges: Any, outs: tuple[Tensor, ...]) -> None:
        node = self.node.__new__(self.node)
        Node.__init__(node, edges)
        every = any(self.takes_all.values())
        used = outs if every else outs[:1]
        node.outputs = len(used)
        node.like = tuple((out._array.shape, out._array.dtype) for out in used)
        node.versions = None
        by_name = dict(zip(self.arguments, args, strict=True))
        node.saved = tuple(self._value(need, by_name, outs) for need in self.saving)
        node.note_versions()
        for slot, out in enumerate(used):
            if out._array.dtype.kind == "f":
                out._set_edge((node, slot))

    def _value(self, need: str, by_name: dict[str, Any], outs: tuple[Tensor, ...]) -> Any:
        if need in by_name:
            return by_name[need]
        place = result_number(need)
        return read_off(need, by_name) if place is None else outs[place]._without_history()
