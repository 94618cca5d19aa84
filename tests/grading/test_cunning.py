"""Submissions by somebody who knows how the grader works: as harmless as all others."""

from dataclasses import replace

import pytest

from tests.grading.cunning import CELLS, DATA, FUNCTIONS
from tests.grading.submissions import points, solved
from tests.grading.test_hostile import LIMITS, OTHERS, graded

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("code", CELLS.values(), ids=CELLS)
def test_a_cell_costs_nobody_points(code):
    result = graded(solved("01", extra={"01-repair": [code]}))
    assert set(points(result).values()) == {1.0}, (result["exercises"], result["cells"])


@pytest.mark.parametrize("code", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_earns_nothing_and_costs_no_other(code):
    result = graded(solved("01", codes={"01-repair": code}))
    found = points(result)
    assert found.pop("01-repair") == 0, result["exercises"]["01-repair"]
    assert found == dict.fromkeys(OTHERS, 1.0)


def test_who_only_waits_is_stopped():
    code = "import time\ndef inner_gradient(values): time.sleep(1000)"
    result = graded(solved("01", codes={"01-repair": code}), limits=replace(LIMITS, clock=6.0))
    assert points(result) == {"01-repair": 0.0, **dict.fromkeys(OTHERS, 1.0)}
    assert "did not come to an end" in result["exercises"]["01-repair"]["findings"][0]["said"]


@pytest.mark.parametrize("code", DATA.values(), ids=DATA)
def test_data_earns_nothing_and_costs_no_other(code):
    result = graded(solved("01", codes={"01-prediction": code}))
    found = points(result)
    assert found.pop("01-prediction") == 0, result["exercises"]["01-prediction"]
    assert set(found.values()) == {1.0}
