"""Choosing between values: clamp, maximum, minimum, where.

At a limit or a tie any slope between the two sides is a subgradient. PyTorch has chosen one for
each (clamp at its limits: 1; ties in maximum: half each; fmax: all to the first), and so do we.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dtypes import result_type
from ..tensor import Tensor, on_array
from ..type_names import type_name
from ..warn import warn
from . import either
from .operands import to_common
from .operation import Operation
from .refusals import check_range, refuse_kinds, type_word
from .sorting import nonzero

_clamp = Operation(
    "clamp", "self", lambda self, min, max: _kept(self, min, max), options="min max",
    shown="clamp(self, min, max)", node="ClampBackward1", rows=True, jvp="entrywise",
)  # fmt: skip
_clamp.derivative(
    "self",
    lambda min, max: (
        r"grad \odot [self \ge min]"
        if max is None
        else r"grad \odot [self \le max]"
        if min is None
        else r"grad \odot [min \le self \le max]"
    ),
    lambda grad, self, min, max: either.mask(grad, _inside(self, min, max)),
)


def _kept(x: np.ndarray, low: float | None, high: float | None) -> Any:
    if x.dtype.kind != "f":
        x = x.astype(result_type(tuple(v for v in (x, low, high) if v is not None)))
        refuse_kinds(x, "b", f"clamp_{'max_' * (low is None)}{'min_' * (high is None)}scalar_cpu")
    for limit in (low, high):
        if limit is not None:
            check_range(limit, x.dtype)
    if low is not None:
        x = np.maximum(x.dtype.type(low), x)  # in this order -0 stays -0
    return x if high is None else np.minimum(x, x.dtype.type(high))


def _inside(x: Any, low: float | None, high: float | None) -> Any:
    if low is None:
        return x <= high
    return x >= low if high is None else (x >= low) & (x <= high)


_clamp_tensors = Operation(
    "clamp", "self min max", lambda self, min, max: _kept_between(self, min, max),
    shown="clamp(self, min, max)", fit=True, jvp="entrywise",
)  # fmt: skip
_clamp_tensors.derivative(
    "self",
    r"grad \odot [min \le self \le max]",
    lambda grad, self, min, max: either.mask(grad, _inside(self, min, max)),
)
_clamp_tensors.derivative(
    "min",
    r"grad \odot [self < min < max]",
    lambda grad, self, min, max: either.mask(
        grad, self < min if max is None else (self < min) & (min < max)
    ),
)
_clamp_tensors.derivative(
    "max",
    r"grad \odot [self > max \text{ or } max < min]",
    lambda grad, self, min, max: either.mask(
        grad, self > max if min is None else (self > max) | (max < min)
    ),
)
_clamp_tensors.tangent(lambda moved, self, min, max, result: _moved_between(moved, self, min, max))


def _moved_between(moved: dict[str, Any], self: Any, min: Any, max: Any) -> Any:
    """The tangent of what decides. At a tie that is the limit, where there is one, and `self` where
    there are two: PyTorch decides otherwise than backward.
    """
    here, low, high = (moved.get(name, 0.0) for name in ("self", "min", "max"))
    if max is None:
        return where(self > min, here, low)
    if min is None:
        return where(self < max, here, high)
    return where(min > max, high, where(self < min, low, where(self > max, high, here)))


def _kept_between(x: np.ndarray, low: Any, high: Any) -> Any:
    if low is None:
        return np.minimum(*to_common((x, high)))
    if high is None:
        return np.maximum(*to_common((x, low)))
    x, low, high = to_common((x, low, high))
    refuse_kinds(x, "b", "clamp_cpu")
    return np.minimum(np.maximum(x, low), high)


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """`input` kept within [min, max], two numbers or two tensors; either may be left out.

    Raises RuntimeError if both are, TypeError if one is a number and one a tensor.
    """
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    if not isinstance(min, Tensor) and not isinstance(max, Tensor):
        return _clamp.call(input, min, max)
    limits = [limit for limit in (min, max) if limit is not None]
    tensors = [limit for limit in limits if isinstance(limit, Tensor)]
    if len(tensors) == len(limits):
        return _clamp_tensors(input, min, max)
    if all(limit.ndim == 0 and not limit.requires_grad for limit in tensors):
        return _clamp(input, *(v.item() if isinstance(v, Tensor) else v for v in (min, max)))
    got = ", ".join("Tensor" if isinstance(v, Tensor) else type_name(v) for v in (min, max))
    raise TypeError(
        f"clamp() received an invalid combination of arguments - got (Tensor, {got}), but expected "
        "one of:\n * (Tensor input, Tensor min = None, Tensor max = None, *, Tensor out = None)\n "
        "* (Tensor input, Number min = None, Number max = None, *, Tensor out = None)\n"
    )


clip = clamp

_clamp_min = Operation(
    "clamp_min", "self", lambda self, min: _kept(self, min, None), options="min", jvp="entrywise",
)  # fmt: skip
_clamp_min.derivative(
    "self", r"grad \odot [self \ge min]", lambda grad, self, min: either.mask(grad, self >= min)
)

_clamp_max = Operation(
    "clamp_max", "self", lambda self, max: _kept(self, None, max), options="max", jvp="entrywise",
)  # fmt: skip
_clamp_max.derivative(
    "self", r"grad \odot [self \le max]", lambda grad, self, max: either.mask(grad, self <= max)
)

_clamp_min_tensor = Operation(
    "clamp_min", "self min", np.maximum, promote="common", node="ClampMinBackward1"
)
_clamp_min_tensor.derivative(
    "self", r"grad \odot [self \ge min]", lambda grad, self, min: either.mask(grad, self >= min)
)
_clamp_min_tensor.derivative(
    "min", r"grad \odot [self < min]", lambda grad, self, min: either.mask(grad, self < min)
)

_clamp_min_tensor.tangent(
    lambda moved, self, min, result: where(
        self >= min, moved.get("self", 0.0), moved.get("min", 0.0)
    )
)

_clamp_max_tensor = Operation(
    "clamp_max", "self max", np.minimum, promote="common", node="ClampMaxBackward1"
)
_clamp_max_tensor.derivative(
    "self", r"grad \odot [self \le max]", lambda grad, self, max: either.mask(grad, self <= max)
)
_clamp_max_tensor.derivative(
    "max", r"grad \odot [self > max]", lambda grad, self, max: either.mask(grad, self > max)
)
_clamp_max_tensor.tangent(
    lambda moved, self, max, result: where(
        self <= max, moved.get("self", 0.0), moved.get("max", 0.0)
    )
)


def clamp_min(input: Tensor, min: Any) -> Tensor:
    """`input`, but at least `min` (a number or a tensor)."""
    return (_clamp_min_tensor if isinstance(min, Tensor) else _clamp_min)(input, min)


def clamp_max(input: Tensor, max: Any) -> Tensor:
    """`input`, but at most `max` (a number or a tensor)."""
    return (_clamp_max_tensor if isinstance(max, Tensor) else _clamp_max)(input, max)


def _unless(grad: Any, loses: Any, ties: Any) -> Any:
    """Nothing to the loser, half to either side of a tie, all to the winner (to both, if nan)."""
    return either.cleared(either.where(ties, grad / 2, grad), loses)


maximum = Operation("maximum", "self other", np.maximum, promote="common", rows=True)
maximum.derivative(
    "self",
    r"grad \odot [self > other] \; (\tfrac{1}{2} \text{ if equal})",
    lambda grad, self, other: _unless(grad, self < other, self == other),
)
maximum.derivative(
    "other",
    r"grad \odot [other > self] \; (\tfrac{1}{2} \text{ if equal})",
    lambda grad, self, other: _unless(grad, self > other, self == other),
)


def _nearer(moved: dict[str, Any], wins: Any, ties: Any, result: Any) -> Any:
    """The tangent of the winner, or of the point half way between two that are equal."""
    weight = wins.to(result.dtype)
    if ties is not None:
        weight = weight.masked_fill(ties, 0.5)
    other = moved.get("other", 0.0)
    return other + weight * (moved.get("self", 0.0) - other)


maximum.tangent(
    lambda moved, self, other, result: _nearer(moved, self > other, self == other, result)
)

minimum = Operation("minimum", "self other", np.minimum, promote="common", rows=True)
minimum.derivative(
    "self",
    r"grad \odot [self < other] \; (\tfrac{1}{2} \text{ if equal})",
    lambda grad, self, other: _unless(grad, self > other, self == other),
)
minimum.derivative(
    "other",
    r"grad \odot [other < self] \; (\tfrac{1}{2} \text{ if equal})",
    lambda grad, self, other: _unless(grad, self < other, self == other),
)

minimum.tangent(
    lambda moved, self, other, result: _nearer(moved, self < other, self == other, result)
)

for _chosen in (maximum, minimum):  # a sum, over what was stretched, is not written to
    _chosen.node.writes = property(lambda self: int(self.shapes is None))

fmax = Operation("fmax", "self other", np.fmax, promote="common")
fmax.derivative(
    "self",
    r"grad \odot [self \ge other]",
    lambda grad, self, other: either.cleared(grad, ~((self >= other) | either.isnan(other))),
)
fmax.derivative(
    "other",
    r"grad \odot [self < other]",
    lambda grad, self, other: either.cleared(grad, (self >= other) | either.isnan(other)),
)

fmax.tangent(
    lambda moved, self, other, result: _nearer(
        moved, (self > other) | either.isnan(other), None, result
    )
)

fmin = Operation("fmin", "self other", np.fmin, promote="common")
fmin.derivative(
    "self",
    r"grad \odot [self \le other]",
    lambda grad, self, other: either.cleared(grad, ~((self <= other) | either.isnan(other))),
)
fmin.derivative(
    "other",
    r"grad \odot [self > other]",
    lambda grad, self, other: either.cleared(grad, (self <= other) | either.isnan(other)),
)
fmin.tangent(
    lambda moved, self, other, result: _nearer(
        moved, (self <= other) | either.isnan(other), None, result
    )
)

_where = Operation(
    "where", "condition self other",
    lambda condition, self, other: np.where(condition, *_fitting((self, other))),
    shown="where(condition, self, other)", fit=True, rows=True, jvp="entrywise",
)  # fmt: skip
_where.derivative(
    "self",
    r"grad \text{ where } condition",
    lambda grad, condition: either.mask(grad, condition),
)
_where.derivative(
    "other",
    r"grad \text{ where not } condition",
    lambda grad, condition: either.without(grad, condition),
)


def _fitting(values: tuple[Any, Any]) -> Any:
    """Both in their common dtype. Raises RuntimeError for a number that it cannot hold."""
    common = to_common(values)
    kind = np.asarray(common[0]).dtype
    for value in values:
        if not isinstance(value, np.ndarray) and kind != np.float16:  # there it becomes infinite
            check_range(value, kind)
    return common


@_where.tangent
def _where_moved(moved: dict[str, Any], condition: Any, self: Any, other: Any) -> Any:
    both = [moved.get(name, _zeros(x)) for name, x in (("self", self), ("other", other))]
    return _where(condition, *both)


def _zeros(x: Any) -> Any:
    return on_array(np.zeros_like(x._array)) if isinstance(x, Tensor) else 0.0


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """`input` where the condition holds, `other` elsewhere; either may be a number.

    With the condition alone: the indices of its true entries, a tensor per axis. Raises
    RuntimeError if the condition is not of dtype bool.
    """
    if input is None and other is None:
        return nonzero(condition, as_tuple=True)
    if condition._array.dtype.kind != "b" and condition._array.dtype != np.uint8:
        raise RuntimeError(
            "where expected condition to be a boolean tensor, but got a tensor with dtype "
            f"{type_word(condition._array)}"
        )
    if condition._array.dtype == np.uint8:
        warn(
            "where received a uint8 condition tensor. This behavior is deprecated and will be "
            "removed in a future version of PyTorch. Use a boolean condition instead."
        )
    return _where(condition, input, other)
