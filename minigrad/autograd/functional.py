"""Derivatives of Python functions: products with the Jacobian or the Hessian, and these in full.

For `func` that takes tensors and returns tensors, with J its Jacobian and H (for a func with one
number as its result) its Hessian at `inputs`:

    vjp   vᵀJ    one backward pass                      vhp   vᵀH    backward through backward
    jvp   J v    two backward passes (see `jvp`)        hvp   H v    the same, transposed
    jacobian     one backward pass per row              hessian      the Jacobian of a Jacobian

All take one tensor or a tuple of them, and answer in the same form. `create_graph=True` makes the
answer differentiable. `strict=True` raises an error where an answer would be filled with zeros
because something does not depend on something else. Checks and texts are PyTorch's
(torch.autograd.functional).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from ..tensor import Tensor, new_tensor
from . import differentiate, forward_ad
from .grad_mode import enable_grad, is_grad_enabled, set_grad_enabled

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]

Tensors = tuple[Tensor, ...]
Func = Callable[..., Any]


def vjp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)` and vᵀJ, which has the shapes of the inputs.

    v: of the shapes of the outputs; may be left out if there is one output with one entry.
    Raises TypeError or RuntimeError with PyTorch's texts.
    """
    with enable_grad():
        several, ins = _own_inputs(inputs, "vjp", create_graph)
        several_out, outs = _outputs(func, ins, "vjp", strict)
        if v is not None:
            v = _vector(v, outs, several_out, "vjp", create_graph)
        elif len(outs) != 1 or outs[0].numel() != 1:
            raise RuntimeError(
                "The vector v can only be None if the user-provided function returns a single "
                "Tensor with a single element."
            )
    with set_grad_enabled(create_graph or is_grad_enabled()):
        grads = _grad(outs, ins, v, create_graph)
        grads = _filled(grads, ins, "back", strict, create_graph)
    return _answer(outs, several_out, create_graph), _answer(grads, several, create_graph)


def jvp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)` and J v, which has the shapes of the outputs.

    A backward pass gives uᵀJ, which is linear in u. Its derivative with respect to u, by a second
    backward pass with v, is J v: the "double backward trick". (`forward_ad` needs one pass.)

    v: of the shapes of the inputs; may be left out if there is one input with one entry.
    """
    with enable_grad():
        several, ins = _own_inputs(inputs, "jvp", create_graph)
        v = _vector_for_inputs(v, ins, several, "jvp", create_graph)
        several_out, outs = _outputs(func, ins, "jvp", strict)
        u = tuple(_zeros(out, requires_grad=True) for out in outs)
        grads = _grad(outs, ins, u, create_graph=True)
        _check_recorded(grads, "grad_inputs", strict)
    with set_grad_enabled(create_graph or is_grad_enabled()):
        product = _grad(grads, u, v, create_graph)
        product = _filled(product, outs, "back_trick", strict, create_graph)
    return _answer(outs, several_out, create_graph), _answer(product, several_out, create_graph)


def vhp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)`, one number, and vᵀH, which has the shapes of the inputs, as `v` has."""
    with enable_grad():
        several, ins = _own_inputs(inputs, "vhp", create_graph)
        v = _vector_for_inputs(v, ins, several, "vhp", create_graph)
        outs = (_one_number(func, ins, "vhp", strict),)
        slope = _grad(outs, ins, None, create_graph=True)
        _check_recorded(slope, "jacobian", strict)
    with set_grad_enabled(create_graph or is_grad_enabled()):
        product = _grad(slope, ins, v, create_graph)
        product = _filled(product, ins, "double_back", strict, create_graph)
    return _answer(outs, False, create_graph), _answer(product, several, create_graph)


def hvp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)`, one number, and H v. Where H is symmetric `vhp` is the same and cheaper."""
    with enable_grad():
        several, ins = _own_inputs(inputs, "hvp", create_graph)
        v = _vector_for_inputs(v, ins, several, "hvp", create_graph)
        outs = (_one_number(func, ins, "hvp", strict),)
        slope = _grad(outs, ins, None, create_graph=True)
        _check_recorded(slope, "jacobian", strict)
        u = tuple(_zeros(x, requires_grad=True) for x in ins)
        curved = _grad(slope, ins, u, create_graph=True)
        _check_recorded(slope, "hessian", strict)
    with set_grad_enabled(create_graph or is_grad_enabled()):
        product = _grad(curved, u, v, create_graph)
        product = _filled(product, ins, "double_back_trick", strict, create_graph)
    return _answer(outs, False, create_graph), _answer(product, several, create_graph)


