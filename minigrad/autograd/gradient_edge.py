"""Where the gradient of a tensor goes, as something to hold and to ask for: `GradientEdge`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .node import NOWHERE, Edge, Node

if TYPE_CHECKING:
    from ..tensor import Tensor


class _InputMetadata:
    """Shape, dtype and device of a gradient that arrives at a node."""

    is_nested_tensor = is_cpp_nested_tensor = False

    def __init__(self, shape: tuple[int, ...], kind: np.dtype) -> None:
        from ..device import device
        from ..dtypes import FROM_NUMPY

        self.shape, self.dtype, self.device = list(shape), FROM_NUMPY[kind], device("cpu")


class _GradientEdge(NamedTuple):
    node: Node
    output_nr: int
    ownership_token: Any = None


_GradientEdge.__new__.__qualname__ = "GradientEdge.__new__"  # what errors call it


class GradientEdge(_GradientEdge):
    """Where the gradient of a tensor goes: a node, and which of its outputs the tensor is.

    It stands for the tensor in `grad` and `backward`, after the tensor itself is gone or changed.
    """

    def _like(self) -> Any:
        """Of the shape and dtype of the tensor; no memory is under it. None if they are not known.

        Raises IndexError if the node has no such output.
        """
        if self.output_nr >= self.node.outputs:
            raise IndexError("tuple index out of range")
        known = self.node._known_outputs().get(self.output_nr)
        return None if known is None else np.broadcast_to(np.empty((), known[1]), known[0])

    def _get_edge(self) -> Edge:
        return (self.node, self.output_nr)


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """The edge of a tensor. Raises RuntimeError if it does not require grad, AssertionError if it
    says so and has no history.
    """
    if not tensor.requires_grad:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not "
                           "require gradients")  # fmt: skip
    edge = tensor._get_edge()
    assert edge is not None
    if edge[0] is NOWHERE:
        raise AssertionError("Expected gradient function to be set")
    edge[0]._note_output(edge[1], tensor._array)
    return GradientEdge(*edge)


def like_of_output(out: Tensor | GradientEdge) -> Any:
    """An array of the shape and dtype of an output; None if they are not known.

    Raises AssertionError, as PyTorch does, for what is no tensor.
    """
    if isinstance(out, GradientEdge):
        return out._like()
    if not hasattr(out, "_array"):
        raise AssertionError("Expected output to be a torch.Tensor")
    return out._array
