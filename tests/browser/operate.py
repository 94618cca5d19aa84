"""Every widget operated once, as a reader would: in the output of a cell of a lesson."""

from __future__ import annotations

import re
from typing import Any

ROOTS = {
    "stepper": ".mg[data-step]",
    "jacobian": ".mg:has(.mg-jacobian)",
    "derive": ".mg:has(.dv)",
    "versions": ".mg-versions",
    "watch": ".mg-watch",
    "picture": "img:not([data-still] *), .jp-RenderedSVG svg, .jp-RenderedHTMLCommon svg",
}
"""What a view looks like in a page; `picture`: drawn once, with nothing to operate."""
CALLS = {
    "step_through": "stepper",
    "jacobian": "jacobian",
    "derive": "derive",
    "versions": "versions",
    "watch": "watch",
    "draw": "picture",
    "profile_chart": "picture",
    "training_view": "picture",
}
SHOWS = re.compile(rf"^(?:with |\w+ = )?({'|'.join(CALLS)})\(.*", re.MULTILINE)


def kinds(source: str) -> list[str]:
    """The widgets that a cell shows, by the calls that stand at the beginning of a line."""
    return [CALLS[name] for name in SHOWS.findall(source)]


def operate(kind: str, page: Any, output: Any) -> Any:
    """Find the widget in a cell's output and use it; returns its locator."""
    widget = output.locator(ROOTS[kind]).first
    widget.wait_for()
    OPERATIONS[kind](page, widget)
    return widget


def stepper(page: Any, widget: Any) -> None:
    """To the end by keys and back; the words of the panel change with each step."""
    step = lambda: int(widget.get_attribute("data-step"))  # noqa: E731
    widget.get_by_role("button", name=re.compile("Last")).click()
    widget.get_by_role("button", name=re.compile("First")).click()
    assert step() == 0
    widget.get_by_role("button", name=re.compile("Next")).click()
    assert step() == 1
    widget.locator(".mg-panel").click()
    first = widget.locator(".mg-panel").inner_text()
    page.keyboard.press("ArrowRight")
    assert step() == 2
    assert widget.locator(".mg-panel").inner_text() != first
    page.keyboard.press("End")
    last = step()
    assert last >= 2
    assert widget.locator(".mg-panel").inner_text().strip()
    page.keyboard.press("ArrowLeft")
    assert step() == last - 1
    page.keyboard.press("End")


def jacobian(page: Any, widget: Any) -> None:
    """Ones, zeros, and a slider moved by a key: the words and the product follow."""
    said = widget.locator(".mg-said").first
    widget.get_by_role("button", name="v: zeros").click()
    nothing = said.inner_text()
    widget.get_by_role("button", name="v: ones, adds the rows").click()
    assert said.inner_text() != nothing
    sliders = widget.get_by_role("slider", name=re.compile("^v, weight"))
    if sliders.count():
        everything = said.inner_text()
        sliders.first.focus()
        page.keyboard.press("Home")
        assert said.inner_text() != everything


def derive(page: Any, widget: Any) -> None:
    """A wrong factor is told that it is; the kernel answers."""
    field = widget.locator(".dv-input").first
    field.fill("0.123")
    field.press("Enter")
    widget.get_by_text("✗ wrong").first.wait_for()
    assert "of" in widget.locator(".dv-status").inner_text()


def versions(page: Any, widget: Any) -> None:
    """Its table takes the focus, and keys pressed there do nothing to the notebook."""
    cells = page.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length")
    widget.locator(".mg-memory-pane").first.focus()
    for key in ("ArrowRight", "a", "x"):
        page.keyboard.press(key)
    after = page.evaluate("() => jupyterapp.shell.currentWidget.content.model.cells.length")
    assert after == cells
    assert widget.locator(".mg-card").count() >= 1


def watch(page: Any, widget: Any) -> None:
    """Back to the first graph with a key, to the newest one, and stopped."""
    assert widget.locator(".mg-watch-graph").bounding_box()["width"] > 200
    widget.locator(".mg-watch-slider").focus()
    page.keyboard.press("Home")
    assert widget.get_attribute("data-iteration") == "1"
    page.keyboard.press("End")
    assert int(widget.get_attribute("data-iteration")) > 1
    stop = widget.get_by_role("button", name="Stop")
    if stop.count():
        stop.click()
        page.wait_for_function(
            "(el) => el.dataset.state === 'stopped'", arg=widget.element_handle()
        )


def picture(page: Any, widget: Any) -> None:
    """It is there, and not empty."""
    box = widget.bounding_box()
    assert box["width"] > 200
    assert box["height"] > 80
    if widget.evaluate("(el) => el.tagName") == "IMG":
        assert widget.evaluate("(el) => el.complete && el.naturalWidth > 200")


OPERATIONS = {
    "stepper": stepper,
    "jacobian": jacobian,
    "derive": derive,
    "versions": versions,
    "watch": watch,
    "picture": picture,
}
