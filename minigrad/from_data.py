"""Tensors from data: numbers, nested lists, NumPy arrays, other tensors."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from . import dtypes, origins, watch
from .autograd.grad_mode import state
from .device import device as device_named
from .flags import check_flag
from .tensor import Tensor, new_tensor
from .versions import INFERENCE
from .warn import warn

SUPPORTED = (
    "The only supported types are: float64, float32, float16, complex64, complex128, int64, int32, "
    "int16, int8, uint64, uint32, uint16, uint8, and bool."
)


def leaf(array: np.ndarray, requires_grad: bool) -> Tensor:
    """A tensor on this array. Raises RuntimeError if it cannot require grad."""
    if requires_grad and array.dtype.kind != "f":
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    out = new_tensor(array)
    if state.inference:
        out._counter = INFERENCE
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
    return _from(data, leaf(array_of(data, dtype), requires_grad), "torch.tensor")


def _from(data: Any, out: Tensor, how: str) -> Tensor:
    """The tensor, whose origin is remembered for the pictures."""
    if watch.active:
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
    if dtype is not None and not isinstance(dtype, (dtypes.dtype, type)):
        raise TypeError(
            f"{name}(): argument 'dtype' must be torch.dtype, not {type(dtype).__name__}"
        )
    check_flag(requires_grad, name, "requires_grad")
    if device is not None:
        device_named(device)


def array_of(data: Any, dtype: Any = None, copy: bool = True) -> np.ndarray:
    """An array with `data`, of a dtype that tensors can have; a copy if asked for."""
    if isinstance(data, (Tensor, np.ndarray, np.generic)):
        array = data._array if isinstance(data, Tensor) else check_array(np.asarray(data))
        wanted = array.dtype if dtype is None else dtypes.named(dtype).numpy
        return np.array(array, wanted, copy=True) if copy else array.astype(wanted, copy=False)
    numbers: list[Any] = []
    _check_nested(data, 0, numbers)
    array = np.array(_plain(data))
    if dtype is not None:
        return _within(array, dtypes.named(dtype).numpy)
    if array.dtype.kind == "O":
        raise ValueError("Overflow when unpacking long long")
    kinds = {v.dtype if hasattr(v, "dtype") else dtypes.of_scalar(v) for v in map(_bare, numbers)}
    kind = reduce(dtypes._together, kinds) if kinds else dtypes.get_default_dtype().numpy
    with np.errstate(all="ignore"):
        return array.astype(kind)


def _bare(value: Any) -> Any:
    return value._array if isinstance(value, Tensor) else value


def check_array(array: np.ndarray) -> np.ndarray:
    """The array itself. Raises TypeError or ValueError if PyTorch could not use its memory."""
    if array.dtype.newbyteorder("=") not in dtypes.FROM_NUMPY:
        name = array.dtype.type.__name__
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
    return array


def _within(array: np.ndarray, kind: np.dtype) -> np.ndarray:
    """The array in another dtype. Raises RuntimeError for a number that an integer cannot hold."""
    if kind.kind in "iu" and array.size:
        low, high = float(np.min(array)), float(np.max(array))
        info = np.iinfo(kind)
        if not (low >= -float(info.max) - 1 and high < float(info.max) + 1):
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
    return [_plain(v) for v in data] if isinstance(data, (list, tuple, range)) else data


def _check_nested(data: Any, depth: int, numbers: list[Any]) -> None:
    """Raise PyTorch's errors for ragged lists and for entries that are no numbers."""
    if not isinstance(data, (list, tuple, range)):
        if isinstance(data, str | bytes):
            raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
        if isinstance(data, Tensor) and data._array.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        if not isinstance(data, (bool, int, float, np.generic, np.ndarray, Tensor)):
            raise RuntimeError(f"Could not infer dtype of {type(data).__name__}")
        numbers.append(data)
        return
    if data and isinstance(data[0], str) and data[0]:
        raise ValueError("too many dimensions 'str'")
    if data and isinstance(data[0], (list, tuple)):
        for part in data:
            if not isinstance(part, (list, tuple)):
                raise TypeError("not a sequence")
            if len(part) != len(data[0]):
                raise ValueError(
                    f"expected sequence of length {len(data[0])} at dim {depth + 1} "
                    f"(got {len(part)})"
                )
    elif any(isinstance(part, (list, tuple)) for part in data):
        raise TypeError("'list' object cannot be interpreted as an integer")
    for part in data:
        _check_nested(part, depth + 1, numbers)


def as_tensor(data: Any, *, dtype: Any = None, device: Any = None) -> Tensor:
    """`data` as a tensor, without a copy where possible: a tensor, or an array's own memory."""
    from .ops.arithmetic import to

    check_options("as_tensor", dtype, device, False)
    if isinstance(data, Tensor):
        return data if dtype is None else to(data, dtype)
    return _from(data, leaf(array_of(data, dtype, copy=False), False), "torch.as_tensor")


def asarray(obj: Any, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """`obj` as a tensor, without a copy where possible."""
    return as_tensor(obj, dtype=dtype).requires_grad_(requires_grad)


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor on the memory of a NumPy array: what is written to one is seen in the other.

    Raises TypeError if it is no array or of a dtype that tensors do not have.
    """
    if not isinstance(ndarray, np.ndarray):
        module = type(ndarray).__module__
        name = type(ndarray).__name__
        raise TypeError(
            f"expected np.ndarray (got {name if module == 'builtins' else module + '.' + name})"
        )
    return _from(ndarray, leaf(check_array(ndarray), False), "torch.from_numpy")
