"""The views in marimo: operated, themed, and their keys kept from the notebook around them.

Runs where marimo is installed; it brings twenty packages, so the tests do not ask for it:

    python3 start.py python -m pip install marimo
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launch.places import ROOT
from tests.browser.lab import PATIENCE, _free_port, browser, stop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        importlib.util.find_spec("marimo") is None,
        reason="NOT RUN: no marimo;  python3 start.py python -m pip install marimo",
    ),
]
CELLS = (
    (
        "",
        """import minigrad as torch
    from widgets import derive, draw, jacobian, step_through, training_view, versions, watch
    x = torch.ones(2, 2, requires_grad=True)
    y = x + 2
    z = y * y * 3
    out = z.mean()
    step_through(out)""",
        "derive, draw, jacobian, out, training_view, versions, watch, x, y, z",
    ),
    ("derive, out, x", "derive(out, x)", ""),
    ("jacobian, x, z", "jacobian(z, x)", ""),
    ("versions, x, y", "versions(x, y)", ""),
    ("watch", "w = watch()\n    w", "w"),
    ("w, x", "w\n    for k in range(3):\n        (x * k).sum().backward()", ""),
    ("draw, out", "draw(out)", ""),
    (
        "training_view, x",
        "view = training_view([x], steps=1)\n    for _ in view:\n        view.step(1.0)\n    view",
        "",
    ),
)
VIEWS = 5  # of these cells


def notebook(path: Path) -> Path:
    """The cells as marimo keeps them: functions of the variables that they read."""
    cells = "\n\n".join(
        f"@app.cell\ndef _({read}):\n    {code}\n    return ({written})"
        for read, code, written in CELLS
    )
    path.write_text(f"import marimo\n\napp = marimo.App()\n\n\n{cells}\n", encoding="utf-8")
    return path


@contextlib.contextmanager
def served(path: Path) -> Iterator[str]:
    """The address of marimo's editor of a notebook; its settings are in a folder of their own."""
    port = _free_port()
    homes = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    environ = {**os.environ, **dict.fromkeys(homes, str(path.parent)), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "marimo", "-y", "edit", path.name, "--headless", "--no-token"]
    with (path.parent / "marimo.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--skip-update-check", "--port", str(port)],
            cwd=path.parent, env=environ, stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_for(address + "health", server)
            yield address
        finally:
            stop(server)


def wait_for(address: str, server: subprocess.Popen[Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(address, timeout=2).close()
            return
        time.sleep(0.1)
    raise RuntimeError("marimo did not answer")


def test_every_view_works_in_marimo(chrome: str, tmp_path: Path) -> None:
    path = notebook(tmp_path / "notebook.py")
    problems: list[str] = []
    with served(path) as address, browser(chrome) as chromium:
        page = chromium.new_page(viewport={"width": 1300, "height": 1000}, color_scheme="dark")
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        page.locator(".cm-content").first.wait_for()
        page.keyboard.press("ControlOrMeta+Shift+r")  # runs every cell
        views = page.locator(".mg[data-theme]")
        views.nth(VIEWS - 1).wait_for()
        operated(page)
        for view in views.all():  # what the notebook would take for commands
            view.focus()
            for key in ("x", "a", "b", "d", "d", "Delete"):
                page.keyboard.press(key)
        assert page.locator(".cm-content").count() == len(CELLS)
        assert views.count() == VIEWS
        themes = views.evaluate_all("all => all.map((one) => one.dataset.theme)")
        assert set(themes) == {"light"}  # marimo's own, whatever the system's is
        assert problems == []


def operated(page: Any) -> None:
    """Each view does what it is for."""
    stepper = page.locator(".mg:has(.mg-next)")
    stepper.press("End")
    assert "= 4.5" in stepper.locator(".mg-sum").inner_text()
    stepper.press("ArrowLeft")
    assert stepper.locator(".mg-count").inner_text() == "Step 10 of 11"
    page.locator(".dv-input").last.fill("6*y/4")
    page.locator(".dv-input").last.press("Enter")
    page.locator(".dv-verdict", has_text="✓ right").wait_for()
    page.get_by_role("button", name="v picks the row").nth(2).click()
    assert "picks the row z[" in page.locator(".mg-said").first.inner_text()
    assert "Memory of" in page.locator(".mg-versions").inner_text()
    page.locator('.mg-watch[data-iteration="3"]').wait_for()
    for words in ("Computation graph", "Training: step 1 of 1"):
        picture = page.locator(f'img[alt^="{words}"]')
        picture.wait_for()
        assert picture.evaluate("(one) => one.complete && one.naturalWidth > 150")
