"""Tensors in another dtype: `to`, `type_as`, `float()`, …; questions about dtypes; promotion.

Source of the promotion rules: the PyTorch page "Tensor Attributes", section torch.dtype.
"""

from __future__ import annotations

from typing import Any

from . import cuda, dtypes
from .arguments import chosen
from .device import channels_last, preserve_format
from .device import device as DEVICE  # noqa: N812
from .memory import lies_in
from .ops import type_casts
from .ops.formats import contiguous
from .tensor import Tensor
from .type_names import type_name


def to(
    input: Tensor, first: Any = None, *rest: Any, dtype: Any = None, device: Any = None,
    tensor: Any = None, copy: bool = False, non_blocking: bool = False, memory_format: Any = None,
) -> Tensor:  # fmt: skip
    """`input` in another dtype; the same tensor if it has that dtype already and no copy is asked.

    As in PyTorch: `to(dtype)`, `to(other)` (the dtype of another tensor), `to("cpu", dtype)`.
    Raises RuntimeError or AssertionError for a device that is not the CPU.
    """
    if first is None or isinstance(first, (str, DEVICE)):
        device = device or first
        dtype, rest = rest[0] if rest else dtype, rest[1:]
    elif not isinstance(first, (dtypes.dtype, type)):
        tensor = first
    else:
        dtype = first
    if tensor is not None:
        dtype = tensor.dtype if isinstance(tensor, Tensor) else dtypes.of_number(tensor)
    if device is not None:
        DEVICE(device)
    if isinstance(first, int) and not isinstance(first, bool):
        raise RuntimeError("Cannot access accelerator device when none is available.")
    dtype = input.dtype if dtype is None else dtypes.named(dtype)
    copy = copy or rest[1:] == (True,)  # what is left by position: non_blocking, copy
    same = type_casts._to if dtype is input.dtype and copy else type_casts.to
    if memory_format in (None, preserve_format):
        return same(input, dtype)
    wide = lies_in(input._array, channels_last)
    if dtype is input.dtype and not copy and wide is (memory_format is channels_last):
        return input  # as in PyTorch, even if it is not contiguous
    return contiguous(same(input, dtype), memory_format=memory_format)


def asked_for(*args: Any, **kwargs: Any) -> tuple[Any, bool]:
    """What is asked of `to`: the dtype, or None, and whether a copy must be made."""
    known = chosen("to", args, kwargs, True)
    assert known is not None
    found = known[1]
    if found.get("device") is not None:
        DEVICE(found["device"])
    other = found.get("tensor")
    dtype = found.get("dtype") if other is None else other.dtype
    return dtype, found.get("copy", False)


def type_as(input: Tensor, other: Tensor) -> Tensor:
    """`input` in the dtype of `other`."""
    if not isinstance(other, Tensor):
        raise TypeError(
            f"type_as(): argument 'other' (position 1) must be Tensor, not {type_name(other)}"
        )
    return type_casts.to(input, other.dtype)


def _as(d: dtypes.dtype) -> Any:
    def method(self: Tensor, memory_format: Any = None) -> Tensor:
        if memory_format is None:
            return type_casts.to(self, d)
        return to(self, d, memory_format=memory_format)

    return method


# ---- questions about dtypes ----------------------------------------------------------------------


def is_tensor(obj: Any) -> bool:
    """True for a tensor."""
    return isinstance(obj, Tensor)


def is_floating_point(input: Tensor) -> bool:
    """True if the entries are floating point numbers."""
    if not isinstance(input, Tensor):
        raise TypeError(
            "is_floating_point(): argument 'input' (position 1) must be Tensor, not "
            f"{type_name(input)}"
        )
    return input.dtype.is_floating_point


def is_complex(input: Tensor) -> bool:
    """False: minigrad has no complex numbers."""
    return False


def numel(input: Tensor) -> int:
    """The number of entries. Raises TypeError for what is no tensor."""
    if not isinstance(input, Tensor):
        raise TypeError(
            f"numel(): argument 'input' (position 1) must be Tensor, not {type_name(input)}"
        )
    return input._array.size


def result_type(tensor1: Any, tensor2: Any) -> dtypes.dtype:
    """The dtype of what an operation on these two (tensors or numbers) returns."""
    operands = tuple(v._array if isinstance(v, Tensor) else v for v in (tensor1, tensor2))
    return dtypes.FROM_NUMPY[dtypes.result_type(operands)]


def _both_dtypes(name: str, names: tuple[str, str], values: tuple[Any, Any]) -> None:
    for position, (argument, value) in enumerate(zip(names, values, strict=True), 1):
        if not isinstance(value, dtypes.dtype):
            raise TypeError(
                f"{name}(): argument '{argument}' (position {position}) must be torch.dtype, not "
                f"{type_name(value)}"
            )


def promote_types(type1: dtypes.dtype, type2: dtypes.dtype) -> dtypes.dtype:
    """The smallest dtype that both dtypes become together."""
    _both_dtypes("promote_types", ("type1", "type2"), (type1, type2))
    return dtypes.FROM_NUMPY[dtypes._together(type1.numpy, type2.numpy)]


def can_cast(from_: dtypes.dtype, to: dtypes.dtype) -> bool:
    """True unless a category would be lost: a fraction made an integer, a number a truth value."""
    _both_dtypes("can_cast", ("from_", "to"), (from_, to))
    return dtypes.CATEGORY[from_.numpy.kind] <= dtypes.CATEGORY[to.numpy.kind]


METHODS: dict[str, Any] = {
    "to": to,
    "type_as": type_as,
    "half": _as(dtypes.float16),
    "float": _as(dtypes.float32),
    "double": _as(dtypes.float64),
    "byte": _as(dtypes.uint8),
    "char": _as(dtypes.int8),
    "short": _as(dtypes.int16),
    "int": _as(dtypes.int32),
    "long": _as(dtypes.int64),
    "bool": _as(dtypes.bool),
    "cpu": lambda self, memory_format=None: self,
    "cuda": cuda.refuse,
    "is_floating_point": is_floating_point,
    "is_complex": is_complex,
    "is_signed": lambda self: self._array.dtype.kind in "if",
    "nelement": numel,
    "ndimension": lambda self: self._array.ndim,
    "element_size": lambda self: self._array.itemsize,
    "get_device": lambda self: -1,
}
