"""Views: tensors that show the memory of another one.

A view shares its base's array and version counter. If somebody overwrites a part of the base
through one view, the history of the base, and with it of every other view, has to be told anew: the
base now comes from `CopySlices` (the old base with a part of it replaced), and a view of it from
`AsStridedBackward0`. A view finds out when it is next asked for its history, by its version.

    x ──▶ v = x[:2]           x ──▶ CopySlices(v.mul_) ──▶ x ──▶ AsStrided ──▶ v
          v.mul_(w)                        ▲ w
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .autograd.cotangents import fit
from .autograd.graph import Edge, Node

if TYPE_CHECKING:
    from .tensor import Tensor

Show = Callable[[np.ndarray], np.ndarray]
"""From the array of a base to the array of a view of it."""


class View:
    """How a tensor is a view: of which base, by which way, made in which mode."""

    __slots__ = ("base", "edge", "made", "show", "version")

    def __init__(self, base: Tensor, show: Show, version: int, made: str) -> None:
        self.base = base
        self.show = show
        self.edge: Edge = None  # its history, true as long as `version` is the counter's
        self.version = version
        self.made = (
            made  # "default", "no_grad", "inference", or "multi": one of several views of one call
        )

    def history(self, tensor: Tensor) -> Edge:
        """The edge of this view, told anew if its base was written to since.

        Raises RuntimeError if the view was made in a way that leaves its history in doubt.
        """
        counter = tensor._counter
        if self.version != counter.value:
            source = self.base._get_edge()
            if source is not None and not tensor._requires_grad:
                self.refuse("its base or another view of its base has been modified inplace")
                self.edge = (as_strided_node(self, source), 0)
            self.version = counter.value
        return self.edge

    def refuse(self, how: str) -> None:
        """Raise PyTorch's errors for views that must not take part in in-place changes."""
        if self.made == "no_grad":
            raise RuntimeError(
                f"A view was created in no_grad mode and {how} with grad mode enabled. Given that "
                "this use case is ambiguous and error-prone, it is forbidden. You can clarify your "
                "code by moving both the view and the inplace either both inside the no_grad block "
                "(if you don't want the inplace to be tracked) or both outside (if you want the "
                "inplace to be tracked)."
            )
        if self.made == "inference":
            raise RuntimeError(
                f"A view was created in inference mode and {how} in normal mode. Given that this "
                "use case is ambiguous and error-prone, it is forbidden. You can clarify your code "
                "by moving both the view and the inplace either both inside the inference_mode "
                "block (if you don't want the inplace to be tracked) or both outside (if you want "
                "the inplace to be tracked)."
            )
        if self.made == "multi" and self.edge is not None:
            node, slot = self.edge
            raise RuntimeError(
                f"Output {slot} of {node.short_name()} is a view and {how}. This view is the "
                "output of a function that returns multiple views. Such functions do not allow the "
                "output views to be modified inplace. You should replace the inplace operation by "
                "an out-of-place one."
            )


def as_strided_node(view: View, source: Edge) -> Node:
    """The node by which a view comes from its base, whatever the way it was made."""
    from .ops.shape import as_strided

    base = view.base
    node: Any = as_strided.node.__new__(as_strided.node)
    Node.__init__(node, (source,))
    node.versions = None
    node.saved = tuple(
        {"self_sizes": base._array.shape, "show": view.show}[need] for need in as_strided.saving
    )
    return node


class CopySlices(Node):
    """The history of a base after a part of it, a view, was overwritten by `inner`.

    The first input is the base as it was before; the others are those of the overwriting operation.
    """

    __slots__ = ("inner", "view")

    def __init__(self, source: Edge, inner: Node, view: View) -> None:
        super().__init__((source, *inner.edges[1:]))
        self.inner = inner
        self.view = view

    def backward(self, incoming: list[Any], create_graph: bool) -> list[Any]:
        """Outside the view the cotangent passes; inside it goes through `inner`."""
        from .ops import either
        from .ops.shape import as_strided, put_strided

        grad, show = incoming[0], self.view.show
        if grad is None:
            return [None] * len(self.edges)
        part = show(grad) if isinstance(grad, np.ndarray) else as_strided(grad, show)
        # `inner` was recorded with the view as its first input: give it that edge, needed or not
        outgoing = self.inner.backward([part, 0], create_graph)
        if self.inner.shapes is not None:
            outgoing = fit(self.inner, outgoing)
        first = outgoing[0]
        if isinstance(grad, np.ndarray):
            through = np.array(grad)
            show(through)[...] = 0 if first is None else first
        else:
            outside = np.ones(grad._array.shape, grad._array.dtype)
            show(outside)[...] = 0
            through = grad * either.like(grad, outside)
            if first is not None:
                through = through + put_strided(first, grad._array.shape, show)
        return [through, *outgoing[1:]]

    def release(self) -> None:
        """Free what the overwriting operation saved."""
        self.inner.release()

    def name(self) -> str:
        """PyTorch gives this one its C++ name."""
        return "torch::autograd::CopySlices"
