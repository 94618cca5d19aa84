"""The types of old: `FloatTensor` and its family, `Tensor(…)`, `tensor.type()`."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes
from .arguments import chosen
from .creation import shape_of
from .device import device as DEVICE  # noqa: N812
from .from_data import array_of, leaf
from .ops import type_casts
from .ops.axes import alias
from .size import Size
from .tensor import Tensor
from .type_names import type_name


class tensortype(type):  # noqa: N801  (PyTorch's name)
    """The type of `FloatTensor` and the others. Tensors are instances of them by their dtype."""

    dtype: dtypes.dtype
    type_name: str

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.dtype

    def __call__(cls, *args: Any, **options: Any) -> Tensor:
        """A tensor from data, or an uninitialised one of a given size."""
        return legacy(cls.dtype, args, options)


tensortype.__module__ = "torch"


def legacy(dtype: dtypes.dtype, args: tuple[Any, ...], options: dict[str, Any]) -> Tensor:
    """What `FloatTensor(…)` makes of its arguments: a size (integers), or data."""
    listed = len(args) == 1 and isinstance(args[0], (list, tuple)) and not isinstance(args[0], Size)
    known = chosen("new", (type(args[0])(),) if listed else args, options, False)
    assert known is not None
    found, kind = known[1], dtype.numpy
    if found.get("device") is not None:
        DEVICE(found["device"])
    if "other" in found:
        other = found["other"]
        if other.dtype is not dtype:
            raise TypeError(f"expected {_options(dtype)} (got {_options(other.dtype)})")
        return alias(other)
    if "storage" in found:
        return leaf(found["storage"]._memory.view(kind), False)
    if not listed and "data" not in found:
        return leaf(np.empty(shape_of("new", (found.get("size", (0,)),)), kind), False)
    data = args[0] if args else found["data"]
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    if not isinstance(data, (list, tuple, np.ndarray, range)):
        raise TypeError(f"new(): data must be a sequence (got {type_name(data)})")
    with np.errstate(all="ignore"):
        return leaf(array_of(data, dtype), False)


def _options(dtype: dtypes.dtype) -> str:
    """A dtype as an error of PyTorch's C++ describes a tensor's kind."""
    return (
        f"TensorOptions(dtype={dtype.c_name}, device=cpu, layout=Strided, requires_grad=false "
        "(default), pinned_memory=false (default), memory_format=(nullopt))"
    )


def _tensor_type(d: dtypes.dtype) -> Any:
    fields = {"dtype": d, "type_name": d.type_name, "__module__": "torch", "__slots__": ()}
    return tensortype(d.type_name, (), fields)


(HalfTensor, FloatTensor, DoubleTensor, ByteTensor, CharTensor, ShortTensor, IntTensor, LongTensor,
 BoolTensor) = map(_tensor_type, dtypes.ALL)  # fmt: skip


def _legacy_tensor(cls: type[Tensor], *args: Any, **options: Any) -> Tensor:
    """`Tensor(2, 3)` or `Tensor([1, 2])`: a tensor of the default dtype. `tensor` is clearer."""
    kind = dtypes.get_default_dtype()
    if len(args) == 1 and isinstance(args[0], Tensor):
        kind = args[0].dtype
    made = legacy(kind, args, options)
    self = object.__new__(cls)
    self._array, self._edge, self._counter, self._view, self._ask = (
        made._array, made._edge, made._counter, made._view, made._ask
    )  # fmt: skip
    return self


def _legacy_new(self: Tensor, *args: Any, **options: Any) -> Tensor:
    """A tensor of the dtype of this one, from data or of a size. `new_tensor` is clearer."""
    return legacy(self.dtype, args, options)


def type_of_old(input: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """The name of the tensor's type, "torch.FloatTensor"; or `input` in another type.

    dtype: a dtype, a type such as `FloatTensor`, or its name. Raises ValueError if there is none
    of that name, TypeError for anything else.
    """
    if dtype is None:
        return f"torch.{input.dtype.type_name}"
    if not isinstance(dtype, (dtypes.dtype, str, type)):
        raise TypeError("dtype must be a type, str, or dtype object")
    if isinstance(dtype, str) and not dtype.startswith("torch."):
        raise ValueError(f"invalid type: '{dtype}'")
    if isinstance(dtype, type) and not isinstance(dtype, tensortype):
        raise ValueError(f"invalid type: '{dtype.__name__}'")
    return type_casts.to(input, dtype)


type_of_old.__name__ = type_of_old.__qualname__ = "type"  # its errors name it so

METHODS: dict[str, Any] = {"type": type_of_old, "new": _legacy_new}

Tensor.__new__ = staticmethod(_legacy_tensor)  # type: ignore[method-assign, assignment]
