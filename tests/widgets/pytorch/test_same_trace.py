"""The same program in minigrad and in PyTorch gives the same trace, and so the same picture.

What may differ: the name of the engine, and numbers by the rounding of sums that are added up in
another order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest

import minigrad
from minigrad.trace import Trace
from tests.widgets.pytorch.programs import (
    ALL,
    a_number_alone,
    classifier,
    cut_off,
    freed,
    in_place,
    kinked,
    worked,
)
from widgets import engines, recording

NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]?\d+)?")
LIMIT = {"rel_tol": 1e-4, "abs_tol": 2e-4}  # of float32, and of texts with four digits


def traced(engine: Any, run: Callable[[Any], dict[str, Any]]) -> Trace:
    with recording():
        names = run(engine)
    return engines.record(names["out"], None, names, partial=True)


def differences(a: Any, b: Any, where: str = "") -> list[str]:
    """Where two pieces of data differ by more than rounding."""
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return [d for key in a for d in differences(a[key], b[key], f"{where}.{key}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for k in range(len(a)) for d in differences(a[k], b[k], f"{where}[{k}]")]
    if isinstance(a, str) and isinstance(b, str):
        same = NUMBER.sub("#", a) == NUMBER.sub("#", b) and all(
            math.isclose(float(x), float(y), **LIMIT)
            for x, y in zip(NUMBER.findall(a), NUMBER.findall(b), strict=True)
        )
    elif isinstance(a, float) or isinstance(b, float):
        same = math.isclose(a, b, **LIMIT)
    else:
        same = type(a) is type(b) and a == b
    return [] if same else [f"{where}: {a!r} | {b!r}"]


@pytest.mark.oracle
@pytest.mark.parametrize("run", ALL)
def test_same_trace(run: Any, torch: Any) -> None:
    ours, theirs = traced(minigrad, run).to_dict(), traced(torch, run).to_dict()
    assert (ours["engine"], theirs["engine"]) == ("minigrad", "torch")
    found = differences({**ours, "engine": None}, {**theirs, "engine": None})
    assert not found, "\n".join(found)


@pytest.mark.oracle
def test_the_comparison_finds_what_differs(torch: Any) -> None:
    ours = traced(minigrad, worked).to_dict()
    other = traced(torch, worked).to_dict()
    other["nodes"][1]["label"] = "other"
    other["backward"][3]["products"][0]["contribution"]["values"][0][0] += 0.01
    assert len(differences(ours, other)) == 3  # and the engine


@pytest.mark.oracle
def test_without_a_recording_the_graph_is_the_same_and_unknown_values_say_so(torch: Any) -> None:
    names = worked(torch)
    trace = engines.record(names["out"], None, names)
    full = traced(torch, worked)
    assert trace.data["edges"] == full.data["edges"]
    assert trace.data["backward"] == full.data["backward"]
    shown = {node["label"]: (node["expression"], node["value"]) for node in trace.data["nodes"]}
    assert shown["t1"] == ("y * y", None)  # nobody keeps it
    assert shown["y"][0] == "x + 2"  # nor the 2, but x and y are known
    assert shown["y"][1]["values"] == [[3.0, 3.0], [3.0, 3.0]]
    assert all(node["source"] is None for node in trace.data["nodes"])


@pytest.mark.oracle
@pytest.mark.parametrize("run", [run for run in ALL if run not in (freed, cut_off, a_number_alone)])
def test_gradients_without_a_recording(run: Any, torch: Any) -> None:
    names = run(torch)
    trace, full = engines.record(names["out"], None, names), traced(torch, run)

    def arrived(data: Any) -> Any:
        return [step["accumulate"] for step in data["backward"] if step["kind"] == "accumulate"]

    strip = [{**change, "text": ""} for change in arrived(trace.data)]
    assert strip == [{**change, "text": ""} for change in arrived(full.data)]


@pytest.mark.oracle
def test_modules_are_known(torch: Any) -> None:
    trace = traced(torch, classifier)
    scopes = {node["expression"]: node["scope"] for node in trace.data["nodes"]}
    assert scopes["relu(t2)"] == [["module", "net Sequential", 0], ["module", "net.1 ReLU", 0]]


@pytest.mark.oracle
def test_kinks_are_found(torch: Any) -> None:
    backward = traced(torch, kinked).data["backward"]
    found = [product["kinks"] for step in backward for product in step["products"]
             if "kinks" in product]  # fmt: skip
    assert [(kink["count"], kink["entries"][0]["at"]) for kink in found] == [(1, 1)] * 3


@pytest.mark.oracle
def test_an_operation_in_place_is_shown_by_its_line(torch: Any) -> None:
    sources = [node["source"] for node in traced(torch, in_place).data["nodes"]]
    assert "y.mul_(x)" in [source["text"] for source in sources if source]
