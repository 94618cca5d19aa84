"""Tensors from data: numbers, nested lists, NumPy arrays, other tensors."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from . import dtypes, origins, watch
from .autograd.grad_mode import state
from .device import device as device_named
from .device import refuse_pinned
from .flags import check_differentiable, check_flag
from .memory import copied
from .tensor import Tensor, made
from .type_names import type_name
from .warn import warn

SUPPORTED = (
    "The only supported types are: float64, float32, float16, complex64, complex128, int64, int32, "
    "int16, int8, uint64, uint32, uint16, uint8, and bool."
)

NOT_ONE_ENTRY = "only one element tensors can be converted to Python scalars"


def leaf(array: np.ndarray, requires_grad: bool) -> Tensor:
    """A tensor on this array. Raises RuntimeError if it cannot require grad."""
    if requires_grad:
        check_differentiable(array)
    out = made(array)
    if requires_grad:
        out.requires_grad = True
    return out


def tensor(
    data: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A leaf tensor with a copy of `data`: a number, nested lists of numbers, or an array.

    Python floats become the default dtype (float32), integers int64, truth values bool.
    Raises ValueError if lists are of unequal length, TypeError if an entry is no number.
    """
    if isinstance(data, Tensor):
        copy_warning("torch.tensor")
    check_options("tensor", dtype, device, requires_grad)
    check_flag(requires_grad, "tensor", "requires_grad")
    refuse_pinned(pin_memory)
    return _from(data, leaf(array_of(data, dtype), requires_grad), "torch.tensor")


def _from(data: Any, out: Tensor, how: str) -> Tensor:
    """The tensor, whose origin is remembered for the pictures."""
    if watch.active and watch.seen():
        origins.made(data, out, how)
    return out


def copy_warning(name: str) -> None:
    """PyTorch's advice to whoever makes a tensor from a tensor."""
    warn(
        "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() "
        "or sourceTensor.detach().clone().requires_grad_(True), rather than "
        f"{name}(sourceTensor)."
    )


def check_options(name: str, dtype: Any, device: Any, requires_grad: Any) -> None:
    """Raise TypeError for options of the wrong type, and for a device that is not the CPU."""
    if not (dtype is None or isinstance(dtype, dtypes.dtype) or dtype in (float, int, bool)):
        raise TypeError(f"{name}(): argument 'dtype' must be torch.dtype, not {type_name(dtype)}")
    if requires_grad is not None:
        check_flag(requires_grad, name, "requires_grad")
    if device is not None:
        device_named(device)


def array_of(data: Any, dtype: Any = None, copy: bool = True) -> np.ndarray:
    """An array with `data`, of a dtype that tensors can have; a copy if asked for."""
    if isinstance(data, (Tensor, np.ndarray, np.generic)):
        array = data._array if isinstance(data, Tensor) else check_array(np.asarray(data))
        wanted = array.dtype if dtype is None else dtypes.named(dtype).numpy
        return copied(array, wanted) if copy else array.astype(wanted, copy=False)
    if isinstance(data, (bytearray, memoryview)):
        data = list(data)
    wanted = None if dtype is None else dtypes.named(dtype).numpy
    lengths = _lengths(data)
    if 0 in lengths:
        return np.empty(lengths, wanted or dtypes.get_default_dtype().numpy)
    if isinstance(data, (list, tuple)) and isinstance(data[0], np.ndarray):
        warn(SLOW)
    numbers: list[Any] = []
    _check_nested(data, lengths, 0, numbers, wanted)
    array = np.array(_plain(data))
    if array.dtype in dtypes.TOO_LARGE and (wanted is None or wanted.kind in "iu"):
        raise ValueError("Overflow when unpacking long long")
    if wanted is not None:
        return _within(array, wanted)
    kinds = {v.dtype if hasattr(v, "dtype") else dtypes.of_scalar(v) for v in map(_bare, numbers)}
    kind = reduce(dtypes._together, kinds) if kinds else dtypes.get_default_dtype().numpy
    if kind.kind == "i" and array.dtype.kind == "f":  # so NumPy takes one beside smaller ones
        raise ValueError("Overflow when unpacking long long")
    with np.errstate(all="ignore"):
        return array.astype(kind)


