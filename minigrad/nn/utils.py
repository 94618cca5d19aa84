"""Small things that are done to the parameters of a network.

`foreach`, PyTorch's choice between one kernel for all tensors and one for each, is ignored
everywhere here: the values are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import GeneratorType
from typing import Any

import numpy as np

from ..autograd.grad_mode import no_grad
from ..ops.joining import cat
from ..tensor import Tensor, on_array
from ..type_names import type_name
from ..warn import warn


def get_total_norm(
    tensors: Any,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The norm of the entries of all tensors together.

    Raises RuntimeError if it is not finite and that is an error.
    """
    tensors, norm_type = _listed(tensors), float(norm_type)
    if not tensors:
        return on_array(np.zeros((), np.float32))
    norms = [np.linalg.norm(tensor._array.reshape(-1), norm_type) for tensor in tensors]
    total = on_array(np.asarray(np.linalg.norm(np.stack(norms), norm_type)))
    if error_if_nonfinite and not np.isfinite(total._array):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is "
            "non-finite, so it cannot be clipped. To disable this error and scale the gradients by "
            "the non-finite norm anyway, set `error_if_nonfinite=False`"
        )
    return total


def clip_grads_with_norm_(
    parameters: Any, max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Multiply all gradients by the factor that brings `total_norm` down to `max_norm`."""
    grads, max_norm = _grads(_listed(parameters)), float(max_norm)
    factor = min(float(max_norm / (total_norm._array + 1e-6)), 1.0)
    with no_grad():
        for grad in grads:
            grad.mul_(factor)


def clip_grad_norm_(
    parameters: Any,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Shorten all gradients by one factor so that together their norm is at most `max_norm`.

    Returns the norm that they had. Raises RuntimeError if it is not finite and that is an error.
    """
    given, parameters = parameters, _listed(parameters)
    if isinstance(given, GeneratorType) and not parameters:
        warn("`parameters` is an empty generator, no gradient clipping will occur.")
    total = get_total_norm(_grads(parameters), norm_type, error_if_nonfinite)
    clip_grads_with_norm_(parameters, max_norm, total)
    return total


def clip_grad_norm(*args: Any, **kwargs: Any) -> Tensor:
    """The old name of `clip_grad_norm_`."""
    warn(
        "`torch.nn.utils.clip_grad_norm` is now deprecated in favor of "
        "`torch.nn.utils.clip_grad_norm_`.",
        FutureWarning,
    )
    return clip_grad_norm_(*args, **kwargs)


def clip_grad_value_(parameters: Any, clip_value: float, foreach: bool | None = None) -> None:
    """Bring every entry of every gradient between -clip_value and clip_value.

    Raises RuntimeError, as PyTorch words it, if there is no gradient at all.
    """
    clip_value = float(clip_value)
    grads = _grads([parameters] if isinstance(parameters, Tensor) else parameters)
    if not grads:
        raise RuntimeError(
            "Expected !nested_tensorlist[0].empty() to be true, but got false.  (Could this error "
            "message be improved?  If so, please report an enhancement request to PyTorch.)"
        )
    with no_grad():
        for grad in grads:
            grad.clamp_(-clip_value, clip_value)


def _listed(tensors: Any) -> list[Tensor]:
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _grads(parameters: Iterable[Tensor]) -> list[Tensor]:
    return [parameter.grad for parameter in parameters if parameter.grad is not None]


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All parameters as one flat tensor, with their history."""
    return cat([parameter.view(-1) for parameter in parameters])


def vector_to_parameters(vec: Any, parameters: Iterable[Tensor]) -> None:
    """Give each parameter its part of a flat tensor as its data.

    Raises TypeError for what is no tensor.
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {type_name(vec)}")
    flat: Any = vec
    place = 0
    for parameter in parameters:
        count = parameter.numel()
        parameter.data = flat[place : place + count].view(parameter.shape).data
        place += count
