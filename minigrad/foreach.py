"""An operation on each tensor of a list: `torch._foreach_mul_(weights, 0.9)`.

PyTorch has these for its optimizers, which write many small tensors with one call. Here each is a
loop over the method of that name, and its results have that method's nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .linalg import vector_norm
from .tensor import Tensor
from .type_names import type_name

NAMES = """
abs acos add addcdiv addcmul asin atan ceil clamp_max clamp_min cos cosh div erf erfc exp expm1
floor frac lerp lgamma log log10 log1p log2 maximum minimum mul neg pow reciprocal round rsqrt
sigmoid sign sin sinh sqrt sub tan tanh trunc
"""
"""Those of which there is a form that writes to the tensors as well: `_foreach_abs_`."""


def _bounded(name: str, number: str) -> Callable[..., Any]:
    def bounded(tensor: Tensor, bound: Any) -> Any:
        if not isinstance(bound, Tensor):
            return getattr(tensor, number)(bound)
        found = getattr(tensor, name)(bound)
        return tensor.copy_(found) if number[-1] == "_" else found

    return bounded


def _scaled(name: str) -> Callable[..., Any]:
    def scaled(tensor: Tensor, first: Tensor, second: Tensor, value: Any = 1) -> Any:
        return getattr(tensor, name)(first, second, value=value)

    return scaled


def _same(name: str) -> Callable[..., Any]:
    def same(tensor: Tensor, *others: Any, **options: Any) -> Any:
        return getattr(tensor, name)(*others, **options)

    return same


def _power(base: Any, exponent: Any) -> Any:
    return base**exponent


OTHERWISE: dict[str, Callable[..., Any]] = {
    **{name: _scaled(name) for name in ("addcdiv", "addcdiv_", "addcmul", "addcmul_")},
    "maximum": _bounded("maximum", "clamp_min"),
    "maximum_": _bounded("maximum", "clamp_min_"),
    "minimum": _bounded("minimum", "clamp_max"),
    "minimum_": _bounded("minimum", "clamp_max_"),
    "norm": vector_norm,
    "pow": _power,  # of a number, too
}
"""Those that are not called as the method is."""


def _column(value: Any, count: int) -> Sequence[Any]:
    """An argument for each of the tensors: to each its own, or the same to all."""
    if not isinstance(value, list | tuple):
        return [value] * count
    if len(value) == count:
        return value
    if value and isinstance(value[0], Tensor):
        raise RuntimeError(
            f"Tensor lists must have the same number of tensors, got {count} and {len(value)}"
        )
    raise RuntimeError("Tensor list must have same number of elements as scalar list.")


def _each(name: str) -> Callable[..., Any]:
    """`torch._foreach_` and `name`."""
    one = OTHERWISE.get(name) or _same(name)

    def each(*args: Any, **options: Any) -> Any:
        tensors = next((value for value in args if isinstance(value, list | tuple)), None)
        if tensors is None:
            raise TypeError(
                f"_foreach_{name}(): argument 'self' (position 1) must be tuple of Tensors, not "
                + type_name(args[0] if args else None)
            )
        if not tensors:
            raise RuntimeError("Tensor list must have at least one tensor.")
        columns = [_column(value, len(tensors)) for value in args]
        results = [one(*row, **options) for row in zip(*columns, strict=True)]
        return tensors if name[-1] == "_" else tuple(results)

    each.__name__ = each.__qualname__ = f"_foreach_{name}"
    return each


PLAIN = NAMES.split()
ONCE = "clone", "copy_", "max", "norm", "zero_"
FUNCTIONS = {
    f"_foreach_{name}": _each(name) for name in (*PLAIN, *(f"{name}_" for name in PLAIN), *ONCE)
}
