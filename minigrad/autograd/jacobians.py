"""The two Jacobians that `gradcheck` compares: by differences, and by the derivatives written down.

They are arrays of shape (entries of the input, entries of the output).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..ops.refusals import OF_BOOLS
from ..tensor import Tensor, on_array
from . import differentiate, forward_ad, gradcheck_texts

Func = Callable[..., Any]
Jacobians = list[list[np.ndarray]]


class GradcheckError(RuntimeError):
    """What `gradcheck` and `gradgradcheck` raise: the derivative is wrong, and how."""


GradcheckError.__module__ = __package__ + ".gradcheck"  # where it is asked for


class Check(NamedTuple):
    """What is checked, and how exactly."""

    func: Func
    inputs: tuple[Any, ...]
    eps: float
    atol: float
    rtol: float
    nondet_tol: float
    check_grad_dtypes: bool

    def call(self) -> tuple[Any, ...]:
        """All outputs."""
        return as_tuple(self.func(*self.inputs))

    def moving(self) -> list[int]:
        """The positions of the inputs that require grad."""
        return [k for k, x in enumerate(self.inputs) if isinstance(x, Tensor) and x.requires_grad]


def as_tuple(value: Any) -> tuple[Any, ...]:
    """A tuple or a list as a tuple, anything else in a tuple of its own."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def difference(check: Check, array: np.ndarray, step: Any, where: str) -> list[np.ndarray]:
    """(f(x + step) - f(x - step)) / 2ε per output, flat.

    array: a window on the memory of x. It is put back.
    """
    if isinstance(step, str):
        raise TypeError("unsupported operand type(s) for -: 'Tensor' and 'str'")
    before = array.copy()
    sides = []
    try:
        for value in (before - step, before + step):
            array[...] = value
            sides.append([np.array(out.clone()._array) for out in check.call()])
    finally:
        array[...] = before
    for below, above in zip(*sides, strict=True):
        if above.dtype == bool:
            raise RuntimeError(OF_BOOLS["sub"])
        for what, a, b in (
            ("shape", on_array(below).shape, on_array(above).shape),
            ("dtype", on_array(below).dtype, on_array(above).dtype),
        ):
            assert a == b, (
                f"Expected `func` to return outputs with the same {what} when inputs are perturbed "
                f"{where}by {check.eps}, but got: {what}s {a} and {b}."
            )
    return [
        ((above - below) / (2 * check.eps)).astype(above.dtype).reshape(-1)
        if above.dtype.kind == "f"
        else np.zeros(above.size)
        for below, above in zip(*sides, strict=True)
    ]


def by_differences(check: Check) -> Jacobians:
    """`[input][output]`: the Jacobians by differences."""
    found = []
    for k in check.moving():
        array = check.inputs[k]._array
        rows = [
            difference(check, array[(*index, ...)], check.eps, f"on index {index} ")
            for index in np.ndindex(array.shape)
        ]
        found.append([np.array(column) for column in zip(*rows, strict=True)] or nothing(check))
    return found


def nothing(check: Check) -> list[np.ndarray]:
    """The Jacobians with respect to an input that has no entries."""
    return [np.zeros((0, out.numel())) for out in check.call()]


def by_backward(
    check: Check, output: Tensor, cotangents: Callable[[], list[np.ndarray]]
) -> list[np.ndarray]:
    """Per input: an array with a column per cotangent, from two passes that must agree."""
    inputs = [check.inputs[k] for k in check.moving()]
    first, second = (columns(check, output, inputs, cotangents()) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        if a.size and np.max(np.abs(a - b)) > check.nondet_tol:
            raise GradcheckError(gradcheck_texts.NOT_REENTRANT.format(tol=check.nondet_tol))
    return first


def columns(
    check: Check, output: Tensor, inputs: list[Tensor], cotangents: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """The gradients, flat, as the columns of an array per input. Raises GradcheckError."""
    found = [np.zeros((x.numel(), len(cotangents)), x._array.dtype) for x in inputs]
    for column, cotangent in enumerate(cotangents):
        grads = differentiate.grad(
            output, inputs, on_array(cotangent), retain_graph=True, allow_unused=True
        )
        for x, grad, jacobian in zip(inputs, grads, found, strict=True):
            if grad is None:
                continue
            if grad.shape != x.shape:
                raise GradcheckError("Analytical gradient has incorrect size")
            if grad.dtype != x.dtype and check.check_grad_dtypes:
                raise GradcheckError("Gradient has dtype mismatch")
            jacobian[:, column] = grad._array.reshape(-1)
    return found


def by_forward(check: Check, tangents: list[list[np.ndarray]]) -> Jacobians:
    """`[input][output]`: an array with a row per tangent of the input, by forward mode."""
    found: Jacobians = []
    for k, tangents_of_input in zip(check.moving(), tangents, strict=True):
        rows = []
        for tangent in tangents_of_input:
            with forward_ad.dual_level():
                pairs = [
                    forward_ad.unpack_dual(out) if out._array.dtype.kind == "f" else (out, None)
                    for out in as_tuple(check.func(*dual_inputs(check, {k: tangent})))
                ]
                rows.append(
                    [
                        np.zeros(out.numel()) if moved is None else moved._array.reshape(-1).copy()
                        for out, moved in pairs
                    ]
                )
        found.append([np.array(column) for column in zip(*rows, strict=True)] or nothing(check))
    return found


def dual_inputs(
    check: Check, tangents: dict[int, np.ndarray], without: int | None = None
) -> list[Any]:
    """The inputs with tangents, zeros if none is given; input `without` has none at all."""
    duals = list(check.inputs)
    for k in check.moving():
        x = check.inputs[k].detach()
        tangent = tangents.get(k, np.zeros(x.shape, x._array.dtype))
        duals[k] = x if k == without else forward_ad.make_dual(x, on_array(tangent.copy()))
    return duals


def basis(like: Tensor) -> list[np.ndarray]:
    """The arrays like a tensor that are 1 at one entry and 0 elsewhere, in order."""
    ones = np.eye(like.numel(), dtype=like._array.dtype)
    return [row.reshape(like.shape) for row in ones]
