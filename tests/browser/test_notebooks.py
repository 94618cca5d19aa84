"""Views in JupyterLab and in Notebook 7: operated, themed, reopened, and after the kernel's end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from launch.places import ROOT
from tests.browser.axe import violations
from tests.browser.lab import PANEL, Lab, write_notebook

pytestmark = pytest.mark.browser
CELLS = (
    """import minigrad as torch
from widgets import derive, jacobian, step_through, training_view, watch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
step_through(out)""",
    "derive(out, x)",
    "jacobian(z, x)",
    "view = training_view([x], steps=1)\nfor _ in view:\n    view.step(1.0)",
    "watch()",
)
STILL = """() => [...document.querySelectorAll(".jp-OutputArea-output img")]
  .filter((one) => one.checkVisibility()).map((one) => one.alt)"""


class Notebook7(Lab):
    """Notebook 7 in place of JupyterLab: the same front end parts, another shell."""

    address = "notebooks"

    def _command(self) -> list[str]:
        command = super()._command()
        command[command.index("jupyterlab")] = "notebook"
        return [
            part.replace("--LabApp.expose", "--JupyterNotebookApp.expose")
            for part in command
            if "check_for_updates" not in part and "NeverCheck" not in part
        ]


def operated(page: Any) -> None:
    """Each view does what it is for."""
    stepper = page.locator(".mg:has(.mg-next)").first
    stepper.locator(".mg-last").click()
    assert "= 4.5" in stepper.locator(".mg-sum").inner_text()
    stepper.press("ArrowLeft")
    assert stepper.locator(".mg-count").inner_text() == "Step 10 of 11"
    page.locator(".dv-input").last.fill("6*y/4")
    page.locator(".dv-input").last.press("Enter")
    page.wait_for_function(
        "[...document.querySelectorAll('.dv-verdict')].at(-1).textContent === '✓ right'"
    )
    page.get_by_role("button", name="v picks the row").nth(2).click()
    assert "picks the row z[" in page.locator(".mg-said").first.inner_text()


def keys_stay(page: Any, cells: int) -> None:
    """What a notebook would take for commands, pressed in each view."""
    for view in page.locator(".mg").all():
        view.focus()
        for key in ("x", "a", "b", "d", "d", "ArrowDown", "Delete"):
            page.keyboard.press(key)
    assert page.evaluate(f"() => {PANEL}.content.model.cells.length") == cells


@pytest.mark.parametrize("host", [Lab, Notebook7], ids=["lab", "notebook 7"])
def test_views_work_in_both_themes(chrome: str, tmp_path: Path, host: type[Lab]) -> None:
    write_notebook(tmp_path / "views.ipynb", *CELLS[:4])
    with host(tmp_path, chrome, environ={"PYTHONPATH": str(ROOT)}) as lab:
        page = lab.open("views.ipynb")
        lab.problems.clear()  # Notebook 7 has one of its own as it starts
        lab.run_all(page, 4)
        page.wait_for_function("() => document.querySelectorAll('.mg[data-theme]').length === 3")
        operated(page)
        keys_stay(page, 4)
        widths = page.locator(".mg").evaluate_all("all => all.map((one) => one.clientWidth)")
        assert len(set(widths)) == 1
        (words,) = page.evaluate(STILL)
        assert words.startswith("Training: step 1 of 1")
        for theme in ("light", "dark"):
            lab.set_theme(page, theme)
            page.wait_for_selector(f'.mg[data-theme="{theme}"]')
            assert violations(page, ".mg") == []
        assert lab.problems == []
