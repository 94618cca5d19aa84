"""The data types, their PyTorch names, and what two different ones become together.

Source of the promotion rules: the PyTorch page "Tensor Attributes", section torch.dtype.
"""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from .type_names import WrittenInC, type_name

C_NAMES = {"float16": "c10::Half", "float32": "float", "float64": "double", "int32": "int",
           "int64": "long int", "int16": "short int", "int8": "signed char", "uint8":
           "unsigned char"}  # fmt: skip
"""What an error of PyTorch's C++ calls a dtype."""


class dtype(metaclass=WrittenInC):  # noqa: N801  (PyTorch's name)
    """The type of a tensor's entries, such as `float32`. There is one object of each."""

    def __init__(self, name: str, numpy_type: Any, type_name: str, bits: builtins.int) -> None:
        self.name = name
        self.numpy = np.dtype(numpy_type)
        self.type_name = type_name
        self.is_floating_point = self.numpy.kind == "f"
        self.is_complex = False
        self.itemsize = bits // 8
        self.is_signed = self.numpy.kind in "if"
        self.c_name = C_NAMES.get(name, name)

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return named, (f"torch.{self.type_name}",)


dtype.__module__ = "torch"  # as it prints

float16 = half = dtype("float16", np.float16, "HalfTensor", 16)
float32 = float = dtype("float32", np.float32, "FloatTensor", 32)
float64 = double = dtype("float64", np.float64, "DoubleTensor", 64)
uint8 = dtype("uint8", np.uint8, "ByteTensor", 8)
int8 = dtype("int8", np.int8, "CharTensor", 8)
int16 = short = dtype("int16", np.int16, "ShortTensor", 16)
int32 = int = dtype("int32", np.int32, "IntTensor", 32)
int64 = long = dtype("int64", np.int64, "LongTensor", 64)
bool = dtype("bool", np.bool_, "BoolTensor", 8)

ALL = (float16, float32, float64, uint8, int8, int16, int32, int64, bool)


def _no_more(cls: type, *args: Any, **kwargs: Any) -> Any:
    raise TypeError("cannot create 'torch.dtype' instances")


dtype.__new__ = _no_more  # type: ignore[method-assign]

FROM_NUMPY = {d.numpy: d for d in ALL}

_default = float32


def get_default_dtype() -> dtype:
    """The dtype of new floating point tensors: float32 unless it was changed."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Make `d` the dtype of new floating point tensors. Raises TypeError if `d` is not floating."""
    global _default
    if not isinstance(d, dtype):
        raise TypeError(
            "invalid dtype object: only floating-point types are supported as the default type"
        )
    if not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    _default = d


CATEGORY = {"b": 0, "u": 1, "i": 1, "f": 2}


def of_scalar(value: Any) -> np.dtype:
    """The NumPy dtype that a number has beside tensors. (NumPy's True is 1.0 to PyTorch.)"""
    if isinstance(value, _bool):
        return bool.numpy
    if isinstance(value, (np.integer, _int)):
        return int64.numpy
    return _default.numpy


def of_number(value: Any) -> dtype:
    """The dtype of a tensor in whose place a number stands."""
    kind = of_scalar(value)
    return FROM_NUMPY[float64.numpy if kind.kind == "f" else kind]


TOO_LARGE = (np.dtype(object), np.dtype(np.uint64))
"""What NumPy makes of whole numbers that have no place in int64."""


def fits_long(number: Any) -> builtins.bool:
    """True if int64 reaches as far as a number."""
    return -(1 << 63) <= number < 1 << 63


def plain(number: Any) -> Any:
    """A number of NumPy's as one of Python's: it would count as an array beside arrays, and widen
    them. What is none stays as it is.
    """
    if isinstance(number, np.bool_):
        return builtins.float(number)
    return number.item() if isinstance(number, np.generic) else number


