"""Every operation as a method or operator of `Tensor`, and the in-place forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import casting, conversions, creation, legacy_types, random_tensors
from .absent import say_so
from .autograd import _functions
from .autograd.grad_mode import state
from .calling import checked
from .explaining import taking_nothing
from .ops import (
    activations,
    added_products,
    arithmetic,
    assignment,
    axes,
    combining,
    comparison,
    cross,
    cumulative,
    division,
    elementary,
    elimination,
    extremes,
    filling,
    formats,
    gamma,
    in_place,
    indexing,
    joining,
    limits,
    masking,
    matrix,
    moments,
    norms,
    orthogonal,
    parts,
    picking,
    powers,
    rarer_activations,
    reductions,
    resizing,
    scattering,
    shape,
    softmax,
    sorting,
    strided,
    triangles,
)
from .ops.operation import Operation
from .tensor import Tensor, new_tensor
from .tensor_base import TensorBase

METHODS: dict[str, Callable[..., Any]] = {
    name: getattr(module, name)
    for module, names in {
        arithmetic: "mul neg reciprocal",
        activations: "relu sigmoid tanh",
        rarer_activations: "hardshrink prelu",
        gamma: "digamma igamma igammac lgamma",
        combining: "addcdiv addcmul atan2 hypot lerp logaddexp",
        comparison: "allclose bitwise_and bitwise_left_shift bitwise_not bitwise_or "
        "bitwise_right_shift bitwise_xor eq equal ge gt isclose isfinite isinf isnan isneginf "
        "isposinf is_nonzero le logical_and logical_not logical_or logical_xor lt ne signbit",
        cumulative: "cumprod cumsum",
        division: "floor_divide fmod remainder",
        elementary: "abs acos acosh asin asinh atan atanh ceil cos cosh erf erfc exp exp2 expm1 "
        "floor frac log log10 log1p log2 logit round rsqrt sgn sign sin sinh sqrt tan trunc",
        extremes: "amax amin aminmax argmax argmin max median min nanmedian",
        limits: "clamp clamp_max clamp_min clip fmax fmin maximum minimum",
        moments: "prod std var",
        norms: "norm",
        powers: "float_power pow square",
        reductions: "all any count_nonzero mean nansum sum sum_to_size",
        softmax: "log_softmax logsumexp softmax",
        added_products: "addbmm addmv addr baddbmm",
        cross: "cross",
        elimination: "det logdet",
        matrix: "addmm bmm dot inner matmul mm mv outer",
        triangles: "diag diag_embed diagflat trace tril triu",
        formats: "clone contiguous",
        shape: "broadcast_to expand expand_as flatten ravel reshape reshape_as squeeze "
        "unflatten unsqueeze view view_as",
        axes: "adjoint flip movedim permute roll t transpose",
        parts: "chunk diagonal narrow split split_with_sizes tensor_split unbind unfold "
        "unsafe_chunk unsafe_split unsafe_split_with_sizes",
        joining: "repeat repeat_interleave tile",
        indexing: "select",
        assignment: "index_put",
        picking: "gather index_add index_copy index_fill index_fill_ index_select scatter scatter_ "
        "scatter_add scatter_add_ take",
        masking: "masked_fill masked_fill_ masked_scatter masked_scatter_ masked_select nan_to_num",
        scattering: "index_reduce scatter_reduce",
        sorting: "argsort msort nonzero sort topk unique unique_consecutive",
        resizing: "as_strided_ detach_ resize_ resize_as_ set_ squeeze_ t_ transpose_ unsqueeze_",
    }.items()
    for name in names.split()
}
METHODS["add"], METHODS["sub"] = arithmetic.add_multiple, arithmetic.sub_multiple
METHODS["div"] = METHODS["divide"] = arithmetic.divide
METHODS["true_divide"] = arithmetic.div
METHODS |= {
    "absolute": elementary.abs,
    "fix": elementary.trunc,
    "negative": arithmetic.neg,
    "subtract": arithmetic.sub_multiple,
    "multiply": arithmetic.mul,
    "greater": comparison.gt,
    "greater_equal": comparison.ge,
    "less": comparison.lt,
    "less_equal": comparison.le,
    "not_equal": comparison.ne,
    "arcsin": elementary.asin,
    "arccos": elementary.acos,
    "arctan": elementary.atan,
    "arctan2": combining.atan2,
}
METHODS |= casting.METHODS | legacy_types.METHODS | creation.METHODS
METHODS["swapaxes"] = METHODS["swapdims"] = axes.transpose
METHODS["swapaxes_"] = METHODS["swapdims_"] = resizing.transpose_
METHODS["index_put_"] = assignment.index_put_
METHODS["moveaxis"], METHODS["as_strided"] = axes.movedim, strided._as_strided
METHODS["ger"], METHODS["qr"] = matrix.outer, orthogonal.qr_of_old
METHODS["inverse"], METHODS["slogdet"] = elimination.inv, elimination.slogdet_of_old
METHODS["norm"], METHODS["split"] = norms._norm_of, parts._split_of
METHODS["unflatten"], METHODS["positive"] = shape._unflatten_of, conversions.positive
METHODS["resize"], METHODS["resize_as"] = _functions.resize, _functions.resize_as
METHODS["multinomial"] = random_tensors.multinomial
METHODS["polygamma"] = lambda self, n: gamma.polygamma(n, self)
METHODS["where"] = lambda self, condition, other: limits.where(condition, self, other)
METHODS |= filling.METHODS
METHODS |= {
    f"{name}_": in_place.form(name, METHODS[name]) for name in in_place.NAMES & METHODS.keys()
}
METHODS |= {
    f"{name}_": in_place.form(name, cumulative.in_own_dtype(METHODS[name]))
    for name in ("cumsum", "cumprod")
}
METHODS["floor_divide_"] = in_place.form("floor_divide", division.to_overwrite)
METHODS |= {
    f"{name}_": in_place.form(name, getattr(elementary, name).refusing(NotImplementedError(
        f"the derivative for 'inplace version of {name}' is not implemented."),
        f"{name.capitalize()}Backward1"))
    for name in ("acosh", "asinh", "atanh")
}  # fmt: skip

OF_PYTHON = ("norm", "resize", "resize_as", "split", "unique", "unique_consecutive", "unflatten")
"""Methods that PyTorch has written in Python."""

NUMBERS = (Tensor, bool, int, float, np.number, np.bool_)


def _bind(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    on_error = None if name.endswith("_") else histories_first
    return checked(function, name, method=True, on_error=on_error, of_python=name in OF_PYTHON)


def _operator(
    function: Callable[..., Any], operands: tuple[type, ...] = NUMBERS
) -> Callable[[Tensor, Any], Any]:
    """An operator that leaves operands which are no numbers to Python (`TypeError`)."""
    in_place = not isinstance(function, Operation) and function.__name__.endswith("_")

    def method(self: Tensor, other: Any) -> Any:
        if isinstance(other, operands):
            try:
                return function(self, other)
            except RuntimeError:
                if not in_place:
                    histories_first(self, other)
                raise
        return NotImplemented

    return method


def _written_out(name: str, operation: Operation) -> Callable[[Tensor, Any], Any]:
    """The same for an operation that is an operator as it is; written when it is first used."""

    def first(self: Tensor, other: Any) -> Any:
        method = operation.operator(
            _operator(operation.call), numbers=NUMBERS, histories_first=histories_first
        )
        setattr(Tensor, name, method)
        return method(self, other)

    return first


def histories_first(*values: Any) -> None:
    """Of two errors, PyTorch raises the one about the history of an input: raise that, if any."""
    if state.grad_enabled:
        for value in values:
            if isinstance(value, Tensor):
                value._get_edge()
            elif isinstance(value, (tuple, list)):
                histories_first(*value)


def _equals(self: Tensor, other: Any) -> Any:
    """`==`, which NumPy would answer with False: so an array, too, is compared here."""
    numeric = isinstance(other, np.ndarray) and other.dtype.kind in "biuf"
    return _equal(self, new_tensor(other) if numeric else other)


_equal = _operator(comparison.eq)


def _swapped(function: Callable[..., Any]) -> Callable[[Tensor, Any], Any]:
    return _operator(lambda self, other: function(other, self))


for _name, _function in METHODS.items():
    setattr(Tensor, _name, _bind(_function, _name))

OPERATORS: dict[str, Any] = {
    f"__{name}__": METHODS[name] for name in ("mul", "ne", "lt", "le", "gt", "ge")
} | {
    "__eq__": _equals,
    "__pow__": _operator(powers.pow),
    "__matmul__": _operator(matrix.matmul, (Tensor,)),
    "__add__": arithmetic.add,
    "__sub__": arithmetic.sub,
    "__truediv__": arithmetic.div,
    "__radd__": arithmetic.add,
    "__rmul__": arithmetic.mul,
    "__rsub__": _operator(arithmetic.rsub),
    "__rtruediv__": _operator(arithmetic.rdiv, (*NUMBERS, np.ndarray)),
    "__rpow__": _swapped(powers.pow),
    "__floordiv__": _operator(division.floor_divide),
    "__rfloordiv__": _swapped(division.floor_divide),
    "__mod__": _operator(division.remainder),
    "__rmod__": _swapped(division.remainder),
    "__and__": _operator(comparison.bitwise_and),
    "__or__": _operator(comparison.bitwise_or),
    "__xor__": _operator(comparison.bitwise_xor),
    "__rand__": _swapped(comparison.bitwise_and),
    "__ror__": _swapped(comparison.bitwise_or),
    "__rxor__": _swapped(comparison.bitwise_xor),
    "__lshift__": _operator(comparison.bitwise_left_shift),
    "__rshift__": _operator(comparison.bitwise_right_shift),
    "__rlshift__": _swapped(comparison.bitwise_left_shift),
    "__rrshift__": _swapped(comparison.bitwise_right_shift),
    "__ilshift__": _operator(METHODS["bitwise_left_shift_"]),
    "__irshift__": _operator(METHODS["bitwise_right_shift_"]),
    "__iadd__": in_place.direct("add_", _operator(METHODS["add_"])),
    "__isub__": in_place.direct("sub_", _operator(METHODS["sub_"])),
    "__imul__": in_place.direct("mul_", _operator(METHODS["mul_"])),
    "__itruediv__": in_place.direct("div_", _operator(METHODS["div_"])),
    "__ipow__": _operator(METHODS["pow_"]),
    "__ifloordiv__": _operator(METHODS["floor_divide_"]),
    "__imod__": _operator(METHODS["remainder_"]),
    "__iand__": _operator(METHODS["bitwise_and_"]),
    "__ior__": _operator(METHODS["bitwise_or_"]),
    "__ixor__": _operator(METHODS["bitwise_xor_"]),
    "__neg__": _bind(arithmetic.neg, "__neg__"),
    "__abs__": _bind(elementary.abs, "__abs__"),
    "__invert__": _bind(comparison.invert, "__invert__"),
    "__getitem__": indexing.getitem,
    "__setitem__": assignment.setitem,
    "__delitem__": assignment.delitem,
    "H": property(axes.one_adjoint),
    "T": property(axes.reversed_axes),
    **casting.PROPERTIES,
    "mT": property(axes.matrix_transpose),
    "mH": property(lambda self: axes.matrix_transpose(self, "mH")),
    **conversions.PROTOCOLS,
}

for _name, _function in OPERATORS.items():
    written = isinstance(_function, Operation)
    setattr(Tensor, _name, _written_out(_name, _function) if written else _function)


for _name in ("data_ptr", "detach", "dim", "is_inference", "item", "numel", "retain_grad",
              "storage_offset", "tolist", "untyped_storage"):  # fmt: skip
    _class = Tensor if _name in vars(Tensor) else TensorBase
    setattr(_class, _name, taking_nothing(vars(_class)[_name], f"TensorBase.{_name}", 1))

TensorBase.storage.__qualname__ = "Tensor.storage"  # what errors call it

for _name in ("is_contiguous", "numpy", "requires_grad_", "size", "stride"):
    _class = Tensor if _name in vars(Tensor) else TensorBase
    setattr(_class, _name, checked(vars(_class)[_name], _name, method=True))


def _read_only(name: str, attribute: property) -> property:
    """The attribute, whose setter is PyTorch's error."""

    def refuse(self: Tensor, *value: Any) -> None:
        raise AttributeError(f"attribute '{name}' of 'torch._C.TensorBase' objects is not writable")

    return property(attribute.fget, refuse, attribute.fdel or refuse, attribute.__doc__)


for _class in (TensorBase, Tensor):
    for _name, _attribute in list(vars(_class).items()):
        if isinstance(_attribute, property) and _attribute.fset is None:
            setattr(_class, _name, _read_only(_name, _attribute))

say_so(Tensor)
