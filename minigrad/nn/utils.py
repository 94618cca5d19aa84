"""Small things that are done to the parameters of a network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..autograd.grad_mode import no_grad
from ..ops.joining import cat
from ..tensor import Tensor, new_tensor


def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Tensor:
    """Shorten all gradients by one factor so that together their norm is at most `max_norm`.

    Returns the norm that they had. Raises RuntimeError if it is not finite and that is an error.
    """
    parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        return new_tensor(np.zeros((), np.float32))
    norms = [np.linalg.norm(grad._array.reshape(-1), norm_type) for grad in grads]
    total = new_tensor(np.asarray(np.linalg.norm(np.stack(norms), norm_type)))
    if error_if_nonfinite and not np.isfinite(total._array):
        raise RuntimeError(
            f"The total norm of order {float(norm_type)} for gradients from `parameters` is "
            "non-finite, so it cannot be clipped. To disable this error and scale the gradients by "
            "the non-finite norm anyway, set `error_if_nonfinite=False`"
        )
    factor = min(float(max_norm / (total._array + 1e-6)), 1.0)
    with no_grad():
        for grad in grads:
            grad.mul_(factor)
    return total


def clip_grad_value_(parameters: Any, clip_value: float) -> None:
    """Bring every entry of every gradient between -clip_value and clip_value.

    Raises RuntimeError, as PyTorch words it, if there is no gradient at all.
    """
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    grads = [p.grad for p in parameters if p.grad is not None]
    if not grads:
        raise RuntimeError(
            "Expected !nested_tensorlist[0].empty() to be true, but got false.  (Could this error "
            "message be improved?  If so, please report an enhancement request to PyTorch.)"
        )
    with no_grad():
        for grad in grads:
            grad.clamp_(-clip_value, clip_value)


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All parameters as one flat tensor, with their history."""
    return cat([parameter.view(-1) for parameter in parameters])


def vector_to_parameters(vec: Any, parameters: Iterable[Tensor]) -> None:
    """Give each parameter its part of a flat tensor as its data."""
    place = 0
    for parameter in parameters:
        count = parameter.numel()
        parameter.data = vec[place : place + count].view(parameter.shape).data
        place += count
