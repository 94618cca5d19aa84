"""What PyTorch's errors call the type of a value."""

from __future__ import annotations

from typing import Any

import numpy as np

C_TYPES = {"dtype": "torch.dtype", "Size": "torch.Size", "device": "torch.device",
           "layout": "torch.layout", "memory_format": "torch.memory_format",
           "Generator": "torch._C.Generator", "ndarray": "numpy.ndarray"}  # fmt: skip


def type_name(value: Any) -> str:
    """The type of a value: with its module if it is written in C."""
    kind = type(value)
    if isinstance(value, np.generic):
        return f"numpy.{kind.__name__}"
    if isinstance(value, np.dtype):
        return f"numpy.dtypes.{kind.__name__}"
    return C_TYPES.get(kind.__name__, kind.__name__)
