"""Products with something added: `beta * input + alpha * product`, as `addmm` for other shapes.

addmv     (n) + (n, m) @ (m)               addr      (n, m) + every product of (n) and (m)
baddbmm   (b, n, p) + (b, n, m) @ (b, m, p)
addbmm    (n, p) + the sum over b of (b, n, m) @ (b, m, p)
"""

from __future__ import annotations

from builtins import sum as builtins_sum
from collections.abc import Callable
from typing import Any

import numpy as np

from ..autograd.forward_ad import nothing
from ..dtypes import result_type
from ..tensor import Tensor
from . import either
from .half import in_single
from .matrix import _fitting, _same_dtype, stacked, times_transposed, transposed_times
from .multiples import refuse_truth, whole
from .operation import Operation
from .refusals import refuse_kinds, type_word
from .with_numbers import times


def plus(array: np.ndarray, product: np.ndarray, beta: Any, alpha: Any) -> np.ndarray:
    """`beta * array + alpha * product` in their dtype; `array` is not looked at if beta is 0."""
    if alpha != 1:
        product = product * product.dtype.type(alpha)
    if beta == 0:
        return product
    return np.add(array if beta == 1 else array * array.dtype.type(beta), product)


def _added(
    name: str, first: str, second: str, shown: str, product: Callable[[Any, Any], Any], **more: Any
) -> Operation:
    """The operation `beta * self + alpha * product(first, second)`, its derivative by `self`."""

    def forward(self: Any, a: Any, b: Any, beta: Any, alpha: Any) -> Any:
        return plus(self, product(a, b), beta, alpha)

    def moved(tangents: dict[str, Any], **given: Any) -> Any:
        beta, alpha = given["beta"], given["alpha"]
        parts = (
            [tangents["self"].expand(given["result"].shape) * beta] if "self" in tangents else []
        )
        for factor, other in ((first, second), (second, first)):
            if factor in tangents:
                factors = given | {factor: tangents[factor]}
                parts.append(product(factors[first], factors[second]) * alpha)
            else:
                parts.append(nothing(given[other]))
        return builtins_sum(parts[1:], parts[0])

    operation = Operation(
        name, f"self {first} {second}", in_single(forward), options="beta alpha",
        shown=f"self + {shown}", fit=True, **more,
    )  # fmt: skip
    operation.derivative("self", r"beta \, grad", lambda grad, beta: times(grad, beta))
    operation.tangent(moved, (first, second, "beta", "alpha", "result"))
    return operation


_addmm = _added("addmm", "mat1", "mat2", "mat1 @ mat2", lambda a, b: a @ b, rows=True)
_addmm.derivative(
    "mat1",
    r"alpha \, grad \, mat2^{\top}",
    lambda grad, mat2, alpha, mat1_strides: times(
        times_transposed(grad, mat2, mat1_strides), alpha
    ),
)
_addmm.derivative(
    "mat2",
    r"alpha \, mat1^{\top} \, grad",
    lambda grad, mat1, alpha, mat2_strides: times(
        transposed_times(grad, mat1, mat2_strides), alpha
    ),
)
_addmm.shows("mat1 mat2 beta alpha mat1_sizes mat1_strides mat2_sizes mat2_strides")

_baddbmm = _added("baddbmm", "batch1", "batch2", "batch1 @ batch2", lambda a, b: a @ b, rows=True)
_baddbmm.derivative(
    "batch1",
    r"alpha \, grad \, batch2^{\top}",
    lambda grad, batch2, alpha: times(stacked(grad, either.swap(batch2)), alpha),
)
_baddbmm.derivative(
    "batch2",
    r"alpha \, batch1^{\top} \, grad",
    lambda grad, batch1, alpha: times(stacked(either.swap(batch1), grad), alpha),
)
_baddbmm.shows("batch1 batch2 beta alpha")

_addbmm = _added(
    "addbmm", "batch1", "batch2", "(batch1 @ batch2).sum(0)", lambda a, b: either.sum(a @ b, (0,))
)


