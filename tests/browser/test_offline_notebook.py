"""A notebook as a page that steps from its file with the network off."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from launch.places import ROOT
from tests.browser.axe import violations
from widgets import offline as command

pytestmark = pytest.mark.browser

TEXT = r"""# A notebook

The mean of $\frac{3}{4}\,y^2$, and code that has a sign of its own: `a$b$c`.

$$\frac{\partial out}{\partial x} = \frac{6y}{4}$$
"""
CELLS = (
    """import minigrad as torch
from widgets import derive, draw, jacobian, step_through, training_view, versions, watch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
step_through(out)""",
    "d = derive(out, x)\nd.check('6*y/4')\nd",
    "jacobian(z, x)",
    "versions(x, y)",
    "step_through(z.sum())",
    "with watch() as w:\n    (x * 2).sum().backward()",
    "draw(out)",
    "view = training_view([x], steps=1)\nfor _ in view:\n    view.step(1.0)",
    "print('<script>alert(1)</script>')",
)


class Written:
    """A page that is there already, for `offline`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def to_html(self, path: Path) -> Path:
        return Path(shutil.copy(self.path, path))


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It is run by the command, and was not run before."""
    folder = tmp_path_factory.mktemp("offline")
    cells = [nbformat.v4.new_markdown_cell(TEXT), *map(nbformat.v4.new_code_cell, CELLS)]
    path = folder / "notebook.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def written(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "page.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        assert command.main([str(notebook), str(path), "--run"]) == 0
    return path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_view_works_from_the_file(opened: Any, written: Path, theme: str) -> None:
    page = opened(Written(written), color_scheme=theme)
    page.wait_for_function("document.querySelectorAll('.mg[data-theme]').length === 6")
    first, second = page.locator(".mg:has(.mg-next)").all()
    first.locator(".mg-last").click()
    assert "= 4.5" in first.locator(".mg-sum").inner_text()
    assert second.locator(".mg-count").inner_text().startswith("Step 1 of")
    assert "This page was saved" in page.locator(".dv-alone").inner_text()
    assert page.locator(".dv-verdict").last.inner_text() == "✓ right"
    page.get_by_role("button", name="v picks the row").nth(2).click()
    assert "picks the row z[" in page.locator(".mg-said").first.inner_text()
    assert page.locator(".mg-memory").count()
    assert page.locator(".mg-watch").get_attribute("data-iteration") == "1"
    assert page.get_by_text("This is a still picture").count() == 0
    alternatives = page.locator("main img").evaluate_all("all => all.map((one) => one.alt)")
    assert len(alternatives) == 2
    assert all(len(words) > 20 for words in alternatives)
    assert page.locator(".text_cell_render math mfrac").count() == 3
    assert "a$b$c" in page.locator("main").inner_text()
    assert not page.evaluate("window.alarmed")
    assert violations(page) == []


def test_without_saved_state_there_is_a_still_picture(
    opened: Any, notebook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from nbclient import NotebookClient

    book = nbformat.read(notebook, as_version=4)
    book.cells = book.cells[:2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        NotebookClient(book, store_widget_state=False).execute()
    nbformat.write(book, tmp_path / "unsaved.ipynb")
    page_path = tmp_path / "page.html"
    assert command.main([str(tmp_path / "unsaved.ipynb"), str(page_path)]) == 1
    assert "no saved state of them" in capsys.readouterr().err
    text = page_path.read_text(encoding="utf-8")
    assert text.count('alt="Computation graph: y = x + 2') == 1
    assert text.count("This is a still picture") == 1


def test_formulas_and_code() -> None:
    formulas = command.Formulas()
    text = formulas.marked("it costs $5 and $6, `$x$`; $x^2$\n```\n$y$\n```")
    assert formulas.put_into(text) == (
        "it costs $5 and $6, `$x$`; <math><msup><mi>x</mi><mn>2</mn></msup></math>\n```\n$y$\n```"
    )
