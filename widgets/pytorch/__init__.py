"""Real PyTorch: its graphs as traces, drawn by the same views as minigrad's.

PyTorch is never required: it is looked at only where a tensor of its own is handed in. Read in
this order:

    graph         the graph, and a real backward pass through hooks
    describe      a node in the words of minigrad's table of operations
    operations    a node's name → the row in that table
    saved         what a node saved
    writers       who overwrote it
    tensors       entries as arrays; what cannot be drawn
    again, derive, point    computing a recorded operation again; derivations
    origins, past     where a history ended, and what lies behind
    former        what a tensor was whose numbers were read
    unrecorded    numbers that a graph does not keep, found again
    recording     keeping what PyTorch forgets, while somebody asks for it
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from minigrad.trace import Trace


def loaded() -> Any:
    """The module `torch`, if somebody has imported it: nobody has its tensors otherwise."""
    torch = sys.modules.get("torch")
    return torch if hasattr(torch, "_C") else None


def is_tensor(value: Any) -> bool:
    """True for a tensor of PyTorch's. Does not import PyTorch."""
    torch = loaded()
    return torch is not None and isinstance(value, torch.Tensor)


def record(
    out: Any,
    gradient: Any = None,
    names: dict[str, Any] | None = None,
    partial: bool = False,
    inputs: Sequence[Any] = (),
) -> Trace:
    """The `Trace` of a backward pass from a PyTorch tensor; see `minigrad.trace.record`."""
    from minigrad.trace.recorder import recorded

    from .graph import Graph

    return recorded(Graph(out, gradient, names or {}, partial), names or {}, partial, inputs)
