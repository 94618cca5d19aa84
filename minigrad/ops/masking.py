"""What masks do, as it is called: tensors of truth values that say which entries are meant."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..memory import copied
from ..tensor import Tensor
from ..versions import with_places
from . import either, gathering
from .in_place import overwrite, warn_of_stretched
from .operands import mismatch
from .operation import Operation
from .refusals import check_range, differentiable, type_word


def _boolean(name: str, mask: Tensor) -> np.ndarray:
    if mask._array.dtype != bool:
        kind = mask.dtype.c_name if name == "masked_fill_" else type_word(mask._array)
        raise RuntimeError(f"{name} only supports boolean masks, but got mask with dtype {kind}")
    return mask._array


_nan_to_num = Operation(
    "nan_to_num", "self",
    lambda self, nan, posinf, neginf: np.nan_to_num(copied(self), False, nan, posinf, neginf),
    options="nan posinf neginf", jvp="entrywise",
)  # fmt: skip
_nan_to_num.derivative(
    "self", r"grad \odot [self \text{ is finite}]",
    lambda grad, self: grad * either.cast(either.isfinite(self), either.numpy_dtype(grad)),
)  # fmt: skip


def nan_to_num(
    input: Tensor, nan: float | None = None, posinf: float | None = None,
    neginf: float | None = None,
) -> Tensor:  # fmt: skip
    """A copy with numbers for nan (0), inf (the largest of the dtype) and -inf (the smallest)."""
    return _nan_to_num(input, 0.0 if nan is None else nan, posinf, neginf)


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """A copy with `value` where the mask is true.

    Raises RuntimeError for a mask that is not bool, or a value with axes.
    """
    try:
        np.broadcast_shapes(input._array.shape, mask._array.shape)
    except ValueError:
        raise mismatch(mask._array, input._array) from None
    return differentiable(_filled(input, mask, value))


def masked_fill_(self: Tensor, mask: Tensor, value: Any) -> Tensor:
    """`masked_fill`, in place. Returns the tensor itself.

    Raises RuntimeError for a mask that does not fit.
    """

    def filled(before: Tensor, mask: Tensor, value: Any) -> Tensor:
        if not isinstance(value, Tensor) or not value.ndim:  # which `_filled` refuses
            _boolean("masked_fill_", mask)
            warn_of_stretched(self, "masked_fill_")
            try:
                np.broadcast_shapes(before._array.shape, mask._array.shape)
            except ValueError:
                raise mismatch(before._array, mask._array) from None
        return _filled(before, mask, value)

    return overwrite(filled, self, mask, value, writer="masked_fill_")


def _filled(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    if isinstance(value, Tensor):
        if value.ndim:
            raise RuntimeError(
                "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value.ndim} dimension(s)."
            )
        spots = _boolean("masked_fill_", mask)
        check_range(value._array.item(), input._array.dtype)
        return with_places(gathering._masked_fill_tensor(input, value, spots), "mask", mask)
    spots = _boolean("masked_fill_", mask)
    check_range(value, input._array.dtype)
    return with_places(gathering._masked_fill(input, spots, value), "mask", mask)


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The entries where the mask is true, in a row.

    Raises RuntimeError for a mask that does not fit or is not bool.
    """
    if mask._array.dtype != bool:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    try:
        shape = np.broadcast_shapes(input._array.shape, mask._array.shape)
    except ValueError:
        raise mismatch(mask._array, input._array) from None
    out = gathering._masked_select(input, np.broadcast_to(mask._array, shape))
    return with_places(out, "mask", mask)


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """A copy with the entries of `source`, one after the other, where the mask is true.

    Raises RuntimeError for a mask that does not fit, two dtypes, or a `source` that is too short.
    """
    if input._array.dtype != source._array.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes but got"
            f"{type_word(input._array)} and {type_word(source._array)}"
        )
    try:
        np.broadcast_shapes(input._array.shape, mask._array.shape)
    except ValueError:
        raise mismatch(mask._array, input._array) from None
    array = _boolean("masked_scatter_", mask)
    ones = np.count_nonzero(np.broadcast_to(
        array, np.broadcast_shapes(input._array.shape, array.shape)))  # fmt: skip
    if ones > source.numel():
        raise RuntimeError("Number of elements of source < number of ones in mask")
    return with_places(gathering._masked_scatter(input, source, array), "mask", mask)


def masked_scatter_(self: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """`masked_scatter`, in place. Returns the tensor itself.

    As in PyTorch, what there is of a `source` that is too short is written before the error.
    """

    def scattered(before: Tensor, mask: Tensor, source: Tensor) -> Tensor:
        if before._array.dtype == source._array.dtype:
            mask.expand(before.shape)  # says what does not fit
        try:
            return masked_scatter(before, mask, source)
        except RuntimeError as error:
            if "source < number" not in str(error):
                raise
            spots = np.nonzero(np.broadcast_to(mask._array, self.shape))
            for place, value in zip(zip(*spots), source._array.flat):
                self._array[place] = value
            raise

    return overwrite(scattered, self, mask, source, writer="masked_scatter_")