def _per_matrix(grad: Any, batch: Any) -> Any:
    """The cotangent of the sum, once for each of the matrices that were added up."""
    return either.expand(either.unsqueeze(grad, (0,)), (batch.shape[0], *grad.shape))


_addbmm.derivative(
    "batch1",
    r"alpha \, grad \, batch2^{\top}",
    lambda grad, batch2, alpha: times(
        stacked(_per_matrix(grad, batch2), either.swap(batch2)), alpha
    ),
)
_addbmm.derivative(
    "batch2",
    r"alpha \, batch1^{\top} \, grad",
    lambda grad, batch1, alpha: times(
        stacked(either.swap(batch1), _per_matrix(grad, batch1)), alpha
    ),
)
_addbmm.shows(
    "batch1 batch2 beta alpha",
    batch1_sym_argsize_0=lambda batch1_sizes: batch1_sizes[0],
    batch1_sym_argsize_1=lambda batch1_sizes: batch1_sizes[1],
    batch2_sym_argsize_2=lambda batch2_sizes: batch2_sizes[2],
)

_addmv = _added("addmv", "mat", "vec", "mat @ vec", lambda a, b: a @ b)
_addmv.derivative(
    "mat",
    r"alpha \, grad \, vec^{\top}",
    lambda grad, vec, alpha: times(_outer(grad, vec), alpha),
)
_addmv.derivative(
    "vec",
    r"alpha \, mat^{\top} \, grad",
    lambda grad, mat, alpha: times(either.times_vector(either.transposed(mat), grad), alpha),
)
_addmv.shows("mat vec beta alpha")


def _outer(a: Any, b: Any) -> Any:
    return either.unsqueeze(a, (1,)) * either.unsqueeze(b, (0,))


_addr = _added("addr", "vec1", "vec2", "vec1 \u2297 vec2", _outer, promote="common", layout="self")
_addr.derivative(
    "vec1",
    r"alpha \, grad \, vec2",
    lambda grad, vec2, alpha: times(either.times_vector(grad, vec2), alpha),
)
_addr.derivative(
    "vec2",
    r"alpha \, grad^{\top} \, vec1",
    lambda grad, vec1, alpha: times(either.times_vector(either.swap(grad), vec1), alpha),
)
_addr.derivative(
    "self",
    r"beta \, grad",
    lambda grad, self_sizes, beta: times(either.sum_to(grad, self_sizes), beta),
)
_addr.shows("vec1 vec2 beta alpha")


def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """`beta * input + alpha * batch1 @ batch2`, for stacks (b, n, m) and (b, m, p).

    `input` is stretched to (b, n, p). Raises RuntimeError for shapes or dtypes that do not fit.
    """
    input.expand(batch1.size(0), batch1.size(1), batch2.size(2))  # says what does not fit
    kinds = [x.dtype.c_name for x in (input, batch1, batch2)]
    if kinds[0] != kinds[1]:
        raise RuntimeError(
            f"Input dtypes must be the same, got: input {kinds[0]}, batch1: {kinds[1]}, batch2: "
            f"{kinds[2]}"
        )
    _stacks(batch1, batch2)
    rows = [batch1.shape[0], batch1.shape[2]]
    if list(batch2.shape[:2]) != rows:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: {rows} but got: "
            f"{list(batch2.shape[:2])}."
        )
    if batch1.numel() and batch2.numel():
        refuse_kinds(input._array, "b", "baddbmm")
    if kinds[1] != kinds[2]:
        words = [type_word(x._array) for x in (batch1, batch2)]
        raise RuntimeError(f"expected scalar type {words[0]} but found {words[1]}")
    return _baddbmm(input, batch1, batch2, beta, alpha)


