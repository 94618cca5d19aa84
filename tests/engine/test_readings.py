"""A number that was read off a tensor is followed to where it goes, and no other number is."""

from __future__ import annotations

import math
from typing import Any

import pytest

import minigrad as torch
from minigrad import recording
from minigrad.trace import record
from tests.engine import readings_elsewhere as elsewhere


@pytest.fixture(autouse=True)
def recorded() -> Any:
    with recording.recording():
        yield


def scaled(w: Any, factor: float) -> Any:
    return w * factor


def mean_of(x: Any) -> float:
    return x.sum().item() / x.numel()


def directly(x: Any, w: Any) -> Any:
    number = x.sum().item()
    return w * number


def inside(x: Any, w: Any) -> Any:
    return (x.sum().item() * 2) * w


def one_more(x: Any, w: Any) -> Any:
    number = x.sum().item()
    double = number * 2
    return double * w


def by_hand(x: Any, w: Any) -> Any:
    number = x.sum().item()
    return torch.mul(w, math.sqrt(number))


def overwritten(x: Any, w: Any) -> Any:
    w = w * 1
    w *= x.sum().item() + 1
    return w


def collected(x: Any, w: Any) -> Any:
    total = 0.0
    for _ in range(3):
        total += x.sum().item()
    return w * (total / 3)


def entry_by_entry(x: Any, w: Any) -> Any:
    for value in x.tolist():
        w = w * value
    return w


def through_a_parameter(x: Any, w: Any) -> Any:
    return scaled(w, x.sum().item() * 3)


def by_name(x: Any, w: Any) -> Any:
    number = x.sum().item() + 1
    return scaled(factor=number, w=w)


def through_a_result(x: Any, w: Any) -> Any:
    return w * mean_of(x)


def beside_a_literal(x: Any, w: Any) -> Any:
    number = x.sum().item()
    return (w * number) * 0.5


def as_an_option(x: Any, w: Any) -> Any:
    return w.clamp(max=x.sum().item())


def of_a_new_tensor(x: Any, w: Any) -> Any:
    halves = [value / 2 for value in x.tolist()]
    return w * torch.tensor(halves)


def of_an_array(x: Any, w: Any) -> Any:
    array = x.detach().numpy() * 2
    return w * torch.from_numpy(array)


def in_a_module(x: Any, w: Any) -> Any:
    return elsewhere.times(w, x.sum().item() * 2)


FOLLOWED = [
    directly, inside, one_more, by_hand, overwritten, collected, entry_by_entry,
    through_a_parameter, by_name, through_a_result, beside_a_literal, as_an_option,
    of_a_new_tensor, of_an_array, in_a_module,
]  # fmt: skip


def cuts(make: Any) -> tuple[list[str], dict[str, Any]]:
    """The reason at each edge from what x was computed into, and the trace."""
    x = torch.tensor([0.5, 1.5], requires_grad=True)
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    out = make(x, w).sum()
    data = record(out, None, {"x": x, "w": w, "out": out}).data
    return [edge["severed"]["reason"] for edge in data["edges"] if "severed" in edge], data


@pytest.mark.parametrize("make", FOLLOWED)
def test_a_number_is_followed(make: Any) -> None:
    reasons, data = cuts(make)
    expected = {entry_by_entry: ".tolist()", of_a_new_tensor: ".tolist()", of_an_array: "detach()"}
    assert set(reasons) == {expected.get(make, ".item()")}
    reached = {node["label"]: node.get("reached", True) for node in data["nodes"]}
    assert reached["x"] is False
    assert reached["w"] is True


def test_a_number_is_called_as_the_reader_calls_it() -> None:
    _, data = cuts(one_more)
    shown = [(node["label"], node["expression"]) for node in data["nodes"]]
    assert ("double", "number * 2") in shown
    assert ("t2", "w * double") in shown
    (number,) = [node for node in data["nodes"] if node["label"] == "double"]
    assert number["value"]["values"] == 4.0
    assert number["requires_grad"] is False


def literals(x: Any, w: Any) -> Any:
    x.sum().item()
    return (w * 0.5 + 2.0) * -1.5


def another_name(x: Any, w: Any) -> Any:
    number = x.sum().item()
    number = 3.0
    return w * number


def a_tensor_made_with_it(x: Any, w: Any) -> Any:
    y = w * 1
    logged = [x.sum().item()]
    factor = 0.25 if logged else 0.5
    return y * factor


def a_size(x: Any, w: Any) -> Any:
    return w * (1.0 / x.numel()) * (1.0 / len(x.tolist()))


@pytest.mark.parametrize("make", [literals, another_name, a_tensor_made_with_it, a_size])
def test_other_numbers_are_left_alone(make: Any) -> None:
    reasons, data = cuts(make)
    assert reasons == []
    assert "x" not in [node["label"] for node in data["nodes"]]


def test_a_cut_number_alone() -> None:
    x = torch.tensor([0.5, 1.5], requires_grad=True)
    number = float((x * x).sum().detach())
    out = torch.ones(2) * (number + 1)
    data = record(out.sum(), None, {"x": x}, partial=True).data
    shown = [node["expression"] for node in data["nodes"]]
    assert shown == [
        "c1",
        "x",
        "x * x",
        "sum(t1)",
        "t2.detach()",
        "number + 1",
        "c1 * t4",
        "sum(t5)",
    ]
    assert data["error"]["node"] == data["output"]


def test_nothing_is_noted_without_recording() -> None:
    x = torch.tensor([0.5, 1.5], requires_grad=True)
    with recording.recording(False):
        number = x.sum().item()
    out = (x * number).sum()
    assert not [e for e in record(out, None, {"x": x}).data["edges"] if "severed" in e]


def test_variables_of_other_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a notebook each cell is a file of its own; they run one after the other."""
    import linecache

    cells = {
        "cell1": "s = x.sum()\nnumber = s.item()\n",
        "cell2": "double = number * 2\n",
        "cell3": "y = w * double\n",
    }
    scope = {
        "x": torch.tensor([0.5, 1.5], requires_grad=True),
        "w": torch.tensor([2.0, 3.0], requires_grad=True),
    }
    numbers = {file: k + 1 for k, file in enumerate(cells)}
    monkeypatch.setattr(recording, "_cells", lambda: numbers)
    for file, text in cells.items():
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), scope)
    out = scope["y"].sum()
    data = record(out, None, scope).data
    labels = {node["id"]: node["label"] for node in data["nodes"]}
    (cut,) = [edge for edge in data["edges"] if "severed" in edge]
    assert (labels[cut["from"]], labels[cut["to"]]) == ("s", "double")
