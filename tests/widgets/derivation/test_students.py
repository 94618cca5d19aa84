"""What students type for derivations of real programs, in both engines."""

from __future__ import annotations

import pytest

import minigrad
import widgets
from widgets.derivation import build, check
from widgets.engines import problem

from .students import STUDENTS as FIRST
from .students_later import STUDENTS as LATER
from .students_mixed import STUDENTS as MIXED
from .students_networks import STUDENTS as NETWORKS

STUDENTS = FIRST | NETWORKS | MIXED | LATER
HIT_RATE = 0.90  # of the wrong answers whose first cause is one that a teacher would name
ENGINES = ["minigrad", pytest.param("torch", marks=pytest.mark.oracle)]


@pytest.fixture(scope="module", params=ENGINES)
def keys(request):
    """The answer keys of all programs, run with one engine."""
    engine = minigrad if request.param == "minigrad" else request.getfixturevalue("torch")
    found = {}
    for name, (program, out, wrt, _) in STUDENTS.items():
        variables = {"torch": engine}
        with widgets.recording():
            exec(program, variables)
        del variables["torch"], variables["__builtins__"]
        for label, value in list(variables.items()):
            if hasattr(value, "named_parameters"):
                variables |= {f"{label}.{path}": p for path, p in value.named_parameters()}
        found[name] = build(problem(variables[out], variables[wrt], variables))
    return found


@pytest.mark.parametrize("name", STUDENTS)
def test_no_right_answer_is_called_wrong(keys, name):
    for question, (right, _) in STUDENTS[name][3].items():
        for answer in right:
            row = check(keys[name], {question: answer})[question]
            assert row.right, f"{question} = {answer}: {row.cause}"


@pytest.mark.parametrize("name", STUDENTS)
def test_every_wrong_answer_is_wrong_and_has_a_hint(keys, name):
    for question, (_, wrong) in STUDENTS[name][3].items():
        for answer, _ in wrong:
            row = check(keys[name], {question: answer})[question]
            assert row.status == "wrong" or row.cause.name == "unreadable", answer
            assert row.cause.hint.endswith((".", "?"))


def test_the_cause_that_a_teacher_would_name_comes_first(keys):
    misses, count = [], 0
    for name, (_, _, _, questions) in STUDENTS.items():
        for question, (_, wrong) in questions.items():
            for answer, causes in wrong:
                count += 1
                cause = check(keys[name], {question: answer})[question].cause
                asked = "mean" if "what does mean divide by?" in cause.hint else cause.name
                if not {cause.name, asked} & set(causes.split(" | ")):
                    misses.append(f"{name}: {question} = {answer}: {cause.name}, not {causes}")
    print(f"\n{count} wrong answers: {1 - len(misses) / count:.1%}", *misses, sep="\n")
    assert len(misses) <= (1 - HIT_RATE) * count, "\n".join(misses)


def test_the_catalogue_is_as_large_as_promised():
    questions = [q for _, _, _, asked in STUDENTS.values() for q in asked.values()]
    assert len(STUDENTS) >= 70
    assert sum(len(right) for right, _ in questions) >= 900
    assert sum(len(wrong) for _, wrong in questions) >= 400
