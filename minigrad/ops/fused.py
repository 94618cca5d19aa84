"""Derivatives that PyTorch computes in one piece.

The derivative of `tanh` is a formula, `grad * (1 - result²)`. In a backward pass that is recorded
(`create_graph=True`) PyTorch makes one node of it, `TanhBackwardBackward0`, not one per operator.
So do we: the formula becomes an operation of its own. Its derivative by `grad` is the formula again
where that goes entry by entry; all others are found by walking the formula's own graph.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd import differentiate
from ..autograd.grad_mode import _GradMode, state
from ..tensor import on_array
from . import either
from .half import in_single
from .operation import Operation


def knows_shape_alone(back: Operation) -> None:
    """`back`, of `grad_output` and `self`, is the derivative of a linear operation: of `self` it
    takes no more than the shape.
    """
    back.derivative(
        "self",
        "0",
        lambda grad, self_sizes: either.like(grad, np.zeros(self_sizes, either.numpy_dtype(grad))),
    )

    needs = ("self", *back.options)

    def along(moved: dict[str, Any], **values: Any) -> Any:
        given = [values[name] for name in needs]
        return back(moved["grad_output"], *given) if "grad_output" in moved else None

    back.tangent(along, needs)


def fuse(operation: Operation, name: str, node: str, sparing: bool = False) -> None:
    """Make one node, called `node`, of the derivative of `operation` by its input `name`.

    sparing: where it does not depend on something, nothing is sent there; else zeros are.
    """
    rule, needs = operation.rules[name], operation.needs[name]
    on_arrays = in_single(rule)
    inputs = tuple(n for n in needs if n in operation.inputs or n.startswith("result"))
    options = tuple(n for n in needs if n not in inputs)
    order = [(*inputs, *options).index(n) for n in needs]
    own = {n: n.replace("result", "output") for n in needs}  # `result` would be that of the node

    def forward(grad: Any, *values: Any) -> Any:
        return on_arrays(grad, *[values[k] for k in order])

    fused = Operation(
        f"{operation.name}_backward", " ".join(["grad_output", *(own[n] for n in inputs)]), forward,
        options=" ".join(options), node=node,
    )  # fmt: skip

    def in_one_piece(grad: Any, *values: Any) -> Any:
        if isinstance(grad, either.ARRAY):
            return on_arrays(grad, *values)
        return fused(grad, *[values[needs.index(n)] for n in (*inputs, *options)])

    renamed = tuple(own.values())
    entrywise = operation.jvp == "entrywise" and operation.tangent_rule is None
    if entrywise:  # then the formula is as well its own transpose
        fused.derivative("grad_output", operation.latex[name], in_one_piece, renamed)
    places = {"grad_output": 0} | {own[n]: needs.index(n) + 1 for n in inputs}
    for need in fused.inputs[entrywise:]:
        latex = rf"\partial \, grad / \partial \, {need}"
        slope = _slope(rule, places[need], sparing)
        fused.derivative(need, latex, slope, ("grad_output", *renamed))
    operation.rules[name], operation.on_arrays[name] = in_one_piece, rule
    operation.__dict__.pop("call", None)


def _slope(rule: Any, k: int, sparing: bool) -> Any:
    """The derivative of `rule(*values)` by the value number `k`, times a cotangent."""

    def slope(cotangent: Any, *values: Any) -> Any:
        as_arrays = isinstance(cotangent, either.ARRAY)
        if as_arrays:
            values = tuple([on_array(v) if isinstance(v, np.ndarray) else v for v in values])
            values[k].requires_grad_()
            cotangent = on_array(cotangent)
        found = _walked(rule, k, cotangent, values)
        if found is None:
            if sparing:
                return None
            found = either.zeros(values[k])
        return found._array if as_arrays else found

    return slope


def _walked(rule: Any, k: int, cotangent: Any, values: Any) -> Any:
    recorded, x = state.grad_enabled, values[k]
    with _GradMode(True):  # only the ways through this one count:
        x = x.view_as(x) if x.requires_grad else x.detach().requires_grad_()
        row = rule(*values[:k], x, *values[k + 1 :])
        if not row.requires_grad:  # flat along x
            return None
        (found,) = differentiate.grad(row, x, cotangent, create_graph=True, allow_unused=True)
    return found if found is None or recorded else found.detach()
