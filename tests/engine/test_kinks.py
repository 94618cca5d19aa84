"""Kinks are found by running an operation again, and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad import recording
from minigrad.trace import record

F = torch.nn.functional


@pytest.fixture(autouse=True)
def recorded() -> Any:
    with recording.recording(), np.errstate(all="ignore"):
        yield


def found(function: Callable[..., Any], *values: list[float]) -> dict[int, tuple[float, ...]]:
    """Entry → (left, right, used) of the kinks of the first input."""
    inputs = [torch.tensor(value, requires_grad=True) for value in values]
    data = record(function(*inputs).sum(), None, {"x": inputs[0]}).data
    (x,) = [node["id"] for node in data["nodes"] if node["label"] == "x"]
    products = [p for step in data["backward"] for p in step["products"] if p["to"] == x]
    entries = [entry for p in products for entry in p.get("kinks", {"entries": []})["entries"]]
    return {entry["at"]: (entry["left"], entry["right"], entry["used"]) for entry in entries}


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        (torch.relu, [[0.0, 1.0, -1.0]], {0: (0, 1, 0)}),
        (torch.abs, [[1.0, 0.0]], {1: (-1, 1, 0)}),
        (lambda x: x.clamp(-1, 2), [[-1.0, 0.5, 2.0]], {0: (0, 1, 1), 2: (1, 0, 1)}),
        (torch.maximum, [[1.0, 2.0], [1.0, 3.0]], {0: (0, 1, 0.5)}),
        (torch.max, [[3.0, 1.0, 3.0, 3.0]], dict.fromkeys((0, 2, 3), (0, 1, 1 / 3))),
        (lambda x: x.max(0)[0], [[3.0, 3.0]], {0: (0, 1, 1), 1: (0, 1, 0)}),
        (F.leaky_relu, [[0.0, 1e-9, -1e-9]], {0: (0.01, 1, 0.01)}),
        (torch.norm, [[0.0, 0.0]], {0: (-1, 1, 0), 1: (-1, 1, 0)}),
    ],
)
def test_kinks(function: Any, values: Any, expected: Any) -> None:
    kinks = found(function, *values)
    assert kinks.keys() == expected.keys()
    for at, numbers in expected.items():
        assert kinks[at] == pytest.approx(numbers, rel=1e-5)


@pytest.mark.parametrize(
    "function",
    [
        torch.exp, torch.sin, torch.sqrt, torch.log, torch.tanh, torch.floor, torch.sign,
        lambda x: x**3, lambda x: 1 / x, lambda x: x.softmax(0), lambda x: x.sort()[0],
        lambda x: x * x, lambda x: x.prod(0), lambda x: x.std(), lambda x: F.dropout(x, 0.5),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "values", [[0.0, 1.0, -2.0, 1e-6], [1e-20, 30.0, 0.3, -1e5], [1e-9, 2e-9, 3e-9]]
)
def test_smooth_curves_jumps_and_chance_have_none(function: Any, values: list[float]) -> None:
    if function(torch.tensor([3.0, 3.0])).isnan().any():
        pytest.skip("not defined there")
    assert found(function, values) == {}


def test_near_a_kink_is_not_at_it() -> None:
    near = math.nextafter(1.0, 2.0)
    assert found(torch.maximum, [1.0], [float(np.nextafter(np.float32(1), np.float32(2)))]) == {}
    assert found(lambda x: x.clamp(min=near), [2.0]) == {}
