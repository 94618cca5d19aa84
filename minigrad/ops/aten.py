"""The operations by the names that they have inside of PyTorch: `torch.ops.aten.mm.default`.

They stand for operations in the questions of others, such as a policy of selective checkpointing
(`utils/selective.py`), and cannot be called. Overloads of one name are not told apart.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ..absent import no_such
from .operation import NAMES


class OpOverload:
    """An operation by its name. There is one such object for each."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __repr__(self) -> str:
        return f"aten.{self.__name__}"


class OpOverloadPacket:
    """All forms of an operation: `torch.ops.aten.mm`."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, overload: str) -> OpOverload:
        if overload.startswith("__"):
            raise AttributeError(f"aten.{self.__name__} has no overload {overload!r}")
        return overload_of(self.__name__)

    def __repr__(self) -> str:
        return f"aten.{self.__name__}"


@cache
def overload_of(name: str) -> OpOverload:
    """The operation of that name."""
    return OpOverload(name)


def __getattr__(name: str) -> Any:
    own = name.strip("_")  # those that PyTorch does not mean for others begin with `_`
    if own not in NAMES:
        raise no_such("minigrad.ops.aten", name)
    return OpOverloadPacket(own)
