"""Running a recorded forward pass again, at other values and in float64."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import recording
from ..creation import leaf
from ..tensor import Tensor
from . import names as naming
from .nodes import custom, forward_order


def replay(
    out: Tensor, values: dict[Tensor, Any] | None = None, names: dict[str, Any] | None = None
) -> dict[str, Tensor]:
    """Compute `out` again from its leaves, in float64; label → tensor, in forward order.

    values: leaf (or constant) tensor → array of its shape, instead of what it holds.
    names: variable names and their values, for the labels, as in `record`.

    The results have a graph of their own, so that `result["out"].backward()` works. Raises
    RuntimeError if an operation was not recorded (`import widgets` switches recording on).
    """
    labels = naming.Labels(names or {})
    known: dict[Any, Tensor] = {}
    result: dict[str, Tensor] = {}

    def again(value: Any) -> Any:
        if not isinstance(value, Tensor):
            return value
        tensor_key = naming.key(value)
        if tensor_key not in known:
            given = (values or {}).get(value, value._array)
            array = np.array(given._array if isinstance(given, Tensor) else given)
            array = array.astype(np.float64) if value._array.dtype.kind == "f" else array
            if array.shape != value._array.shape:
                raise ValueError(f"expected shape {value.shape} for a leaf, got {array.shape}")
            copy = known[tensor_key] = leaf(array, value.requires_grad)
            letter = "leaf" if value.requires_grad else "c"
            result[labels.label(tensor_key, letter)] = copy
        return known[tensor_key]

    for node in forward_order(out):
        record = recording.of(node)
        if record is None:
            raise RuntimeError(
                f"{type(node).__name__} was not recorded, so it cannot be run again. Switch "
                "recording on (import widgets does) before the forward pass."
            )
        arguments = [again(value) for value in record.arguments]
        run = record.operation.apply if custom(node) else record.operation
        outputs = run(*arguments)
        for slot, output in enumerate(outputs if isinstance(outputs, tuple) else (outputs,)):
            known[node, slot] = output
        result[labels.label((node, 0), "t")] = known[node, 0]
    return result
