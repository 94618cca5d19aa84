"""Making an answer key: which derivatives are asked, and what they are at which points.

`build` asks a `Problem` everything once.

Questions. Walking from `out` down to `wrt` through the *named* tensors: where a tensor depends on
the next one entry by entry, or is a single number, its local derivative is asked (∂z/∂y, in y's
shape); where it mixes entries (a matrix product, a broadcast), the whole derivative so far is asked
instead (∂out/∂y). The last question is always ∂out/∂wrt.

Points. The reader's own, then random ones in float64, where every derivative exists: a point at
which autograd and finite differences disagree is a kink, and is drawn again.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from .key import AnswerKey, Arrays, Question
from .problem import Problem, ancestors, finite_differences

MAX_DENSE = 4_096  # entries of a Jacobian that is kept whole
MAX_ENTRIES = 200  # a tensor up to this size has finite differences taken of every entry
FEW_ENTRIES = 10  # of a larger one, only of so many

# --- the questions ------------------------------------------------------------------------------


def path(problem: Problem) -> list[str]:
    """The named tensors between `out` and `wrt`, from `out` down, every one after its users."""
    above = [
        name
        for name in problem.parents
        if name == problem.wrt or problem.wrt in ancestors(problem.parents, name)
    ]
    wanted = ancestors(problem.parents, problem.out) | {problem.out}
    chain = [name for name in above if name in wanted and name != problem.wrt]
    order = sorted(chain, key=lambda name: len(ancestors(problem.parents, name)), reverse=True)
    return [*order, problem.wrt]


def _questions(problem: Problem, point: dict[str, np.ndarray]) -> list[Question]:
    names = path(problem)
    if len(names) < 2:
        raise ValueError(f"`{problem.out}` does not depend on `{problem.wrt}`: nothing to derive.")
    questions, totals = [], set()
    for upper in names[:-1]:
        for lower in (name for name in names if name in problem.parents[upper]):
            if upper == problem.out and lower == problem.wrt and len(names) == 2:
                continue  # the only factor is the whole
            kind = _kind(problem, point, upper, lower, partial=True)
            source = problem.explain(upper)
            if kind != "total":
                label = f"∂{upper}/∂{lower}"
                questions.append(Question(label, upper, lower, kind, source=source))
            elif lower != problem.wrt and lower not in totals and upper != problem.out:
                totals.add(lower)
                label = f"∂{problem.out}/∂{lower}"
                questions.append(Question(label, problem.out, lower, "total", source=source))
    whole = f"∂{problem.out}/∂{problem.wrt}"
    questions = [question for question in questions if question.label != whole]
    source = problem.explain(problem.out) if len(names) == 2 else ""
    kind = _kind(problem, point, problem.out, problem.wrt)
    questions.append(Question(whole, problem.out, problem.wrt, kind, True, source))
    return questions


def _kind(
    problem: Problem, point: dict[str, np.ndarray], upper: str, lower: str, partial: bool = False
) -> str:
    """Whether a local derivative is a row, a diagonal (told by two products), or neither."""
    if point[upper].size == 1:
        return "row"
    if point[upper].shape != point[lower].shape:
        return "total"
    given = _given(problem, point, upper, lower, partial)
    ones = np.ones(point[upper].shape)
    mixed = np.random.default_rng(1).normal(size=ones.shape)
    slope = problem.gradient(given, upper, lower, ones)
    product = problem.gradient(given, upper, lower, mixed)
    tolerance = 1e-6 * (np.max(np.abs(slope), initial=0.0) + 1e-12)
    return "element-wise" if np.all(np.abs(product - mixed * slope) <= tolerance * 10) else "total"


def _given(
    problem: Problem, point: dict[str, np.ndarray], of: str, wrt: str, partial: bool = False
) -> dict[str, np.ndarray]:
    """What to hold fixed: the leaves and `wrt`; for a partial derivative, all inputs of `of`."""
    leaves = {*problem.varying, *problem.constants, wrt}
    held = leaves | (set(problem.parents.get(of, ())) if partial else set())
    return {name: value for name, value in point.items() if name in held}


# --- the points ---------------------------------------------------------------------------------


def _draw(own: np.ndarray, style: str, random: np.random.Generator) -> np.ndarray:
    if style in ("near", "close"):
        return own + (0.1 if style == "near" else 0.003) * (np.abs(own) + 0.05) * random.uniform(
            -1, 1, own.shape
        )
    if style == "positive":
        return random.uniform(0.4, 2.0, own.shape)
    if style == "unit":
        return random.uniform(0.1, 0.9, own.shape)
    return random.normal(size=own.shape)


_STYLES = ("normal", "normal", "positive", "normal", "unit", "positive", "near", "normal")


def _point(
    problem: Problem, style: str, random: np.random.Generator, constants: bool
) -> dict[str, np.ndarray] | None:
    """All names at a random point, or None where the computation is not defined there."""
    moved = problem.varying + (problem.constants if constants else ())
    fixed = () if constants else problem.constants
    leaves = {name: problem.values[name] for name in fixed}
    leaves |= {name: _draw(problem.values[name], style, random) for name in moved}
    try:
        point = problem.evaluate(leaves)
    except (ValueError, IndexError, ArithmeticError):
        return None
    sane = all(np.all(np.isfinite(v)) and np.all(np.abs(v) < 1e100) for v in point.values())
    same = all(point[name].shape == value.shape for name, value in problem.values.items())
    return point if sane and same else None


def build(problem: Problem, seed: int = 0, count: int = 5) -> AnswerKey:
    """Ask `problem` everything, at its own values and at `count` random points.

    Raises ValueError when `out` does not depend on `wrt`.
    """
    random = np.random.default_rng(seed)
    probe = next(
        (p for style in _STYLES * 3 if (p := _point(problem, style, random, False))),
        problem.values,
    )
    questions = _questions(problem, probe)
    scalar = problem.values[problem.out].size == 1
    cotangent = None if scalar else _free_name("v", problem.values)
    key = AnswerKey(problem.out, problem.wrt, problem.oracle, [], [], questions, {}, cotangent)
    key.note, key.tolerance = problem.note, problem.tolerance
    key.source = "\n".join(problem.explain(name) for name in path(problem)[:-1])
    _add(key, problem, "own", dict(problem.values), random)
    for kind, wanted in (
        ("near", count if problem.local else 2),
        ("random", 0 if problem.local else count),
        ("constants", 2 * bool(problem.constants)),
    ):
        found = 0
        for attempt in range(6 * wanted):
            close = "close" if problem.local else "near"
            style = close if kind == "near" else _STYLES[attempt % len(_STYLES)]
            point = _point(problem, style, random, kind == "constants")
            if point is not None and _add(key, problem, kind, point, random):
                found += 1
            if found == wanted:
                break
        if kind == "near" and found == 0 and point is not None:
            key.disputed = _add(key, problem, kind, point, random, force=True)
    for question in key.questions:
        question.dense = question.dense if len(question.dense) == len(key.kinds) else []
        question.uses = [list(use) for use in zip(*question.uses)]  # by use, then by point
    return key


def _free_name(wanted: str, taken: dict[str, np.ndarray]) -> str:
    return next(
        name for name in (wanted, "gradient", "grad_output", wanted * 2) if name not in taken
    )


def _add(
    key: AnswerKey, problem: Problem, kind: str, point: dict[str, np.ndarray],
    random: np.random.Generator, force: bool = False,
) -> bool:  # fmt: skip
    """Answer every question at one more point; False (and nothing is added) if it is a kink."""
    seed = np.ones(point[problem.out].shape)
    if key.cotangent:
        seed = random.normal(size=seed.shape)
    answers = [_answer(problem, question, point, seed) for question in key.questions]
    smooth = [_agree(a["truth"], a["differences"]) for a in answers]
    if not force and kind != "own" and not all(np.all(mask) for mask in smooth):
        return False
    key.kinds.append(kind)
    key.values.append({**point, **({key.cotangent: seed} if key.cotangent else {})})
    beside = problem.beside(_given(problem, point, problem.out, problem.wrt))
    key.beside.append({name: array for name, array in beside.items() if name not in key.values[-1]})
    for name in path(problem)[1:-1]:
        total = problem.gradient(_given(problem, point, key.out, name), key.out, name, seed)
        key.totals.setdefault(name, []).append(np.asarray(total))
    for question, answer, mask in zip(key.questions, answers, smooth):
        question.truths.append(answer["truth"])
        question.differences.append(answer["differences"])
        if answer["dense"] is not None:
            question.dense.append(answer["dense"])
        for name in ("also", "without"):
            for label, array in answer[name].items():
                getattr(question, name).setdefault(label, []).append(array)
        question.uses.append(answer["uses"])
        if kind == "own":
            question.smooth = np.asarray(mask, dtype=np.float64)
    return True


def _agree(truth: np.ndarray, differences: np.ndarray) -> np.ndarray:
    """Entry by entry: do autograd and finite differences agree (where both were taken)?"""
    scale = np.max(np.abs(truth), initial=0.0, where=np.isfinite(truth))
    close = np.abs(truth - differences) <= 1e-5 * (scale + np.abs(truth)) + 1e-7
    return np.isfinite(truth) & (close | np.isnan(differences))


def _answer(
    problem: Problem, question: Question, point: dict[str, np.ndarray], seed: np.ndarray
) -> dict[str, Any]:
    of, wrt, local = question.of, question.wrt, question.kind != "total" and not question.whole
    given = _given(problem, point, of, wrt, partial=local)
    ones = np.ones(point[of].shape)
    weight = ones if local or question.kind == "element-wise" else seed
    truth = np.asarray(problem.gradient(given, of, wrt, weight))
    most = None if truth.size <= MAX_ENTRIES else FEW_ENTRIES
    differences = finite_differences(problem, given, of, wrt, weight, most=most)
    answer: dict[str, Any] = {"truth": truth, "differences": differences, "also": {}, "without": {}}
    others = [name for name in problem.parents.get(of, ()) if name != wrt]
    if local and any(wrt in ancestors(problem.parents, name) for name in others):
        # ∂of/∂wrt can then also mean the total derivative, along the other named ways as well.
        if _kind(problem, point, of, wrt) != "total":
            total = problem.gradient(_given(problem, point, of, wrt), of, wrt, weight)
            answer["also"]["along every path"] = total
    elif question.kind == "element-wise" and np.any(seed != 1):
        answer["also"]["times the cotangent"] = truth * seed
    answer["dense"] = _dense(problem, given, of, wrt, point, truth)
    answer["uses"] = _uses(problem, question, point, seed if question.whole else ones)
    if of == problem.out and not local:
        answer["without"] = _without(problem, question, point, seed)
    return answer


def _dense(
    problem: Problem, given: dict[str, np.ndarray], of: str, wrt: str,
    point: dict[str, np.ndarray], truth: np.ndarray,
) -> np.ndarray | None:  # fmt: skip
    rows = point[of].size
    if rows == 1:
        return truth.reshape(1, -1)
    if rows * truth.size > MAX_DENSE:
        return None
    hots = np.eye(rows).reshape(rows, *point[of].shape)
    return np.stack([problem.gradient(given, of, wrt, hot).ravel() for hot in hots])


def _uses(
    problem: Problem, question: Question, point: dict[str, np.ndarray], seed: np.ndarray
) -> Arrays:
    """What each use of `wrt` contributes; [] if there is only one, or it is unknown."""
    found: Arrays = []
    below = [n for n in path(problem) if question.wrt in problem.parents.get(n, ())]
    local = question.kind != "total" and not question.whole
    for child in [question.of] if local else below:
        if child == question.of:
            cotangent = seed
        else:
            cotangent = problem.gradient(
                _given(problem, point, question.of, child), question.of, child, seed
            )
        given = _given(problem, point, child, question.wrt, partial=True)
        parts = problem.uses(given, child, question.wrt, cotangent)
        found += parts or [problem.gradient(given, child, question.wrt, cotangent)]
    return found if len(found) > 1 else []


def _without(
    problem: Problem, question: Question, point: dict[str, np.ndarray], seed: np.ndarray
) -> dict[str, np.ndarray]:
    """What ∂out/∂wrt becomes when one element-wise factor, or the row at the top, is forgotten."""
    found: dict[str, np.ndarray] = {}
    names = path(problem)
    names = names[: names.index(question.wrt) + 1]
    for upper, lower in itertools.pairwise(names):
        if lower not in problem.parents.get(upper, ()):
            continue
        if point[upper].shape == point[lower].shape:
            cotangent = seed
            if upper != problem.out:
                given = _given(problem, point, problem.out, upper)
                cotangent = problem.gradient(given, problem.out, upper, seed)
        elif point[upper].size == 1:
            cotangent = np.ones(point[lower].shape)
        else:
            continue
        if lower != question.wrt:
            given = _given(problem, point, lower, question.wrt)
            cotangent = problem.gradient(given, lower, question.wrt, cotangent)
        found[f"∂{upper}/∂{lower}"] = cotangent
    return found
