"""Large graphs in the page: groups open and close, are found by name, and light up on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.widgets import example_traces, large_traces
from widgets import Stepper
from widgets.layout import place, unfold

pytestmark = pytest.mark.browser

Open = Callable[..., Any]
PLACES = """() => Object.fromEntries([...document.querySelectorAll(".mg-node, [data-group]")]
    .map((box) => {
        const corner = box.dataset.group !== undefined;
        const [x, y] = box.getAttribute("transform").match(/-?[\\d.]+/g).map(Number);
        const rect = box.querySelector(".mg-around") ?? box.querySelector(".mg-box");
        const [w, h] = ["width", "height"].map((name) => Number(rect.getAttribute(name)));
        return [box.dataset.group ?? box.dataset.node, corner ? [x, y] : [x - w / 2, y - h / 2]];
    }))"""


def stepper(name: str) -> Stepper:
    return Stepper(large_traces.FOLDED[name]())


def boxes(page: Any) -> int:
    return page.locator(".mg-node, .mg-group").count()


def spoken(page: Any) -> str:
    return page.locator("[aria-live]").first.text_content()


def test_a_large_graph_opens_with_few_boxes_and_steps(opened: Open) -> None:
    page = opened(stepper("chain"))
    assert 20 <= boxes(page) <= 40
    label = page.locator(".mg-pane svg").get_attribute("aria-label")
    assert label.startswith("Graph of 1002 nodes, in 32 groups that open and close: leaf x, t1 =")
    for _ in range(3):
        page.keyboard.press("Tab")
        page.locator(".mg-next").click()
    lit = page.locator('.mg-group[data-now="forward"]')
    assert lit.count() == 1
    assert "t1 … t32" in lit.text_content()
    assert "computed 3 of 32" in lit.text_content()
    page.locator(".mg").press("End")
    assert page.locator(".mg-group").first.text_content().endswith("passed")


def test_the_page_and_the_kernel_put_everything_in_the_same_place(opened: Open) -> None:
    data = large_traces.recurrent().to_dict()
    layout = place(data)
    page = opened(Stepper(large_traces.recurrent()))
    open_now = {name for name, group in layout["groups"].items() if group["open"]}
    for _ in range(3):
        expected = unfold(layout, open_now)["boxes"]
        shown = page.evaluate(PLACES)
        for name, (x, y, width, height) in expected.items():
            if name not in layout["copies"]:
                assert shown[name] == pytest.approx([x - width / 2, y - height / 2], abs=0.01)
        closed = page.locator(".mg-group").nth(2)
        open_now.add(closed.get_attribute("data-group"))
        closed.dispatch_event("click")


def test_groups_open_and_close_by_click_and_by_key(opened: Open) -> None:
    page = opened(stepper("modules"), width=1200)
    all_open = boxes(page)
    frame = page.get_by_role("button", name="net.2 Linear, module of 2 operations")
    assert frame.get_attribute("aria-expanded") == "true"
    frame.focus()
    page.keyboard.press("Enter")
    assert boxes(page) == all_open - 3
    assert re.match(r"net.2 Linear closed: \d+ boxes are shown.", spoken(page))
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == "net.2 Linear, module of 2 operations"
    assert frame.get_attribute("aria-expanded") == "false"
    frame.click()
    assert boxes(page) == all_open
    page.locator(".mg").press("g")
    assert boxes(page) == 4
    page.locator(".mg").press("g")
    assert boxes(page) == all_open
    assert page.evaluate("window.leaked") == []


def test_what_is_above_stays_and_stepping_goes_on_after_folding(opened: Open) -> None:
    page = opened(stepper("modules"), width=1200)
    page.locator(".mg").press("End")
    before = page.locator(".mg-panel").inner_text()
    page.get_by_role("button", name="net Sequential").press("Enter")
    assert page.locator(".mg-panel").inner_text() == before
    page.locator(".mg").press("ArrowLeft")
    lit = page.locator("[data-now]").and_(page.locator(".mg-group"))
    assert "net Sequential" in lit.text_content()
    page.locator(".mg").press("o")
    assert page.locator(".mg-node[data-now], .mg-group[data-now]").count() >= 1
    page.locator(".mg").press("o")
    assert page.locator(".mg-node[data-now]").count() == 1
    page.locator(".mg").press("c")
    assert page.locator(".mg-node[data-now]").count() == 0


def test_search_opens_what_hides_a_hit_and_cycles(opened: Open) -> None:
    page = opened(stepper("chain"))
    page.locator(".mg").press("/")
    box = page.get_by_role("searchbox")
    assert page.evaluate("document.activeElement.className") == "mg-input"
    box.type("t500")
    assert page.locator(".mg-hits").inner_text() == "2 found"  # t500, and t501 = t500 * 0.999
    box.press("Enter")
    assert page.locator(".mg-hits").inner_text() == "1 of 2"
    assert spoken(page).startswith("1 of 2: t500 = ")
    found = page.locator("[data-found]")
    assert found.locator(".mg-name").text_content() == "t500"
    view = page.locator(".mg-pane").bounding_box()
    place_of = found.bounding_box()
    assert view["y"] < place_of["y"] < view["y"] + view["height"]
    box.press("ArrowDown")
    assert page.locator("[data-found] .mg-name").text_content() == "t501"
    box.press("Enter")
    assert page.locator("[data-found] .mg-name").text_content() == "t500"
    box.press("Escape")
    assert not box.is_visible()
    assert page.locator("[data-found]").count() == 0
    assert page.evaluate("window.leaked") == []


def test_search_by_module_operation_and_grad_fn(opened: Open) -> None:
    page = opened(stepper("recurrent"))
    page.get_by_role("button", name="Find a name").click()
    box = page.get_by_role("searchbox")
    for words, count in (("TanhBackward", 20), ("iteration 7", 1), ("nothing such", 0)):
        box.fill(words)
        said = page.locator(".mg-hits").inner_text()
        assert said == (f"{count} found" if count else "none found")
    box.fill("net.head.0.weight")
    box.press("Enter")
    assert page.locator("[data-found]").get_attribute("data-kind") == "leaf"


def test_copies_of_a_parameter_are_one_tensor(opened: Open) -> None:
    page = opened(stepper("recurrent"))
    page.locator(".mg").press("/")
    page.get_by_role("searchbox").fill("net.cell.old.weight")
    page.get_by_role("searchbox").press("Enter")
    copy = page.locator('.mg-node[data-kind="leaf"]').first
    assert "×20" in copy.text_content()
    assert "used in 20 places" in copy.locator("title").text_content()
    page.locator(".mg").press("g")
    page.locator(".mg").press("g")
    opened_now = page.evaluate("""() => {
        for (let k = 0; k < 60; k += 1) {
            const closed = document.querySelector(".mg-group");
            if (closed) closed.dispatchEvent(new MouseEvent("click", { bubbles: true }));
        }
        const one = document.querySelector('.mg-node[data-kind="leaf"] .mg-used').parentNode;
        one.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        return [...document.querySelectorAll("[data-same]")].map((box) => box.dataset.node);
    }""")
    assert len(opened_now) >= 10
    assert len(set(opened_now)) == 1
    assert (
        page.evaluate("""() => {
        document.querySelector(".mg-pane svg").dispatchEvent(new PointerEvent("pointerover"));
        return document.querySelectorAll("[data-same]").length;
    }""")
        == 0
    )


def test_a_gradient_arrives_at_all_copies(opened: Open) -> None:
    page = opened(Stepper(example_traces.long()))
    page.locator(".mg").press("End")
    shown = page.locator('.mg-node[data-kind="leaf"] .mg-gradient').all_text_contents()
    assert len(shown) == 17
    assert len(set(shown)) == 2  # a, and b in sixteen places


def test_omitted_details_are_marked(opened: Open) -> None:
    page = opened(Stepper(large_traces.loop(1400)))
    page.locator(".mg").press("End")
    page.locator(".mg").press("ArrowLeft")
    text = page.locator(".mg-panel").inner_text()
    assert "left out" in text
    assert "the first 1,000 steps back keep theirs" in text
    page.locator(".mg").press("Home")
    slider = page.get_by_role("slider", name="Step")
    slider.fill("1410")
    assert "left out" not in page.locator(".mg-panel").inner_text()


@pytest.mark.parametrize("width", [480, 884, 1200])
def test_names_stay_in_their_boxes(opened: Open, width: int) -> None:
    for name in ("modules", "recurrent", "loop"):
        page = opened(stepper(name), width=width)
        outside = page.evaluate("""() => [...document.querySelectorAll("[data-group]")]
            .flatMap((group) => {
                const rect = group.querySelector(".mg-around, .mg-outline").getBoundingClientRect();
                return [...group.querySelectorAll("text")].filter((text) => {
                    const at = text.getBoundingClientRect();
                    return text.textContent && (at.left < rect.left || at.right > rect.right + 1);
                }).map((text) => text.textContent);
            })""")
        assert outside == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.context.close()
