"""`profile_chart`: the times are the profile's, forward and backward are told apart."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad
from minigrad.autograd import profiler
from widgets.charts import profile_chart
from widgets.charts.calls import calls, duration, rows
from widgets.charts.chart import INVERTED, PALETTES


@pytest.fixture(scope="module")
def prof() -> profiler.profile:
    net = minigrad.nn.Sequential(minigrad.nn.Linear(8, 6), minigrad.nn.Tanh())
    x = minigrad.randn(5, 8)
    with profiler.profile() as found:
        for _ in range(3):
            with profiler.record_function("my block"):
                loss = (net(x) ** 2).mean()
            loss.backward()
    return found


def test_no_time_is_lost_and_none_is_made(prof: profiler.profile) -> None:
    chart = profile_chart(prof, top=4)
    assert chart.total == pytest.approx(prof.self_cpu_time_total)
    assert sum(chart.by_kind.values()) == pytest.approx(chart.total)
    assert sum(row.calls for row in chart.rows) == len(prof.function_events)
    assert len(chart.rows) == 5  # four and the others
    assert chart.rows[-1].name.endswith("others")


def test_kinds_and_counts(prof: profiler.profile) -> None:
    by_name = {row.name: row for row in rows(calls(prof), 100)}
    assert by_name["tanh"].count["forward"] == 3
    assert by_name["TanhBackward0"].count["backward"] == 3
    assert by_name["AccumulateGrad"].count["backward"] == 6
    assert by_name["my block"].count["block"] == 3
    assert by_name["tanh"].own["backward"] == 0


def test_operations_inside_a_backward_call_are_backward() -> None:
    x = minigrad.randn(3, requires_grad=True)
    with profiler.profile() as prof:
        y = (x**3).sum()
        minigrad.autograd.grad(y, x, create_graph=True)
    found = [call for call in calls(prof) if call.name == "aten::mul"]
    assert found
    assert {call.kind for call in found} == {"backward"}


def test_bars_say_their_kind_without_colour(prof: profiler.profile) -> None:
    chart = profile_chart(prof)
    bars, legend = chart.figure.axes[0].patches, chart.figure.axes[0].get_legend()
    hatches = {bar.get_hatch() for bar in bars}
    assert len(hatches) == 3
    assert [text.get_text() for text in legend.get_texts()] == [
        "forward", "backward", "your blocks",
    ]  # fmt: skip
    widths = sum(bar.get_width() for bar in bars)
    largest = max(row.time for row in chart.rows)
    assert widths * (1000 if largest >= 1000 else 1) == pytest.approx(chart.total, rel=1e-6)


def test_averages_do_not_tell_where_they_were_called(prof: profiler.profile) -> None:
    chart = profile_chart(prof.key_averages())
    assert chart.by_kind["forward"] == 0
    assert chart.by_kind["either"] > 0
    assert len(chart.figure.axes) == 1  # no line of time
    assert "forward or backward" in chart.words


def test_it_shows_itself_and_has_a_page(prof: profiler.profile, tmp_path: Path) -> None:
    chart = profile_chart(prof, title="My <b>net</b>")
    data, metadata = chart._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == chart.words
    page = chart.to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "My &lt;b&gt;net&lt;/b&gt;" in page
    assert "data:image/png;base64," in page
    assert "<script" not in page
    chart.savefig(tmp_path / "chart.pdf")
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("wrong", [3, "prof", [1, 2], None])
def test_what_is_no_profile(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"profile\(\) as prof"):
        profile_chart(wrong)


def test_a_profile_without_calls() -> None:
    with pytest.raises(ValueError, match="after its with block has ended"):
        profile_chart(profiler.profile())
    with pytest.raises(ValueError, match="theme must be"):
        profile_chart(profiled(), theme="blue")


def profiled() -> profiler.profile:
    with profiler.profile() as prof:
        minigrad.ones(2) + 1
    return prof


def test_long_and_odd_names() -> None:
    with profiler.profile() as prof, profiler.record_function("a $name$ <b> " + "x" * 300):
        minigrad.ones(2) + 1
    assert profile_chart(prof).png()


@pytest.mark.parametrize(
    "microseconds, text", [(84.3, "84.3 µs"), (1204, "1.2 ms"), (2e6, "2 s"), (0, "0 µs")]
)
def test_duration(microseconds: float, text: str) -> None:
    assert duration(microseconds) == text


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("theme", PALETTES)
def test_contrast(theme: str) -> None:
    colours = PALETTES[theme]
    page = luminance(colours.page)
    texts = (colours.text, colours.soft, colours.forward, colours.back, colours.bad)
    for colour in (*texts, *colours.lines):
        low, high = sorted((luminance(colour), page))
        assert (high + 0.05) / (low + 0.05) >= 4.5, colour


HUE = np.array([[0.213, 0.715, 0.072]] * 3) - np.array(
    [[0.787, -0.715, -0.072], [-0.213, 0.285, -0.072], [-0.213, -0.715, 0.928]]
)
"""The matrix of hue-rotate(180deg): Filter Effects Module Level 1, feColorMatrix."""


def turned(colour: str) -> str:
    """What a dark page makes of a colour."""
    channels = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    found = np.clip(HUE @ (INVERTED - (2 * INVERTED - 1) * channels), 0, 1)
    return "#" + "".join(f"{round(255 * value):02x}" for value in found)


def test_contrast_on_a_dark_page() -> None:
    colours = PALETTES["page"]
    page = luminance(turned(colours.page))
    assert turned(colours.page) == "#111111"
    texts = (colours.text, colours.soft, colours.forward, colours.back, colours.bad)
    for colour in (*texts, *colours.lines):
        assert (luminance(turned(colour)) + 0.05) / (page + 0.05) >= 4.5, colour


def test_only_a_chart_that_follows_the_page_is_turned(tmp_path: Path) -> None:
    for theme in PALETTES:
        chart = profile_chart(profiled(), theme=theme)
        page = chart.to_html(tmp_path / "page.html").read_text(encoding="utf-8")
        for text in (page, chart.bundle()["text/html"]):
            assert ("mg-turned" in text) == (theme == "page")


@pytest.mark.oracle
def test_real_profiles(torch: Any) -> None:
    x = torch.randn(20, 20, requires_grad=True)
    with torch.autograd.profiler.profile() as old:
        (x @ x).relu().sum().backward()
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as new:
        (x @ x).relu().sum().backward()
    for prof in (old, new):
        chart = profile_chart(prof, top=50)
        by_name = {row.name: row for row in chart.rows}
        assert by_name["mm"].count["forward"] == 1
        assert by_name["mm"].count["backward"] == 2
        assert by_name["relu"].count["backward"] == 0
        total = prof.key_averages().self_cpu_time_total
        assert chart.total == pytest.approx(total, rel=1e-3)
        assert io.BytesIO(chart.png()).read(4) == b"\x89PNG"
