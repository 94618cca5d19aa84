"""Is every right answer accepted, and is every wrong one told its cause?"""

from __future__ import annotations

import json
import re
import time

import numpy as np
import pytest

from widgets.derivation import AnswerKey, FormulaProblem, build, check

from .table import DERIVATIONS, RIGHT, WRONG

HIT_RATE = 0.90  # of the wrong answers whose first cause is the right one


@pytest.fixture(scope="module")
def keys():
    found = {}
    for name, (steps, wrt, leaves, constants) in DERIVATIONS.items():
        key = build(FormulaProblem(steps, "out", wrt, leaves, constants))
        # As it travels to the grader: through JSON and back.
        found[name] = AnswerKey.from_dict(json.loads(json.dumps(key.to_dict())))
    return found


SPELLINGS = [
    (n, q, a) for n, questions in RIGHT.items() for q, many in questions.items() for a in many
]


@pytest.mark.parametrize("name, question, answer", SPELLINGS)
def test_a_right_answer_is_right_however_it_is_written(keys, name, question, answer):
    result = check(keys[name], {question: answer})
    assert result.ok, f"{result[question].cause}"
    scale = 1 + np.max(np.abs(result[question].autograd))
    rounded = any("rounding" in note for note in result[question].notes)
    assert rounded or result[question].deviation < 1e-5 * scale


@pytest.mark.parametrize("name, question, answer, causes", WRONG)
def test_a_wrong_answer_is_wrong_and_has_a_hint(keys, name, question, answer, causes):
    row = check(keys[name], {question: answer})[question]
    assert row.status == "wrong"
    assert row.cause.hint.endswith((".", "?"))


def test_the_right_cause_comes_first(keys):
    misses = []
    for name, question, answer, causes in WRONG:
        found = check(keys[name], {question: answer})[question].cause.name
        if found not in causes:
            misses.append(f"{name} {question} = {answer}: {found}, not {causes}")
    rate = 1 - len(misses) / len(WRONG)
    print(
        f"\n{len(WRONG)} wrong answers to {len(DERIVATIONS)} derivations: {rate:.1%}",
        *misses,
        sep="\n",
    )
    assert rate >= HIT_RATE, "\n".join(misses)


HINTS = [
    ("notes", "∂out/∂z", "4", "what does mean divide by?"),
    ("notes", "∂out/∂z", "1/3", "what does mean divide by?"),
    ("reciprocal", "∂out/∂y", "1/4", "what does mean divide by?"),
    ("reciprocal", "∂out/∂y", "1", "what does mean divide by?"),
    ("mse", "∂out/∂w", "2*X.T @ d", "what does mean divide by?"),
    ("mse", "∂out/∂w", "X.T @ d / 8", "what does mean divide by?"),
    ("notes", "∂y/∂x", "3", "That is the value of `y`, not how fast it changes."),
    ("notes", "∂y/∂x", "2", "A constant that is added drops out."),
    ("notes", "∂y/∂x", "0", "0 would mean that `y` does not change with `x`."),
    ("notes", "∂z/∂y", "9**9**9", "This number is too large to compute."),
    ("notes", "∂z/∂y", "1/(y - y)", "is something divided by zero"),
]


@pytest.mark.parametrize("name, question, answer, hint", HINTS)
def test_what_is_said(keys, name, question, answer, hint):
    said = check(keys[name], {question: answer})[question].cause.hint
    assert hint in said
    assert not re.search(r"\.\d+ times", said)  # never "1.333 times too small"


def test_right_by_coincidence_is_said_in_every_row(keys):
    result = check(keys["notes"], {"∂z/∂y": "2*y*y", "∂out/∂x": "1.5*y*y/3", "∂y/∂x": "y"})
    words = {row.label: row.word for row in result.answered}
    assert words["∂z/∂y"] == words["∂out/∂x"] == "✗ right only at these values"
    assert words["∂y/∂x"] == "✗ wrong"
    assert str(result).count("only at these values") == 2
    assert not result.ok


def test_the_table_is_as_large_as_promised():
    assert len(WRONG) >= 60
    assert len(DERIVATIONS) >= 20
    assert len(SPELLINGS) >= 100


def test_an_answer_is_checked_in_milliseconds(keys):
    times = []
    for name, question, answer, _ in WRONG:
        start = time.perf_counter()
        check(keys[name], {question: answer})
        times.append(time.perf_counter() - start)
    assert max(times) < 1.0
    print(f"\nmedian {1e3 * np.median(times):.1f} ms, worst {1e3 * max(times):.0f} ms")
