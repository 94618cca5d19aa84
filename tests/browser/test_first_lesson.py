"""The first lesson as a newcomer meets it: a clean clone, the README's command, a real browser.

Screenshots in light and dark are written to `tests/browser/screenshots/`.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.lab import PANEL, Lab

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
LESSON = "01_tensors_that_remember.ipynb"
PICTURES = Path(__file__).parent / "screenshots"
STEPS = 11
ARRIVED = "x.grad: 0 + 4.5 = 4.5"


class StartedLab(Lab):
    """JupyterLab as the README starts it on a machine without a screen."""

    def _command(self):
        return [
            sys.executable, "start.py", "lab", "--no-browser", "--port", str(self.port), "--",
            "--LabApp.expose_app_in_browser=True", f"--IdentityProvider.token={self.token}",
        ]  # fmt: skip


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clean clone of what is committed: commit first, then test."""
    folder = tmp_path_factory.mktemp("clone") / "mini grad"  # a space, as in many home folders
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    return folder


@pytest.fixture
def lab(clone, chrome, start_environ):
    with StartedLab(clone, chrome, environ=start_environ) as lab:
        yield lab


def show(page, cell):
    """Scroll a cell, by its id, to the top of the window."""
    page.evaluate(
        f"""(id) => {{
          const content = {PANEL}.content;
          const index = content.widgets.findIndex((cell) => cell.model.id === id);
          content.activeCellIndex = index;
          return content.scrollToItem(index, "start");
        }}""",
        cell,
    )


def step_of(stepper):
    return int(stepper.get_attribute("data-step"))


def test_the_first_lesson(lab):
    page = lab.open(LESSON)
    lab.run_all(page, outputs=12)
    show(page, "step")
    stepper = page.locator(".mg[data-step]").first
    stepper.wait_for()

    click_through(stepper)
    key_through(page, stepper)
    assert_arrived(stepper)
    nothing_leaks(lab, page, stepper)
    in_both_themes(lab, page, stepper)
    derive_by_hand(page)
    assert not lab.problems
    assert outside(page) == []


def click_through(stepper):
    """Every step by its button, forwards and back; what is announced changes each time."""
    assert step_of(stepper) == 0
    stepper.get_by_role("button", name=re.compile("Last")).click()
    stepper.get_by_role("button", name=re.compile("First")).click()
    assert step_of(stepper) == 0
    announced = set()
    for step in range(1, STEPS):
        stepper.get_by_role("button", name=re.compile("Next")).click()
        assert step_of(stepper) == step
        announced.add(stepper.get_by_role("slider").get_attribute("aria-valuetext"))
    assert len(announced) == STEPS - 1
    assert_arrived(stepper)
    for step in reversed(range(STEPS - 1)):
        stepper.get_by_role("button", name=re.compile("Back|Previous")).click()
        assert step_of(stepper) == step
    stepper.get_by_role("button", name=re.compile("Last")).click()
    assert_arrived(stepper)


def key_through(page, stepper):
    """The same by the keys, with the focus inside the widget."""
    stepper.locator(".mg-panel").click()
    page.keyboard.press("Home")
    for step in range(1, STEPS):
        page.keyboard.press("ArrowRight")
        assert step_of(stepper) == step
    page.keyboard.press("ArrowLeft")
    assert step_of(stepper) == STEPS - 2
    page.keyboard.press("End")
    assert step_of(stepper) == STEPS - 1
    page.keyboard.press("Home")
    page.keyboard.press("Space")  # plays
    page.wait_for_function("(el) => Number(el.dataset.step) >= 2", arg=stepper.element_handle())
    page.keyboard.press("Space")  # and stops
    page.keyboard.press("End")


def assert_arrived(stepper):
    """4.5 has arrived at x."""
    assert step_of(stepper) == STEPS - 1
    assert ARRIVED in stepper.locator(".mg-panel").inner_text()


def nothing_leaks(lab, page, stepper):
    """No key that is pressed inside the widget does anything to the notebook."""
    before = lab.cells(page)
    stepper.locator(".mg-panel").click()
    for key in ("x", "a", "b", "d", "d", "z", "m", "y", "Delete", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    assert lab.cells(page) == before
    assert lab.mode(page) == "command"
    assert step_of(stepper) == STEPS - 1
    assert stepper.is_visible()


def in_both_themes(lab, page, stepper):
    """A picture of each; dark is dark."""
    PICTURES.mkdir(exist_ok=True)
    sizes = {}
    for theme in ("dark", "light"):
        lab.set_theme(page, theme)
        show(page, "step")
        page.wait_for_timeout(400)
        path = PICTURES / f"first_lesson_{theme}.png"
        stepper.screenshot(path=path)
        page.screenshot(path=PICTURES / f"first_lesson_page_{theme}.png")
        sizes[theme] = path.stat().st_size
    assert all(size > 10_000 for size in sizes.values())


def derive_by_hand(page):
    """The derivation's fields: a wrong factor is named, the right ones hold."""
    show(page, "derive")
    fields = page.get_by_role("textbox", name=re.compile("∂|derivative|factor"))
    fields.first.wait_for()
    for field, text in zip(fields.all()[:4], ("1/2", "6*y", "1", "1/4 * 6*y"), strict=True):
        field.fill(text)
        field.press("Enter")
    page.locator(".dv").get_by_text("✗ wrong").first.wait_for()
    fields.first.fill("1/4")
    fields.first.press("Enter")
    page.wait_for_function("() => document.body.innerText.split('✓ right').length - 1 >= 4")
    assert page.locator(".dv").get_by_text("✗ wrong").count() == 0


def outside(page):
    """What the page has fetched from anywhere but its own server."""
    names = page.evaluate("() => performance.getEntriesByType('resource').map((e) => e.name)")
    return [name for name in names if name.startswith("http") and "//127.0.0.1" not in name
            and "//localhost" not in name]  # fmt: skip
