"""Causes that are a power: y**3 for y**2, or a tensor that is missing altogether."""

from __future__ import annotations

import itertools
import math

import numpy as np

from .case import Case, Cause
from .judge import fit


def wrong_power(case: Case, powers: tuple[float, ...] = (1, -1, 0.5, -0.5)) -> Cause | None:
    """The truth times a power of one tensor: y**3 for y**2."""
    return _other_power(case, [n for n in case.key.values[0] if n in case.named], powers)


def missing_tensor(case: Case) -> Cause | None:
    """The truth times a power of one tensor that does not occur at all."""
    names = [name for name in case.key.values[0] if name not in case.named]
    return _other_power(case, names, (-1, 1, -0.5, 0.5, -2, 2))


def _other_power(case: Case, names: list[str], powers: tuple[float, ...]) -> Cause | None:
    for name, power in itertools.product(names, powers):
        values = case.at([_in_shape(v[name], case.shape) for v in case.key.values])
        if case.alike or case.answer is None or not values or values[0] is None:
            continue
        above = [t * v**power if power > 0 else t for t, v in zip(case.truth, values)]
        mine = [a if power > 0 else a * v**-power for a, v in zip(case.answer, values)]
        if any(m.shape != case.shape or not np.all(np.isfinite(m)) for m in (*above, *mine)):
            continue
        c = case.ratio(above, mine)
        if c is None:
            continue
        also = "" if math.isclose(c, 1, rel_tol=1e-6) else " The number in front is off as well."
        if name in case.named or case.numbers:
            sense = "high" if power > 0 else "low"
            hint = f"The power of `{name}` is too {sense}: differentiating x**n leaves x**(n-1)."
            return case.cause("wrong power", hint + also)
        hint = f"A factor with `{name}` is missing: where on the way does it come in?"
        if power > 0:
            hint = f"`{name}` is missing below the line: where is something divided by it?"
        return case.cause("missing factor", hint + also)
    return None


def _in_shape(value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray | None:
    """A tensor's values in a shape that they broadcast to, or fill."""
    if value.size == math.prod(shape) and value.size > 1:
        return value.reshape(shape)
    return fit(value, shape)


def very_wrong_power(case: Case) -> Cause | None:
    """The same, two powers off."""
    return wrong_power(case, (2, -2))


_INSIDE = (np.exp, np.cos, np.sin, np.log, np.sqrt, np.tanh, lambda x: 1 / np.cosh(x) ** 2)


def missing_inside(case: Case) -> Cause | None:
    """The truth divided by a function of `wrt`: the derivative of something inside."""
    name = case.question.wrt
    for inside in _INSIDE:
        with np.errstate(all="ignore"):
            factor = [inside(v[name]) for v in case.at(case.key.values)]
            moved = [t / f for t, f in zip(case.truth, factor)]
        usable = all(m.shape == case.shape and np.all(np.isfinite(m)) for m in moved)
        if usable and not case.alike and case.ratio(moved) is not None and case.ratio() is None:
            hint = f"A factor that depends on `{name}` is missing: is what stands inside "
            return case.cause("missing inner derivative", f"{hint}differentiated as well?")
    return None
