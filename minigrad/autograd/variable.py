"""`Variable`: until 2018 a tensor had to be wrapped in one to be differentiated.

Now it is a door onto `Tensor` itself: `Variable(t)` is a tensor on the same memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..flags import as_flag, check_differentiable
from ..tensor import Tensor, on_array
from ..type_names import type_name
from . import task


class _VariableMeta(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor)


class Variable(metaclass=_VariableMeta):
    """`Variable(data, requires_grad=False)` returns a tensor. Deprecated: tensors do it all.

    Raises TypeError if `data` is no tensor.
    """

    _execution_engine = task  # of it people ask for `queue_callback`

    def __new__(  # type: ignore[misc]
        cls,
        data: Any = None,
        requires_grad: bool = False,
        volatile: Any = None,
        _grad_fn: Any = None,
        **unknown: Any,
    ) -> Tensor:
        """A tensor on the memory of `data`, without its history."""
        for name in unknown:
            raise TypeError(f"'{name}' is an invalid keyword argument for this function")
        requires_grad = as_flag(requires_grad)
        if _grad_fn is not None:
            raise RuntimeError(
                "_grad_fn argument to legacy Variable constructor is no longer supported.  "
                "Instead, please invoke your _grad_fn to produce a variable with it as the "
                "_grad_fn."
            )
        if data is None:
            data = on_array(np.empty(0, np.float32))
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type_name(data)}")
        if volatile is not None and as_flag(volatile):
            setattr(data, "volatile", True)  # noqa: B010  (warns that it has no effect)
            if requires_grad:
                raise ValueError("Variable can't be volatile and require_grad at the same time!")
        out = data.detach()
        if requires_grad:
            check_differentiable(out._array)
        out.requires_grad = requires_grad
        return out
