"""What arrives at a node: a cotangent per output; if several edges bring one, their sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from sys import getrefcount
from typing import Any

import numpy as np

from ..memory import arranged
from .holding import LAST, is_free


class Arrivals(list):
    """For each output of a node the sum of the cotangents so far; None: nothing has come yet.

    missing: how many edges have not delivered.
    version: of a node with one output, how often its sum was written to, for `_version`. It is set
    as if every edge that is still missing were going to add in place (`missing` + writes so far);
    an edge that brings None takes one off; a sum in new memory starts again at `missing`. When all
    are here, the number is right.

    Whoever makes one sets both: an `__init__` in Python would take twice as long.
    """

    __slots__ = ("missing", "version")

    missing: int
    version: int

    @classmethod
    def complete(cls, cotangents: Iterable[Any], version: int) -> Arrivals:
        """All that will arrive is here. version: how often it was written to."""
        arrivals = cls(cotangents)
        arrivals.missing, arrivals.version = 0, version
        return arrivals

    def add(
        self, slot: int, cotangent: Any, outgoing: Sequence[Any], rest: Iterator[Any], written: int
    ) -> None:
        """Add to a sum; in place if nobody else holds it, as PyTorch does.

        outgoing: all that the node at work sends; rest: what of that has still to be delivered.
        written: how often it was written to before.
        """
        before = self[slot]
        if before is None:
            self[slot], self.version = cotangent, self.missing + written
            return
        if type(before) in ARRAYS:
            alone = getrefcount(before) == LAST and before.base is None
            if alone or is_free(before, outgoing, rest):  # `alone` is asked faster, mostly enough
                before += cotangent
                self[slot] = before
                return
        total = before + cotangent
        if type(total) is np.ndarray and not before.flags.c_contiguous:
            total = arranged(total, before, cotangent)
        self[slot], self.version = total, self.missing


class Lost(Arrivals):
    """What leads nowhere: of any shapes, and nobody adds it up."""

    __slots__ = ()

    def add(self, *delivered: Any) -> None:
        """Nothing."""


ARRAYS = (np.ndarray, np.float32, np.float64, np.float16)
"""Sums of arrays without axes are scalars to NumPy: counted as written to, as PyTorch's tensors."""


def version_of(incoming: list[Any]) -> int:
    """How often the cotangent that arrived was written to in place. (A plain list: never.)"""
    return getattr(incoming, "version", 0)


def tell_version(tensor: Any, version: int) -> None:
    """Say of a new tensor how often its memory was written to, as a cotangent; nothing has happened
    to its history.
    """
    if version:
        tensor._own_counter().value = version
        if tensor._view is not None:
            tensor._view.version = version


def written_to(cotangent: Any, incoming: list[Any], node: Any, edge: Any) -> int:
    """How often a cotangent that leaves a node by an edge was written to. If it is what came in, or
    a view of that, it was as often as that.
    """
    came = incoming[0]
    if cotangent is came or (
        type(came) is type(cotangent) is np.ndarray
        and cotangent.base is not None
        and (cotangent.base is came or cotangent.base is came.base)
    ):
        return version_of(incoming)
    return node.writes_to(edge)
