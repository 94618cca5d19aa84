"""Causes behind an answer that is one number: 0, a value instead of a slope, a mean's divisor."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np

from .case import Case, Cause, close
from .judge import fit, rounding

_ADDED = re.compile(
    r"(?:[+-]\s*(?P<after>\d+(?:\.\d+)?)(?![\w.])(?!\s*(?:[*@/^(]|\*\*)))"
    r"|(?:(?:^|[(=])\s*(?P<before>\d+(?:\.\d+)?)\s*[+-])",
    re.MULTILINE,
)


def zero(case: Case) -> Cause | None:
    """Nothing at all, where there is a slope."""
    if _one_number(case) != 0:
        return None
    of, wrt = case.question.of, case.question.wrt
    return case.cause("zero", f"0 would mean that `{of}` does not change with `{wrt}`.")


def added_constant(case: Case) -> Cause | None:
    """The 2 of x + 2."""
    number = _one_number(case)
    if number is None:
        return None
    found = [m["after"] or m["before"] for m in _ADDED.finditer(case.question.source)]
    if any(math.isclose(number, float(text)) for text in found):
        return case.cause("added constant", "A constant that is added drops out.")
    return None


def value_itself(case: Case) -> Cause | None:
    """The tensor's own value, typed as numbers."""
    if not case.answer or case.points[0] != 0 or _names_a_tensor(case):
        return None
    value = fit(case.key.values[0][case.question.of], case.question.shape)
    loose = rounding(case.tried.formula.text, whole=True)[0]
    if value is None or not close(case.answer[0], value, loose):
        return None
    hint = f"That is the value of `{case.question.of}`, not how fast it changes."
    return case.cause("value", hint)


def mean_divisor(case: Case, c: float) -> str:
    """The question about a mean, if `c` times the truth looks like another divisor; else ""."""
    if not re.search(r"mean|mse", case.sources):
        return ""
    counts = {value.size for value in case.key.values[0].values() if value.size > 1}
    for value in case.key.values[0].values():  # a mean may be over some axes only
        some = [itertools.combinations(value.shape, k) for k in range(1, min(value.ndim, 4) + 1)]
        counts |= {n for axes in itertools.chain(*some) if (n := math.prod(axes)) > 1}
    number = _one_number(case)
    only_mean = number is not None and any(
        np.all(abs(case.truth[0] * n - 1) < 1e-9) for n in counts
    )
    if only_mean and number and (_whole(abs(number)) or _whole(1 / abs(number))):
        return "what does mean divide by?"
    if any(math.isclose(c, factor, rel_tol=1e-6) for n in counts for factor in (n, 1 / n)):
        return "what does mean divide by?"
    return ""


def _one_number(case: Case) -> float | None:
    """The number that the answer is, at every point and in every entry."""
    if not case.answer or not case.answer[0].size:
        return None
    first = float(case.answer[0].flat[0])
    return first if all(np.all(a == first) for a in case.answer) else None


def _names_a_tensor(case: Case) -> bool:
    return any(node.kind == "name" for node in case.tried.formula.tree.walk())


def _whole(value: float) -> bool:
    return math.isclose(value, round(value), rel_tol=1e-6)
