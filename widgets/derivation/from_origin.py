"""How minigrad computed a constant from tensors that have a history, run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import minigrad
from minigrad import Tensor, origins
from minigrad.origins import Held, Known, Origin, Written

from .cut_off import Again

if TYPE_CHECKING:
    from .graph_engine import Engine, Place

DEEPEST = 40  # operations behind one another
_SAME = ("self.detach()", "self.data")
_RANDOM = ("rand", "bernoulli", "normal", "dropout", "multinomial")
Run = Callable[[Mapping[Any, Any]], Any]


class _Lost(LookupError):
    """Something on the way is not remembered."""


def again(engine: Engine, tensor: Tensor, tensors: Mapping[Place, Any]) -> Again | None:
    """The computation of a constant from the graph's tensors; None if it is not remembered."""
    origin = origins.of(tensor)
    if origin is None:
        return None
    nodes = {id(t.grad_fn): place for place, t in tensors.items() if t.grad_fn is not None}
    here = {
        origins.number_of(t.grad_fn): nodes[id(t.grad_fn)]
        for t in tensors.values()
        if t.grad_fn is not None and origins.number_of(t.grad_fn) is not None
    }
    needs: set[Place] = set()
    try:
        run = _origin(engine, origin, tensors, here, needs, 0)
    except _Lost:
        return None

    def computed(known: Mapping[Any, Any]) -> Any:
        with minigrad.no_grad():
            return run(known)

    return Again(frozenset(needs), computed) if needs else None


def _origin(
    engine: Engine, origin: Origin, tensors: Mapping[Place, Any],
    here: Mapping[int | None, Place], needs: set[Place], depth: int,
) -> Run:  # fmt: skip
    operation = origin.operation
    if depth > DEEPEST or not origin.arguments:
        raise _Lost
    runs = [_argument(engine, a, tensors, here, needs, depth) for a in origin.arguments]
    if isinstance(operation, str):
        if operation not in _SAME:
            raise _Lost
        return lambda known: runs[0](known).detach()
    name = getattr(operation, "name", "")
    if any(word in name for word in _RANDOM):
        raise _Lost
    call = getattr(operation, "apply", operation)

    def run(known: Mapping[Any, Any]) -> Any:
        result = call(*[part(known) for part in runs])
        if isinstance(result, tuple):
            raise ValueError("one of several results")
        return result.detach()

    return run


def _argument(
    engine: Engine, value: Any, tensors: Mapping[Place, Any],
    here: Mapping[int | None, Place], needs: set[Place], depth: int,
) -> Run:  # fmt: skip
    if isinstance(value, Written):
        raise _Lost
    if isinstance(value, Known):
        place = here.get(value.number)
        if place is not None:
            return _known(place, needs)
        origin = origins.find(value)
        if origin is None:
            raise _Lost
        return _origin(engine, origin, tensors, here, needs, depth + 1)
    if not isinstance(value, Held):
        return lambda known: value
    tensor = value.tensor()
    place = None if tensor is None else engine.place(tensor)
    if place is not None and place in tensors:
        return _known(place, needs)
    if tensor is None and value.value is None:
        raise _Lost
    constant = minigrad.tensor(value.value) if tensor is None else engine.double(tensor)
    return lambda known: constant


def _known(place: Place, needs: set[Place]) -> Run:
    needs.add(place)
    return lambda known: known[place]
