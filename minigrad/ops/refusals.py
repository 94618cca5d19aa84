"""What an operation refuses, in PyTorch's words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autograd.grad_mode import state
from ..dtypes import FROM_NUMPY, beside_number
from ..type_names import type_name
from .half import in_single


def type_word(array: np.ndarray) -> str:
    """The dtype as PyTorch's errors name it: "Float", "Long"."""
    return FROM_NUMPY[array.dtype].type_name.removesuffix("Tensor")


def refuse_kinds(array: np.ndarray, kinds: str, kernel: str) -> None:
    """Raise NotImplementedError if the dtype is of one of `kinds` (b: bool, i, u: integer, f)."""
    if array.dtype.kind in kinds:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{type_word(array)}'")


def expect_matrices(function: str, tensor: Any, argument: str = "A") -> None:
    """Raise RuntimeError for a tensor that has no rows and columns."""
    if tensor.ndim < 2:
        raise RuntimeError(
            f"{function}: The input tensor {argument} must have at least 2 dimensions."
        )


def expect_square(function: str, tensor: Any) -> None:
    """Raise RuntimeError for a tensor that is no square matrix, or stack of such."""
    expect_matrices(function, tensor)
    rows, columns = tensor.shape[-2:]
    if rows != columns:
        raise RuntimeError(
            f"{function}: A must be batches of square matrices, but they are {rows} by {columns} "
            "matrices"
        )


def expect_floats(function: str, tensor: Any, low: bool = True) -> None:
    """Raise RuntimeError for a tensor that is not floating point, or float16 if not `low`."""
    word = type_word(tensor._array)
    if tensor._array.dtype.kind != "f":
        raise RuntimeError(
            f"{function}: Expected a floating point or complex tensor as input. Got {word}"
        )
    if not low and word == "Half":
        raise RuntimeError(f"{function}: Low precision dtypes not supported. Got {word}")


def refuse_half(tensor: Any, kernel: str) -> None:
    """Raise NotImplementedError for a tensor of float16."""
    if tensor._array.dtype == np.float16:
        refuse_kinds(tensor._array, "f", kernel)


class LinAlgError(RuntimeError):
    """A matrix that has no inverse, or no factors of the kind that was asked for."""


LinAlgError.__module__, LinAlgError.__qualname__ = "torch._C", "_LinAlgError"
LinAlgError.__name__ = "_LinAlgError"


def differentiable(out: Any) -> Any:
    """`out`. Raises RuntimeError if it has a history but is not floating point."""
    if out._array.dtype.kind != "f" and out.requires_grad:
        raise RuntimeError(f"Autograd not support dtype: {type_word(out._array)}")
    return out


def refuse_history(name: str, **inputs: Any) -> None:
    """Raise RuntimeError for an input that requires grad and that has no derivative."""
    for argument, value in inputs.items():
        if value is not None and value.requires_grad and state.grad_enabled:
            raise RuntimeError(
                f"The function '{name}' is not differentiable with respect to argument "
                f"'{argument}'. This input cannot have requires_grad True."
            )


def floats_only(kernel: str, function: Any) -> Any:
    """`function`, refusing arrays that are not floating point; `kernel` is PyTorch's name of it."""
    function = in_single(function)

    def forward(self: np.ndarray, *rest: Any) -> Any:
        refuse_kinds(self, "biu", kernel)
        return function(self, *rest)

    return forward


FIXED_WIDTH = frozenset(("uint8", "int8", "int16", "int64"))


def type_in_c(kind: np.dtype) -> str:
    """What C++ calls a dtype: "float" for float32; `c_name`, but for those of a fixed width."""
    found = FROM_NUMPY[kind]
    return f"{found.name}_t" if found.name in FIXED_WIDTH else found.c_name


def check_range(value: Any, kind: np.dtype) -> None:
    """Raise RuntimeError, as `full` does, for a number that the dtype cannot hold."""
    if kind.kind == "b" or (kind.kind == "f" and not np.isfinite(value)):
        return
    if isinstance(value, complex):
        value = math.inf if value.imag else value.real
    info: Any = np.finfo(kind) if kind.kind == "f" else np.iinfo(kind)
    whole = isinstance(value, int)
    most = info.max if whole else float(info.max)
    least = -most - 1 if whole or kind.kind == "f" else float(info.min)  # -1 becomes 255
    if not least <= value <= most:
        raise RuntimeError(f"value cannot be converted to type {type_in_c(kind)} without overflow")


NOT_YET = (
    " because it has not been implemented yet.\nPlease file an issue to PyTorch at "
    "https://github.com/pytorch/pytorch/issues/new?template=feature-request.yml so that we can "
    "prioritize its implementation or submit a PR adding the implementation to derivatives.yaml"
)


def no_forward(text: str, tangents: Any) -> Any:
    """Raises NotImplementedError: an operation has no derivative in forward mode."""
    raise NotImplementedError(f"Trying to use forward AD with {text}")


NO_MINUS = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
    "invert a mask, use the `~` or `logical_not()` operator instead."
)
OF_BOOLS = {
    "sub": "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
    "`logical_xor()` operator instead.",
    "neg": "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
    "invert a mask, use the `~` or `logical_not()` operator instead.",
}
"""What NumPy refuses to do with truth values as well: operation → PyTorch's words."""


def refusal(error: TypeError, operation: Any, *values: Any) -> Exception:
    """The error to raise for inputs that an operation's forward did not accept."""
    if operation.name in OF_BOOLS and all(getattr(v, "dtype", None) == np.bool_ for v in values):
        return RuntimeError(OF_BOOLS[operation.name])
    for position, (name, value) in enumerate(zip(operation.inputs, values), 1):
        if not isinstance(value, np.ndarray):
            name = "input" if name == "self" else name
            return TypeError(
                f"{operation.name}(): argument '{name}' (position {position}) must be Tensor, not "
                f"{type_name(value)}"
            )
    return error


def no_bools(promotion: Any) -> Any:
    """`promotion`, refusing a bool beside another dtype: `-` has no meaning for it."""

    def promoted(operands: tuple[Any, ...]) -> tuple[Any, ...]:
        if beside_number(*operands) or beside_number(*operands[::-1]):
            return operands
        refused = [
            value.dtype == bool if isinstance(value, np.ndarray) else isinstance(value, bool)
            for value in operands
        ]
        if any(refused):
            raise RuntimeError(OF_BOOLS["sub"] if all(refused) else NO_MINUS)
        return promotion(operands)

    return promoted
