"""What the functions of `functional.py` have in common: inputs of their own, checks, strict mode.

The texts are PyTorch's (torch.autograd.functional).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..from_data import leaf
from ..tensor import Tensor
from . import differentiate

Tensors = tuple[Tensor, ...]
Func = Callable[..., Any]


def as_tuple(value: Any, what: str, function: str | None) -> tuple[bool, Tensors]:
    """Whether `value` is a tuple, and the tuple. Raises TypeError for what is no tensor."""
    several = isinstance(value, tuple)
    values = value if several else (value,)
    for k, part in enumerate(values):
        if not isinstance(part, Tensor):
            which = f"value at index {k}" if several else f"given {what}"
            raise TypeError(
                f"The {what} given to {function} must be either a Tensor or a tuple of Tensors "
                f"but the {which} has type {type(part)}."
            )
    return several, values


def own_inputs(inputs: Any, function: str, create_graph: bool) -> tuple[bool, Tensors]:
    """New tensors for the inputs: what `func` captures by itself must not count as an input."""
    several, ins = as_tuple(inputs, "inputs", function)
    return several, own(ins, create_graph, requires_grad=True)


def own(tensors: Tensors, create_graph: bool, requires_grad: bool) -> Tensors:
    """The same memory without the history; with it, if it is to be differentiated too."""
    return tuple(
        x.view(x.shape) if create_graph and x.requires_grad
        else x.detach().requires_grad_(requires_grad)
        for x in tensors
    )  # fmt: skip


def outputs(func: Func, ins: Tensors, function: str, strict: bool) -> tuple[bool, Tensors]:
    """Whether `func(*ins)` is a tuple, and the tuple. In strict mode see `check_recorded`."""
    several, outs = as_tuple(func(*ins), "outputs of the user-provided function", function)
    check_recorded(outs, "outputs", strict)
    return several, outs


def one_number(func: Func, ins: Tensors, function: str, strict: bool) -> Tensor:
    """`func(*ins)`. Raises RuntimeError if it is not one tensor with one entry."""
    several, outs = outputs(func, ins, function, strict)
    if several:
        raise RuntimeError(f"The function given to {function} should return a single Tensor")
    if outs[0].numel() != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {function} should contain a single "
            "element"
        )
    return outs[0]


def vector_for_inputs(
    v: Any, ins: Tensors, several: bool, function: str, create_graph: bool
) -> Tensors | None:
    """`v` as a tuple, or None where it may be left out. Raises RuntimeError where it may not."""
    if v is not None:
        return vector(v, ins, several, function, create_graph)
    if len(ins) != 1 or ins[0].numel() != 1:
        raise RuntimeError(
            "The vector v can only be None if the input to the user-provided function is a single "
            "Tensor with a single element."
        )
    return None


def vector(v: Any, like: Tensors, several: bool, function: str, create_graph: bool) -> Tensors:
    """`v` as a tuple. Raises RuntimeError if its shapes are not those of `like`."""
    v = own(as_tuple(v, "v", function)[1], create_graph, requires_grad=False)
    if len(v) != len(like):
        raise RuntimeError(
            f"v is a tuple of invalid length: should be {len(like)} but got {len(v)}."
            if several
            else "The given v should contain a single Tensor."
        )
    for k, (part, other) in enumerate(zip(v, like, strict=True)):
        if part.shape != other.shape:
            entry = f"Entry {k} in v" if several else "v"
            raise RuntimeError(
                f"{entry} has invalid size: should be {other.size()} but got {part.size()}."
            )
    return v


def grads_of(
    outs: Any, ins: Tensors, cotangents: Any, create_graph: bool, retain_graph: bool | None = None,
    rows: bool = False,
) -> tuple[Any, ...]:  # fmt: skip
    """`autograd.grad` that passes over outputs that are None or need no gradient."""
    if cotangents is None:
        cotangents = (None,) * len(outs)
    pairs = [
        (out, cotangent)
        for out, cotangent in zip(outs, cotangents, strict=True)
        if out is not None and out.requires_grad
    ]
    if not pairs:
        return (None,) * len(ins)
    used, cotangents = zip(*pairs, strict=True)
    return differentiate.grad(
        used, ins, cotangents, retain_graph, create_graph,
        allow_unused=True, is_grads_batched=rows,
    )  # fmt: skip


def zeros(like: Tensor, requires_grad: bool = False) -> Tensor:
    """Zeros of the shape and dtype of a tensor."""
    return leaf(np.zeros_like(like._array), requires_grad)


def answer(values: Any, several: bool, create_graph: bool) -> Any:
    """In the form in which the question was put; without a history unless one was asked for."""
    values = tuple(values) if create_graph else tuple(value.detach() for value in values)
    return values if several else values[0]


# ---- strict mode -------------------------------------------------------------------------------

INDEPENDENT = (
    "Output {i} of the user-provided function is independent of input {j}. This is not allowed in "
    "strict mode."
)

NOT_RECORDED = {
    "outputs": "Output {i} of the user-provided function does not require gradients. The outputs "
    "must be computed in a differentiable manner from the input when running in strict mode.",
    "grad_inputs": "The gradient with respect to input {i} is independent of the inputs of the "
    "user-provided function. This is not allowed in strict mode.",
    "jacobian": "While computing the hessian, found that the jacobian of the user-provided "
    "function with respect to input {i} is independent of the input. This is not allowed in strict "
    "mode. You should ensure that your function is twice differentiable and that the jacobian "
    "depends on the inputs (this would be violated by a linear function for example).",
}

MISSING = {
    "back": "The output of the user-provided function is independent of input {i}. This is not "
    "allowed in strict mode.",
    "back_trick": "The gradient with respect to the input is independent of entry {i} in the "
    "grad_outputs when using the double backward trick to compute forward mode gradients. This is "
    "not allowed in strict mode.",
    "double_back": "The jacobian of the user-provided function is independent of input {i}. This "
    "is not allowed in strict mode.",
    "double_back_trick": "The hessian of the user-provided function is independent of entry {i} in "
    "the grad_jacobian. This is not allowed in strict mode as it prevents from using the double "
    "backward trick to replace forward mode AD.",
}


def check_recorded(values: Sequence[Any], what: str, strict: bool) -> None:
    """In strict mode: raise RuntimeError if one of `values` does not depend on the inputs."""
    for i, value in enumerate(values if strict else ()):
        if value is None:
            raise RuntimeError(MISSING["back"].format(i=i))
        if not value.requires_grad:
            raise RuntimeError(NOT_RECORDED[what].format(i=i))


def filled(
    grads: Sequence[Any], like: Tensors, stage: str, strict: bool, create_graph: bool
) -> Tensors:
    """Zeros for gradients that are None; in strict mode RuntimeError."""
    for i, grad in enumerate(grads if strict else ()):
        if grad is None:
            raise RuntimeError(MISSING[stage].format(i=i))
        if create_graph and not grad.requires_grad:
            what = "hessian" if "double" in stage else "jacobian"
            raise RuntimeError(
                f"The {what} of the user-provided function is independent of input {i}. This is "
                "not allowed in strict mode when create_graph=True."
            )
    return tuple(zeros(x) if grad is None else grad for grad, x in zip(grads, like, strict=True))
