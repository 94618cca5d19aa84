"""Jacobians and Hessians in full: what `functional.py` hands on as `jacobian` and `hessian`.

A row of a Jacobian is the backward pass of a basis vector, a column the forward pass of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from ..tensor import Tensor, on_array
from . import forward_ad
from .functional_checks import (
    INDEPENDENT,
    Func,
    Tensors,
    as_tuple,
    check_recorded,
    grads_of,
    one_number,
    outputs,
    own_inputs,
    zeros,
)
from .grad_mode import enable_grad


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
    vectorize: all rows at once. (Here they always are, if they can be; but only so zeros go back
    from the other outputs, too.)

    Raises RuntimeError where `strict` forbids it, NotImplementedError for options that do not go
    together.
    """
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your '
            'function has more outputs than inputs, "forward-mode" tends to be more performant. '
            'Otherwise, prefer to use "reverse-mode".'
        )
    if strategy == "forward-mode":
        _check_forward(inputs, create_graph, strict, vectorize)
        return _by_columns(func, inputs)
    with enable_grad():
        several, ins = own_inputs(inputs, "jacobian", create_graph)
        several_out, outs = outputs(func, ins, "jacobian", strict)
        if vectorize and strict:
            raise RuntimeError(
                "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not "
                "supported together. Please either set `strict=False` or `vectorize=False`."
            )
        recorded = any(out.requires_grad for out in outs)
        if vectorize and recorded and not any(out.numel() for out in outs):
            raise IndexError("index 0 is out of bounds for dimension 0 with size 0")
        blocks = tuple(
            _by_rows(
                i, out, ins, create_graph, strict, outs[:i] + outs[i + 1 :] if vectorize else ()
            )
            if out.numel() or not vectorize
            else tuple(x.new_zeros(out.shape + x.shape) for x in ins)
            for i, out in enumerate(outs)
        )
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

    Raises RuntimeError for a result of more than one entry.
    """
    several, _ = as_tuple(inputs, "inputs", "hessian")
    if outer_jacobian_strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".')

    def scalar(*ins: Tensor) -> Tensor:
        return one_number(lambda *_: func(*ins), ins, "hessian", strict).squeeze()

    def slope(*ins: Tensor) -> Tensors:
        if outer_jacobian_strategy == "forward-mode":
            ins = tuple(x.requires_grad_(True) for x in ins)
        found = jacobian(scalar, ins, create_graph=True)
        check_recorded(found, "jacobian", strict)
        return found

    blocks = jacobian(slope, inputs, create_graph, strict, vectorize, outer_jacobian_strategy)
    return blocks if several else blocks[0]


def _by_rows(
    i: int, out: Tensor, ins: Tensors, create_graph: bool, strict: bool, others: Tensors
) -> Tensors:
    """The Jacobian of one output. A row is the backward pass of a basis vector: all together, or
    one by one if they are to be recorded.

    others: outputs that zeros go back from, as in PyTorch where it vectorizes; they are nan where
    they meet an infinite derivative.
    """
    if not create_graph and out.numel():
        (basis,) = _construct_standard_basis_for((out,), (out.numel(),))
        silent = [on_array(np.zeros((out.numel(), *o.shape), o._array.dtype)) for o in others]
        cotangents = (basis.view(-1, *out.shape), *silent)
        found = grads_of((out, *others), ins, cotangents, False, True, rows=True)
        if strict and None in found:
            raise RuntimeError(INDEPENDENT.format(i=i, j=found.index(None)))
        blocks = [np.zeros(out.shape + x.shape, x._array.dtype) for x in ins]
        for block, grad in zip(blocks, found, strict=True):
            if grad is not None:
                block[...] = grad._array.reshape(block.shape)
        return tuple(map(on_array, blocks))
    rows: list[list[Tensor]] = [[] for _ in ins]
    for one in _basis(out):
        cotangents = (one, *map(zeros, others))
        grads = grads_of((out, *others), ins, cotangents, create_graph, retain_graph=True)
        for j, (x, grad) in enumerate(zip(ins, grads, strict=True)):
            if strict and grad is None:
                raise RuntimeError(INDEPENDENT.format(i=i, j=j))
            if strict and create_graph and not grad.requires_grad:
                raise RuntimeError(
                    f"The jacobian of the user-provided function is independent of input {i}. "
                    "This is not allowed in strict mode when create_graph=True."
                )
            rows[j].append(zeros(x) if grad is None else grad)
    return tuple(
        _stacked(rows_of_x, out.shape + x.shape) for x, rows_of_x in zip(ins, rows, strict=True)
    )


def _by_columns(func: Func, inputs: Any) -> Any:
    """The Jacobian column by column, each the forward pass of a basis vector."""
    several, ins = as_tuple(inputs, "inputs", "jacobian")
    columns: list[list[list[Tensor]]] = []  # of each input: of each of its entries: of each output
    for j, x in enumerate(ins):
        columns.append([])
        for basis in _basis(x) if x.numel() else (zeros(x),):  # what comes out is seen anyhow
            with forward_ad.dual_level():
                duals = [
                    forward_ad.make_dual(other, basis if k == j else zeros(other))
                    for k, other in enumerate(ins)
                ]
                several_out, outs = as_tuple(func(*duals), "outputs", None)
                pairs = [forward_ad.unpack_dual(out) for out in outs]
            columns[j].append(
                [zeros(out) if tangent is None else tangent for out, tangent in pairs]
            )
    blocks = [
        [_beside([parts[i] for parts in columns[j]], out.shape, x.shape) for j, x in enumerate(ins)]
        for i, out in enumerate(outs)
    ]
    return _nested(blocks, several_out, several)  # lists, as in PyTorch


def _check_forward(inputs: Any, create_graph: bool, strict: bool, vectorize: bool) -> None:
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
    as_tuple(inputs, "inputs", "jacobian")
    if not vectorize:
        raise NotImplementedError(
            "Computing Jacobian using forward-AD or forward-over-reverse Hessian is"
            "only implemented for `vectorize=True`."
        )


def _construct_standard_basis_for(tensors: Tensors, tensor_numels: Sequence[int]) -> Tensors:
    """The basis vectors of all entries of the tensors together: for each tensor its part of them,
    of shape (number of all entries, number of its own).
    """
    places = np.cumsum([0, *tensor_numels])
    return tuple(
        on_array(np.eye(places[-1], numel, -place, tensor._array.dtype))
        for tensor, numel, place in zip(tensors, tensor_numels, places[:-1], strict=True)
    )


def _basis(like: Tensor) -> Iterator[Tensor]:
    """The tensors of the shape of `like` that are 1 at one entry and 0 elsewhere, in order."""
    for place in range(like.numel()):
        array = np.zeros(like.shape, like._array.dtype)
        array.flat[place] = 1
        yield on_array(array)


def _beside(columns: list[Tensor], out: Sequence[int], of: Sequence[int]) -> Tensor:
    """Columns as a Jacobian of shape `out + of`; none of them if the input has no entries."""
    stacked = _stacked(columns, (len(columns), *out)).narrow(0, 0, prod(of))
    return stacked.permute(*range(1, stacked.ndim), 0).reshape((*out, *of))


def _stacked(rows: list[Tensor], shape: Sequence[int]) -> Tensor:
    from ..ops.joining import stack  # by now everything has been imported

    return stack(rows).reshape(tuple(shape))


def _nested(blocks: Any, several_out: bool, several: bool) -> Any:
    """Blocks `[output][input]` without the levels that the question did not have."""
    if not several:
        blocks = tuple(row[0] for row in blocks)
    return blocks if several_out else blocks[0]
