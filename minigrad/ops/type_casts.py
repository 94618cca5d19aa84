"""Copies: `clone`, and `to` in another dtype.

Derivatives ignore the dtype: the engine casts a cotangent back to that of its input.
"""

from __future__ import annotations

from typing import Any

from .. import origins, watch
from ..autograd.grad_mode import state
from ..autograd.node import Edge, Node
from ..memory import copied
from ..tensor import Tensor
from .operation import Operation

_clone = Operation("clone", "self", lambda self: copied(self), jvp="linear", rows=True)
_clone.derivative("self", "grad", lambda grad: grad)


def clone(input: Tensor) -> Tensor:
    """A copy of `input` in memory of its own, with its history."""
    return _normal(_clone(input), input)


def edge_of_clone(edge: Edge) -> Edge:
    """The history of a copy of what has this one, where only the history has to be made."""
    if edge is None:
        return None
    _ = _clone.call  # asked for, it writes the code of the node
    node = object.__new__(_clone.node)
    Node.__init__(node, (edge,))
    node.saved, node.versions = (), None
    return node, 0


def _normal(out: Tensor, input: Tensor) -> Tensor:
    """`out`, a copy: of what inference mode made, PyTorch writes it into a new tensor."""
    if input.is_inference() and not state.inference:
        out._own_counter().bump("copy_")
    return out


_to = Operation(
    "to_copy", "self", lambda self, dtype: copied(self, dtype.numpy), options="dtype",
    shown="self.to(dtype)", fit=True, rows=True, jvp="linear",
)  # fmt: skip
_to.derivative("self", "grad", lambda grad: grad)  # the engine casts it back


def to(input: Tensor, dtype: Any) -> Tensor:
    """`input` in another dtype; the same tensor if it has that dtype already."""
    from ..dtypes import named

    wanted = named(dtype)
    if wanted is input.dtype:
        return input
    if wanted.is_floating_point:
        return _normal(_to(input, wanted), input)
    out = _normal(_to(input._without_history(), wanted), input)  # integers have no derivative
    if watch.active and watch.seen():
        origins.note(_to, (input, wanted), out)
    return out


def in_dtype(operation: Any, input: Tensor, dtype: Any, *options: Any) -> Tensor:
    """`operation(input, …)` computed in another dtype: one node, of which the cast is a part.

    Raises RuntimeError for integers where a derivative is to be recorded.
    """
    wide = to(input, dtype)
    if wide._array.dtype.kind != "f" and state.grad_enabled and input.requires_grad:
        name = wide.dtype.type_name.removesuffix("Tensor")
        raise RuntimeError(f"Autograd not support dtype: {name}")
    out = operation(wide, *options)
    if out._edge is not None and wide is not input:
        node, cast = out._edge[0], wide._edge[0]  # type: ignore[index]
        node.edges, node.shapes = cast.edges, cast.shapes
    return out
