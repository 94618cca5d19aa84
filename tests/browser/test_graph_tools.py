"""The tools of the graph: moving, zooming, the whole screen, and saving what one sees."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.offline import WATCH
from tests.widgets import example_traces, large_traces
from widgets import Stepper

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
SEEN = """() => {
    const pane = document.querySelector(".mg-pane");
    const svg = pane.querySelector("svg").getBoundingClientRect();
    return { width: svg.width, left: pane.scrollLeft, top: pane.scrollTop, page: window.scrollY };
}"""

CUT = """() => {
    const pane = document.querySelector(".mg-pane");
    return pane.querySelector("svg").getBoundingClientRect().height - pane.clientHeight;
}"""


def blocks() -> Stepper:
    return Stepper(large_traces.recurrent())


def seen(page: Any) -> dict[str, float]:
    page.wait_for_timeout(60)
    return page.evaluate(SEEN)


def middle(page: Any) -> tuple[float, float]:
    box = page.locator(".mg-pane").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_zoom_by_key_and_button(opened: Open) -> None:
    page = opened(blocks())
    full = seen(page)["width"]
    page.locator(".mg").press("+")
    assert seen(page)["width"] == pytest.approx(1.25 * full, rel=0.01)
    page.locator(".mg").press("-")
    page.get_by_role("button", name="Smaller").click()
    assert seen(page)["width"] == pytest.approx(full / 1.25, rel=0.01)
    page.get_by_role("button", name="The whole graph").click()
    pane = page.locator(".mg-pane").bounding_box()
    assert page.locator(".mg-pane svg").bounding_box()["height"] <= pane["height"]
    page.locator(".mg").press("0")
    assert seen(page)["width"] == pytest.approx(full, rel=0.2)
    assert page.evaluate("window.leaked") == []


def test_the_wheel_scrolls_the_page_and_with_ctrl_zooms(opened: Open) -> None:
    page = opened(blocks())
    page.add_style_tag(content="body { padding-bottom: 2000px !important; }")
    before = seen(page)
    page.mouse.move(*middle(page))
    page.mouse.wheel(0, 120)
    page.wait_for_timeout(400)
    after = seen(page)
    assert after["page"] > 0
    assert (after["top"], after["width"]) == (before["top"], before["width"])
    page.evaluate("window.scrollTo(0, 0)")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    zoomed = seen(page)
    assert zoomed["width"] > before["width"] * 1.1
    assert zoomed["page"] == 0


def test_the_wheel_scrolls_the_graph_once_it_was_clicked(opened: Open) -> None:
    page = opened(blocks())
    page.mouse.move(*middle(page))
    page.locator(".mg-pane").focus()
    before = seen(page)
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(400)
    assert seen(page)["top"] > before["top"]


def test_dragging_moves_the_graph_and_opens_nothing(opened: Open) -> None:
    page = opened(blocks())
    shown = page.locator(".mg-node, .mg-group").count()
    before = seen(page)["top"]
    group = page.locator(".mg-group").nth(1).bounding_box()
    x, y = group["x"] + 60, group["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3, y - 50)
    page.mouse.move(x, y - 120)
    page.mouse.up()
    assert seen(page)["top"] == pytest.approx(before + 120, abs=8)
    assert page.locator(".mg-node, .mg-group").count() == shown
    page.locator(".mg").press("Shift+ArrowDown")
    page.wait_for_timeout(400)
    assert seen(page)["top"] > before + 150


def test_two_fingers_zoom(opened: Open) -> None:
    page = opened(blocks(), has_touch=True)
    before = seen(page)["width"]
    x, y = middle(page)
    session = page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 40), ("touchMove", 60), ("touchMove", 80), ("touchEnd", 0)):
        points = [{"x": x - apart, "y": y}, {"x": x + apart, "y": y}] if apart else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert seen(page)["width"] > before * 1.3


@pytest.mark.parametrize("refused", [False, True])
def test_the_whole_screen_and_back(opened: Open, refused: bool) -> None:
    page = opened(blocks())
    if refused:
        page.evaluate("() => { Element.prototype.requestFullscreen = () => Promise.reject(); }")
    page.locator(".mg").press("f")
    page.wait_for_selector(".mg[data-full]")
    size = page.evaluate("[innerWidth, innerHeight]")
    page.wait_for_timeout(200)
    box = page.locator(".mg").bounding_box()
    assert (box["width"], box["height"]) == pytest.approx(size, abs=2)
    pane = page.locator(".mg-pane").bounding_box()
    assert pane["height"] > 0.6 * size[1]
    page.locator(".mg").press("ArrowRight")
    assert page.locator(".mg-count").inner_text().startswith("Step 2 of")
    if refused:
        page.keyboard.press("Escape")
        assert page.evaluate("window.leaked") == []
    else:
        page.get_by_role("button", name="Full screen").click()
    page.wait_for_selector(".mg:not([data-full])")
    assert page.locator(".mg").bounding_box()["height"] < size[1] + 200


def test_on_the_whole_screen_the_graph_has_a_scale_of_its_own(opened: Open) -> None:
    page = opened(Stepper(example_traces.worked()))
    graph = page.locator(".mg")
    graph.press("-")
    small = seen(page)["width"]
    graph.press("f")
    page.wait_for_selector(".mg[data-full]")
    page.set_viewport_size({"width": 1800, "height": 1600})
    large = seen(page)["width"]
    assert large > small * 1.3, "it fits the room that there is"
    page.set_viewport_size({"width": 1800, "height": 500})
    graph.press("1")
    assert page.evaluate(CUT) <= 0, "the whole graph"
    page.set_viewport_size({"width": 1800, "height": 420})
    page.wait_for_timeout(60)
    assert page.evaluate(CUT) <= 0, "and it stays the whole one"
    graph.press("f")
    page.wait_for_selector(".mg:not([data-full])")
    assert seen(page)["width"] == pytest.approx(small, abs=1), "as it was left"


def saved(page: Any, kind: str, folder: Path) -> Path:
    if not page.locator(".mg-saving").is_visible():
        page.locator(".mg").press("s")
    with page.expect_download() as download:
        page.get_by_role("button", name=f": {kind}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_saved_as_svg_it_looks_the_same_alone(opened: Open, tmp_path: Path) -> None:
    page = opened(Stepper(example_traces.hostile()))
    for _ in range(7):
        page.locator(".mg").press("ArrowRight")
    path = saved(page, "SVG", tmp_path)
    assert path.name.endswith("-step-8.svg")
    text = path.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert not any(
        element.tag.endswith(("script", "img", "foreignObject")) for element in root.iter()
    )
    assert example_traces.HOSTILE in "".join(root.itertext())
    assert "var(" not in text
    assert "class=" not in text
    picture = page.locator(".mg-node[data-now] .mg-outline")
    stroke = picture.evaluate("e => getComputedStyle(e).stroke")
    alone = page.context.new_page()
    alone.goto(path.as_uri())
    strokes = alone.evaluate(
        "() => [...document.querySelectorAll('rect')].map((e) => getComputedStyle(e).stroke)"
    )
    assert stroke in strokes
    alone.close()


def test_saved_as_png(opened: Open, tmp_path: Path) -> None:
    page = opened(blocks(), color_scheme="dark")
    path = saved(page, "PNG", tmp_path)
    assert path.read_bytes().startswith(b"\x89PNG")
    view = page.locator(".mg-pane svg").get_attribute("viewBox").split()
    width = int.from_bytes(path.read_bytes()[16:20], "big")
    assert width == pytest.approx(2 * float(view[2]), abs=2)


def test_saved_as_a_page_it_steps_on_from_there(opened: Open, tmp_path: Path) -> None:
    page = opened(Stepper(example_traces.hostile()))
    page.locator(".mg").press("End")
    first = saved(page, "HTML", tmp_path)
    again = page.context.new_page()
    again.add_init_script(WATCH)
    again.goto(first.as_uri())
    again.wait_for_selector(".mg")
    assert again.locator(".mg-count").inner_text() == "Step 11 of 11"
    again.locator(".mg").press("ArrowLeft")
    second = saved(again, "HTML", tmp_path / "second")  # a page that a page made can do it, too
    again.goto(second.as_uri())
    again.wait_for_selector(".mg")
    assert again.locator(".mg-count").inner_text() == "Step 10 of 11"
    assert again.evaluate("window.alarmed") is None
    again.close()


HOST = """<div id="el"></div><script type="module">
const traits = %s;
const model = { get: (name) => traits[name], on() {}, off() {} };
const text = %s;
const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
const widget = (await import(url)).default;
await widget.render({ model, el: document.getElementById("el") });
</script>"""


def test_a_widget_in_a_notebook_saves_a_page_as_well(opened: Open, tmp_path: Path) -> None:
    widget = Stepper(example_traces.long())
    kept = ("trace", "formulas", "_code", "_own_id")
    traits = json.dumps({name: getattr(widget, name) for name in kept})
    page = opened(Stepper(example_traces.worked())).context.new_page()
    page.set_content(HOST % (traits, json.dumps(Stepper._esm).replace("<", "\\u003c")))
    page.wait_for_selector(".mg")
    assert page.evaluate("getComputedStyle(document.querySelector('.mg')).maxWidth") == "1180px"
    page.locator(".mg").press("ArrowRight")
    path = saved(page, "HTML", tmp_path)
    page.goto(path.as_uri())
    page.wait_for_selector(".mg")
    assert page.locator(".mg-count").inner_text() == "Step 2 of 103"
    assert page.title() == "minigrad: step through out"
    page.locator(".mg").press("ArrowRight")
    assert page.locator(".mg-count").inner_text() == "Step 3 of 103"
