"""Every operation as a method of `Tensor`, and the in-place forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import casting, conversions, creation, legacy_types, random_tensors
from .autograd import _functions
from .autograd.grad_mode import state
from .calling import checked
from .ops import (
    activations,
    added_products,
    arithmetic,
    assignment,
    axes,
    combining,
    comparison,
    complex_words,
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
    multiples,
    norms,
    orthogonal,
    parts,
    picking,
    powers,
    products,
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
from .tensor import Tensor

METHODS: dict[str, Callable[..., Any]] = {
    name: getattr(module, name)
    for module, names in {
        arithmetic: "mul neg reciprocal",
        activations: "relu sigmoid tanh",
        rarer_activations: "hardshrink prelu",
        gamma: "digamma igamma igammac lgamma",
        combining: "addcdiv addcmul atan2 copysign hypot lerp logaddexp xlogy",
        comparison: "allclose bitwise_and bitwise_left_shift bitwise_not bitwise_or "
        "bitwise_right_shift bitwise_xor eq equal ge gt isclose isfinite isinf isnan isneginf "
        "isposinf is_nonzero le logical_and logical_not logical_or logical_xor lt ne signbit",
        cumulative: "cumprod cumsum logcumsumexp",
        division: "floor_divide fmod remainder",
        elementary: "abs acos acosh asin asinh atan atanh ceil cos cosh erf erfc exp exp2 expm1 "
        "floor frac log log10 log1p log2 logit round rsqrt sgn sign sin sinh sqrt tan trunc",
        extremes: "amax amin aminmax argmax argmin max median min nanmedian",
        limits: "clamp clamp_max clamp_min clip fmax fmin maximum minimum",
        moments: "std var",
        products: "prod",
        powers: "float_power pow square",
        reductions: "all any count_nonzero mean nanmean nansum sum sum_to_size",
        softmax: "log_softmax logsumexp softmax",
        added_products: "addbmm addmm addmv addr baddbmm",
        cross: "cross",
        elimination: "det logdet",
        matrix: "bmm dot inner matmul mm mv outer",
        triangles: "diag diag_embed diagflat trace tril triu",
        formats: "clone contiguous",
        shape: "broadcast_to expand expand_as flatten ravel reshape reshape_as squeeze "
        "unsqueeze view view_as",
        axes: "adjoint flip movedim permute roll t transpose",
        parts: "chunk diagonal dsplit hsplit narrow split_with_sizes tensor_split unbind unfold "
        "unsafe_chunk unsafe_split unsafe_split_with_sizes vsplit",
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
METHODS |= {
    "absolute": elementary.abs,
    "add": multiples.add_multiple,
    "arccos": elementary.acos,
    "arcsin": elementary.asin,
    "arctan": elementary.atan,
    "arctan2": combining.atan2,
    "as_strided": strided._as_strided,
    "div": division.divide,
    "divide": division.divide,
    "fix": elementary.trunc,
    "ger": matrix.outer,
    "greater": comparison.gt,
    "greater_equal": comparison.ge,
    "index_put_": assignment.index_put_,
    "inverse": elimination.inv,
    "less": comparison.lt,
    "less_equal": comparison.le,
    "moveaxis": axes.movedim,
    "multinomial": random_tensors.multinomial,
    "multiply": arithmetic.mul,
    "negative": arithmetic.neg,
    "norm": norms._norm_of,
    "not_equal": comparison.ne,
    "polygamma": lambda self, n: gamma.polygamma(n, self),
    "positive": conversions.positive,
    "qr": orthogonal.qr_of_old,
    "resize": _functions.resize,
    "resize_as": _functions.resize_as,
    "slogdet": elimination.slogdet_of_old,
    "split": parts._split_of,
    "sub": multiples.sub_multiple,
    "subtract": multiples.sub_multiple,
    "swapaxes": axes.transpose,
    "swapaxes_": resizing.transpose_,
    "swapdims": axes.transpose,
    "swapdims_": resizing.transpose_,
    "true_divide": arithmetic.div,
    "unflatten": shape._unflatten_of,
    "where": lambda self, condition, other: limits.where(condition, self, other),
    **casting.METHODS,
    **complex_words.NAMES,
    **creation.METHODS,
    **filling.METHODS,
    **legacy_types.METHODS,
}
"""Methods that go by another name than their functions, or are other functions."""

METHODS |= {
    f"{name}_": in_place.form(name, METHODS[name]) for name in in_place.NAMES
} | {
    f"{name}_": in_place.form(name, cumulative.in_own_dtype(METHODS[name]))
    for name in ("cumsum", "cumprod")
} | {
    f"{name}_": in_place.form(name, getattr(elementary, name).refusing(NotImplementedError(
        f"the derivative for 'inplace version of {name}' is not implemented."),
        f"{name.capitalize()}Backward1"))
    for name in ("acosh", "asinh", "atanh")
} | {"floor_divide_": in_place.form("floor_divide", division.to_overwrite)}  # fmt: skip

OF_PYTHON = ("norm", "resize", "resize_as", "split", "unique", "unique_consecutive", "unflatten")
"""Methods that PyTorch has written in Python."""


def bind(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function as a method, whose arguments are checked."""
    on_error = None if name.endswith("_") else histories_first
    return checked(function, name, method=True, on_error=on_error, of_python=name in OF_PYTHON)


def histories_first(*values: Any) -> None:
    """Of two errors, PyTorch raises the one about the history of an input: raise that, if any."""
    if state.grad_enabled:
        for value in values:
            if isinstance(value, Tensor):
                value._get_edge()
            elif isinstance(value, (tuple, list)):
                histories_first(*value)


for _name, _function in METHODS.items():
    setattr(Tensor, _name, bind(_function, _name))
