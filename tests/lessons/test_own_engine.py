"""The engine of lesson 12, drawn: what the picture shows is what the reader's functions did."""

import nbformat
import numpy as np
import pytest

import minigrad as torch
from lessons.own_engine import trace_of
from minigrad.trace import record
from tests.instructor import lesson_12
from tests.lessons.test_lessons import FOLDER
from widgets import step_through


def engine(**parts):
    """The lesson's own cells, with the solutions, or with other parts in their place."""
    (path,) = FOLDER.glob("12_*.ipynb")
    cells = {cell["id"]: cell.source for cell in nbformat.read(path, as_version=4).cells}
    names = {"np": np}
    exec(cells["remember-class"], names)
    answers = {
        "multiply": lesson_12.multiply(),
        "in_order": lesson_12.ORDER,
        "pass_back": lesson_12.pass_back(),
        "fit": lesson_12.fit(),
    }
    for code in (answers | parts).values():
        exec(code, names)
    exec(cells["together"].partition("def backward")[0], names)
    return names


def first_program(names):
    """The program of lesson 01 on the reader's engine, with other numbers, and its trace."""
    array = names["Array"]
    x, two, three = array([[1.0, 2.0], [-1.0, 0.5]]), array(2.0), array(3.0)
    y = names["add"](x, two)
    z = names["multiply"](names["multiply"](y, y), three)
    out = names["mean"](z)
    parts = (names["in_order"], names["pass_back"], names["fit"])
    return x, trace_of(
        out, *parts, {"x": x, "two": two, "three": three, "y": y, "z": z, "out": out}
    )


def sent(trace):
    """(from, to) → what was sent, of each product in its order."""
    labels = {node["id"]: node["label"] for node in trace.data["nodes"]}
    return [
        (labels[step["node"]], labels[product["to"]], product["contribution"]["values"])
        for step in trace.data["backward"]
        for product in step["products"]
    ]


def test_it_shows_what_minigrad_shows():
    x = torch.tensor([[1.0, 2.0], [-1.0, 0.5]], dtype=torch.float64, requires_grad=True)
    y = x + 2
    z = y * y * 3
    out = z.mean()
    theirs = record(out, names={"x": x, "y": y, "z": z, "out": out})
    own, trace = first_program(engine())
    plain = {"t1": "t4"}  # what has no name of its own
    expected = [(plain.get(a, a), plain.get(b, b), v) for a, b, v in sent(theirs)]
    assert [each for each in sent(trace) if each[1] not in ("two", "three")] == expected
    out.backward()
    assert np.allclose(own.grad, x.grad.numpy())
    jacobians = [p["jacobian"] for s in theirs.data["backward"] for p in s["products"]]
    mine = [p["jacobian"] for s in trace.data["backward"] for p in s["products"]]
    assert [j for j in mine if j["shape"][1] > 1] == jacobians


def test_it_can_be_stepped_through_and_drawn_and_leaves_the_engine_as_it_was():
    names = engine()
    x, trace = first_program(names)
    assert trace.data["error"] is None
    last = trace.data["backward"][-1]
    assert last["kind"] == "accumulate"
    assert step_through(trace).recorded is trace
    value = trace.node("n0")["value"]["values"]
    assert value == x.data.tolist()
    assert "x.grad is" in str(trace)
    _, again = first_program(names)
    assert sent(again) == sent(trace)


def test_a_walk_that_does_not_add_is_seen():
    names = engine(pass_back=lesson_12.pass_back(sent="function(array.grad)"))
    x, trace = first_program(names)
    twice = [
        product
        for step in trace.data["backward"]
        for product in step["products"]
        if product["before"] is not None
    ]
    (product,) = twice
    assert product["after"] == product["contribution"]
    assert not np.allclose(x.grad, 6 * (x.data + 2) / 4)


def test_a_walk_without_a_first_number_is_seen():
    _, trace = first_program(engine(pass_back=lesson_12.pass_back("pass")))
    assert "starts at out with the gradient 0" in str(trace)


def test_a_part_that_raises_ends_the_picture_with_its_error():
    broken = lesson_12.fit(inner="gradient.sum(axis=7)")
    names = engine(fit=broken, multiply=lesson_12.multiply(), pass_back=lesson_12.pass_back())
    array = names["Array"]
    x, row = array(np.ones((2, 3))), array(np.ones((1, 3)))
    out = names["mean"](names["add"](x, row))
    parts = (names["in_order"], names["pass_back"], names["fit"])
    trace = trace_of(out, *parts, {"x": x, "row": row})
    assert trace.data["error"]["type"] in ("AxisError", "ValueError")
    assert "axis 7 is out of bounds" in str(trace)
    assert step_through(trace).trace


@pytest.mark.parametrize("part", ["multiply", "in_order", "pass_back", "fit"])
def test_what_is_not_written_yet_is_drawn_as_far_as_it_goes(part):
    (path,) = FOLDER.glob("12_*.ipynb")
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    code = next(cell.source for cell in cells if cell.source.startswith(f"def {part}("))
    _, trace = first_program(engine(**{part: code}))
    assert trace.data["output"]
    assert step_through(trace).trace
    full = first_program(engine())[1]
    assert sent(trace) != sent(full)
