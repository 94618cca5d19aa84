"""A page's memory stays flat: over steps and updates, and over widgets that come and go.

python3 start.py test tests/benchmarks/test_memory.py -m benchmark -s
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import minigrad as torch
from minigrad import recording
from tests.benchmarks.test_pictures import STEPS, metrics
from tests.browser.lab import browser
from tests.widgets import example_traces as examples
from widgets import Stepper, derive, jacobian, versions, watch
from widgets.static_files import script, style

pytestmark = [pytest.mark.browser, pytest.mark.benchmark]

GROWN = 1_000_000  # bytes of a page's heap after 1,000 steps or updates, or 50 widgets
NODES = 500

PAGE = """<style>%s</style><div id="el"></div><script type="module">
%s
const traits = %s;
const handlers = {};
const model = {
  get: (name) => traits[name], save_changes() {}, send() {},
  set(name, value) { traits[name] = value; },
  on: (name, act) => (handlers[name] ??= new Set()).add(act),
  off: (name, act) => handlers[name]?.delete(act),
};
const el = document.getElementById("el");
window.draw = async () => {
  window.gone = await render({ model, el });
  el.getBoundingClientRect();
};
window.draw_and_go = async () => {
  await window.draw();
  window.gone();
};
window.left = () => Object.values(handlers).reduce((sum, acts) => sum + acts.size, 0);
window.told = async (name, times) => {
  for (let k = 0; k < times; k += 1) for (const act of handlers["change:" + name]) await act();
};
</script>"""
# What 200 updates are, of a page that is drawn.
UPDATES = {
    "stepper": STEPS,
    "watch": "told('now', 200)",
    "derive": "told('verdict', 200)",
    "jacobian": """() => {
      const named = (one) => /ones|zeros|picks/.test(one.ariaLabel ?? "");
      const all = [...document.querySelectorAll(".mg button")].filter(named);
      for (let k = 0; k < 200; k += 1) all[k % all.length].click();
    }""",
}


@pytest.fixture(scope="module")
def chromium(chrome: str) -> Iterator[Any]:
    with browser(chrome) as started:
        yield started


@pytest.fixture(scope="module")
def views() -> dict[str, Any]:
    with recording.recording():
        x = torch.ones(2, 2, requires_grad=True)
        y = x + 2
        z = y * y * 3
        out = z.mean()
        derivation = derive(out, x)
        derivation.check("6*y/4")
        with watch() as watched:
            for k in range(5):
                (x * k).sum().backward()
        return {
            "stepper": Stepper(examples.long(16)),
            "derive": derivation,
            "jacobian": jacobian(z, x),
            "versions": versions(x, y),
            "watch": watched,
        }


@pytest.fixture
def page(chromium: Any, views: dict[str, Any], view: str) -> Iterator[Any]:
    """A page that can draw a view."""
    shown = views[view]
    traits = {
        name: getattr(shown, name)
        for name in shown.trait_names(sync=True)
        if isinstance(getattr(shown, name), str) and not name.startswith("_")
    }
    page = chromium.new_page(viewport={"width": 1100, "height": 1000})
    page.set_content(PAGE % (style(shown.styles), script(shown.page), json.dumps(traits)))
    page.wait_for_function("() => Boolean(window.told)")
    yield page
    page.close()


def memory(page: Any) -> tuple[int, int]:
    """Bytes of the page's heap, and its nodes, after everything unused is gone."""
    found = metrics(page, collect=3)
    return int(found["JSHeapUsedSize"]), int(found["Nodes"])


def flat(name: str, before: tuple[int, int], after: tuple[int, int], limit: int = GROWN) -> None:
    grown, nodes = after[0] - before[0], after[1] - before[1]
    print(f"\n{name}: {grown} bytes, {nodes} nodes of the page")
    assert grown < limit
    assert nodes < NODES


@pytest.mark.parametrize("view", UPDATES)
def test_memory_over_1000_steps_or_updates(page: Any, view: str) -> None:
    page.evaluate("draw()")
    page.evaluate(UPDATES[view])
    before = memory(page)
    for _ in range(5):
        page.evaluate(UPDATES[view])
    flat(f"{view}, 1,000 updates", before, memory(page))


@pytest.mark.parametrize("view", ["stepper", "derive", "jacobian", "versions", "watch"])
def test_memory_over_50_widgets(page: Any, view: str) -> None:
    for _ in range(5):
        page.evaluate("draw_and_go()")
    before = memory(page)
    for _ in range(50):
        page.evaluate("draw_and_go()")
    flat(f"50 of {view}", before, memory(page))
    assert page.evaluate("left()") == 0, "a handler on the model"
