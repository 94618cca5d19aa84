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

PROFILES: dict[str, dict[str, Any]] = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": math.inf, "edgeitems": 3, "linewidth": 80},
}
options: dict[str, Any] = PROFILES["default"] | {"sci_mode": None}
"""What `set_printoptions` has set."""


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """How tensors print from here on; what is None stays, but for `sci_mode`.

    precision: digits after the point. threshold: entries above which the middle is left out, so
    that `edgeitems` stay at either end of an axis. linewidth: characters in a line. profile:
    "default", "short" or "full" (nothing is left out) sets all of them. sci_mode: scientific
    notation always or never; None: where entries are very small, very large or far apart.
    """
    given = {
        "precision": precision, "threshold": threshold, "edgeitems": edgeitems,
        "linewidth": linewidth,
    }  # fmt: skip
    options.update(PROFILES.get(profile or "", {}))
    options.update({name: value for name, value in given.items() if value is not None})
    options["sci_mode"] = sci_mode


def text(tensor: Tensor) -> str:
    """The printed form of a tensor, with its dtype, `requires_grad` or `grad_fn` behind it."""
    array = tensor._array
    kind = type(tensor).__name__
    start = "tensor(" if kind in ("Tensor", "Parameter") else f"{kind}("  # a reader's own class
    suffixes = []
    if array.size == 0:
        body = "[]"
        if array.ndim != 1:
            suffixes.append(f"size={tuple(array.shape)}")
        if tensor.dtype is not dtypes.get_default_dtype():
            suffixes.append(f"dtype={tensor.dtype}")
    else:
        body = block(array, len(start))
        if not options["edgeitems"]:
            suffixes.append(f"size={tuple(array.shape)}")
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
        if length + len(suffix) + 2 > options["linewidth"]:
            line += ",\n" + " " * indent + suffix
            length = indent + len(suffix)
        else:
            line += ", " + suffix
            length += len(suffix) + 2
    return line + ")"


def block(array: np.ndarray, indent: int) -> str:
    """The entries in nested brackets."""
    shorten = array.size > options["threshold"]
    width, show = formatter(edges(array) if shorten else array)
    return _nested(array, indent, shorten, width, show)


def edges(array: np.ndarray) -> np.ndarray:
    """The entries that are shown of a large array: the first and last few along each axis."""
    edge = options["edgeitems"]
    for axis, n in enumerate(array.shape):
        if n > 2 * edge:
            array = np.take(array, [*range(edge), *range(n - edge, n)], axis)
    return array


def formatter(array: np.ndarray) -> tuple[int, Callable[[Any], str]]:
    """The common width of the entries and the function that prints one of them."""
    if array.dtype.kind != "f":
        width = max((len(str(v)) for v in array.ravel().tolist()), default=1)
        return width, lambda v: str(v).rjust(width)
    values = array.astype(np.float64).ravel()
    values = values[np.isfinite(values) & (values != 0)]
    if values.size == 0:
        whole, pattern, width = True, ".0f", 1
    else:
        sizes = np.abs(values)
        low, high = sizes.min(), sizes.max()
        whole = bool(np.all(values == np.ceil(values)))
        scientific, digits = options["sci_mode"], options["precision"]
        if scientific is None:
            scientific = high / low > 1000 or high > 1e8 or (not whole and low < 1e-4)
        pattern = f".{digits}e" if scientific else ".0f" if whole else f".{digits}f"
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
    edge = options["edgeitems"]
    cut = shorten and len(array) > 2 * edge
    parts = [*array[:edge], *array[len(array) - edge :]] if cut else list(array)
    if array.ndim == 1:
        shown = [show(v.item()) for v in parts]
        if cut:
            shown.insert(edge, " ..." if edge else "...")
        per_line = max(1, (options["linewidth"] - indent) // (width + 2))
        lines = [", ".join(shown[k : k + per_line]) for k in range(0, len(shown), per_line)]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    rows = [_nested(part, indent + 1, shorten, width, show) for part in parts]
    if cut:
        rows.insert(edge, "...")
    return "[" + ("," + "\n" * (array.ndim - 1) + " " * (indent + 1)).join(rows) + "]"
