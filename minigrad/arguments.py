"""Arguments by PyTorch's names, and PyTorch's words for those that do not fit.

A call that works costs one `try`. Only after an error are the arguments looked at: if they are at
fault, the error says so as PyTorch does; if not, it stays as it was.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from .dtypes import dtype
from .ops.operation import Operation
from .tensor import Tensor

ALIASES = {"axis": "dim", "keepdims": "keepdim", "input": "self", "x": "input", "x2": "other"}
"""Other names that PyTorch accepts: a caller's name → the name of the parameter."""

TENSORS_ONLY = frozenset(
    ["addcdiv", "addcmul", "atan2", "fmax", "fmin", "hypot", "logaddexp", "maximum", "minimum"]
)
"""Functions that refuse a number where it would make sense."""

NO_NUMBERS = TENSORS_ONLY | {"allclose", "equal", "isclose"}

SEVERAL_DIMS = frozenset(["amax", "amin", "logsumexp", "all", "any", "count_nonzero", "nansum"])

KINDS: dict[str, tuple[type, ...]] = {
    "Tensor": (Tensor,),
    "Number": (int, float, np.number, np.bool_, Tensor),
    "int": (int, np.integer, Tensor),
    "tuple of ints": (int, tuple, list, np.integer),
    "bool": (bool, np.bool_),
    "torch.dtype": (dtype, type),
}
NAMED = {
    "dim": "int",
    "keepdim": "bool",
    "alpha": "Number",
    "value": "Number",
    "dtype": "torch.dtype",
    "other": "Tensor",
    "input": "Tensor",
    "end": "Tensor",
    "tensor1": "Tensor",
    "tensor2": "Tensor",
}
"""What a parameter of this name must be."""

COMBINATIONS = {
    "sum": ("*, torch.dtype dtype = None",
            "tuple of ints dim, bool keepdim = False, *, torch.dtype dtype = None"),
    "mean": ("*, torch.dtype dtype = None",
             "tuple of ints dim, bool keepdim = False, *, torch.dtype dtype = None"),
    "prod": ("*, torch.dtype dtype = None",
             "int dim, bool keepdim = False, *, torch.dtype dtype = None"),
    "lerp": ("Tensor end, Tensor weight", "Tensor end, Number weight"),
    "clamp_min": ("Tensor min", "Number min"),
    "clamp_max": ("Tensor max", "Number max"),
}  # fmt: skip
"""Methods that PyTorch has in several forms: its error lists them all."""


def checked(function: Any, name: str, method: bool = False) -> Callable[..., Any]:
    """`function` under PyTorch's name for it, with its argument names and its errors."""
    parameters = _names(function)
    plain = None if isinstance(function, Operation) else function
    renamed = {
        alias: own
        for alias, own in ALIASES.items()
        if own in parameters and alias not in parameters
    }
    tensors_only = name in TENSORS_ONLY

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal plain
        if plain is None:
            plain = function.call  # an operation's code is written when it is first used
        if kwargs:
            kwargs = {renamed.get(key, key): value for key, value in kwargs.items()}
        try:
            if tensors_only and not all(isinstance(value, Tensor) for value in args):
                raise TypeError
            return plain(*args, **kwargs)
        except (TypeError, AttributeError, ValueError) as error:
            found = fault(name, _parameters(function), args, kwargs, method)
            if found is None:
                raise
            raise TypeError(found) from error

    call.__name__ = call.__qualname__ = name
    call.__doc__ = None if isinstance(function, Operation) else function.__doc__
    return call


def _names(function: Any) -> tuple[str, ...]:
    """The names of the parameters: quicker to have than `inspect.signature`."""
    if isinstance(function, Operation):
        return function.arguments
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _parameters(function: Any) -> dict[str, inspect.Parameter]:
    if isinstance(function, Operation):
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return {name: inspect.Parameter(name, kind) for name in function.arguments}
    return dict(inspect.signature(function).parameters)


def fault(
    name: str, parameters: Any, args: tuple[Any, ...], kwargs: dict[str, Any], method: bool
) -> str | None:
    """What is wrong with the arguments, in PyTorch's words; None if nothing is."""
    names = ["input" if key == "self" else key for key in parameters]
    kinds = list(parameters.values())
    if any(kind.kind is inspect.Parameter.VAR_POSITIONAL for kind in kinds):
        return None
    given = {("input" if key == "self" else key): value for key, value in kwargs.items()}
    positional = [n for n, kind in zip(names, kinds, strict=True) if kind.kind.name[:1] == "P"]
    required = [
        n for n, k in zip(names, kinds, strict=True) if k.default is inspect.Parameter.empty
        and k.kind.name[:1] == "P"
    ]  # fmt: skip
    skipped = int(method)
    several = method and COMBINATIONS.get(name)
    if several and _wrong(name, positional, args, given):
        got = ", ".join(map(type_name, args[1:]))
        return _combinations(name, got, several)
    if len(args) > len(positional):
        most, count = len(positional) - skipped, len(args) - skipped
        if not most:
            return f"TensorBase.{name}() takes no arguments ({count} given)"
        plural, were = ("s" if most > 1 else ""), ("were" if count > 1 else "was")
        return f"{name}() takes {most} positional argument{plural} but {count} {were} given"
    missing = [n for n in required[len(args) :] if n not in given]
    if missing:
        quoted = ", ".join(f'"{n}"' for n in missing)
        if several:
            return _combinations(name, ", ".join(map(type_name, args[1:])), several)
        return f"{name}() missing {len(missing)} required positional arguments: {quoted}"
    for key in given:
        if key not in names:
            return f"{name}() got an unexpected keyword argument '{key}'"
    wrong = _wrong(name, positional, args, given)
    if wrong is None:
        return None
    position, key, expected, value = wrong
    place = f" (position {position - skipped})" if position else ""
    return f"{name}(): argument '{key}'{place} must be {expected}, not {type_name(value)}"


def _combinations(name: str, got: str, forms: tuple[str, ...]) -> str:
    lines = "".join(f" * ({form})\n" for form in forms)
    return (
        f"{name}() received an invalid combination of arguments - got ({got}), but expected one "
        f"of:\n{lines}"
    )


def _wrong(
    name: str, positional: list[str], args: tuple[Any, ...], given: dict[str, Any]
) -> tuple[int, str, str, Any] | None:
    """The first argument of a wrong type: (position or 0, name, what it must be, what it is)."""
    placed = [(k, key, value) for k, (key, value) in enumerate(zip(positional, args), 1)]
    for position, key, value in [*placed, *((0, key, value) for key, value in given.items())]:
        expected = NAMED.get(key, "")
        if key == "dim" and (name in SEVERAL_DIMS or name in ("sum", "mean", "var", "std")):
            expected = "tuple of ints"
        allowed = KINDS.get(expected, (object,))
        number = isinstance(value, KINDS["Number"]) and key == "other" and name not in NO_NUMBERS
        optional = value is None and key not in ("input", "other")
        if not isinstance(value, allowed) and not number and not optional:
            return position, key, expected, value
    return None


def type_name(value: Any) -> str:
    """The type of a value as PyTorch's errors name it."""
    return "Tensor" if isinstance(value, Tensor) else type(value).__name__
