"""Running a recorded operation again: in float64, at other values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from . import recording
from .recording import Constant, Edge, Record
from .tensors import array


def run(record: Record, arguments: list[Any]) -> Any:
    """Compute what was recorded again, with other arguments: a tensor or a tuple of them.

    What was cast to fewer digits keeps all of them; what was done in place is done out of place.
    """
    operation = record.operation
    if not hasattr(operation, "_schema"):
        return operation.apply(*arguments)
    positional: list[Any] = []
    named = {}
    for argument, value in zip(operation._schema.arguments, arguments, strict=True):
        if isinstance(value, torch.dtype) and value.is_floating_point:
            value = torch.float64
        if argument.kwarg_only:
            named[argument.name] = value
        else:
            positional.append(value)
    if operation._schema.name.endswith("_"):
        positional[0] = positional[0].clone()
    return operation(*positional, **named)


def at(node: Any, name: str) -> tuple[Callable[[np.ndarray], np.ndarray], np.ndarray] | None:
    """(run, x): `run(array)` computes a node again with another value of the argument `name`, which
    was `x`. None if a value that this needs was not kept.
    """
    record = recording.of(node)
    if record is None or name not in record.arguments:
        return None
    try:
        x = array(_value(record.arguments[name]))
        given = {key: _doubles(value) for key, value in record.arguments.items()}
    except NotKept:
        return None

    def again(values: np.ndarray) -> np.ndarray:
        with torch.no_grad(), recording.paused(), torch.random.fork_rng(devices=[]):
            moved = {key: _copy(value) for key, value in given.items()}
            moved[name] = torch.tensor(np.asarray(values, np.float64))
            out = run(record, list(moved.values()))
        return np.array(array(out[0] if isinstance(out, tuple) else out))

    return again, x


def _copy(argument: Any) -> Any:
    """What a Function may write into."""
    if isinstance(argument, torch.Tensor):
        return argument.clone()
    return tuple(map(_copy, argument)) if isinstance(argument, tuple) else argument


class NotKept(LookupError):
    """A tensor whose value nobody has any more."""


def _value(argument: Any) -> Any:
    """The tensor that an argument was, without history."""
    if isinstance(argument, Edge):
        record = recording.of(argument.node)
        if record is None or argument.output_nr:
            raise NotKept
        return record.value
    return (argument.tensor if isinstance(argument, Constant) else argument).detach()


def _doubles(argument: Any) -> Any:
    if isinstance(argument, (Edge, Constant, torch.Tensor)):
        value = _value(argument)
        return value.to(torch.float64 if value.is_floating_point() else value.dtype, copy=True)
    return tuple(map(_doubles, argument)) if isinstance(argument, tuple) else argument
