"""How a tensor prints: to the letter as in PyTorch.

Four digits after the point, or none if all entries are whole numbers; scientific notation when the
entries are very small, very large or far apart; the middle of a large tensor is left out.
Source of the rules: the PyTorch page "torch.set_printoptions", and its printed output.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from . import dtypes
from .autograd.forward_ad import tangent_of

if TYPE_CHECKING:
    from .tensor import Tensor

DIGITS = 4
THRESHOLD = 1000  # entries above which the middle is left out
EDGE = 3  # entries shown at either end of an axis then
WIDTH = 80  # characters in a line


def text(tensor: Tensor) -> str:
    """The printed form of a tensor, with its dtype, `requires_grad` or `grad_fn` behind it."""
    array = tensor._array
    start = "tensor("
    suffixes = []
    if array.size == 0:
        body = "[]"
        if array.ndim != 1:
            suffixes.append(f"size={tuple(array.shape)}")
        if tensor.dtype is not dtypes.get_default_dtype():
            suffixes.append(f"dtype={tensor.dtype}")
    else:
        body = block(array, len(start))
        if tensor.dtype not in (dtypes.get_default_dtype(), dtypes.int64, dtypes.bool):
            suffixes.append(f"dtype={tensor.dtype}")
    try:
        node = tensor.grad_fn and type(tensor.grad_fn).__name__
        if node == "CppFunction":
            node = tensor.grad_fn.name().rpartition("::")[2]  # type: ignore[union-attr]
    except RuntimeError:  # the history of a view is in doubt
        node = "Invalid"
    if node is not None:
        suffixes.append(f"grad_fn=<{node}>")
    elif tensor.requires_grad:
        suffixes.append("requires_grad=True")
    tangent = tangent_of(tensor)
    if tangent is not None:
        suffixes.append(f"tangent={tangent}")
    return with_suffixes(start + body, suffixes, len(start))


def with_suffixes(line: str, suffixes: list[str], indent: int) -> str:
    """The closing part, on the last line where it fits, else on lines of its own."""
    length = len(line) - line.rfind("\n") + 1
    for suffix in suffixes:
        if length + len(suffix) + 2 > WIDTH:
            line += ",\n" + " " * indent + suffix
            length = indent + len(suffix)
        else:
            line += ", " + suffix
            length += len(suffix) + 2
    return line + ")"


def block(array: np.ndarray, indent: int) -> str:
    """The entries in nested brackets."""
    shorten = array.size > THRESHOLD
    width, show = formatter(edges(array) if shorten else array)
    return _nested(array, indent, shorten, width, show)


def edges(array: np.ndarray) -> np.ndarray:
    """The entries that are shown of a large array: the first and last three along each axis."""
    for axis, n in enumerate(array.shape):
        if n > 2 * EDGE:
            array = np.take(array, [*range(EDGE), *range(n - EDGE, n)], axis)
    return array


def formatter(array: np.ndarray) -> tuple[int, Callable[[Any], str]]:
    """The common width of the entries and the function that prints one of them."""
    if array.dtype.kind != "f":
        width = max(len(str(v)) for v in array.ravel().tolist())
        return width, lambda v: str(v).rjust(width)
    values = array.astype(np.float64).ravel()
    values = values[np.isfinite(values) & (values != 0)]
    if values.size == 0:
        whole, pattern, width = True, ".0f", 1
    else:
        sizes = np.abs(values)
        low, high = sizes.min(), sizes.max()
        whole = bool(np.all(values == np.ceil(values)))
        scientific = high / low > 1000 or high > 1e8 or (not whole and low < 1e-4)
        pattern = f".{DIGITS}e" if scientific else ".0f" if whole else f".{DIGITS}f"
        width = max(len(format(v, pattern)) for v in values.tolist())
        if whole and not scientific:
            width += 1
        whole = whole and not scientific

    def show(value: float) -> str:
        printed = format(value, pattern)
        if whole and math.isfinite(value):
            printed += "."
        return printed.rjust(width)

    return width, show


def _nested(
    array: np.ndarray, indent: int, shorten: bool, width: int, show: Callable[[Any], str]
) -> str:
    if array.ndim == 0:
        return show(array.item())
    cut = shorten and len(array) > 2 * EDGE
    parts = [*array[:EDGE], *array[-EDGE:]] if cut else list(array)
    if array.ndim == 1:
        shown = [show(v.item()) for v in parts]
        if cut:
            shown.insert(EDGE, " ...")
        per_line = max(1, (WIDTH - indent) // (width + 2))
        lines = [", ".join(shown[k : k + per_line]) for k in range(0, len(shown), per_line)]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    rows = [_nested(part, indent + 1, shorten, width, show) for part in parts]
    if cut:
        rows.insert(EDGE, "...")
    return "[" + ("," + "\n" * (array.ndim - 1) + " " * (indent + 1)).join(rows) + "]"
