"""Two functions of which `gradcheck` was made in PyTorch's first years; deprecated since."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ..tensor import Tensor, on_array
from ..warn import warn
from .jacobians import Check, as_tuple, basis, columns, difference

DEPRECATED = (
    "`{name}` was part of PyTorch's private API and not meant to be exposed. We are deprecating it "
    "and it will be removed in a future version of PyTorch. If you have a specific use for this or "
    "feature request for this to be a stable API, please file us an issue at "
    "https://github.com/pytorch/pytorch/issues/new"
)


def get_numerical_jacobian(
    fn: Any, inputs: Any, target: Any = None, eps: float = 1e-3, grad_out: float = 1.0
) -> tuple[Tensor, ...]:
    """The Jacobians of the first output of `fn(inputs)`, by differences, one for each tensor of
    `target` (by default of `inputs`) that requires grad: (entries of it, entries of the output).

    Raises ValueError for another `grad_out` than 1.
    """
    _old("get_numerical_jacobian", grad_out)
    check = Check(lambda *given: fn(given), as_tuple(inputs), eps, 0.0, 0.0, 0.0, False)
    found = []
    for tensor in as_tuple(inputs if target is None else target):
        if isinstance(tensor, Tensor) and tensor.requires_grad:
            array = tensor._array
            rows = [
                difference(check, array[(*index, ...)], eps, f"on index {index} ")[0]
                for index in np.ndindex(array.shape)
            ]
            found.append(on_array(np.array(rows)))
    return tuple(found)


def get_analytical_jacobian(
    inputs: Any, output: Tensor, nondet_tol: float = 0.0, grad_out: float = 1.0
) -> tuple[tuple[Tensor, ...], bool, bool, bool]:
    """The Jacobians of `output` by backward passes, one for each of `inputs` that requires grad;
    whether two passes agree within `nondet_tol`; that sizes and dtypes are right.

    Raises ValueError for another `grad_out` than 1, GradcheckError for gradients of a wrong size.
    """
    _old("get_analytical_jacobian", grad_out)
    tensors = [x for x in as_tuple(inputs) if isinstance(x, Tensor) and x.requires_grad]
    check = Check(None, tuple(tensors), 0.0, 0.0, 0.0, nondet_tol, False)  # type: ignore[arg-type]
    once = partial(columns, check, output, tensors, basis(output))
    first, second = once(), once()
    agree = all(np.allclose(a, b, 0, nondet_tol) for a, b in zip(first, second, strict=True))
    return tuple(map(on_array, first)), agree, True, True


def _old(name: str, grad_out: float) -> None:
    warn(DEPRECATED.format(name=name), FutureWarning)
    if grad_out != 1.0:
        raise ValueError(
            f"Expected grad_out to be 1.0. {name} no longer supports values of grad_out != 1.0."
        )