def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1, alpha: Any = 1
) -> Tensor:
    """`beta * input + alpha * (batch1 @ batch2).sum(0)`, for stacks (b, n, m) and (b, m, p).

    `input` is stretched to (n, p). Raises RuntimeError for shapes or dtypes that do not fit.
    """
    input.expand(batch1.size(1), batch2.size(2))  # says what does not fit
    _stacks(batch1, batch2)
    if batch1.shape[0] != batch2.shape[0]:
        raise RuntimeError(
            "batch1 and batch2 must have same number of batches, got "
            f"{batch1.shape[0]} and {batch2.shape[0]}"
        )
    if batch1.shape[2] != batch2.shape[1]:
        raise RuntimeError(
            f"Incompatible matrix sizes for bmm ({batch1.shape[1]}x{batch1.shape[2]} and "
            f"{batch2.shape[1]}x{batch2.shape[2]})"
        )
    for name, x in (("self", input), ("mat1", batch1)):
        if x._array.dtype != batch2._array.dtype:
            raise RuntimeError(
                f"{name} and mat2 must have the same dtype, but got {type_word(x._array)} and "
                f"{type_word(batch2._array)}"
            )
    _same_dtype(batch1, batch2, "addmm_impl_cpu_")
    return _addbmm(input, batch1, batch2, beta, alpha)


def _stacks(batch1: Tensor, batch2: Tensor) -> None:
    for name, stack in (("batch1", batch1), ("batch2", batch2)):
        if stack.ndim != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """`beta * input + alpha * mat @ vec`, for (n, m) and (m); `input` is stretched to (n).

    Raises RuntimeError for what does not fit, or has two dtypes.
    """
    if mat.ndim != 2 or vec.ndim != 1 or input.ndim > 1:
        raise RuntimeError(
            f"vector + matrix @ vector expected, got {input.ndim}, {mat.ndim}, {vec.ndim}"
        )
    if mat.shape[1] != vec.shape[0] or input.numel() not in (1, mat.shape[0]):
        raise RuntimeError(
            f"size mismatch, got input ({input.size(0)}), mat ({mat.shape[0]}x{mat.shape[1]}), "
            f"vec ({vec.shape[0]})"
        )
    kinds = [type_word(x._array) for x in (input, mat, vec)]
    if len(set(kinds)) > 1:
        raise RuntimeError(
            "addmv input tensors must have the same dtype, but got "
            f"{kinds[0]}, {kinds[1]}, and {kinds[2]}"
        )
    if mat.numel():
        refuse_kinds(mat._array, "b", "addmv_impl_cpu")
    return _addmv(input, mat, vec, beta, alpha)


def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """`beta * input + alpha` times all products of an entry of vec1 (n) and one of vec2 (m).

    `input` is stretched to (n, m). Raises RuntimeError for a fraction of integers.
    """
    for name, vector in (("vec1", vec1), ("vec2", vec2)):
        if vector.ndim != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {vector.ndim}-D")
    input.expand(vec1.shape[0], vec2.shape[0])  # says what does not fit
    for name, factor in (("beta", beta), ("alpha", alpha)):
        refuse_truth(factor, input, vec1, vec2, name=name)
        whole(factor, result_type((input._array, vec1._array, vec2._array)), name)
    return _addr(input, vec1, vec2, beta, alpha)


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1, alpha: Any = 1) -> Tensor:
    """`beta * input + alpha * mat1 @ mat2`; `input` is stretched to the shape of the product.

    Raises RuntimeError for matrices that do not fit, or of two dtypes.
    """
    for name, matrix in (("self", input), ("mat1", mat1)):
        if matrix._array.dtype != mat2._array.dtype:
            raise RuntimeError(
                f"{name} and mat2 must have the same dtype, but got {type_word(matrix._array)} and "
                f"{type_word(mat2._array)}"
            )
    for name, matrix in (("mat1", mat1), ("mat2", mat2)):
        if matrix.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {matrix.ndim}-D tensor")
    shape = (mat1.shape[0], mat2.shape[1])
    if mat1.shape[1] == mat2.shape[0] and (
        np.broadcast_shapes(*_or_none(input._array.shape, shape)) != shape
    ):
        input.expand(shape)  # says what does not fit
    _fitting(mat1, mat2)
    return _addmm(input, mat1, mat2, beta, alpha)


def _or_none(a: tuple[int, ...], b: tuple[int, ...]) -> list[tuple[int, ...]]:
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        return [()]
    return [a, b]