def jacobian(
    func: Func,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The Jacobian of `func`: for output i and input j a tensor, output.shape + input.shape.

    It stands at `[i][j]`; at `[i]` or `[j]` if there is one input or one output that is no tuple.
    strategy: "reverse-mode", a backward pass per entry of the outputs, or "forward-mode" (needs
    `vectorize=True`, as in PyTorch), a forward pass per entry of the inputs.
    vectorize: PyTorch does all rows at once then. Here they always are, if they can be.
    """
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your '
            'function has more outputs than inputs, "forward-mode" tends to be more performant. '
            'Otherwise, prefer to use "reverse-mode".'
        )
    if strategy == "forward-mode":
        _check_forward(create_graph, strict, vectorize)
        return _by_columns(func, inputs)
    with enable_grad():
        several, ins = _own_inputs(inputs, "jacobian", create_graph)
        several_out, outs = _outputs(func, ins, "jacobian", strict)
        if vectorize and strict:
            raise RuntimeError(
                "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not "
                "supported together. Please either set `strict=False` or `vectorize=False`."
            )
        blocks = tuple(_by_rows(i, out, ins, create_graph, strict) for i, out in enumerate(outs))
    if not create_graph:
        blocks = tuple(tuple(block.detach() for block in row) for row in blocks)
    return _nested(blocks, several_out, several)


def hessian(
    func: Func,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The Hessian of `func`, whose result is one number: for inputs i and j a tensor of shape
    input_i.shape + input_j.shape, at `[i][j]`; only that tensor if `inputs` is no tuple.
    """
    several, _ = _tuple(inputs, "inputs", "hessian")
    if outer_jacobian_strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".')

    def one_number(*ins: Tensor) -> Tensor:
        return _one_number(lambda *_: func(*ins), ins, "hessian", strict).squeeze()

    def slope(*ins: Tensor) -> Tensors:
        if outer_jacobian_strategy == "forward-mode":
            ins = tuple(x.requires_grad_(True) for x in ins)
        found = jacobian(one_number, ins, create_graph=True)
        _check_recorded(found, "jacobian", strict)
        return found

    blocks = jacobian(slope, inputs, create_graph, strict, vectorize, outer_jacobian_strategy)
    return blocks if several else blocks[0]


# ---- rows and columns --------------------------------------------------------------------------


def _by_rows(i: int, out: Tensor, ins: Tensors, create_graph: bool, strict: bool) -> Tensors:
    """The Jacobian of one output. A row is the backward pass of a basis vector: all together, or
    one by one if they are to be recorded.
    """
    if not create_graph and out.numel():
        basis = np.eye(out.numel(), dtype=out._array.dtype).reshape(-1, *out.shape)
        found = _grad((out,), ins, (new_tensor(basis),), False, True, rows=True)
        if strict and None in found:
            raise RuntimeError(INDEPENDENT.format(i=i, j=found.index(None)))
        blocks = [np.zeros(out.shape + x.shape, x._array.dtype) for x in ins]
        for block, grad in zip(blocks, found, strict=True):
            if grad is not None:
                block[...] = grad._array.reshape(block.shape)
        return tuple(map(new_tensor, blocks))
    rows: list[list[Tensor]] = [[] for _ in ins]
    for one in _basis(out):
        grads = _grad((out,), ins, (one,), create_graph, retain_graph=True)
        for j, (x, grad) in enumerate(zip(ins, grads, strict=True)):
            if strict and grad is None:
                raise RuntimeError(INDEPENDENT.format(i=i, j=j))
            if strict and create_graph and not grad.requires_grad:
                raise RuntimeError(
                    f"The jacobian of the user-provided function is independent of input {i}. "
                    "This is not allowed in strict mode when create_graph=True."
                )
            rows[j].append(_zeros(x) if grad is None else grad)
    return tuple(
        _stacked(rows_of_x, out.shape + x.shape) for x, rows_of_x in zip(ins, rows, strict=True)
    )


def _by_columns(func: Func, inputs: Any) -> Any:
    """The Jacobian column by column, each the forward pass of a basis vector."""
    several, ins = _tuple(inputs, "inputs", "jacobian")
    columns: list[list[list[Tensor]]] = []  # of each input: of each of its entries: of each output
    for j, x in enumerate(ins):
        columns.append([])
        for basis in _basis(x):
            with forward_ad.dual_level():
                duals = [
                    forward_ad.make_dual(other, basis if k == j else _zeros(other))
                    for k, other in enumerate(ins)
                ]
                several_out, outs = _tuple(func(*duals), "outputs", None)
                pairs = [forward_ad.unpack_dual(out) for out in outs]
            columns[j].append(
                [_zeros(out) if tangent is None else tangent for out, tangent in pairs]
            )
    blocks = [
        [
            _stacked([parts[i] for parts in columns[j]], (*x.shape, *out.shape)).permute(
                *range(x.ndim, x.ndim + out.ndim), *range(x.ndim)
            )
            for j, x in enumerate(ins)
        ]
        for i, out in enumerate(outs)
    ]
    return _nested(blocks, several_out, several)  # lists, as in PyTorch


def _check_forward(create_graph: bool, strict: bool, vectorize: bool) -> None:
    if create_graph:
        raise NotImplementedError(
            "torch.autograd.functional.jacobian: `create_graph=True` and "
            '`strategy="forward-mode"` are not supported together (yet). Please either set '
            '`create_graph=False` or `strategy="reverse-mode"`.'
        )
    if strict:
        raise RuntimeError(
            'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are '
            "not supported together (yet). Please either set `strict=False` or "
            '`strategy="reverse-mode"`.'
        )
    if not vectorize:
        raise NotImplementedError(
            "Computing Jacobian using forward-AD or forward-over-reverse Hessian is"
            "only implemented for `vectorize=True`."
        )


def _basis(like: Tensor) -> Iterator[Tensor]:
    """The tensors of the shape of `like` that are 1 at one entry and 0 elsewhere, in order."""
    for place in range(like.numel()):
        array = np.zeros(like.shape, like._array.dtype)
        array.flat[place] = 1
        yield new_tensor(array)


def _stacked(rows: list[Tensor], shape: Sequence[int]) -> Tensor:
    stack = import_module("minigrad").stack  # by then everything is there
    return stack(rows).reshape(tuple(shape))


# ---- what all have in common -------------------------------------------------------------------


def _tuple(value: Any, what: str, function: str | None) -> tuple[bool, Tensors]:
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


def _own_inputs(inputs: Any, function: str, create_graph: bool) -> tuple[bool, Tensors]:
    """New tensors for the inputs: what `func` captures by itself must not count as an input."""
    several, ins = _tuple(inputs, "inputs", function)
    return several, _own(ins, create_graph, requires_grad=True)


def _own(tensors: Tensors, create_graph: bool, requires_grad: bool) -> Tensors:
    return tuple(
        x.view(x.shape) if create_graph and x.requires_grad
        else x.detach().requires_grad_(requires_grad)
        for x in tensors
    )  # fmt: skip


def _outputs(func: Func, ins: Tensors, function: str, strict: bool) -> tuple[bool, Tensors]:
    several, outs = _tuple(func(*ins), "outputs of the user-provided function", function)
    _check_recorded(outs, "outputs", strict)
    return several, outs


def _one_number(func: Func, ins: Tensors, function: str, strict: bool) -> Tensor:
    several, outs = _outputs(func, ins, function, strict)
    if several:
        raise RuntimeError(f"The function given to {function} should return a single Tensor")
    if outs[0].numel() != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {function} should contain a single "
            "element"
        )
    return outs[0]


