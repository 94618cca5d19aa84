"""Hostile submissions: graded, with the points they deserve, and nothing stays behind."""

import os
from pathlib import Path

import pytest

from tests.grading.hostile import CELLS, DATA, FORMULAS, FUNCTIONS
from tests.grading.submissions import COURSE, answers, content, points, solved
from tests.instructor.grading import grade
from tests.instructor.sandbox.client import Limits

pytestmark = pytest.mark.sandbox

OTHERS = ("01-derivation", "01-prediction", "01-cast")
MARK = 100_000 + os.getpid()  # a limit that no other process of this machine's sandboxes has
LIMITS = Limits(cell=1.5, clock=15.0, total=MARK, memory=1_500_000_000)


def left_behind():
    """The processes of this test's sandboxes that are still there."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f'"cpu": {MARK}'.encode() in command:
            found.append(command)
    return found


def graded(notebook, **options):
    result = grade(COURSE, "01", content(notebook), **{"limits": LIMITS, **options})
    assert left_behind() == []
    assert result["state"] == "graded", result["reason"]
    return result


@pytest.mark.parametrize("code", CELLS.values(), ids=CELLS)
def test_a_cell_costs_nobody_points(code):
    result = graded(solved("01", extra={"01-repair": [code]}))
    assert set(points(result).values()) == {1.0}, (result["exercises"], result["cells"])


@pytest.mark.parametrize("code", FUNCTIONS.values(), ids=FUNCTIONS)
def test_an_answer_that_is_wrong_earns_nothing_and_costs_no_other(code):
    result = graded(solved("01", codes={"01-repair": code}))
    found = points(result)
    assert found.pop("01-repair") == 0, result["exercises"]["01-repair"]
    assert found == dict.fromkeys(OTHERS, 1.0)
    assert all(len(f["said"]) < 3000 for f in result["exercises"]["01-repair"]["findings"])


@pytest.mark.parametrize("code", DATA.values(), ids=DATA)
def test_data_that_is_wrong_earns_nothing_and_costs_no_other(code):
    result = graded(solved("01", codes={"01-prediction": code}))
    found = points(result)
    assert found.pop("01-prediction") == 0, result["exercises"]["01-prediction"]
    assert set(found.values()) == {1.0}


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=FORMULAS)
def test_a_formula_is_only_ever_read(formula):
    code = (
        f'my_factors = {{"∂out/∂z": "1/3", "∂z/∂y": {formula}, "∂y/∂x": "4", '
        '"∂out/∂x": "1/3 * 16 * y * 4"}'
    )
    result = graded(solved("01", codes={"01-derivation": code}))
    found = points(result)
    assert found.pop("01-derivation") == 0.75, result["exercises"]["01-derivation"]
    assert set(found.values()) == {1.0}


def test_every_answer_ends_the_sandbox():
    codes = {
        "01-repair": FUNCTIONS["leaves"],
        "01-cast": "import os\ndef cubes_gradient(values): os._exit(0)",
        "01-prediction": DATA["leaves while it is read"],
    }
    result = graded(solved("01", codes=codes))
    assert points(result) == {
        "01-derivation": 1.0,
        "01-prediction": 0.0,
        "01-repair": 0.0,
        "01-cast": 0.0,
    }


def test_what_ends_the_sandbox_under_the_last_answer_costs_it_nothing():
    trap = """
import os, sys, types
class Trap(types.ModuleType):
    def __getattr__(self, name): os._exit(0)
sys.modules["colorsys"] = Trap("colorsys")
"""
    solution = answers("01")["01-cast"].solution
    head, body = solution.split("\n", 1)
    codes = {"01-cast": f"{head}\n    from colorsys import rgb_to_hsv\n{body}"}
    result = graded(solved("01", extra={"01-derivation": [trap]}, codes=codes))
    assert set(points(result).values()) == {1.0}, result["exercises"]["01-cast"]


def test_twenty_cells_end_the_sandbox():
    result = graded(solved("01", extra={"01-derivation": ["import os\nos._exit(0)"] * 20}))
    assert set(points(result).values()) == {1.0}
    assert any("ended too many sandboxes" in flag for flag in result["flags"])


def test_what_it_replaced_or_mentioned_is_told():
    result = graded(solved("01", extra={"": [CELLS["NumPy replaced"], CELLS["sockets"]]}))
    flags = "\n".join(result["flags"])
    assert "replaced numpy." in flags
    assert "mentions sockets" in flags


def test_an_unusual_isolation_is_asked_for_by_name():
    result = grade(COURSE, "01", content(solved("01")), isolation="process", limits=LIMITS)
    assert set(points(result).values()) == {1.0}
    assert any("weak isolation" in flag for flag in result["flags"])
    with pytest.raises(ValueError, match="isolation must be one of"):
        grade(COURSE, "01", b"", isolation="none")


@pytest.mark.parametrize("name", ["endless loop", "fork bomb", "leaves at once", "sockets"])
def test_plain_processes_leave_nothing_behind_either(name):
    notebook = solved("01", extra={"01-repair": [CELLS[name]]})
    result = graded(notebook, isolation="process")
    assert set(points(result).values()) == {1.0}


def test_without_bubblewrap_it_is_the_graders_fault(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    result = grade(COURSE, "01", content(solved("01")))
    assert result["state"] == "needs a look"
    assert "bubblewrap is not installed" in result["reason"]
    assert set(points(result).values()) == {0.0}
