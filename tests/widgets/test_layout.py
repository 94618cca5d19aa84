"""Both layouts: everything placed, nothing overlapping, edges that end at their boxes."""

from __future__ import annotations

import shutil
import subprocess
import time

import pytest

from tests.widgets.example_traces import ALL, long, worked
from widgets.layout import built_in, dot, place, unfold

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
ENGINES = [pytest.param("dot", marks=needs_dot), "built-in"]


def overlaps(picture: dict, opened: set[str]) -> list[tuple[str, str]]:
    """Boxes that overlap or lie outside; open groups are around others and do not count."""
    boxes = {
        name: (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        for name, (x, y, w, h) in picture["boxes"].items()
        if name not in opened
    }
    found = []
    names = list(boxes)
    for k, first in enumerate(names):
        a = boxes[first]
        if (
            a[0] < 0
            or a[1] < 0
            or a[2] > picture["width"] + 0.01
            or a[3] > picture["height"] + 0.01
        ):
            found.append((first, "outside"))
        for second in names[k + 1 :]:
            b = boxes[second]
            gap = 0.01  # what rounding may take
            apart = (
                a[2] <= b[0] + gap or b[2] <= a[0] + gap or a[3] <= b[1] + gap or b[3] <= a[1] + gap
            )
            if not apart:
                found.append((first, second))
    return found  # fmt: skip


@pytest.mark.parametrize("engine", [*ENGINES, None])
@pytest.mark.parametrize("example", ALL)
def test_boxes_do_not_overlap_and_lie_inside(example: str, engine: str | None) -> None:
    data = ALL[example]().to_dict()
    layout = place(data, engine)
    assert data["layout"] is layout
    assert engine is None or layout["engine"] == engine
    opened = {name for name, group in layout["groups"].items() if group["open"]}
    picture = unfold(layout)
    assert overlaps(picture, opened) == []
    shown = {layout["copies"].get(box, box) for box in picture["boxes"]} - opened
    assert shown == {node["id"] for node in data["nodes"]}


def from_border(point: list[float], box: list[float]) -> float:
    """How far a point is from the border of a box, in px."""
    across = abs(point[0] - box[0]) - box[2] / 2
    down = abs(point[1] - box[1]) - box[3] / 2
    return abs(max(across, down))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("example", ALL)
def test_edges_run_down_from_box_to_box(example: str, engine: str) -> None:
    data = ALL[example]().to_dict()
    picture = unfold(place(data, engine))
    assert list(picture["edges"]) == [edge["id"] for edge in data["edges"]]
    for edge in data["edges"]:
        points = picture["edges"][edge["id"]]
        assert len(points) % 3 == 1
        start, end = picture["boxes"][edge["from"]], picture["boxes"][edge["to"]]
        assert points[0][1] < points[-1][1]
        assert from_border(points[0], start) < 2
        assert from_border(points[-1], end) < 2


@pytest.mark.parametrize("engine", ENGINES)
def test_parallel_edges_are_two_curves(engine: str) -> None:
    data = worked().to_dict()
    curves = unfold(place(data, engine))["edges"]
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
    start = time.process_time()
    assert place(data)["engine"] == "built-in"  # too tangled for dot, too
    assert time.process_time() - start < 1