def _vector_for_inputs(
    v: Any, ins: Tensors, several: bool, function: str, create_graph: bool
) -> Tensors | None:
    if v is not None:
        return _vector(v, ins, several, function, create_graph)
    if len(ins) != 1 or ins[0].numel() != 1:
        raise RuntimeError(
            "The vector v can only be None if the input to the user-provided function is a single "
            "Tensor with a single element."
        )
    return None


def _vector(v: Any, like: Tensors, several: bool, function: str, create_graph: bool) -> Tensors:
    """`v` as a tuple. Raises RuntimeError if its shapes are not those of `like`."""
    v = _own(_tuple(v, "v", function)[1], create_graph, requires_grad=False)
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


def _grad(
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


def _zeros(like: Tensor, requires_grad: bool = False) -> Tensor:
    return new_tensor(np.zeros_like(like._array)).requires_grad_(requires_grad)


def _answer(values: Any, several: bool, create_graph: bool) -> Any:
    """In the form in which the question was put; without a history unless one was asked for."""
    values = tuple(values) if create_graph else tuple(value.detach() for value in values)
    return values if several else values[0]


def _nested(blocks: Any, several_out: bool, several: bool) -> Any:
    """Blocks `[output][input]` without the levels that the question did not have."""
    if not several:
        blocks = tuple(row[0] for row in blocks)
    return blocks if several_out else blocks[0]


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
    "hessian": "The hessian of the user-provided function with respect to input {i} is independent "
    "of the input. This is not allowed in strict mode. You should ensure that your function is "
    "thrice differentiable and that the hessian depends on the inputs.",
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


def _check_recorded(values: Sequence[Any], what: str, strict: bool) -> None:
    """In strict mode: raise RuntimeError if one of `values` does not depend on the inputs."""
    for i, value in enumerate(values if strict else ()):
        if value is None:
            raise RuntimeError(MISSING["back"].format(i=i))
        if not value.requires_grad:
            raise RuntimeError(NOT_RECORDED[what].format(i=i))


def _filled(
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
    return tuple(_zeros(x) if grad is None else grad for grad, x in zip(grads, like, strict=True))
