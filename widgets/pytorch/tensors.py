"""Tensors of PyTorch's as arrays, and what cannot be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch


def check(tensor: Any, what: str) -> None:
    """Raise TypeError for a tensor that cannot be drawn."""
    if not isinstance(tensor, torch.Tensor):
        return
    how = None
    if tensor.device.type != "cpu":
        how = f"is on the device {tensor.device}: compute on the CPU to see it (model.cpu())"
    elif tensor.layout != torch.strided:
        how = f"is sparse ({tensor.layout}): make it dense first (.to_dense())"
    elif tensor.is_complex():
        how = "is complex: take its real and imaginary parts apart (torch.view_as_real)"
    elif tensor.is_quantized:
        how = "is quantised: make it floating point first (.dequantize())"
    if how:
        raise TypeError(
            f"Only dense, real tensors on the CPU can be drawn, but {what}, of shape "
            f"{tuple(tensor.shape)}, {how}."
        )


def refuse_complex(node: Any) -> None:
    """Raise TypeError for a node that has computed complex numbers."""
    if any(result.dtype.is_complex for result in node._input_metadata):
        raise TypeError(
            f"Only real tensors can be drawn, but {node.name()} has computed complex ones. Compute "
            "with real and imaginary parts apart: torch.view_as_real(z) is real, but z before it "
            "is not."
        )


def array(tensor: Any) -> np.ndarray:
    """A tensor's entries; bfloat16, which NumPy has not, as float32, what is sparse as dense."""
    tensor = tensor.detach()
    if tensor.layout != torch.strided:  # the gradient of an Embedding(sparse=True)
        tensor = tensor.to_dense()
    if tensor.dtype is torch.bfloat16:
        tensor = tensor.float()
    return tensor.resolve_neg().numpy()


def arrays(tensors: Any) -> list[np.ndarray | None]:
    """Copies of cotangents; None for one that was not sent."""
    return [None if tensor is None else np.array(array(tensor)) for tensor in tensors]


def fit(value: Any, edge: Any) -> Any:
    """A cotangent in the shape and dtype of the result that an edge leads to."""
    like = edge[0]._input_metadata[edge[1]]
    shape = tuple(like.shape)
    return (value if tuple(value.shape) == shape else value.sum_to_size(shape)).to(like.dtype)


@contextmanager
def grads_kept(tensors: Sequence[Any]) -> Iterator[None]:
    """Puts every `.grad` back; inside, a copy of it may be added to.

    What is registered to run after that, such as the step of an optimizer, does not run.
    """
    before = [tensor.grad for tensor in tensors]
    hooks = [hooks for tensor in tensors if (hooks := tensor._post_accumulate_grad_hooks)]
    kept = [dict(registered) for registered in hooks]
    for tensor, grad in zip(tensors, before, strict=True):
        tensor.grad = None if grad is None else grad.detach().clone()
    for registered in hooks:
        registered.clear()
    try:
        yield
    finally:
        for tensor, grad in zip(tensors, before, strict=True):
            tensor.grad = grad
        for registered, those in zip(hooks, kept, strict=True):
            registered.update(those)


@contextmanager
def one_thread() -> Iterator[None]:
    """Many small calculations in one thread: threads would wait for one another, and on a busy
    machine take tens of times as long.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
