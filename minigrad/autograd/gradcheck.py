"""Checks a derivative against differences: is (f(x + ε) - f(x - ε)) / 2ε what `backward` says?

`gradcheck(func, inputs)` compares, for every input that requires grad and every output, two
Jacobians, kept as arrays of shape (entries of the input, entries of the output):

    numerical    row k from two calls of `func`, entry k of the input moved down and up by ε
    analytical   column k from a backward pass of a cotangent that is 1 at entry k, 0 elsewhere

and then tries what goes wrong most often in a `backward` written by hand: a gradient that does not
depend on the cotangent, a different one in a second pass, a crash if an output was not used.
`gradgradcheck` puts the backward pass itself to this test, so it checks the second derivative.

As strict as PyTorch's, with its texts (torch.autograd.gradcheck).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from .. import dtypes, random
from ..memory import is_stretched
from ..tensor import Tensor, on_array
from ..warn import warn
from . import differentiate, forward_ad, gradcheck_texts
from .jacobians import (
    Check,
    Func,
    GradcheckError,
    as_tuple,
    basis,
    by_backward,
    by_differences,
    by_forward,
    difference,
    dual_inputs,
)
from .node import CppNode
from .old_jacobians import get_analytical_jacobian, get_numerical_jacobian

__all__ = [
    "GradcheckError",
    "get_analytical_jacobian",
    "get_numerical_jacobian",
    "gradcheck",
    "gradgradcheck",
]


def gradcheck(
    func: Func,
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """True if the derivatives of `func` at `inputs` agree with differences.

    func: takes tensors, returns a tensor or a tuple of them. inputs: a tensor or a tuple, those
    that require grad in float64, or the differences are too coarse (a warning says so).
    eps: how far entries are moved. atol, rtol: |analytical - numerical| ≤ atol + rtol |numerical|.
    nondet_tol: how much two backward passes may differ.
    check_undefined_grad: outputs that nobody used must be allowed.
    masked: a cotangent of zeros may give gradients close to zero, not only zero. (In PyTorch it
    also says how sparse tensors are compared; there are none here.)
    check_batched_forward_grad: PyTorch tries its `vmap` on forward mode; here there is none to try.
    fast_mode: compare one random combination vᵀJu, not the whole J.

    Raises GradcheckError (or returns False without `raise_exception`) if they do not agree;
    ValueError or RuntimeError for inputs that cannot be checked.
    """
    assert check_forward_ad or check_backward_ad, (
        "Expected at least one of check_forward_ad or check_backward_ad to be True"
    )
    assert check_backward_ad or not check_batched_grad, (
        "Setting check_batched_grad=True requires check_backward_ad to be True"
    )
    assert check_forward_ad or not check_batched_forward_grad, (
        "Setting check_batched_forward_grad=True requires check_forward_ad to be True"
    )
    check = Check(func, as_tuple(inputs), eps, atol, rtol, nondet_tol, check_grad_dtypes)
    try:
        _check_inputs(check.inputs)
        returned = check.call()
        outputs = _differentiable(returned)
        compare = _compare_fast if fast_mode else _compare
        if check_backward_ad:
            compare(check, returned, forward=False)
        if check_forward_ad:
            compare(check, returned, forward=True)
            if check_undefined_grad:
                _check_missing_tangents(check)
        if check_backward_ad:
            if check_batched_grad:
                for k, out in enumerate(outputs):
                    _check_batched(check, out, k)
            _check_zero_cotangents(check, outputs, bool(masked))
            if check_undefined_grad:
                _check_undefined(check, len(outputs))
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Func,
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """True if the second derivatives of `func` agree with differences of the first.

    grad_outputs: the cotangents at which to check, by default random ones; the gradients are
    differentiated with respect to them too. Otherwise as `gradcheck`.
    """
    assert check_fwd_over_rev or check_rev_over_rev, (
        "Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True"
    )
    assert check_rev_over_rev or not check_undefined_grad, (
        "Setting check_undefined_grad=True requires check_rev_over_rev to be True"
    )
    assert check_rev_over_rev or not check_batched_grad, (
        "Setting check_batched_grad=True requires check_rev_over_rev to be True"
    )
    ins = as_tuple(inputs)
    if grad_outputs is None:
        outputs = _differentiable(func(*ins))
        cotangents = tuple(_random(out, gen_non_contig_grad_outputs) for out in outputs)
    else:
        cotangents = as_tuple(grad_outputs)
    given = ins + cotangents
    moving = [isinstance(x, Tensor) and x.requires_grad for x in given]

    def gradients(*args: Any) -> tuple[Tensor, ...]:
        args = tuple(x.requires_grad_() if m else x for x, m in zip(args, moving, strict=True))
        # Without cotangents that is -0: `func` is given nothing and refuses, as in PyTorch.
        here, above = args[: -len(cotangents)], args[-len(cotangents) :]
        outputs = _differentiable(func(*here))
        wanted = [x for x, m in zip(here, moving, strict=False) if m]
        grads = differentiate.grad(outputs, wanted, above, create_graph=True, allow_unused=True)
        return tuple(grad for grad in grads if grad is not None)

    return gradcheck(
        gradients, given, eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception,
        nondet_tol=nondet_tol, check_undefined_grad=check_undefined_grad,
        check_grad_dtypes=check_grad_dtypes, check_batched_grad=check_batched_grad,
        check_forward_ad=check_fwd_over_rev, check_backward_ad=check_rev_over_rev,
        fast_mode=fast_mode, masked=masked,
    )  # fmt: skip


def _differentiable(outputs: Any) -> tuple[Tensor, ...]:
    return tuple(out for out in as_tuple(outputs) if out.requires_grad)


def _random(like: Tensor, apart: bool) -> Tensor:
    """A random cotangent. apart: its entries lie with gaps between them."""
    shape: tuple[int, ...] = like.shape
    if apart and like.numel() > 1:
        shape = (*shape[:-1], 2 * shape[-1])
    values = random.uniform_as(np.empty(shape, like._array.dtype), None, -1, 1)
    return on_array(values if shape == like.shape else values[..., 1::2]).requires_grad_()


def _check_inputs(inputs: tuple[Any, ...]) -> None:
    """Warn of inputs that are not float64, raise for what cannot be moved entry by entry."""
    moving = [(k, x) for k, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    for k, x in moving:
        if x._array.dtype != np.float64:
            warn(
                f"Input #{k} requires gradient and is not a double precision floating point or "
                "complex. This check will likely fail if all the inputs are not of double "
                "precision floating point or complex. "
            )
        if is_stretched(x._array):
            raise RuntimeError(
                f"The {k}th input has a dimension with stride 0. gradcheck only supports inputs "
                "that are non-overlapping to be able to compute the numerical gradients correctly. "
                "You should call .contiguous on the input before passing it to gradcheck."
            )
    if not moving:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them "
            "have requires_grad=True."
        )


# ---- the comparison ----------------------------------------------------------------------------


def _compare(check: Check, returned: tuple[Any, ...], forward: bool) -> None:
    """Every entry of every Jacobian. Raises GradcheckError at the first that differs."""
    numerical = by_differences(check)
    outputs = [i for i, out in enumerate(returned) if out.requires_grad]
    if not outputs:
        if any(np.any(jacobian != 0) for row in numerical for jacobian in row):
            raise GradcheckError("Numerical gradient for function expected to be zero")
        return
    if forward:
        moved = by_forward(check, [basis(check.inputs[k]) for k in check.moving()])
    for i, place in enumerate(outputs):
        if forward:
            columns = [row[place] for row in moved]
        else:
            columns = by_backward(check, returned[place], partial(basis, returned[place]))
        for j, analytical in enumerate(columns):
            expected = numerical[j][place]
            if not alike(analytical, expected, check.rtol, check.atol):
                raise GradcheckError(_mismatch(analytical, expected, i, j, forward))


def _compare_fast(check: Check, returned: tuple[Any, ...], forward: bool) -> None:
    """One random combination of the entries of each Jacobian: vᵀJu (Ju in forward mode)."""
    generator = random.Generator()  # not the common one, from which the reader's numbers come
    moving = check.moving()
    us = [_direction(check.inputs[k], generator) for k in moving]
    differences = [
        difference(check, check.inputs[k]._array, check.eps * u, "")
        for k, u in zip(moving, us, strict=True)
    ]
    outputs = [i for i, out in enumerate(returned) if out.requires_grad]
    if not outputs:
        if any(np.any(np.abs(moved) > check.nondet_tol) for row in differences for moved in row):
            raise GradcheckError("Numerical gradient for function expected to be zero")
        return
    if forward:
        tangents = by_forward(check, [[u] for u in us])
    for i, place in enumerate(outputs):
        v = np.ones(()) if forward else _direction(returned[place], generator)
        pulled = [] if forward else by_backward(check, returned[place], partial(list, [v]))
        for j, u in enumerate(us):
            if forward:
                analytical, expected = tangents[j][place][0], differences[j][place]
            else:
                analytical = np.asarray(pulled[j][:, 0] @ u.reshape(-1))
                expected = np.asarray(v.reshape(-1) @ differences[j][place])
            atol = check.atol * float(u.sum()) * float(v.sum())
            if not alike(analytical, expected, check.rtol, atol):
                text = _mismatch(analytical, expected, i, j, forward)
                raise GradcheckError(text + _slowly(check, returned, j, place, forward))


def alike(analytical: Any, numerical: Any, rtol: float, atol: float) -> bool:
    """|analytical - numerical| ≤ atol + rtol |numerical|.

    Raises RuntimeError for a negative limit, and if the function returned another size meanwhile.
    """
    there, here = np.shape(analytical), np.shape(numerical)
    if there != here:
        raise RuntimeError(
            f"The expanded size of the tensor ({there[-1]}) must match the existing size "
            f"({here[-1]}) at non-singleton dimension 0.  Target sizes: [{there[-1]}].  Tensor "
            f"sizes: [{here[-1]}]"
        )
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value < 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value:g}")
    return np.allclose(analytical, numerical, rtol, atol)


def _direction(like: Tensor, generator: random.Generator) -> np.ndarray:
    """A random array of positive entries, of length 1."""
    values = generator.uniform(like.numel(), dtypes.get_default_dtype().numpy)
    values = values.astype(like._array.dtype)
    return (values / np.sqrt(np.sum(values**2))).reshape(like.shape)


def _slowly(check: Check, returned: tuple[Any, ...], j: int, place: int, forward: bool) -> str:
    """What the whole Jacobians look like where the combinations differ."""
    numerical = by_differences(check)[j][place]
    if forward:
        tangents = [basis(check.inputs[k]) for k in check.moving()]
        analytical = by_forward(check, tangents)[j][place]
    else:
        analytical = by_backward(check, returned[place], partial(basis, returned[place]))[j]
    text = gradcheck_texts.SLOWLY.format(
        numerical=on_array(numerical),
        analytical=on_array(analytical),
        apart=np.max(np.abs(numerical - analytical)),
    )
    fine = alike(analytical, numerical, check.rtol, check.atol)
    return text + gradcheck_texts.FAST_FAILS if fine else text


def _mismatch(analytical: Any, numerical: Any, output: int, input: int, forward: bool) -> str:
    mode = "computed with forward mode " if forward else ""
    return (
        f"Jacobian {mode}mismatch for output {output} with respect to input {input},\n"
        f"numerical:{on_array(numerical)}\nanalytical:{on_array(analytical)}\n"
    )


# ---- what else goes wrong ----------------------------------------------------------------------


def _check_zero_cotangents(check: Check, outputs: tuple[Tensor, ...], masked: bool) -> None:
    """A backward pass of zeros must give zeros, of the right dtype and shape."""
    inputs = [check.inputs[k] for k in check.moving()]
    zeros = [on_array(np.zeros(out.shape, out._array.dtype)) for out in outputs]
    for x, grad in zip(inputs, _grad(outputs, inputs, zeros), strict=True):
        if grad is None:
            continue
        if not (np.allclose(grad._array, 0) if masked else np.all(grad._array == 0)):
            raise GradcheckError("backward not multiplied by grad_output")
        if grad.dtype != x.dtype:
            raise GradcheckError("grad is incorrect type")
        if grad.shape != x.shape:
            raise GradcheckError("grad is incorrect size")


def _grad(outputs: Sequence[Tensor], inputs: list[Tensor], cotangents: list[Tensor]) -> Any:
    if not outputs:
        return [None] * len(inputs)
    return differentiate.grad(outputs, inputs, cotangents, allow_unused=True)


class UndefinedGrad(CppNode):
    """Takes a cotangent and sends on none: to a node, its output now looks as if unused."""

    __slots__ = ()

    def backward(self, incoming: list[Any], as_tensors: bool) -> list[Any]:
        """Nothing."""
        return [None]


def _check_undefined(check: Check, count: int) -> None:
    """Backward passes where all of `count` outputs, then each in turn, have no cotangent: zeros or
    None.
    """
    every = set(range(count))
    for undefined in [every, *([{k} for k in every] if count > 1 else [])]:
        outputs = [
            out._with_edge((UndefinedGrad((out._get_edge(),)), 0)) if k in undefined else out
            for k, out in enumerate(_differentiable(check.call()))
        ]
        zeros = [on_array(np.zeros(out.shape, out._array.dtype)) for out in outputs]
        try:
            grads = _grad(outputs, [check.inputs[k] for k in check.moving()], zeros)
        except RuntimeError as error:
            warn(gradcheck_texts.UNDEFINED_IS_NEW)
            raise GradcheckError(gradcheck_texts.UNDEFINED_RAISES) from error
        if any(grad is not None and np.any(grad._array != 0) for grad in grads):
            warn(gradcheck_texts.UNDEFINED_IS_NEW)
            raise GradcheckError(gradcheck_texts.UNDEFINED_NOT_ZERO)


def _check_missing_tangents(check: Check) -> None:
    """Forward mode: an input without a tangent must do as one whose tangent is zero."""
    generator = random.Generator()
    moved = {k: _direction(check.inputs[k], generator) for k in check.moving()}
    for k in check.moving():
        with forward_ad.dual_level():
            zero = {**moved, k: np.zeros(check.inputs[k].shape)}
            expected, found = (
                [
                    forward_ad.unpack_dual(out).tangent
                    for out in as_tuple(check.func(*duals))
                    if out._array.dtype.kind == "f"
                ]
                for duals in (dual_inputs(check, zero), dual_inputs(check, moved, without=k))
            )
            for i, (a, b) in enumerate(zip(expected, found, strict=True)):
                if a is not None and b is not None and not np.allclose(a._array, b._array):
                    raise GradcheckError(
                        "Mismatch in tangent values for output with index: ", i,
                        " when input: ", check.inputs[k], " has an undefined tangent value. ",
                        " Got: ", a, " but expected: ", b,
                    )  # fmt: skip


def _check_batched(check: Check, output: Tensor, place: int) -> None:
    """Two cotangents at once (`is_grads_batched`) must do as one after the other."""
    inputs = [check.inputs[k] for k in check.moving()]
    grad = partial(differentiate.grad, output, inputs, retain_graph=True, materialize_grads=True)
    both = [random.normal_as(output._array, None) for _ in range(2)]
    cotangents = on_array(np.stack(both))
    try:
        found = grad(cotangents, is_grads_batched=True)
    except RuntimeError as error:
        raise GradcheckError(f"While computing batched gradients, got: {error}") from error
    expected = [grad(on_array(row)) for row in cotangents._array]
    for j, result in enumerate(found):
        rows = np.stack([grads[j]._array for grads in expected])
        if not np.allclose(result._array, rows):
            raise GradcheckError(
                f"For output {place} and input {j}:\n\nGot:\n{result}\n\n"
                f"Expected:\n{on_array(rows)}"
            )
