"""What lies behind the place where a history ends: minigrad's origins, as a recorder reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import origins
from ..ops.operation import Operation
from ..origins import Held, Known, Origin
from ..recording import place, source_line
from . import names as naming
from .source import Described, Past

DEPTH = 24  # operations, one after the other, that are shown of what was computed on and on
LEAVES = {True: "leaf", False: "constant"}


class Pasts:
    """The origins that lead to one graph. `here`: number of an origin → an edge of that graph."""

    def __init__(self, here: Mapping[int | None, Any]) -> None:
        self.here = here
        self.found: dict[int, Past] = {}

    def of(self, tensor: Any) -> Past | None:
        """Where a tensor without a history came from, or None."""
        origin = origins.of(tensor)
        return None if origin is None else self._past(tensor._origin, origin)

    def number(self, known: Known) -> Past | None:
        """A number that was read off a tensor, if that is still known."""
        origin = origins.find(known)
        return None if origin is None else self._past(known.number, origin)

    def _past(self, number: int, origin: Origin, depth: int = 0) -> Past:
        if number not in self.found:
            self.found[number] = self._made(number, origin, depth)
        return self.found[number]

    def _made(self, number: int, origin: Origin, depth: int) -> Past:
        operation = origin.operation
        written = operation if isinstance(operation, str) else getattr(operation, "shown", None)
        values = [
            self._argument(value, (number, k), depth + 1)
            for k, value in enumerate(origin.arguments if depth < DEPTH else ())
        ]
        names, options = _names(operation, len(values))
        call = getattr(operation, "__name__", None) or getattr(operation, "name", operation)
        described = Described(
            operation=call,
            grad_fn=origin.grad_fn or "",
            inputs=dict(zip(names, values, strict=False)),
            options=dict(zip(options, values[len(names) :], strict=False)),
            shown=(written or None) if values else f"{call}(…)",
            call=f"{call}.apply" if isinstance(operation, type) else call,
            latex={},
            kept={},
            value=origin.value,
            source={
                "where": place(origin.file, origin.line),
                "line": origin.line,
                "text": source_line(origin.file, origin.line),
            }
            if origin.file
            else None,
            saved=[],
        )
        tensor = origin.tensor() if origin.tensor is not None else None
        key: Any = ("past", number)
        leaf = False
        if tensor is not None and origin.cut is not None and tensor._origin == number:
            key, leaf = naming.key(tensor), tensor._requires_grad
        elif tensor is not None and _is_of(tensor, number):
            key = naming.key(tensor)
        kind = "leaf" if leaf else "operation"
        needs = leaf or origin.cut is None
        return Past(
            key, kind, described, origin.shape, str(origin.dtype), needs, origin.cut, origin.name
        )

    def _argument(self, value: Any, place: tuple[int, int], depth: int) -> Any:
        """An argument of an origin as an input: a past, an edge, a tensor, or the value itself."""
        if isinstance(value, Known):
            origin = origins.find(value)
            if value.number in self.here:
                return self.here[value.number]
            return None if origin is None else self._past(value.number, origin, depth)
        if not isinstance(value, Held):
            return value
        tensor = value.tensor()
        if tensor is not None and tensor._origin is None and tensor.is_leaf:
            return tensor
        nothing = Described("", "", {}, {}, "", "", {}, {}, value.value, None, [])
        kind = LEAVES[value.requires_grad]
        return Past(place, kind, nothing, value.shape, str(value.dtype), value.requires_grad, None)


def _is_of(tensor: Any, number: int) -> bool:
    """Is what computed the tensor still what it was?"""
    node = tensor.grad_fn
    return node is not None and origins.number_of(node) == number


def _names(operation: Any, count: int) -> tuple[list[str], list[str]]:
    """The names of an operation's inputs and of its options."""
    if isinstance(operation, Operation):
        return list(operation.inputs), list(operation.options)
    if isinstance(operation, str):
        return ["self", *(f"input{k}" for k in range(1, count))], []
    return [f"input{k}" for k in range(count)], []
