"""The cotangents that several edges bring to one node: they are added up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..memory import arranged
from .holding import is_free


class Gathered(list):
    """For each output of a node the sum so far (None: nothing has come yet), and behind them the
    number of edges that have not delivered; at last, as in all that arrives at a node, how often
    the sum was written to in place.
    """

    version = 0
    """Of a node with one output: how often its sum will have been written to if all that is to come
    is added to it in place.
    """

    def add(self, slot: int, cotangent: Any, delivered: Sequence[Any], written: int) -> None:
        """Add to a sum; in place if nobody else holds it, as PyTorch does.

        delivered: what the node at work has delivered with it, and does not need any more.
        written: how often that node has written to it.
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
            written = 0
        self[slot], self.version = cotangent, self[-1] + written


def written_to(cotangent: Any, incoming: list[Any], node: Any) -> int:
    """How often a cotangent that leaves a node was written to. If it is what came in, or a view of
    that, it was as often as that.
    """
    came = incoming[0]
    if cotangent is came or (
        type(came) is type(cotangent) is np.ndarray
        and cotangent.base is not None
        and (cotangent.base is came or cotangent.base is came.base)
    ):
        return incoming[-1]
    return node.written


NOTHING: list[Any] = []
ARRAYS = (np.ndarray, np.float32, np.float64, np.float16)