def result_type(operands: tuple[Any, ...]) -> np.dtype:
    """The common NumPy dtype of arrays and Python numbers, by PyTorch's three ranks.

    Arrays with axes decide; 0-d arrays, and after them Python numbers, only matter if they are of a
    higher category (bool < integer < floating point).
    """
    ranks: list[np.dtype | None] = [None, None, None]
    for value in operands:
        if isinstance(value, np.ndarray):
            rank, kind = (0 if value.ndim else 1), value.dtype
        else:
            rank, kind = 2, of_scalar(value)
        before = ranks[rank]
        ranks[rank] = kind if before is None else _together(before, kind)
    return _higher(ranks[0], _higher(ranks[1], ranks[2]))  # type: ignore[return-value]


def beside_number(array: Any, number: Any) -> builtins.bool:
    """True for a floating point array and a Python number: NumPy treats them as PyTorch does."""
    kind = type(number)
    return (
        (kind is builtins.float or kind is builtins.int)
        and type(array) is np.ndarray
        and array.dtype.kind == "f"
    )


def _together(a: np.dtype, b: np.dtype) -> np.dtype:
    if CATEGORY[a.kind] == CATEGORY[b.kind]:
        return np.promote_types(a, b)
    return a if CATEGORY[a.kind] > CATEGORY[b.kind] else b


def _higher(first: np.dtype | None, second: np.dtype | None) -> np.dtype | None:
    if first is None or second is None:
        return first if second is None else second
    return second if CATEGORY[second.kind] > CATEGORY[first.kind] else first


_bool, _int = builtins.bool, builtins.int


def named(value: Any) -> dtype:
    """A dtype from itself, from a type name ("torch.FloatTensor") or from a type such as `float`.

    Raises TypeError or ValueError if there is no such dtype.
    """
    if isinstance(value, dtype):
        return value
    found = {_bool: bool, _int: int64, builtins.float: float64}.get(value)
    if found is not None:
        return found
    name = value if isinstance(value, str) else getattr(value, "type_name", None)
    if name is None:
        raise TypeError(f"dtype must be a torch.dtype, a type name or a type, not {value!r}")
    for d in ALL:
        if name.rpartition(".")[2] == d.type_name:
            return d
    raise ValueError(f"invalid type: '{name}'")


def _refuse_others(function: str, value: Any) -> None:
    if not isinstance(value, dtype):
        raise TypeError(
            f"{function}(): argument 'type' (position 1) must be torch.dtype, not "
            f"{type_name(value)}"
        )


class finfo(metaclass=WrittenInC):  # noqa: N801  (PyTorch's name)
    """The range and precision of a floating point dtype. Raises TypeError for another one."""

    def __init__(self, type: dtype | None = None) -> None:
        type = _default if type is None else type
        _refuse_others("finfo", type)
        if not type.is_floating_point:
            raise TypeError(
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle "
                "'torch.finfo'"
            )
        info = np.finfo(type.numpy)
        self.bits, self.dtype = info.bits, type.name
        self.min, self.max, self.eps = map(builtins.float, (info.min, info.max, info.eps))
        self.tiny = self.smallest_normal = builtins.float(info.tiny)
        self.resolution = 10.0**-info.precision

    def __repr__(self) -> str:
        names = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        values = ", ".join(f"{name}={getattr(self, name):g}" for name in names)
        return f"finfo({values}, dtype={self.dtype})"


class iinfo(metaclass=WrittenInC):  # noqa: N801  (PyTorch's name)
    """The range of an integer dtype. Raises TypeError for another one."""

    def __init__(self, type: dtype) -> None:
        _refuse_others("iinfo", type)
        if type.is_floating_point:
            raise TypeError(
                "torch.iinfo() requires an integer input type. Use torch.finfo to handle "
                "'torch.iinfo'"
            )
        if type is bool:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        info = np.iinfo(type.numpy)
        self.bits, self.dtype = info.bits, type.name
        self.min, self.max = builtins.int(info.min), builtins.int(info.max)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