SLOW = (
    "Creating a tensor from a list of numpy.ndarrays is extremely slow. Please consider converting "
    "the list to a single numpy.ndarray with numpy.array() before converting to a tensor."
)


def _bare(value: Any) -> Any:
    return value._array if isinstance(value, Tensor) else value


def check_array(array: np.ndarray) -> np.ndarray:
    """An array on the same memory. Raises TypeError or ValueError if PyTorch could not use it."""
    if array.dtype.newbyteorder("=") not in dtypes.FROM_NUMPY:
        name = array.dtype.type.__name__
        if name in ("uint16", "uint32", "uint64"):
            raise TypeError(f"minigrad has no torch.{name}: convert the array first, to int64 say")
        raise TypeError(f"can't convert np.ndarray of type numpy.{name}. {SUPPORTED}")
    if array.dtype not in dtypes.FROM_NUMPY or not array.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. Conversion "
            "between byte orders is currently not supported."
        )
    if any(stride < 0 for stride in array.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative "
            "strides are not currently supported. (You can probably work around this by making a "
            "copy of your array  with array.copy().) "
        )
    return array.view(np.ndarray)


def _within(array: np.ndarray, kind: np.dtype) -> np.ndarray:
    """The array in another dtype. Raises RuntimeError for a number that an integer cannot hold."""
    if kind.kind in "iu" and array.size:
        low, high = float(np.min(array)), float(np.max(array))
        info = np.iinfo(kind)
        least = info.min if array.dtype.kind == "f" else -float(info.max) - 1  # -1 becomes 255
        if not (low >= least and high < float(info.max) + 1):
            raise RuntimeError(
                f"value cannot be converted to type {dtypes.FROM_NUMPY[kind].name} without overflow"
            )
    with np.errstate(all="ignore"):
        return array.astype(kind)


def warn_of_history(value: Tensor) -> None:
    """Warn whoever makes a number of a tensor that requires grad."""
    if value.requires_grad and state.grad_enabled:
        warn(
            "Converting a tensor with requires_grad=True to a scalar may lead to unexpected "
            "behavior.\nConsider using tensor.detach() first."
        )


def _plain(data: Any) -> Any:
    if isinstance(data, Tensor):
        warn_of_history(data)
        return data.item()
    if type(data) in (float, int, bool) or isinstance(data, np.ndarray) or not _is_sequence(data):
        return data
    return [_plain(v) for v in data]


NO_SEQUENCE = (dict, str, bytes, np.generic, Tensor)
"""They have items, but are not what an axis is made of."""


def _is_sequence(data: Any) -> bool:
    if isinstance(data, np.ndarray):
        return data.ndim > 0
    return hasattr(type(data), "__getitem__") and not isinstance(data, NO_SEQUENCE)


def _lengths(data: Any) -> list[int]:
    """The length of each axis, as what comes first at each depth says it."""
    lengths = []
    while _is_sequence(data):
        lengths.append(len(data))
        if not len(data):
            break
        data = data[0]
    return lengths


