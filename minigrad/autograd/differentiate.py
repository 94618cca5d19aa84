"""`backward` and `grad`: check what was asked, then let the engine walk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import engine
from .graph import Node

if TYPE_CHECKING:
    from ..tensor import Tensor


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the gradients of `tensors` to the `.grad` of the leaves they were computed from.

    grad_tensors: one cotangent per tensor (None for a tensor with one entry).
    retain_graph: keep saved tensors; by default only with `create_graph`.
    inputs: only these tensors gather a gradient.

    Raises RuntimeError with PyTorch's texts (see `Tensor.backward`).
    """
    outputs = _sequence(tensors)
    roots, cotangents = start(outputs, grad_tensors, create_graph)
    keep = create_graph if retain_graph is None else retain_graph
    if inputs is not None:
        raise NotImplementedError("backward(inputs=…) is not part of this version yet")
    engine.run(roots, cotangents, keep, create_graph)


def start(
    outputs: Sequence[Tensor], grad_tensors: Any, create_graph: bool
) -> tuple[list[tuple[Node, int]], list[Any]]:
    """The edges that a walk starts from and the cotangents that it starts with."""
    from ..tensor import Tensor

    given = [None] * len(outputs) if grad_tensors is None else _sequence(grad_tensors)
    if len(given) != len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(given)} gradients")
    cotangents = []
    for k, (out, cotangent) in enumerate(zip(outputs, given, strict=True)):
        if cotangent is None:
            if out.requires_grad and out._array.size != 1:
                raise RuntimeError("grad can be implicitly created only for scalar outputs")
            cotangent = Tensor._ones_like(out)
        elif not isinstance(cotangent, Tensor):
            raise TypeError(
                f"gradients can be either Tensors or None, but got {type(cotangent).__name__}"
            )
        elif cotangent._array.shape != out._array.shape:
            raise RuntimeError(
                f"Mismatch in shape: grad_output[{k}] has a shape of {cotangent.shape} and "
                f"output[{k}] has a shape of {out.shape}."
            )
        cotangents.append(cotangent if create_graph else cotangent._array)
    for k, out in enumerate(outputs):
        if not out.requires_grad:
            raise RuntimeError(
                f"element {k} of tensors does not require grad and does not have a grad_fn"
            )
    for k, out in enumerate(outputs):
        if not create_graph and cotangents[k].dtype != out._array.dtype:
            cotangents[k] = np.asarray(cotangents[k], out._array.dtype)
    return [edge for out in outputs if (edge := out._get_edge())], cotangents


def _sequence(value: Any) -> Sequence[Any]:
    from ..tensor import Tensor

    return (value,) if value is None or isinstance(value, Tensor) else tuple(value)
