"""Plain data as JSON, between the processes: numbers, texts, lists, dictionaries, arrays.

What JSON lacks is an object with a single key that says what it is: {"tuple": […]}, {"dict": [[key,
value], …]}, {"array": [dtype, shape, base64]}, {"tensor": …}, {"…": 0} for an Ellipsis, and
{"other": name of the type} for what cannot be sent. Nothing is ever unpickled.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np

DTYPES = {
    f"{kind}{bits}"
    for kind, sizes in {
        "int": (8, 16, 32, 64),
        "uint": (8, 16, 32, 64),
        "float": (16, 32, 64),
        "complex": (64, 128),
    }.items()
    for bits in sizes
} | {"bool"}
LONGEST_LINE = 4_000_000  # bytes of JSON in one message
MOST_PARTS = 100_000  # entries of lists and dictionaries, all together
DEEPEST = 30
LONGEST_TEXT = 100_000
MOST_BITS = 4096  # of an integer: JSON's reader refuses some more


class Garbled(Exception):
    """What was sent is not in this form, or larger than it may be."""


class Unsendable(Exception):
    """A value that is not plain data, or too much of it."""


def encode(value: Any, tensor: type | tuple[()] = (), other: bool = False) -> Any:
    """A value in the form above. `tensor`: the type of tensors, if there is one.

    other: put {"other": …} in place of what cannot be sent; otherwise that raises Unsendable.
    """
    left = [MOST_PARTS]

    def part(value: Any, depth: int) -> Any:
        left[0] -= 1
        if depth > DEEPEST or left[0] < 0:
            raise Unsendable("It is too large.")
        if isinstance(value, tensor):
            return {"tensor": part(value.detach().numpy(), depth + 1)}
        if isinstance(value, (np.ndarray, np.generic)):
            array = np.array(value)
            if array.dtype.name in DTYPES and array.nbytes <= LONGEST_LINE // 2:
                return {"array": [array.dtype.name, list(array.shape), _base64(array)]}
        elif value is None or isinstance(value, (bool, float)):
            return value
        elif isinstance(value, int):
            if value.bit_length() <= MOST_BITS:
                return int(value)
        elif isinstance(value, str):
            if len(value) <= LONGEST_TEXT:
                return str(value)
        elif value is ...:
            return {"…": 0}
        elif isinstance(value, (list, tuple)):
            parts = [part(entry, depth + 1) for entry in value]
            return parts if isinstance(value, list) else {"tuple": parts}
        elif isinstance(value, dict):
            pairs = [[part(k, depth + 1), part(v, depth + 1)] for k, v in value.items()]
            return {"dict": pairs}
        if other:
            return {"other": type(value).__name__[:100]}
        raise Unsendable(f"A {type(value).__name__} cannot be handed on, or it is too large.")

    return part(value, 0)


def _base64(array: np.ndarray) -> str:
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return base64.b64encode(np.ascontiguousarray(little).tobytes()).decode()


def decode(sent: Any, tensor: Any = None) -> Any:
    """The value again. `tensor`: what makes a tensor of an array. Raises Garbled, nothing else."""
    left = [MOST_PARTS]

    def part(sent: Any, depth: int) -> Any:
        left[0] -= 1
        if depth > DEEPEST or left[0] < 0:
            raise Garbled("too large")
        if sent is None or isinstance(sent, (bool, int, float, str)):
            return sent
        if isinstance(sent, list):
            return [part(entry, depth + 1) for entry in sent]
        if not isinstance(sent, dict) or len(sent) != 1:
            raise Garbled("an object that has not one key")
        ((kind, held),) = sent.items()
        if kind == "…":
            return ...
        if kind == "array":
            return _array(held)
        if kind == "tensor" and tensor is not None:
            return tensor(part(held, depth + 1))
        if kind == "tuple" and isinstance(held, list):
            return tuple(part(entry, depth + 1) for entry in held)
        if kind == "dict" and isinstance(held, list):
            pairs = [part(pair, depth + 1) for pair in held]
            if all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
                return dict(pairs)
        if kind == "other" and isinstance(held, str):
            return other(held)
        raise Garbled(f"not to be read: {str(kind)[:40]}")

    try:
        return part(sent, 0)
    except Garbled:
        raise
    except Exception as problem:  # keys that cannot be keys, an array that does not fit, …
        raise Garbled(f"{type(problem).__name__}: {problem}") from problem


def _array(held: Any) -> np.ndarray:
    name, shape, data = held
    if name not in DTYPES or not all(type(n) is int and 0 <= n < 2**31 for n in shape):
        raise Garbled("not an array")
    dtype = np.dtype(name).newbyteorder("<")
    raw = base64.b64decode(data, validate=True)
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise Garbled("an array whose numbers do not fill its shape")
    return np.frombuffer(raw, dtype).reshape(shape).astype(np.dtype(name))


def other(name: str) -> Any:
    """An object that stands for one that stayed where it was; its type has the same name."""
    return type(name.replace("\0", "") or "object", (), {})()
