"""Constants of a graph that do not stay: a mask `x > 0`, `x.detach()`, a maximum under no_grad.

No gradient flows through them, but they change when the tensors do that they came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .graph_engine import Call, Engine, Place


class Again(NamedTuple):
    """How a constant is computed again: from which tensors of the graph, and the computation."""

    needs: frozenset[Place]
    run: Callable[[Mapping[Place, Any]], Any]


def cut_off(
    engine: Engine,
    tensors: Mapping[Place, Any],
    order: Sequence[tuple[Place, Call]],
    names: Mapping[str, Any],
) -> dict[Place, Again]:
    """Which constants among the tensors can be computed again, and how.

    By what the engine remembers of them, or as they share the memory of a tensor that moves.
    """
    ends = {place: tensor for place, tensor in tensors.items() if place[1] == -1}
    named = {engine.place(t): t for t in names.values() if engine.is_tensor(t)}
    inside = {place: tensor for place, tensor in named.items() if place in tensors}
    moving = {engine.memory(t): p for p, t in {**ends, **inside}.items() if t.requires_grad}
    found: dict[Place, Again] = {}
    for place, tensor in ends.items():
        if tensor.requires_grad:
            continue
        source = moving.get(engine.memory(tensor))
        again = _same(source) if source else engine.again(tensor, tensors, [c for _, c in order])
        if again is not None and (source or _gives(engine, again, tensors, named, tensor)):
            found[place] = again
    return found


def _same(source: Place) -> Again:
    return Again(frozenset([source]), lambda known: known[source].detach())


def _gives(
    engine: Engine, again: Again, tensors: Mapping[Place, Any], named: Mapping[Place, Any],
    tensor: Any,
) -> bool:  # fmt: skip
    """Does it give the constant again, where everything is as it was (as far as that is known)?"""
    own = {p: named.get(p, tensors[p]) for p in again.needs}
    if not all(hasattr(value, "detach") for value in own.values()):
        return True
    try:
        result = again.run({place: value.detach() for place, value in own.items()})
    except (RuntimeError, ValueError, TypeError, IndexError, KeyError):
        return False
    a, b = engine.array(result), engine.array(tensor)
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-6, equal_nan=True)
