"""What went wrong, as plain data: the `error` of a trace that ends at a failing node."""

from __future__ import annotations

from typing import Any

from .data import array_data

Data = dict[str, Any]


def error(
    phase: str,
    node: str | None,
    problem: BaseException,
    operands: list[Data],
    incoming: Any = None,
) -> Data:
    """The `error` of a trace.

    phase: "forward" or "backward". node: the id of the failing node, if it is in the picture.
    operands: what the failing operation was given, each from `operand`.
    incoming: the cotangent that had arrived at it, an array.
    """
    return {
        "phase": phase,
        "node": node,
        "type": type(problem).__name__,
        "text": str(problem),
        "operands": operands,
        "incoming": None if incoming is None else array_data(incoming),
    }


def operand(label: str, array: Data) -> Data:
    """One operand: `array` is anything with a shape and a dtype, as in a trace."""
    return {"label": label, "shape": array["shape"], "dtype": array["dtype"]}


def sentence(found: Data, labels: dict[str, str]) -> str:
    """The error in words: where it happened, and the engine's own text."""
    name = labels.get(found["node"] or "")
    place = f" at {name}" if name else ""
    given = ", ".join(f"{o['label']} ({shape(o)}, {o['dtype']})" for o in found["operands"])
    operands = f" Its operands: {given}." if given else ""
    return f"The {found['phase']} pass failed{place} with {found['type']}.{operands}"


def shape(found: Data) -> str:
    """`2×3`, or `a number`."""
    return "×".join(str(n) for n in found["shape"]) or "a number"
