"""Arguments that remember how they were written.

The engine counts axes and places from the front. A node shows them as they were written, as
PyTorch's nodes do: `x.sum(-1).grad_fn._saved_dim`.
"""

from __future__ import annotations

from typing import Any


class _Number(int):
    written: Any


class _Several(tuple):
    written: Any


def written(value: Any, how: Any) -> Any:
    """`value`, a whole number or a tuple, which was written `how`."""
    if value == how:
        return value
    out = (_Several if isinstance(value, tuple) else _Number)(value)
    out.written = how
    return out
