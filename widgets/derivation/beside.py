"""What a reader has in hand beside a graph: tensors, arrays and numbers that may be named as well.

`k` where the graph holds `k.T`, the target of a cross entropy, a softmax computed only to write the
answer with. None of it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .graph_engine import Call, Engine, Place
from .precedence import CONSTANTS

MOST_ENTRIES = 4_096  # of one array
MOST = 60  # of them
MOST_CALLS = 300  # that lead from the graph to one of them


def fixed(names: Mapping[str, Any], taken: Mapping[str, Any] = {}) -> dict[str, np.ndarray]:
    """The arrays and numbers among the names; none of the names that are taken."""
    found: dict[str, np.ndarray] = {}
    for name, value in names.items():
        if name in taken or name.startswith("_") or name in CONSTANTS or len(found) >= MOST:
            continue
        if isinstance(value, (bool, int, float, np.ndarray, np.number)):
            array = np.asarray(value)
            if array.dtype.kind in "fiub" and array.size <= MOST_ENTRIES:
                found[name] = array if array.dtype == bool else array.astype(np.float64)
    return found


class Beside:
    """The tensors that do not lie on the way, and how they follow from those that do.

    tensors: the graph's own, by place; wrt: where they begin; names: the reader's variables.
    """

    def __init__(
        self, engine: Engine, tensors: Mapping[Place, Any], wrt: Place, names: Mapping[str, Any]
    ) -> None:
        self.engine, self._tensors, self._wrt = engine, tensors, wrt
        self._fixed = fixed(names)
        self._calls: dict[Place, Call] = {}
        self._named: dict[str, Place] = {}
        for name, value in names.items():
            if not engine.is_tensor(value) or name.startswith("_") or len(self._named) >= MOST:
                continue
            place = engine.place(value)
            if place in tensors and value.grad_fn is not None:
                continue
            if value.numel() > MOST_ENTRIES:
                continue
            if value.grad_fn is None:
                self._fixed |= fixed({name: np.array(engine.array(value))})
            elif (calls := self._leading_to(value)) is not None:
                self._calls |= calls
                self._named[name] = place

    def _leading_to(self, tensor: Any) -> dict[Place, Call] | None:
        """The operations from the graph to a tensor; None if it depends on anything else."""
        found: dict[Place, Call] = {}
        waiting = [(self.engine.place(tensor), tensor, tensor.grad_fn)]
        while waiting:
            place, tensor, node = waiting.pop()
            if place in self._tensors or place in found:
                continue
            if node is None and tensor.requires_grad:
                return None
            if node is not None:
                try:
                    found[place] = self.engine.call(node)
                except ValueError:  # it was not recorded
                    return None
                waiting += found[place].inputs
            if len(found) > MOST_CALLS:
                return None
        return found

    def at(self, known: Mapping[Place, Any]) -> dict[str, np.ndarray]:
        """Everything by name, where the graph's tensors have these values."""
        values = dict(known)
        for place, call in sorted(self._calls.items(), key=lambda item: -item[1].order):
            for source, tensor, node in call.inputs:
                if node is None and source not in values:
                    values[source] = self.engine.double(tensor)
            if all(source in values for source, _, _ in call.inputs):
                result = call.run([call.replaced(a, values) for a in call.arguments])
                values[place] = result[place[1]] if isinstance(result, tuple) else result
        computed = {
            name: np.asarray(self.engine.array(values[place]), np.float64)
            for name, place in self._named.items()
            if place in values
        }
        return {**self._fixed, **computed}
