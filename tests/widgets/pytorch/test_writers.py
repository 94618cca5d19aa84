"""Who overwrote a PyTorch tensor is known of what was recorded, as it is for minigrad's tensors."""

from __future__ import annotations

import gc
from typing import Any

import pytest

import minigrad
import widgets
from widgets import engines, versions

pytestmark = pytest.mark.oracle


def overwritten(torch: Any) -> dict[str, Any]:
    with widgets.recording():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = x * 2
        z = y.exp()
        first = z[0:1]
        with torch.no_grad():
            first.mul_(3)
            z.detach().add_(1)
        out = z.sum()
    return {"x": x, "y": y, "z": z, "first": first, "out": out}


def test_the_padlock_names_the_same_writer_as_minigrads(torch: Any) -> None:
    found = []
    for engine in (minigrad, torch):
        names = overwritten(engine)
        data = engines.record(names["out"], None, names, partial=True).data
        (node,) = [node for node in data["nodes"] if node["name"] == "z"]
        found.append(node["saved"])
    assert found[1] == found[0]
    (saved,) = found[1]
    assert (saved["version"], saved["now"]) == (0, 2)
    assert saved["writer"].startswith("add_ at ")


def test_versions_tells_every_write(torch: Any) -> None:
    story = []
    for engine in (minigrad, torch):
        names = overwritten(engine)
        z, out = names["z"], names["out"]
        story.append(versions(z, out).data["story"])
    assert story[1] == story[0]
    assert [line.split(" ")[0] for line in story[1]] == ["ExpBackward0", "mul_", "add_", "A"]
    assert "`z.detach().add_(1)`" in story[1][2]


def test_writes_through_data_have_a_counter_of_their_own(torch: Any) -> None:
    with widgets.recording():
        y = torch.ones(3)
        aside = y.data
        aside.zero_()
        y.data.add_(1)
        y.mul_(2)
        y.mul_(2)
    told = {c["label"]: c for s in versions(y, aside).data["storages"] for c in s["counters"]}
    steps = [step["operation"] for counter in told.values() for step in counter["steps"]]
    assert sorted(steps) == ["", "", "mul_", "mul_", "zero_"]


def test_lists_and_out_are_overwritten_too(torch: Any) -> None:
    with widgets.recording():
        a, b, c = torch.zeros(2), torch.zeros(2), torch.zeros(2)
        torch.add(a, 1, out=b)
        a[0] = 7
        c /= 2
    written = {
        storage["label"]: storage["counters"][0]["steps"][-1]["operation"]
        for storage in versions(a, b, c).data["storages"]
    }
    assert written == {"a": "copy_", "b": "add", "c": "div_"}


def test_nothing_is_kept_alive(torch: Any) -> None:
    from widgets.pytorch import writers

    with widgets.recording():
        a = torch.zeros(3)
        a.add_(1)
        aside = a.data
        aside.add_(1)
    assert len(writers.of(a)) == len(writers.of(aside)) == 1
    before = len(writers._apart)
    del a, aside
    gc.collect()
    assert len(writers._apart) < before
    fresh = [torch.zeros(3) for _ in range(100)]
    assert not any(writers.of(tensor) for tensor in fresh)
