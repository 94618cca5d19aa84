"""A checked derivation as words: for `print`, and for the cells of the widget's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .check import Result, Row

WORDS = {
    "right": "✓ right",
    "wrong": "✗ wrong",
    "unreadable": "? unreadable",
    "empty": "· not answered",
}
ONLY_HERE = "✗ right only at these values"


WIDEST = 44  # characters of an array in a table


def number(value: float) -> str:
    """Six significant digits, without the noise of floating point: 4.5, 0.333333, 1.2e-08."""
    value = float(value)
    if not np.isfinite(value):
        return str(value)
    nearest = round(value)
    if abs(value) < 1e6 and abs(value - nearest) < 1e-9 * max(1, abs(value)):
        return str(nearest)
    return f"{value:.6g}"


def array(value: np.ndarray | None) -> str:
    """An array in one line: one number if all entries are the same, a summary if there are many."""
    if value is None:
        return "–"
    if value.size == 0:
        return f"nothing (shape {value.shape})"
    if not np.any(np.isfinite(value)) and np.all(np.isnan(value)):
        return "not computed" if value.size > 1 else "nan"
    with np.errstate(invalid="ignore"):
        close = np.abs(value - value.flat[0]) <= 1e-9 * (1 + np.abs(value.flat[0]))
    same = np.all(close | (value == value.flat[0]))
    if same and value.size > 1:
        return f"{number(value.flat[0])} everywhere"
    text = _nested(value) if value.size <= 12 else ""
    if not text or len(text) > WIDEST:
        low, high = (f"{end:.4g}" for end in (np.nanmin(value), np.nanmax(value)))
        return f"{low} … {high} in {'×'.join(map(str, value.shape))}"
    return text


def _nested(value: np.ndarray) -> str:
    if value.ndim == 0:
        return number(float(value))
    return "[" + ", ".join(_nested(np.asarray(part)) for part in value) + "]"


def deviation(value: float | None) -> str:
    """A largest deviation, in words where it is not a number."""
    if value is None:
        return "–"
    return (
        "other shape" if np.isinf(value) else f"{value:.1e}" if 0 < value < 1e-3 else number(value)
    )


def difference(row: Row) -> str:
    """Yours - autograd, with float64's last bits read as nothing."""
    gap = row.difference
    if gap is None:
        return "–"
    limit = 1e-12 * (1 + np.max(np.abs(row.autograd), initial=0.0, where=np.isfinite(row.autograd)))
    return array(np.where(np.abs(gap) <= limit, 0.0, gap))


def cells(row: Row) -> dict[str, str]:
    """The table's cells for one row; a truth is not told before something was tried against it."""
    if row.yours is None:
        return dict.fromkeys(("yours", "autograd", "differences", "difference", "deviation"), "")
    return {
        "yours": array(row.yours),
        "autograd": array(row.autograd),
        "differences": array(row.differences),
        "difference": difference(row),
        "deviation": deviation(row.deviation),
    }


def as_text(result: Result) -> str:
    """A table of the answered questions, then the hint for the first wrong one."""
    rows = result.answered or result.rows
    head = [
        "",
        "your answer",
        "",
        "yours",
        result.oracle,
        "finite differences",
        "largest deviation",
    ]
    table = [head]
    for row in rows:
        cell = cells(row)
        answer = row.answer if len(row.answer) <= 40 else row.answer[:39] + "…"
        shown = [cell["yours"], cell["autograd"], cell["differences"], cell["deviation"]]
        table.append([row.label, answer, row.word, *shown])
    widths = [max(len(line[i]) for line in table) for i in range(len(head))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip() for line in table]
    wrong = result.first_cause
    if wrong and wrong.cause:
        lines += ["", f"{wrong.label}: {wrong.cause.hint}"]
        if wrong.cause.at is not None and 0 < len(wrong.answer) <= 100:
            lines += [f"    {wrong.answer}", "    " + " " * wrong.cause.at + "^"]
    for row in rows:
        lines += [f"{row.label}: {note}" for note in row.notes if row.right]
    return "\n".join(lines)
