"""A page of JupyterLab stays about as large over 50 widgets of each view that come and go.

    python3 start.py test tests/benchmarks/test_memory_in_lab.py -m benchmark -s

JupyterLab keeps about 32 KB of each widget that was closed, and the state that it came with: an
empty widget is measured beside the views, without a state and with one as large as the stepper's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from launch.places import ROOT
from tests.benchmarks.test_memory import flat, memory
from tests.browser.lab import PANEL, Lab, write_notebook

pytestmark = [pytest.mark.browser, pytest.mark.benchmark]

GROWN = 3_500_000  # bytes of the page's heap
EMPTY = 5_500_000  # the same of an empty widget with a state
CALLS = {
    "stepper": "step_through(out)",
    "derive": "derive(out, x)",
    "jacobian": "jacobian(z, x)",
    "versions": "versions(x, y)",
    "watch": "watch()",
    "an empty widget": "Empty(n=next(numbers))",
    "an empty widget with a state of 67 KB": "Empty(n=next(numbers), state='x' * 67_000)",
}
SETUP = """import itertools

import anywidget
import minigrad as torch
import traitlets
from IPython.display import display
from widgets import derive, jacobian, step_through, versions, watch

class Empty(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      el.innerHTML = '<div class="mg" data-theme="none"></div>';
      el.dataset.live = model.get("n");
    } };'''
    n = traitlets.Int(0).tag(sync=True)
    state = traitlets.Unicode("").tag(sync=True)

numbers = itertools.count()

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
old = None"""
AGAIN = """async (times) => {
  const { content } = PANEL;
  for (let k = 0; k < times; k += 1) {
    const old = document.querySelector("[data-live]")?.dataset.live;
    content.activeCellIndex = 1;
    void jupyterapp.commands.execute("notebook:run-cell");
    for (;;) {
      await new Promise((done) => setTimeout(done, 20));
      const now = document.querySelector("[data-live]:has(.mg[data-theme])");
      if (now && now.dataset.live !== old) break;
    }
  }
}""".replace("PANEL", PANEL)


@pytest.mark.parametrize("view", CALLS)
def test_memory_over_50_widgets_in_jupyterlab(chrome: str, tmp_path: Path, view: str) -> None:
    made = f"if old:\n    old.close()\nold = {CALLS[view]}\ndisplay(old)"
    write_notebook(tmp_path / "many.ipynb", SETUP, made)
    with Lab(tmp_path, chrome, environ={"PYTHONPATH": str(ROOT)}) as lab:
        page = lab.open("many.ipynb")
        lab.run_all(page, 1)
        page.evaluate(AGAIN, 5)
        before = memory(page)
        page.evaluate(AGAIN, 50)
        limit = EMPTY if "state" in view else GROWN
        flat(f"50 of {view} in JupyterLab", before, memory(page), limit)
        assert lab.problems == []
