"""What exists in place only: `fill_`, `zero_`, `copy_`, and random numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import random
from ..memory import refuse_stretched
from ..tensor import Tensor, on_array
from ..versions import about_to_write
from . import either
from .in_place import constant, overwrite, unrecorded
from .operands import mismatch
from .operation import Operation
from .powers import float_power
from .refusals import check_range, refuse_kinds, type_in_c, type_word


def _full(self: np.ndarray, value: Any) -> np.ndarray:
    check_range(value, self.dtype)
    return _everywhere(self, np.asarray(value).astype(self.dtype))  # -1 becomes 255


def _everywhere(self: np.ndarray, value: Any) -> np.ndarray:
    out = np.empty_like(self)
    out[...] = value
    return out


_fill = Operation(
    "fill", "self", lambda self, value: _full(self, value), options="value",
    shown="fill(self, value)", node="FillBackward2", jvp="entrywise",
)  # fmt: skip
_fill.derivative("self", "0", either.zeros)

_fill_tensor = Operation(
    "fill", "self value", _everywhere,
    node="FillBackward3", fit=True, jvp="linear",
)  # fmt: skip
_fill_tensor.derivative("self", "0", either.zeros)
_fill_tensor.derivative("value", r"\textstyle\sum grad", lambda grad: grad)  # summed by the engine

_zero = Operation("zero", "self", np.zeros_like, jvp="entrywise")
_zero.derivative("self", "0", either.zeros)


def _copied(self: np.ndarray, other: np.ndarray) -> np.ndarray:
    shape = np.broadcast_shapes(self.shape, np.shape(other))
    return np.broadcast_to(other, shape).astype(self.dtype)


_copy = Operation(
    "copy", "self other", _copied, shown="other", node="CopyBackwards", fit=True, jvp="linear"
)
_copy.derivative("self", "0", either.zeros)
_copy.derivative("other", "grad", lambda grad: grad)
_copy.node.name = lambda self: "torch::autograd::CopyBackwards"  # PyTorch gives its C++ name


def fill_(self: Tensor, value: Any) -> Tensor:
    """Every entry becomes `value`, a number or a tensor with no axes. Returns the tensor itself.

    Raises RuntimeError for a tensor with axes.
    """
    if not isinstance(value, Tensor):
        if self._array.dtype.kind in "iu" and isinstance(value, float):
            check_range(value, self._array.dtype)
        return overwrite(_fill.call, self, value, writer="fill_")

    def filled(before: Tensor, value: Tensor) -> Tensor:
        if value.ndim:
            raise RuntimeError(
                "fill_ only supports 0-dimension value tensor but got tensor with "
                f"{value.ndim} dimensions."
            )
        refuse_stretched(self._array)
        return _fill_tensor(before, value)

    return overwrite(filled, self, value, writer="fill_")


def zero_(self: Tensor) -> Tensor:
    """Every entry becomes 0. Returns the tensor itself."""
    if unrecorded(self, 0):
        about_to_write(self)
        self._array.fill(0)
        self._own_counter().bump("zero_")
        return self
    return overwrite(_zero.call, self, writer="zero_")


def copy_(self: Tensor, other: Tensor, non_blocking: bool = False) -> Tensor:
    """The entries of `other`, broadcast and cast. Returns the tensor itself."""
    if not isinstance(other, Tensor):
        other = on_array(np.asarray(other))
    return overwrite(_copy.call, self, other, writer="copy_")


def _random(name: str, numbers: Any, node: str | None = None) -> Any:
    """Random numbers in place; `numbers` makes them, given a tensor and the method's arguments.

    node: the name of the `grad_fn`.
    """
    written = constant(name, lambda *args, **kwargs: on_array(numbers(*args, **kwargs)), node)

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if "from" in kwargs:  # a word of Python's
            kwargs["from_"] = kwargs.pop("from")
        return overwrite(written, self, *args, writer=name + "_", **kwargs)

    method.__name__ = method.__qualname__ = name + "_"
    method.__doc__ = numbers.__doc__
    return method


def _uniform(self: Tensor, from_: float = 0.0, to: float = 1.0, generator: Any = None) -> Any:
    """Independent random numbers, uniform from `from` up to `to`. Returns the tensor itself."""
    refuse_kinds(self._array, "biu", "check_uniform_bounds")
    most = float(np.finfo(self._array.dtype).max)
    for bound, value in (("from", from_), ("to", to)):
        if not -most <= value <= most:
            raise RuntimeError(f"{bound} is out of bounds for {type_in_c(self._array.dtype)}")
    if from_ > to:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={from_:g} > to={to:g}"
        )
    if to - from_ > most:
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{type_word(self._array)}>::max(), "
            f"but found to={to:g} and from={from_:g} which result in to-from to exceed the limit"
        )
    return random.uniform_as(self._array, generator, from_, to)


def _normal(self: Tensor, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Any:
    """Independent normal random numbers of this mean and deviation. Returns the tensor itself."""
    refuse_kinds(self._array, "biu", "normal_kernel_cpu")
    if not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    return random.normal_as(self._array, generator, mean, std)


def _bernoulli(self: Tensor, p: Any = 0.5, generator: Any = None) -> Any:
    """Ones with probability `p`, else zeros. Returns the tensor."""
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    return random.below_as(self._array, generator, np.float64(p))


def _each_thrown(self: np.ndarray, p: np.ndarray, generator: Any) -> np.ndarray:
    _check_chances(p)
    stretched = on_array(p).expand(self.shape)._array
    return random.below_as(self, generator, stretched).astype(self.dtype)


_thrown_with = Operation(
    "bernoulli", "self p", _each_thrown, options="generator", node="BernoulliBackward1", fit=True,
    jvp="entrywise", shown="bernoulli(self, p)",
)  # fmt: skip
_thrown_with.derivative("self", "0", either.zeros)
_thrown_with.derivative("p", "0", either.zeros)
_thrown_with.shows("")


_thrown = Operation(
    "bernoulli", "self", lambda self, generator: _drawn(self, generator), options="generator",
    jvp="entrywise", shown="bernoulli(self)", layout="C",
)  # fmt: skip
_thrown.derivative("self", "0", either.zeros)


def _check_chances(chances: np.ndarray) -> None:
    """Raise NotImplementedError or RuntimeError for what are no probabilities."""
    refuse_kinds(chances, "biu", "bernoulli_tensor_cpu_p_")
    if not np.all((chances >= 0) & (chances <= 1)):
        raise RuntimeError(
            "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message "
            "be improved?  If so, please report an enhancement request to PyTorch.)"
        )


def _drawn(chances: np.ndarray, generator: Any) -> np.ndarray:
    _check_chances(chances)
    in_rows = np.empty(chances.shape, chances.dtype)
    return random.below_as(in_rows, generator, chances).astype(chances.dtype)


_thrown_alike = Operation(
    "bernoulli", "self",
    lambda self, p, generator: random.below_as(
        np.empty(self.shape, self.dtype), generator, np.float64(p)).astype(self.dtype),
    options="p generator", shown="bernoulli(self, p)", node="NotImplemented",
).refusing(
    RuntimeError("derivative for aten::bernoulli is not implemented"),
    forward="aten::bernoulli that does not support it.",
)  # fmt: skip


def bernoulli(input: Tensor, p: float | None = None, *, generator: Any = None) -> Tensor:
    """Ones with the probabilities in `input`, else zeros; or with probability `p` everywhere, of
    which there is no derivative.
    """
    if p is None:
        return _thrown(input, generator)
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    return _thrown_alike(input, p, generator)


def _around(node: str, tensors: str) -> Operation:
    operation = Operation(
        "normal", "mean std", lambda mean, std, empty, generator: (
            random.normal_as(empty, generator) * std + mean).astype(empty.dtype),
        options="empty generator", node=node, fit=True, jvp="entrywise", shown="normal(mean, std)",
        layout="C",
    )  # fmt: skip
    for name in tensors.split():
        operation.derivative(name, "0", either.zeros)
    operation.shows(" ".join(f"{name}_sizes" for name in tensors.split()))
    return operation


_around_means = _around("NormalBackward1", "mean")
_with_deviations = _around("NormalBackward2", "std")
_around_both = _around("NormalBackward3", "mean std")


def normal_around(mean: Any, std: Any, generator: Any) -> Tensor:
    """Normal random numbers of given means and deviations, at least one of them a tensor.

    Raises RuntimeError for a negative deviation.
    """
    mean_array, std_array = (v._array if isinstance(v, Tensor) else v for v in (mean, std))
    first = mean_array if isinstance(mean, Tensor) else std_array
    try:
        empty = np.empty(np.broadcast(mean_array, std_array).shape, first.dtype)
    except ValueError:
        raise mismatch(mean_array, std_array) from None
    refuse_kinds(empty, "biu", "normal_kernel_cpu")
    if np.any(np.asarray(std_array) < 0):
        several = isinstance(std, Tensor)
        found = "all elements of std >= 0.0" if several else f"std >= 0.0, but found std {std:g}"
        raise RuntimeError(f"normal expects {found}")
    both = isinstance(mean, Tensor) and isinstance(std, Tensor)
    operation = _around_both if both else _around_means if first is mean_array else _with_deviations
    return operation(mean, std, empty, generator)


def _exponential(self: Tensor, lambd: float = 1.0, generator: Any = None) -> Any:
    """Random numbers of the exponential distribution of rate `lambd`. Returns the tensor itself."""
    if self._array.dtype.kind != "f":
        raise RuntimeError(
            "Exponential distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {type_word(self._array)}"
        )
    if not lambd > 0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={lambd:g}")
    return random.exponential_as(self._array, generator, lambd)


uniform_ = _random("uniform", _uniform)
normal_ = _random("normal", _normal)
exponential_ = _random("exponential", _exponential)
_with_one_chance = _random("bernoulli", _bernoulli, "BernoulliBackward2")


def bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Any = None) -> Tensor:
    """Ones with probability `p` (a number, or a tensor of them), else zeros. Returns the tensor."""
    if not isinstance(p, Tensor):
        return _with_one_chance(self, p, generator)
    return overwrite(_thrown_with.call, self, p, generator, writer="bernoulli_")


_random_nodes = [
    constant(
        "random", lambda self, *args: on_array(random.integers_as(self._array, *args)),
        f"RandomBackward{2 - count}",
    )
    for count in range(3)
]  # fmt: skip


def random_(self: Tensor, *ends: Any, generator: Any = None, **named: Any) -> Tensor:
    """Independent random whole numbers, up to but not `to`: `random_(to)`, `random_(from, to)`.

    `random_()` goes as far as every whole number has its own entry, from 0. Returns the tensor
    itself. Raises RuntimeError for an empty range, or one that the dtype does not hold.
    """
    ends = (*ends, *[named[name] for name in ("from", "to") if name in named])
    span = (0, *ends) if len(ends) == 1 else ends
    return overwrite(_random_nodes[len(ends)], self, generator, *span, writer="random_")


def float_power_(self: Tensor, exponent: Any) -> Tensor:
    """`float_power`, in place. Raises RuntimeError unless the tensor is of float64."""
    if self._array.dtype != np.float64:
        raise RuntimeError(
            f"the base given to float_power_ has dtype {type_word(self._array)} but the "
            "operation's result requires dtype Double"
        )
    return overwrite(float_power, self, exponent, writer="pow_")


METHODS = {
    method.__name__: method
    for method in (float_power_, fill_, zero_, copy_, uniform_, normal_, bernoulli, bernoulli_,
                   exponential_, random_)
}  # fmt: skip
