"""Causes around sums: one too few, one too many, a term or a part of the entries left out."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

from .case import Case, Cause
from .judge import fit

MOST_AXES = 6
LARGE = 100_000  # entries of an answer, above which no sums of it are tried


def missing_sum(case: Case) -> Cause | None:
    """The answer in a larger shape: the sum over the axes that were broadcast is missing."""
    if case.tried.error or not case.points:
        return None
    raw, shape, wrt = case.raw, case.question.shape, case.question.wrt
    if raw[0].size <= math.prod(shape) and raw[0].ndim <= len(shape):
        return None
    if raw[0].size > max(LARGE, 100 * math.prod(shape)):
        return None
    if not any(value.size > math.prod(shape) for value in case.key.values[0].values()):
        return None  # nothing was broadcast
    for axes in _axes(raw[0].ndim):
        for found in ([np.sum(a, axis=axes) for a in raw], [np.mean(a, axis=axes) for a in raw]):
            if found[0].size == math.prod(shape) and case.same(found):
                hint = f"`{wrt}` has the shape {shape} and is used in every row or entry of a "
                hint += f"larger array; yours has {raw[0].shape}: what arrives is summed up."
                return case.cause("missing sum", hint)
    return None


def extra_sum(case: Case) -> Cause | None:
    """The sum of several entries, in each of them."""
    if case.ratio() is not None or case.numbers:
        return None
    for axes in _axes(len(case.shape)):
        sums = [np.sum(t, axis=axes, keepdims=True) for t in case.truth]
        spread = [s + 0 * t for s, t in zip(sums, case.truth)]
        if not case.same(sums) and case.is_answer(spread):
            hint = f"One sum too many: every entry of `{case.question.wrt}` has a derivative of its"
            return case.cause("extra sum", f"{hint} own.")
    return None


def missing_cotangent(case: Case) -> Cause | None:
    """The rows of the Jacobian, added up."""
    name, dense = case.key.cotangent, case.question.dense
    if name is None or not dense or not case.question.whole:
        return None
    if case.is_answer(case.at([d.sum(0).reshape(case.question.shape) for d in dense])):
        hint = f"That is for a cotangent of ones: where is `{name}`, which arrives at "
        return case.cause("missing cotangent", f"{hint}`{case.question.of}`?")
    return None


def missing_term(case: Case) -> Cause | None:
    """The truth and the answer differ by a tensor, or a sum of it, times a number."""
    if case.answer is None or case.numbers:
        return None
    gaps = [t - a for t, a in zip(case.truth, case.answer)]
    everything = [case.key.at(i) for i in range(len(case.key.kinds))]
    for name in everything[0]:
        values = case.at([np.asarray(v[name], np.float64) for v in everything])
        for axes in ((), *_axes(values[0].ndim)) if values and values[0].ndim < 4 else ():
            summed = [fit(np.sum(v, axis=axes, keepdims=True), case.shape) for v in values]
            if summed[0] is None:
                summed = [fit(np.sum(v, axis=axes), case.shape) for v in values]
            if all(s is not None for s in summed) and case.ratio(summed, gaps):  # type: ignore
                hint = f"A term with `{name}` is missing, or there is one too many or with another"
                return case.cause("missing term", f"{hint} number in front.")
    return None


def mask(case: Case) -> Cause | None:
    """Right wherever there is a slope, and not zero where there is none."""
    if case.answer is None or case.shape == () or case.numbers:
        return None
    flat = [np.abs(t) <= 1e-12 * np.max(np.abs(t), initial=0.0) for t in case.truth]
    count = sum(int(np.sum(f)) for f in flat)
    if not 0 < count < sum(f.size for f in flat):
        return None
    masked = [np.where(f, 0.0, a) for f, a in zip(flat, case.answer)]
    if case.same(masked):
        hint = "Right where the derivative is not zero; in the other entries yours is not zero "
        return case.cause("partly right", f"{hint}either: does `{case.question.of}` change there?")
    return None


def _axes(ndim: int) -> Iterator[tuple[int, ...]]:
    if ndim > MOST_AXES:
        return
    for size in range(1, ndim + 1):
        yield from itertools.combinations(range(ndim), size)
