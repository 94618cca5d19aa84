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

from typing import Any

from .functional_checks import (
    Func,
    answer,
    check_recorded,
    filled,
    grads_of,
    one_number,
    outputs,
    own_inputs,
    vector,
    vector_for_inputs,
    zeros,
)
from .functional_matrices import _construct_standard_basis_for as _construct_standard_basis_for
from .functional_matrices import hessian, jacobian
from .grad_mode import enable_grad, is_grad_enabled, set_grad_enabled

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]


def vjp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)` and vᵀJ, which has the shapes of the inputs.

    v: of the shapes of the outputs; may be left out if there is one output with one entry.
    Raises TypeError or RuntimeError with PyTorch's texts.
    """
    with enable_grad():
        several, ins = own_inputs(inputs, "vjp", create_graph)
        several_out, outs = outputs(func, ins, "vjp", strict)
        if v is not None:
            v = vector(v, outs, several_out, "vjp", create_graph)
        elif len(outs) != 1 or outs[0].numel() != 1:
            raise RuntimeError(
                "The vector v can only be None if the user-provided function returns a single "
                "Tensor with a single element."
            )
    with set_grad_enabled(bool(create_graph) or is_grad_enabled()):
        grads = grads_of(outs, ins, v, create_graph)
        grads = filled(grads, ins, "back", strict, create_graph)
    return answer(outs, several_out, create_graph), answer(grads, several, create_graph)


def jvp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)` and J v, which has the shapes of the outputs.

    A backward pass gives uᵀJ, which is linear in u. Its derivative with respect to u, by a second
    backward pass with v, is J v: the "double backward trick". (`forward_ad` needs one pass.)

    v: of the shapes of the inputs; may be left out if there is one input with one entry.
    """
    with enable_grad():
        several, ins = own_inputs(inputs, "jvp", create_graph)
        v = vector_for_inputs(v, ins, several, "jvp", create_graph)
        several_out, outs = outputs(func, ins, "jvp", strict)
        u = tuple(zeros(out, requires_grad=True) for out in outs)
        grads = grads_of(outs, ins, u, create_graph=True)
        check_recorded(grads, "grad_inputs", strict)
    with set_grad_enabled(bool(create_graph) or is_grad_enabled()):
        product = grads_of(grads, u, v, create_graph)
        product = filled(product, outs, "back_trick", strict, create_graph)
    return answer(outs, several_out, create_graph), answer(product, several_out, create_graph)


def vhp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)`, one number, and vᵀH, which has the shapes of the inputs, as `v` has."""
    with enable_grad():
        several, ins = own_inputs(inputs, "vhp", create_graph)
        v = vector_for_inputs(v, ins, several, "vhp", create_graph)
        outs = (one_number(func, ins, "vhp", strict),)
        slope = grads_of(outs, ins, None, create_graph=True)
        check_recorded(slope, "jacobian", strict)
    with set_grad_enabled(bool(create_graph) or is_grad_enabled()):
        product = grads_of(slope, ins, v, create_graph)
        product = filled(product, ins, "double_back", strict, create_graph)
    return answer(outs, False, create_graph), answer(product, several, create_graph)


def hvp(
    func: Func, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """`func(*inputs)`, one number, and H v. Where H is symmetric `vhp` is the same and cheaper."""
    with enable_grad():
        several, ins = own_inputs(inputs, "hvp", create_graph)
        v = vector_for_inputs(v, ins, several, "hvp", create_graph)
        outs = (one_number(func, ins, "hvp", strict),)
        slope = grads_of(outs, ins, None, create_graph=True)
        check_recorded(slope, "jacobian", strict)
        u = tuple(zeros(x, requires_grad=True) for x in ins)
        curved = grads_of(slope, ins, u, create_graph=True)
    with set_grad_enabled(bool(create_graph) or is_grad_enabled()):
        product = grads_of(curved, u, v, create_graph)
        product = filled(product, ins, "double_back_trick", strict, create_graph)
    return answer(outs, False, create_graph), answer(product, several, create_graph)
