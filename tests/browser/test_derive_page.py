"""derive.js in a real browser: typed, checked, themed. The Python side answers for real."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import minigrad
from minigrad import recording
from tests.browser.test_stepper_contrast import MEASURE
from widgets.derive import Derivation, derive
from widgets.static_files import script, style

pytestmark = pytest.mark.browser
MODEL = """
class Model {
  constructor(state) { this.state = state; this.handlers = []; }
  get(key) { return this.state[key]; }
  set(key, value) { this.state[key] = value; }
  async save_changes() {
    this.state.verdict = await window.kernel(this.state.answers);
    for (const handler of this.handlers) handler();
  }
  on(name, handler) { if (name === "change:verdict") this.handlers.push(handler); }
  off() {}
  send() {}
}
window.leaked = [];
document.addEventListener("keydown", (event) => window.leaked.push(event.key));
"""


def worked() -> Derivation:
    with recording.recording():
        x = minigrad.ones(2, 2, requires_grad=True)
        y = x + 2
        z = y * y * 3
        out = z.mean()
    return derive(out, x, names={"x": x, "y": y, "z": z, "out": out})


@pytest.fixture
def page(chromium):
    widget = worked()

    def kernel(answers: str) -> str:
        widget.answers = answers
        return widget.verdict

    code = script(widget.page) + "\nwindow.widget = { render };"
    page = chromium.new_page(viewport={"width": 1000, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.expose_function("kernel", kernel)
    page.set_content(f"<style>{style(widget.styles)}</style><div id='el'></div>")
    page.add_script_tag(content=MODEL + code)
    page.evaluate(
        """(questions) => {
          window.model = new Model({ questions, answers: "{}", verdict: "{}" });
          return widget.render({ model, el: document.getElementById("el") });
        }""",
        widget.questions,
    )
    yield page
    assert not errors
    page.close()


def enter(page, index: int, text: str) -> None:
    page.locator(".dv-input").nth(index).fill(text)
    page.locator(".dv-input").nth(index).press("Enter")


def test_a_derivation_from_first_try_to_the_end(page):
    verdict = page.locator(".dv-verdict")
    for index, text in enumerate(["1/4", "3*y", "1", "6*y"]):
        enter(page, index, text)
    page.wait_for_function("document.querySelector('.dv-status').textContent.includes('2 of 4')")
    assert verdict.all_inner_texts() == ["✓ right", "✗ wrong", "✓ right", "✗ wrong"]
    assert "is used 2 times" in page.locator(".dv-hint").nth(1).inner_text()
    assert "18 everywhere" in page.locator(".dv-table").inner_text()
    enter(page, 1, "6y")
    page.locator(".dv-input").nth(3).fill("1/4 * 6 * y * 1")
    page.locator(".dv-check").nth(3).click()
    page.wait_for_function("document.querySelector('.dv-status').textContent.includes('4 of 4')")
    assert "The whole derivation holds." in page.locator(".dv-status").inner_text()
    page.locator(".dv-input").nth(0).type("0")
    assert verdict.nth(0).inner_text() == ""  # edited: no verdict any more


def test_no_key_leaks_and_markup_stays_text(page):
    field = page.locator(".dv-input").first
    field.click()
    page.keyboard.type("x*abdm")
    for key in ("ArrowUp", "ArrowDown", "Home", "End", "Delete", "Enter"):
        page.keyboard.press(key)
    page.keyboard.press("Control+s")
    page.keyboard.press("Shift+Enter")
    assert page.evaluate("window.leaked.filter((key) => !['Control', 'Shift'].includes(key))") == [
        "s",
        "Enter",
    ]
    enter(page, 0, "<b id=evil>1</b>")
    page.wait_for_function("document.querySelector('.dv-verdict').textContent.includes('?')")
    assert page.locator("#evil").count() == 0
    assert "<b id=evil>1</b>" in page.locator(".dv-place").inner_text()


def test_everything_has_a_name_and_a_place_in_the_tab_order(page):
    names = page.locator(".dv-input").evaluate_all("els => els.map((e) => e.ariaLabel)")
    assert names[0] == "∂out/∂z equals"
    assert page.locator(".dv-status").get_attribute("aria-live") == "polite"
    page.locator(".dv-input").first.focus()
    for _ in range(7):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Check ∂out/∂x"


def test_a_silent_kernel_is_said(page):
    page.evaluate("() => { window.kernel = () => new Promise(() => {}); }")
    enter(page, 0, "1/4")
    assert page.locator(".dv-status").inner_text() == "Checking…"
    page.get_by_text("The kernel has not answered yet").wait_for(timeout=10_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_of_its_own_shows_what_was_answered(opened: Any, theme: str) -> None:
    widget = worked()
    widget.check({"∂out/∂z": "1/4", "∂z/∂y": "3*y", "∂y/∂x": "<b id=evil>"})
    page: Any = opened(widget, color_scheme=theme, bypass_csp=True)
    assert page.locator(".dv-verdict").all_inner_texts()[:2] == ["✓ right", "✗ wrong"]
    assert "New answers need the notebook" in page.locator(".dv-alone").inner_text()
    assert "is used 2 times" in page.locator(".dv-hint").nth(1).inner_text()
    assert "18 everywhere" in page.locator(".dv-table").inner_text()
    assert page.locator(".dv-check").count() == 0
    assert not page.locator(".dv-input").first.is_editable()
    assert page.locator("#evil").count() == 0
    assert page.evaluate(MEASURE) == []


def test_a_page_without_answers_and_without_a_script(opened: Any, tmp_path: Path) -> None:
    text = worked().to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "∂out/∂x" in text
    assert "not answered" in text
    page = opened(worked(), width=480)
    assert page.locator(".dv-input").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1000, 420])
def test_in_any_column_the_answer_can_be_read_and_the_table_is_whole(page, width) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, 1, "[[18, 17], [16, 15.25]] * y/y")
    page.wait_for_selector(".dv-table")
    assert page.evaluate("document.querySelector('.dv-input').clientWidth") >= 160
    fits = "(s) => s.scrollWidth <= s.clientWidth"
    assert page.locator(".dv-scroll").evaluate(fits)
