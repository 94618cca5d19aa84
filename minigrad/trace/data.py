"""The trace itself and how arrays and Jacobians are written into it."""

from __future__ import annotations

import gc
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np

SCHEMA = 1
WHOLE = 64  # entries up to which an array is written out
JACOBIAN = 4096  # entries up to which a local Jacobian is written out
DETAILED = 1000  # operations up to which every step has all its details
BRIEF = 8  # entries up to which an array of a larger graph is written out
CORNER = 4  # entries per axis that are shown of a large array


class Trace:
    """A recorded run. `data` is the dictionary described in `minigrad.trace`."""

    def __init__(self, data: dict[str, Any]) -> None:
        if data.get("schema") != SCHEMA:
            raise ValueError(
                f"this trace has schema {data.get('schema')!r}; this version reads {SCHEMA}. "
                "Record it again, or open it with the version that wrote it."
            )
        self.data = data

    def to_dict(self) -> dict[str, Any]:
        """The data, ready for JSON."""
        return self.data

    def to_json(self) -> str:
        """The data as compact JSON text, without NaN or Infinity literals."""
        return json.dumps(self.data, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Trace:
        """A trace from its data. Raises ValueError if it is of another schema."""
        return cls(data)

    @classmethod
    def from_json(cls, text: str) -> Trace:
        """A trace from JSON text. Raises ValueError if it is not one."""
        return cls(json.loads(text))

    def node(self, id: str) -> dict[str, Any]:
        """The node of that id. Raises KeyError if there is none."""
        for node in self.data["nodes"]:
            if node["id"] == id:
                return node
        raise KeyError(id)

    def __str__(self) -> str:
        from .text import describe

        return describe(self.data)

    def __repr__(self) -> str:
        steps = len(self.data["forward"]) + len(self.data["backward"])
        nodes = len(self.data["nodes"])
        return f"<Trace of {nodes} node{'s' * (nodes != 1)} and {steps} steps>"


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cycle collection meanwhile: what a trace is made of stays, and there may be a lot of it.

    The collector would look through all of it again and again; that took a third of the time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def number(value: Any) -> Any:
    """One entry for JSON: the shortest decimal that means the same in its dtype."""
    if isinstance(value, np.floating) and math.isfinite(value):
        return _decimal(value)
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(str(value))


@lru_cache(maxsize=4096, typed=True)  # 0.1 is another number in another dtype
def _decimal(value: np.floating) -> float:
    return float(str(value))


def nested(array: np.ndarray) -> Any:
    """The entries as nested lists for JSON."""
    if array.ndim == 0:
        return number(array[()])
    if not array.size:
        return array.tolist()
    entries: list[Any] = list(map(number, array.ravel()))
    for length in array.shape[:0:-1]:
        entries = [entries[k : k + length] for k in range(0, len(entries), length)]
    return entries


@lru_cache
def _dtype_name(dtype: np.dtype[Any]) -> str:
    return str(dtype)


def array_data(array: Any, whole: int = WHOLE) -> dict[str, Any]:
    """An array for the trace: written out up to `whole` entries, summarised otherwise."""
    array = np.asarray(array)
    data: dict[str, Any] = {"shape": list(array.shape), "dtype": _dtype_name(array.dtype)}
    if array.size <= whole:
        return data | {"values": nested(array)}
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array
    for name in ("min", "max", "mean"):
        data[name] = number(getattr(finite, name)()) if finite.size else "nan"
    corner = array[(0,) * max(array.ndim - 2, 0)]
    return data | {"corner": nested(corner[(slice(CORNER),) * corner.ndim])}


def jacobian_data(matrix: np.ndarray | None, shape: tuple[int, int]) -> dict[str, Any]:
    """A local Jacobian for the trace; `matrix` is None if it was too large to compute."""
    data: dict[str, Any] = {"kind": "large", "shape": list(shape)}
    if matrix is None:
        return data
    if shape[0] == 1:
        return data | {"kind": "row", "values": nested(matrix)}
    if shape[0] == shape[1] and not matrix[~np.eye(shape[0], dtype=bool)].any():
        return data | {"kind": "diagonal", "values": nested(np.diag(matrix))}
    return data | {"kind": "dense", "values": nested(matrix)}
