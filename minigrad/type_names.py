"""What PyTorch's errors call the type of a value."""

from __future__ import annotations

from typing import Any

import numpy as np

C_TYPES = {"dtype": "torch.dtype", "Size": "torch.Size", "device": "torch.device",
           "layout": "torch.layout", "memory_format": "torch.memory_format",
           "Generator": "torch._C.Generator", "finfo": "torch.finfo",
           "iinfo": "torch.iinfo", "ndarray": "numpy.ndarray"}  # fmt: skip


class WrittenInC(type):
    """The class of those that are written in C in PyTorch, which Python's errors give with their
    module: `'torch.Size' object is not callable`.
    """

    __name__ = property(lambda cls: cls.__qualname__)

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
        super().__init__(name, bases, namespace)
        type.__dict__["__name__"].__set__(cls, C_TYPES[name])


def type_name(value: Any) -> str:
    """The type of a value: with its module if it is written in C."""
    kind = type(value)
    if isinstance(value, np.generic):
        return f"numpy.{kind.__name__}"
    if isinstance(value, np.dtype):
        return f"numpy.dtypes.{kind.__name__}"
    return C_TYPES.get(kind.__name__, kind.__name__)


def typename(value: Any) -> str:
    """What a function or class is called, with its module; of anything else the type, so too."""
    if hasattr(value, "_array"):
        return str(value.type())
    named = value if hasattr(value, "__qualname__") else type(value)
    module = getattr(named, "__module__", None)
    name = str(named.__qualname__)
    return name if module in (None, "builtins") else f"{module}.{name}"
