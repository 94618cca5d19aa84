"""Which dtype a tensor given as `out=` must have. PyTorch's functions differ in that, and in words:
some compute in the dtype of `out`, some cast what they have computed, some take no other dtype.
"""

from __future__ import annotations

from typing import Any

from .dtypes import CATEGORY
from .ops.refusals import type_word
from .tensor import Tensor

COMPUTED_IN_ITS_DTYPE = frozenset(
    "sum nansum prod cumsum cumprod zeros ones full eye linspace logspace".split()  # noqa: SIM905
)
"""Called as if they had been given that dtype."""

MADE = frozenset(
    "zeros ones full eye linspace logspace empty rand randn randint randperm bernoulli".split()  # noqa: SIM905
)
"""What these make has the size that they are given, whatever size `out` had."""

WITHOUT_DERIVATIVE = frozenset(
    """
    eq ne lt le gt ge greater greater_equal less less_equal not_equal logical_and logical_or
    logical_xor logical_not isposinf isneginf signbit isin all any nonzero argmax argmin argsort
    searchsorted bucketize multinomial
    """.split()  # noqa: SIM905
)
"""These are not differentiated, so that their inputs may require grad."""

COPIED = frozenset(("linalg_norm", "linalg_matrix_norm", "inner"))
"""What these compute is copied into `out`, and that has a history."""

RESIZED = frozenset(("empty", "randn"))
"""These resize `out` before they look at anything."""

UNDERIVED = {"softmax", "log_softmax", "floor_divide", "arange"} | MADE - RESIZED - {"bernoulli"}
"""What these write into `out` has a history that leads nowhere."""

CLAMPS = frozenset(("clamp", "clip", "clamp_min", "clamp_max"))

CALLS = {
    "outer": "mul", "square": "pow", "hstack": "cat", "vstack": "cat", "msort": "sort",
    "true_divide": "div", "linalg_inv": "linalg_inv_ex", "inverse": "linalg_inv_ex",
    "linalg_det": "_linalg_det", "linalg_cholesky": "linalg_cholesky_ex",
    "linalg_solve": "_linalg_solve_ex", "linalg_eigh": "_linalg_eigh",
    "linalg_eigvalsh": "_linalg_eigh", "linalg_slogdet": "_linalg_slogdet",
    "slogdet": "_linalg_slogdet",
}  # fmt: skip
"""Functions that PyTorch builds of another one, to which they pass `out`."""

AS_IT_IS = """
mm matmul bmm addmm baddbmm addmv softmax log_softmax gather sort msort topk argmax argmin aminmax
tril triu scatter scatter_add scatter_reduce index_add index_copy index_reduce diag isin
linalg_vector_norm linalg_inv_ex _linalg_det linalg_cholesky_ex _linalg_solve_ex _linalg_eigh
_linalg_slogdet
"""
UNCHANGED = """
abs absolute neg negative sgn sign floor ceil round trunc fix frac clamp clip clamp_min clamp_max
"""
BOOLEAN = "isposinf isneginf signbit"

SAYS = (
    dict.fromkeys(
        AS_IT_IS.split(), "Expected out tensor to have dtype {wanted}, but got {given} instead"
    )
    | dict.fromkeys(UNCHANGED.split(), "Found dtype {Given} but expected {Wanted}")
    | dict.fromkeys(BOOLEAN.split(), "{name} does not support non-boolean outputs.")
    | dict.fromkeys(
        ("amax", "amin"),
        "Expected the dtype for input and out to match, but got {Wanted} for input's dtype and "
        "{Given} for out's dtype.",
    )
    | dict.fromkeys(
        ("index_select", "masked_select"),
        "{name}(): self and result must have the same scalar type",
    )
    | dict.fromkeys(
        ("searchsorted", "bucketize"),
        "torch.searchsorted(): output tensor's dtype is wrong, it can only be Int(int32) or "
        "Long(int64) depending on whether out_int32 flag is True, but we got output tensor's dtype "
        "{Given} and out_int32 flag is {int32}",
    )
    | dict.fromkeys(("all", "any"), "{name} only supports bool tensor for result, got: {Given}")
    | {
        "take": "take(): self and out expected to have the same dtype, but got self.dtype = "
        "{Wanted} and out.dtype = {Given}",
        "mv": "addmv input tensors must have the same dtype, but got {Given}, {Wanted}, and "
        "{Wanted}",
        "dot": "result dtype {Given} does not match input dtype {Wanted}",
        "addbmm": "self and mat2 must have the same dtype, but got {Given} and {Wanted}",
        "linalg_norm": "linalg.norm expected out tensor dtype {Wanted} but got: {Given}",
        "linalg_matrix_norm": "linalg.matrix_norm expected out tensor dtype {Wanted} but got: "
        "{Given}",
        "inner": "tensordot: Expected the output tensor to have dtype {Wanted}, but got an output "
        "tensor with dtype {Given}",
        "where": "Expected out type to be {Wanted} but got {Given}",
        "nonzero": "nonzero: Expected out tensor to have scalar type {Wanted} but got scalar type"
        "{Given}",
        "multinomial": "multinomial expects {Wanted} tensor out, got: {Given}",
        "nan_to_num": "nan_to_num: dtype of out: {Given} should be same as input: {Wanted}",
        "float_power": "the output given to float_power has dtype {Given} but the operation's "
        "result requires dtype {Wanted}",
    }
)
"""What a function says to any other dtype than that of its result."""

OF_MEDIAN = (
    "Expected tensor for 'values' to have the same type as tensor for argument #2 'self'; but type "
    "{type} does not equal {its_type} (while checking arguments for median)",
    "Expected tensor for argument #1 'indices' to have scalar type {Wanted}; but got {type} "
    "instead (while checking arguments for median)",
)


def check_dtype(target: Tensor, result: Tensor, name: str, position: int, several: bool) -> None:
    """Raise RuntimeError, or TypeError, as PyTorch words it, if `out` is not of a dtype that takes
    the result of the function `name`.

    position: which of several results it is.
    """
    mine, there = result.dtype, target.dtype
    if mine is there:
        return
    given, wanted = type_word(target._array), type_word(result._array)
    lost = CATEGORY[result._array.dtype.kind] > CATEGORY[target._array.dtype.kind]
    says: str | None = SAYS.get(name)
    error: Any = RuntimeError
    if several:
        says = OF_MEDIAN[position] if name in ("median", "nanmedian") else SAYS["sort"]
    elif name in ("all", "any") and given == "Byte":
        return
    elif name == "logsumexp" and lost:
        says = "logsumexp(): Expected floating point type for result tensor, but got: {Given}"
    elif name in ("cat", "stack") and lost:
        error = TypeError
        says = "torch.cat(): input types can't be cast to the desired output type {Given}"
    elif name == "diag" and lost and result.ndim == 2:
        says = "diag: result type {Wanted} can't be cast to the desired out= type {Given}"
    elif says is None and lost:
        says = "result type {Wanted} can't be cast to the desired output type {Given}"
    if says is not None:
        raise error(
            says.format(
                name=name,
                Given=given,
                Wanted=wanted,
                given=there.c_name,
                wanted=mine.c_name,
                type=target.type(),
                its_type=result.type(),
                int32=wanted == "Int",
            )
        )
