"""watch() in a real JupyterLab: the graph grows while a cell runs, and changes are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import PANEL, Lab, write_notebook

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
BUSY = f"() => {PANEL}.sessionContext.session.kernel.status"
CELLS = (
    "import time\nimport minigrad as torch\nfrom widgets import watch\nw = watch()\nw",
    "x = torch.ones(2, 2, requires_grad=True)\ny = x + 2\nz = y * y * 3",
    "out = z.mean()\nout.backward()",
    """W = torch.ones(3, 3, requires_grad=True)
for k in range(6):
    h = torch.ones(2, 3)
    for _ in range(1 + k // 3):
        h = torch.tanh(h @ W)
    time.sleep(0.4)
    loss = h.sum()
    loss.backward()
    time.sleep(0.4)""",
    "for k in range(100):\n    (W * 2).sum().backward()\n    time.sleep(0.05)",
    "v = W * 5\nv @ torch.ones(7, 2)",
)


def run(page: Any, cell: int) -> None:
    page.evaluate(
        f"""(cell) => {{
          {PANEL}.content.activeCellIndex = cell;
          void jupyterapp.commands.execute("notebook:run-cell");
        }}""",
        cell,
    )


def idle(page: Any, cell: int) -> None:
    page.wait_for_function(
        f"""(cell) => {PANEL}.content.model.cells.get(cell).executionCount !== null
                 && {PANEL}.sessionContext.session.kernel.status === "idle" """,
        arg=cell,
    )


def names(page: Any) -> list[str]:
    return page.locator(".mg-watch .mg-name").all_text_contents()


def test_the_graph_grows_while_cells_run(chrome: str, tmp_path: Path) -> None:
    write_notebook(tmp_path / "watch.ipynb", *CELLS)
    with Lab(tmp_path, chrome, environ={"PYTHONPATH": str(ROOT)}) as lab:
        page = lab.open("watch.ipynb")
        run(page, 0)
        watched = page.locator(".mg-watch")
        watched.wait_for()
        idle(page, 0)
        assert "Nothing has been computed yet" in watched.inner_text()

        run(page, 1)
        idle(page, 1)
        page.wait_for_function("() => document.querySelectorAll('.mg-watch .mg-name').length === 4")
        assert names(page) == ["x", "y", "t1", "z"]
        run(page, 2)
        idle(page, 2)
        page.locator(".mg").get_by_text("backward() was done").wait_for()
        assert names(page) == ["x", "y", "t1", "z", "out"]

        run(page, 3)
        page.wait_for_selector('.mg-watch[data-iteration="3"]')
        assert page.evaluate(BUSY) == "busy"  # the cell still runs
        page.locator(".mg").get_by_text("4 operations instead of 2").first.wait_for()
        assert page.evaluate(BUSY) == "busy"
        assert page.locator('.mg-node[data-mark="added"]').count() == 2
        assert "4 operations instead of 2" in watched.locator("[aria-live]").text_content()
        idle(page, 3)
        page.wait_for_selector('.mg-watch[data-iteration="7"]')

        in_the_past(page, watched)
        stopped_while_a_cell_runs(page, watched)

        run(page, 5)
        page.locator(".mg").get_by_text("matmul failed").wait_for()
        assert page.locator('.mg-node[data-kind="failed"]').count() == 1
        assert watched.locator(".mg-operands .mg-wrong").all_inner_texts() == ["[3]", "[7]"]
        assert lab.problems == []


def in_the_past(page: Any, watched: Any) -> None:
    """Earlier iterations by the keys, which do not leave the widget."""
    watched.locator(".mg-watch-slider").focus()
    cells = page.evaluate(f"() => {PANEL}.content.model.cells.length")
    for key in ("Home", "x", "a", "d", "d"):
        page.keyboard.press(key)
    assert page.evaluate(f"() => {PANEL}.content.model.cells.length") == cells
    assert watched.get_attribute("data-iteration") == "1"
    assert names(page) == ["x", "y", "t1", "z", "out"]
    page.keyboard.press("End")
    assert watched.get_attribute("data-iteration") == "7"


def stopped_while_a_cell_runs(page: Any, watched: Any) -> None:
    run(page, 4)
    page.wait_for_function(
        "() => Number(document.querySelector('.mg-watch').dataset.iteration) > 10"
    )
    watched.get_by_role("button", name="Stop").click()
    page.wait_for_selector('.mg-watch[data-state="stopped"]')  # at once, whatever the kernel does
    seen = watched.get_attribute("data-iteration")
    page.wait_for_timeout(600)
    assert page.evaluate(BUSY) == "busy"
    assert watched.get_attribute("data-iteration") == seen
    idle(page, 4)
    page.wait_for_timeout(600)
    assert watched.get_attribute("data-state") == "stopped"
    watched.get_by_role("button", name="Resume").click()
    page.wait_for_selector('.mg-watch[data-state="watching"]')