def _check_nested(
    data: Any, lengths: list[int], depth: int, numbers: list[Any], kind: np.dtype | None,
    first: bool = True,
) -> None:  # fmt: skip
    """Raise PyTorch's errors for ragged lists and for entries that are no numbers.

    kind: the dtype that they are to have, if it is known: then an entry is told what it is not.
    first: this comes first at its depth.
    """
    if depth < len(lengths):
        if not _is_sequence(data):
            raise TypeError("not a sequence")
        if len(data) != lengths[depth]:
            raise ValueError(
                f"expected sequence of length {lengths[depth]} at dim {depth} (got {len(data)})"
            )
        texts = str if kind is None else (str, bytes)
        if first and isinstance(data[0], texts) and data[0]:
            raise ValueError(f"too many dimensions '{type(data[0]).__name__}'")
        if isinstance(data, np.ndarray):
            numbers.extend(data.flat)
            return
        for k, part in enumerate(data):
            _check_nested(part, lengths, depth + 1, numbers, kind, first and k == 0)
        return
    if isinstance(data, str | bytes) and (kind is None or not depth):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    if isinstance(data, Tensor) and data._array.size != 1:
        warn_of_history(data)
        raise ValueError(NOT_ONE_ENTRY)
    if not isinstance(data, (bool, int, float, np.generic, np.ndarray, Tensor)):
        listed = isinstance(data, (list, tuple))
        if listed and kind is None:
            real = any(isinstance(number, float) for number in numbers)
            kind = np.dtype(np.float64 if real else np.int64)
        if kind is not None and kind.kind == "f":
            raise TypeError(f"must be real number, not {type_name(data)}")
        if kind is not None and kind.kind in "iub":
            raise TypeError(f"'{type_name(data)}' object cannot be interpreted as an integer")
        raise RuntimeError(f"Could not infer dtype of {type_name(data)}")
    numbers.append(data)


def as_tensor(data: Any, *, dtype: Any = None, device: Any = None) -> Tensor:
    """`data` as a tensor, without a copy where possible: a tensor, or an array's own memory."""
    from .ops.type_casts import to

    check_options("as_tensor", dtype, device, False)
    if isinstance(data, Tensor):
        return data if dtype is None else to(data, dtype)
    if isinstance(data, np.ndarray):
        _warn_of_reading(data)
    return _from(data, leaf(array_of(data, dtype, copy=False), False), "torch.as_tensor")


def asarray(
    obj: Any, *, dtype: Any = None, device: Any = None, copy: bool | None = None,
    requires_grad: bool | None = None,
) -> Tensor:  # fmt: skip
    """`obj` as a tensor, without a copy where possible, or always or never with one.

    requires_grad: by default as `obj`. Raises ValueError where a copy cannot be avoided.
    """
    from .ops.type_casts import to

    check_options("asarray", dtype, device, bool(requires_grad))
    if isinstance(obj, Tensor):
        if obj.requires_grad and requires_grad is None:
            warn(
                "torch.asarray: unspecified requires_grad now defaults to obj.requires_grad "
                "instead of False. Pass requires_grad=False explicitly to get the old behavior "
                "and silence this warning."
            )
        kind = obj.dtype if dtype is None else dtypes.named(dtype)
        if copy is False and kind is not obj.dtype:
            names = [d.type_name.removesuffix("Tensor") for d in (obj.dtype, kind)]
            raise ValueError(f"can't alias tensor with dtype '{names[0]}' into dtype '{names[1]}'.")
        out = to(obj, kind)
        out = obj.clone() if copy and out is obj else out
    elif copy is False and not isinstance(obj, np.ndarray):
        raise ValueError("can't alias arbitrary sequence into a tensor.")
    else:
        out = (tensor if copy else as_tensor)(obj, dtype=dtype)
    if out.requires_grad and requires_grad is not None and not (out is obj and requires_grad):
        out = out.detach()
    if requires_grad:
        check_differentiable(out._array)
    return out.requires_grad_() if requires_grad else out


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor on the memory of a NumPy array: what is written to one is seen in the other.

    Raises TypeError if it is no array or of a dtype that tensors do not have.
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type_name(ndarray)})")
    _warn_of_reading(ndarray)
    return _from(ndarray, leaf(check_array(ndarray), False), "torch.from_numpy")


def _warn_of_reading(array: np.ndarray) -> None:
    """Warn of an array that is there to be read alone, as PyTorch does; writing raises here."""
    if not array.flags.writeable:
        warn(
            "The given NumPy array is not writable, and PyTorch does not support non-writable "
            "tensors. This means writing to this tensor will result in undefined behavior. You may "
            "want to copy the array to protect its data or make it writable before converting it "
            "to a tensor. This type of warning will be suppressed for the rest of this program."
        )
