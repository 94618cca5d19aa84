"""What the engine does to a cotangent between two nodes: make it fit the input it belongs to.

Broadcasting is undone here, so that an operation entry by entry need not think of it: if `x` was
stretched to the shape of the result, each entry of `x` was used many times, and its gradient is the
sum over those uses. (A few operations that stretch only some of their inputs, such as a mask or the
weights of a normalization, call the same `either.sum_to` themselves.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..ops import either
from .node import Node

Shape = tuple[int, ...]


def fit(node: Node, outgoing: Sequence[Any], leading: int = 0) -> list[Any]:
    """The outgoing cotangents of `node`, each in the shape and dtype of the input it belongs to.

    leading: so many first axes are not those of a tensor: they count cotangents. They stay.
    A dtype of None stands for any.
    Raises RuntimeError if one cannot be: the derivative is wrong then.
    """
    assert node.shapes is not None
    fitting = []
    for position, (cotangent, like) in enumerate(zip(outgoing, node.shapes, strict=True)):
        if cotangent is not None and like is not None:
            shape, dtype = like
            if leading:
                shape = cotangent.shape[:leading] + shape
            if cotangent.shape != shape:
                if broadcasts(shape[leading:], cotangent.shape[leading:]):
                    cotangent = either.sum_to(cotangent, shape, leading)
                elif node.edges[position] is not None:  # else nobody gets it
                    raise misfit(node, position, cotangent, shape)
            other = dtype is not None and cotangent.dtype is not dtype  # of a tensor always
            asked = other and node.edges[position] is not None
            if asked and either.numpy_dtype(cotangent) is not dtype:
                cotangent = either.cast(cotangent, dtype)
        fitting.append(cotangent)
    return fitting


def worked(
    node: Node, incoming: list[Any], as_tensors: bool = False, leading: int = 0
) -> Sequence[Any]:
    """A node's work: its outgoing cotangents, made to fit its inputs. (`walk` writes it out.)"""
    outgoing = node.backward(incoming, as_tensors)
    return outgoing if node.shapes is None else fit(node, outgoing, leading)


def misfit(node: Node | None, position: int, cotangent: Any, shape: Shape) -> RuntimeError:
    """PyTorch's error for a cotangent whose shape is not that of its input.

    node: the one that sent it; None if it is one that the pass began with.
    """
    sent = "" if node is None else f"Function {node.name()} returned an "
    return RuntimeError(
        f"{sent}invalid gradient at index {position} - got {list(cotangent.shape)} but expected "
        f"shape compatible with {list(shape)}"
    )


def broadcasts(small: Shape, large: Shape) -> bool:
    """True if an array of shape `small` stretches to shape `large`."""
    extra = len(large) - len(small)
    if extra < 0:
        return False
    tail = large[extra:]
    return small == tail or all(s in (1, n) for s, n in zip(small, tail, strict=True))
