"""Groups in the layout: what is folded, opening never overlaps, curves meet at borders."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from typing import Any

import pytest

from tests.widgets import example_traces, large_traces
from tests.widgets.large_traces import FOLDED
from tests.widgets.test_layout import from_border, overlaps
from widgets.layout import built_in, place, unfold
from widgets.layout.groups import LARGE, MOST
from widgets.still import as_html


@cache
def laid_out(name: str) -> dict[str, Any]:
    data: dict[str, Any] = FOLDED[name]().to_dict()
    place(data)
    return data


def choices(groups: dict[str, Any], count: int = 6) -> list[set[str]]:
    """Some choices of open groups: none, those at first, and random ones."""
    root, *others = groups
    chance = random.Random(5)
    few = others if len(others) < 60 else chance.sample(others, 60)
    some = [{root} | {name for name in few if chance.random() < 0.6} for _ in range(count)]
    return [{root}, {name for name, group in groups.items() if group["open"]}, *some]


@pytest.mark.parametrize("name", FOLDED)
def test_nothing_overlaps_whatever_is_open(name: str) -> None:
    layout = laid_out(name)["layout"]
    for opened in choices(layout["groups"]):
        assert overlaps(unfold(layout, opened), opened) == []


@pytest.mark.parametrize("name", FOLDED)
def test_open_groups_lie_around_what_is_in_them(name: str) -> None:
    groups = laid_out(name)["layout"]["groups"]
    for opened in choices(groups):
        boxes = unfold(laid_out(name)["layout"], opened)["boxes"]
        for group in opened - {"g0"}:
            if group not in boxes:
                continue  # it is open in a closed one
            x, y, width, height = boxes[group]
            for child in groups[group]["boxes"]:
                cx, cy, w, h = boxes[child]
                assert abs(cx - x) <= (width - w) / 2 + 0.01, (group, child)
                assert abs(cy - y) <= (height - h) / 2 + 0.01, (group, child)


@pytest.mark.parametrize("name", FOLDED)
def test_curves_end_at_boxes_and_meet_at_ports(name: str) -> None:
    layout = laid_out(name)["layout"]
    groups = layout["groups"]
    for opened in choices(groups):
        picture = unfold(layout, opened)
        for around in groups:
            for edge, (start, end, _) in groups[around]["edges"].items():
                if edge not in picture["edges"]:
                    continue
                points = picture["edges"][edge]
                for box, point, tip in ((start, points[0], 0), (end, points[-1], -1)):
                    if box in picture["boxes"]:
                        assert from_border(point, picture["boxes"][box]) < 0.1
                    else:
                        outside = picture["edges"][box.removeprefix("port ")]
                        assert point == pytest.approx(outside[-1 - tip]), (edge, box)


@pytest.mark.parametrize("name", FOLDED)
def test_every_edge_is_drawn_on_each_level_that_it_passes(name: str) -> None:
    data = laid_out(name)
    groups = data["layout"]["groups"]
    carried = Counter(
        edge
        for group in groups.values()
        for drawn in group["edges"]
        for edge in group["carries"].get(drawn, [drawn])
    )
    assert set(carried) == {edge["id"] for edge in data["edges"]}


def test_a_small_network_is_all_open_and_says_what_belongs_together() -> None:
    groups = laid_out("modules")["layout"]["groups"]
    names = [(group["kind"], group["name"], group["operations"]) for group in groups.values()]
    assert names == [
        ("graph", "", 8),
        ("module", "net Sequential", 5),
        ("module", "net.0 Linear", 2),
        ("module", "net.2 Linear", 2),
        ("function", "error", 3),
    ]
    assert all(group["open"] for group in groups.values())


def test_the_readers_variables_stay_outside_and_parameters_go_inside() -> None:
    data = laid_out("modules")
    groups = data["layout"]["groups"]
    place_of = {box: name for name, group in groups.items() for box in group["boxes"]}
    labels = {node["label"]: place_of[node["id"]] for node in data["nodes"]}
    assert labels["x"] == labels["t"] == "g0"
    assert groups[labels["net.0.weight"]]["name"] == "net.0 Linear"


@pytest.mark.parametrize("name", ["recurrent", "blocks", "loop", "chain"])
def test_a_large_graph_starts_folded(name: str) -> None:
    data = laid_out(name)
    groups = data["layout"]["groups"]
    opened = {group for group in groups if groups[group]["open"]}
    assert 3 <= len(set(unfold(data["layout"])["boxes"]) - opened) <= MOST
    if len(data["nodes"]) > LARGE:
        assert max(len(group["boxes"]) for group in groups.values()) <= 2 * MOST


def test_iterations_are_in_their_loop() -> None:
    groups = laid_out("recurrent")["layout"]["groups"]
    kinds = Counter(group["kind"] for group in groups.values())
    assert kinds["loop"] == 1
    loop = next(group for group in groups.values() if group["kind"] == "loop")
    assert loop["name"] == "for t in range(len(xs))"
    assert len(loop["boxes"]) == 20


def test_a_chain_without_scopes_folds_into_runs() -> None:
    groups = laid_out("chain")["layout"]["groups"]
    assert {group["kind"] for group in groups.values()} == {"graph", "run"}
    runs = [group for group in groups.values() if not any(b in groups for b in group["boxes"])]
    assert [group["operations"] for group in runs] == [32] * 31 + [9]
    assert runs[0]["name"] == "t1 … t32"


def crossings(layout: dict[str, Any]) -> int:
    """How many pairs of edges of one level cross, by the order of their ends."""
    count = 0
    for group in layout["groups"].values():
        lines = [points for *_, points in group["edges"].values()]
        for k, a in enumerate(lines):
            for b in lines[k + 1 :]:
                if min(a[-1][1], b[-1][1]) <= max(a[0][1], b[0][1]):
                    continue  # one is wholly above the other
                count += (a[0][0] - b[0][0]) * (a[-1][0] - b[-1][0]) < 0
    return count


def test_shared_parameters_are_drawn_once_per_use() -> None:
    data = laid_out("recurrent")
    layout = data["layout"]
    uses = Counter(layout["copies"].values())
    shared = [node for node in data["nodes"] if node["label"].startswith("net.cell")]
    assert [uses[node["id"]] for node in shared] == [20] * 4
    assert crossings(layout) == 0


def test_groups_that_look_alike_are_laid_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    real = built_in.place
    monkeypatch.setattr(built_in, "place", lambda *all_: calls.append(1) or real(*all_))
    groups = place(large_traces.loop().to_dict())["groups"]
    assert len(groups) > 500
    assert len(calls) < 60


def test_a_leaf_with_few_uses_is_drawn_once() -> None:
    data = example_traces.scalars().to_dict()
    assert place(data)["copies"] == {}


def test_the_still_picture_is_as_folded_as_the_page() -> None:
    page = as_html(laid_out("chain"))
    assert len(page) < 40_000
    assert page.startswith("<img")


def test_a_trace_without_scopes_is_read() -> None:
    data = large_traces.modules().to_dict()
    for node in data["nodes"]:
        node.pop("scope")
    assert list(place(data)["groups"]) == ["g0"]
