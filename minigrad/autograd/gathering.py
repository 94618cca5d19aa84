"""The cotangents that several edges bring to one node: they are added up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..memory import arranged
from .holding import is_free


class Gathered(list):
    """For each output of a node the sum so far (None: nothing has come yet), and behind them the
    number of edges that have not delivered.
    """

    version = 0
    """Of a node with one output, when all edges have delivered: how often its sum was written to in
    place. Until then: how many edges were left when the array of the sum was new.
    """

    def add(self, slot: int, cotangent: Any, delivered: Sequence[Any]) -> None:
        """Add to a sum; in place if nobody else holds it, as PyTorch does.

        delivered: what the node at work has delivered with it, and does not need any more.
        """
        before = self[slot]
        if type(before) in ARRAYS and is_free(before, delivered):
            before += cotangent
            self[slot] = before
            return
        if before is not None:
            total = before + cotangent
            if type(total) is np.ndarray and not before.flags.c_contiguous:
                total = arranged(total, before, cotangent)
            cotangent = total
        self[slot], self.version = cotangent, self[-1]


ARRAYS = (np.ndarray, np.float32, np.float64, np.float16)


def version_of(incoming: list[Any]) -> int:
    """How often the cotangent that arrived at a node was written to in place."""
    return getattr(incoming, "version", 0)


def told_version(incoming: list[Any], version: int) -> Gathered:
    """`incoming`, whose cotangent was written to, or replaced by one that was, so many times."""
    gathered = incoming if isinstance(incoming, Gathered) else Gathered(incoming)
    gathered.version = version
    return gathered
