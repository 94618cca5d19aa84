"""Both layouts: everything placed, nothing overlapping, edges that end at their boxes."""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest

from tests.widgets.example_traces import ALL, long, worked
from widgets.layout import built_in, dot, place

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
ENGINES = [pytest.param("dot", marks=needs_dot), "built-in"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("example", ALL)
def test_boxes_do_not_overlap_and_lie_inside(example: str, engine: str) -> None:
    data = ALL[example]().to_dict()
    layout = place(data, engine)
    assert data["layout"] is layout
    assert layout["engine"] == engine
    assert list(layout["nodes"]) == [node["id"] for node in data["nodes"]]
    boxes = [
        (b["x"] - b["width"] / 2, b["y"] - b["height"] / 2, b["x"] + b["width"] / 2,
         b["y"] + b["height"] / 2)
        for b in layout["nodes"].values()
    ]  # fmt: skip
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= layout["width"]
        assert 0 <= top < bottom <= layout["height"]
    for k, a in enumerate(boxes):
        for b in boxes[k + 1 :]:
            apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert apart, (a, b)


def from_border(point: list[float], box: dict[str, float]) -> float:
    """How far a point is from the border of a box, in px."""
    across = abs(point[0] - box["x"]) - box["width"] / 2
    down = abs(point[1] - box["y"]) - box["height"] / 2
    return abs(max(across, down))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("example", ALL)
def test_edges_run_down_from_box_to_box(example: str, engine: str) -> None:
    data = ALL[example]().to_dict()
    layout = place(data, engine)
    assert list(layout["edges"]) == [edge["id"] for edge in data["edges"]]
    for edge in data["edges"]:
        points = layout["edges"][edge["id"]]
        assert len(points) % 3 == 1
        start, end = layout["nodes"][edge["from"]], layout["nodes"][edge["to"]]
        assert points[0][1] < points[-1][1]
        assert from_border(points[0], start) < 2
        assert from_border(points[-1], end) < 2


@pytest.mark.parametrize("engine", ENGINES)
def test_parallel_edges_are_two_curves(engine: str) -> None:
    data = worked().to_dict()
    curves = place(data, engine)["edges"]
    twins = [edge["id"] for edge in data["edges"] if (edge["from"], edge["to"]) == ("n1", "n2")]
    assert len(twins) == 2
    assert curves[twins[0]] != curves[twins[1]]


def test_without_dot_the_built_in_layout_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    data = worked().to_dict()
    assert place(data)["engine"] == "built-in"
    with pytest.raises(RuntimeError, match="Install Graphviz"):
        place(data, "dot")


def test_a_dot_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(*arguments: object, timeout: float, **options: object) -> None:
        assert timeout <= 2
        raise subprocess.TimeoutExpired("dot", timeout)

    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/dot")
    monkeypatch.setattr(subprocess, "run", forever)
    assert place(worked().to_dict())["engine"] == "built-in"


@pytest.mark.parametrize("answer", ["", "{}", "not json", '{"bb": "0,0,1"}'])
def test_a_dot_that_answers_nonsense_is_given_up(
    monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    done = subprocess.CompletedProcess([], 0, stdout=answer, stderr="")
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/dot")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: done)
    assert dot.place({"n0": (10, 10)}, []) is None


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match='"dot" or "built-in"'):
        place(worked().to_dict(), "neato")


def test_the_built_in_layout_keeps_a_chain_straight_and_orders_siblings() -> None:
    sizes = dict.fromkeys("abcd", (100, 50))
    edges = [("0", "a", "b"), ("1", "a", "c"), ("2", "b", "d"), ("3", "c", "d")]
    nodes = built_in.place(sizes, edges)["nodes"]
    assert nodes["a"]["x"] == nodes["d"]["x"]
    assert nodes["b"]["y"] == nodes["c"]["y"]
    assert nodes["b"]["x"] < nodes["a"]["x"] < nodes["c"]["x"]


def test_one_node_and_none() -> None:
    assert built_in.place({"a": (100, 50)}, [])["height"] == 70
    assert built_in.place({}, [])["nodes"] == {}


def test_a_leaf_that_is_used_everywhere_is_laid_out_quickly() -> None:
    data = long(120).to_dict()
    start = time.perf_counter()
    assert place(data)["engine"] == "built-in"  # too tangled for dot, too
    assert time.perf_counter() - start < 1
