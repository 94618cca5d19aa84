"""Notebooks that are odd and not wrong: they get the points that a careful person would give."""

import json

import pytest

from tests.grading.submissions import COURSE, answers, content, notebook, points, solved
from tests.instructor.grading import grade

pytestmark = pytest.mark.sandbox

FULL = dict.fromkeys(COURSE.lessons["01"].exercises, 1.0)


def as_data(found):
    return json.loads(json.dumps(found))


def cell(data, name):
    """The cell of an exercise's answer, in a notebook as JSON has it."""
    for one in data["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade_id") == name:
            return one
    raise KeyError(name)


def graded(data, lesson="01"):
    result = grade(COURSE, lesson, data if isinstance(data, bytes) else json.dumps(data).encode())
    assert result["state"] == "graded", result["reason"]
    return result


def windows(data):
    text = json.dumps(data, indent=1, ensure_ascii=False).replace("\\n", "\\r\\n")
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


def utf16(data):
    return json.dumps(data, ensure_ascii=False).encode("utf-16")


def lines(data):
    for one in data["cells"]:
        one["source"] = one["source"].splitlines(keepends=True)
    return data


def version_3(data):
    cells = [
        {"cell_type": "code", "language": "python", "input": one["source"], "outputs": []}
        for one in data["cells"]
        if one["cell_type"] == "code"
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


def bare(data):
    """As another program may store it: no ids, no metadata."""
    for one in data["cells"]:
        one.pop("id")
        one["metadata"] = None
    return data


def without_setup(data):
    return {**data, "cells": [c for c in data["cells"] if c["metadata"].get("nbgrader")]}


def without_checks(data):
    graded_cells = [c for c in data["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
    return {**data, "cells": [c for c in data["cells"] if c not in graded_cells]}


def checks_edited(data):
    for name in FULL:
        cell(data, f"{name}-check")["source"] = "assert False, 'mine'"
    return data


def turned_round(data):
    return {**data, "cells": data["cells"][::-1]}


def twice(data):
    """Each answer cell is followed by a copy of it as it was handed out."""
    cells = []
    for one in data["cells"]:
        cells.append(one)
        name = one["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in FULL:
            cells.append({**cell(as_data(notebook("01")), name), "id": f"{name}-copy"})
    return {**data, "cells": cells}


def elsewhere(data):
    """The answers stand in new cells at the end; the cells that were meant for them are as ever."""
    for name, each in answers("01").items():
        cell(data, name)["source"] = cell(as_data(notebook("01")), name)["source"]
        new = {"cell_type": "code", "id": f"{name}-mine", "metadata": {}, "source": each.solution}
        data["cells"].append({**new, "outputs": [], "execution_count": None})
    return data


def answers_deleted(data):
    """As above, and the cells that were meant for them are gone."""
    data = elsewhere(data)
    return {**data, "cells": [c for c in data["cells"] if not is_answer(c)]}


def is_answer(one):
    return one["metadata"].get("nbgrader", {}).get("grade_id") in FULL


def mid_run(data):
    for one in data["cells"]:
        if one["cell_type"] == "code":
            one["execution_count"] = None
            one["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "…"}]
    data["metadata"] = {"widgets": {"broken": None}}
    return data


def setup_edited(data):
    """Something useful was added to a cell of the lesson, and something in it was broken."""
    for one in data["cells"]:
        if one["id"] == "import":
            one["source"] = "def three(v):\n    return v**3\n\n" + one["source"] + "\ntorch = None"
    cell(data, "01-cast")["source"] = (
        "def cubes_gradient(values):\n"
        "    w = torch.tensor(values, dtype=torch.float64, requires_grad=True)\n"
        "    three(w).sum().backward()\n    return w.grad\n"
    )
    return data


def helper_below(data):
    """An answer uses a function that is defined in a cell further down."""
    cell(data, "01-cast")["source"] = (
        "def cubes_gradient(values):\n"
        "    w = torch.tensor(values, dtype=torch.float64, requires_grad=True)\n"
        "    drei_hoch(w).sum().backward()\n    return w.grad\n"
    )
    code = "def drei_hoch(größe):\n    return größe**3"
    data["cells"].append({"cell_type": "code", "id": "below", "metadata": {}, "source": code})
    return data


def errors_between(data):
    for k in range(0, len(data["cells"]), 3):
        code = f"print(undefined_{k})\n1/0"
        data["cells"].insert(
            k, {"cell_type": "code", "id": f"e{k}", "metadata": {}, "source": code}
        )
    return data


def strange_parts(data):
    data["cells"] += [None, 5, {}, {"cell_type": "code"}, {"cell_type": "code", "source": 7}]
    data["cells"].append({"cell_type": "code", "source": ["x = 1", None], "metadata": []})
    return data


def timed(data):
    for name in FULL:
        cell(data, name)["source"] = "%%time\n" + cell(data, name)["source"]
    return data


ODD = [
    windows, utf16, lines, version_3, bare, without_setup, without_checks, checks_edited,
    turned_round, twice, elsewhere, answers_deleted, mid_run, setup_edited, helper_below,
    errors_between, strange_parts, timed,
]  # fmt: skip


@pytest.mark.parametrize("change", ODD, ids=lambda change: change.__name__)
def test_odd_notebooks_keep_their_points(change):
    result = graded(change(as_data(solved("01"))))
    assert points(result) == FULL, result["exercises"]


def test_cells_in_the_student_s_order_are_reported_in_theirs():
    result = graded(as_data(solved("01", extra={"": ["1/0"]})))
    last = result["cells"][-1]
    assert (last["state"], last["error"]) == ("raised", "ZeroDivisionError: division by zero")


def test_an_answer_that_breaks_others_breaks_only_itself():
    wrong = "torch.tensor = torch.autograd = None\nmy_factors = {}\ndel torch"
    result = graded(as_data(solved("01", codes={"01-derivation": wrong})))
    assert points(result) == {**FULL, "01-derivation": 0.0}


def test_the_engine_is_not_to_be_had_where_one_is_built():
    cheat = """\
def try_multiply(a, b, gradient):
    import minigrad
    x, y = (minigrad.tensor(v, requires_grad=True) for v in (a, b))
    out = x * y
    back = minigrad.autograd.grad(out, (x, y), minigrad.tensor(gradient))
    return {"value": out.detach().numpy(), "sent": [[k, g.numpy()] for k, g in enumerate(back)]}

def multiply(a, b):
    pass
"""
    result = graded(
        as_data(solved("12", codes={"12-multiply": cheat}, extra={"12-order": [cheat]})), "12"
    )
    found = result["exercises"]["12-multiply"]
    assert found["points"] == 0
    assert points(result)["12-order"] == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty"),
        (b"  \n", "The file is empty"),
        (b"%PDF-1.4", "not JSON"),
        (b"\x00\x01\x02\xff", "not a notebook"),
        (b"[1, 2]", "not a notebook"),
        (b"{}", "has no cells"),
        (b'{"cells": 5}', "not a list"),
        (b'{"cells": ' + b"[" * 200_000, "nested too deeply"),
        (b'{"cells": [], "x": ' + b'{"x":' * 200_000, "nested too deeply"),
        (b" " * 21_000_000 + b"{}", "The file has 21 MB"),
        (b'{"cells": [' + b"{}," * 5000 + b"{}]}", "5001 cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_notebook_is_set_aside(data, reason):
    result = grade(COURSE, "01", data)
    assert result["state"] == "set aside"
    assert reason in result["reason"]
    assert set(points(result).values()) == {0.0}


def test_half_a_notebook_is_set_aside():
    result = grade(COURSE, "01", content(solved("01"))[:5000])
    assert (result["state"], "saved to the end" in result["reason"]) == ("set aside", True)


def test_another_lessons_notebook_needs_a_look():
    result = grade(COURSE, "01", content(solved("03")))
    assert result["state"] == "needs a look"
    assert "Is it another lesson's?" in result["reason"]
