"""A check has something to say of any plain answer, however beside the point it is."""

import numpy as np
import pytest

from tests.instructor.course import Course
from widgets.probe import Outcome

EXERCISES = {
    name: exercise
    for lesson in Course().lessons.values()
    for name, exercise in lesson.exercises.items()
}
WRAPPED = {
    "w": 1, "value": "no", "sent": 5, "mean": [], "remembers": None, "losses": None, "a": {},
    "b": 2, "old": 3, "gradient": "x", "calls": None, "deepest": "deep", "ready": None,
}  # fmt: skip
ODD = [
    None, ..., True, 0, -3, 2.5, float("nan"), 10**400, print, "", "x",
    [], [1.0], [[1.0], [2.0, 3.0]], ["n0", None, 5],
    {}, {"a": None}, WRAPPED, {"minigrad": 1, "torch": None, "largest difference": "x"},
    np.array(3), np.array([1, 2]), np.zeros((2, 2)), np.zeros((0,)), np.array([True]),
]  # fmt: skip


class StandIn:
    """Code that returns one and the same, whatever it is given."""

    def __init__(self, value):
        self.value = value

    def probe(self, name, arguments):
        if name == "vjp":
            count = sum(getattr(v, "dtype", None) == np.float64 for v in arguments[0])
            return Outcome(self.value, [None] * count)
        return Outcome(self.value)


@pytest.mark.parametrize("name", [n for n, e in EXERCISES.items() if e.kind in ("code", "repair")])
@pytest.mark.filterwarnings("ignore")
def test_any_function_has_a_verdict(name):
    for value in ODD:
        verdict = EXERCISES[name](StandIn(value))
        assert not verdict.ok, f"{value!r} is right?"
        assert verdict.findings


@pytest.mark.parametrize("name", [n for n, e in EXERCISES.items() if e.kind == "derivation"])
def test_any_data_has_a_verdict(name):
    for value in (None, 5, "x", [], [[1.0]], {}, {"": 1, "∂y/∂x": np.ones(2)}, print):
        verdict = EXERCISES[name](value)
        assert not verdict.ok, f"{value!r} is right?"
        assert verdict.findings
