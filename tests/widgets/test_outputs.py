"""What a notebook is given of a view, and how long it is kept up to date."""

from __future__ import annotations

from typing import Any

import nbclient
import nbformat
import pytest

import minigrad as torch
from minigrad import recording
from tests.widgets.saved import outputs
from widgets import derive, jacobian, step_through, versions, watch
from widgets.offline import VIEW
from widgets.outputs import STILL

WATCHED = """
import minigrad as torch
from widgets import derive, watch

x = torch.ones(2, requires_grad=True)
w = watch()
w"""
ANSWERED = "y = (x * x).sum()\nd = derive(y, x)\nd"
LATER = "d.check('2*x')\nout = (x * 3).sum()\nout.backward()"


@pytest.fixture(autouse=True)
def _recording():
    with recording.recording():
        yield


def views() -> dict[str, Any]:
    x = torch.ones(2, 2, requires_grad=True)
    y = x * x
    with watch() as w:
        (x * 3).sum()
    return {
        "stepper": step_through(y.sum()),
        "jacobian": jacobian(y, x),
        "derive": derive(y.sum(), x),
        "versions": versions(x, y),
        "watch": w,
    }


def test_a_cell_has_the_widget_and_its_still_picture() -> None:
    for name, view in views().items():
        widget, still = outputs(view)
        assert widget[VIEW]["model_id"] == view.model_id, name
        assert "text/html" not in widget, name  # it would be a second picture in an untrusted page
        found = STILL.match(still["text/html"])
        assert found, name
        assert found[1] == view.model_id, name
        assert view.still in still["text/html"], name
        assert still["text/plain"] == repr(view), name


def test_no_two_widgets_share_a_name() -> None:
    x = torch.ones(2, requires_grad=True)
    assert len({step_through(x.sum()).model_id for _ in range(20)}) == 20


def test_a_still_picture_is_of_now() -> None:
    cells = [nbformat.v4.new_code_cell(text) for text in (WATCHED, ANSWERED, LATER)]
    book = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(book, timeout=60, kernel_name="python3").execute()
    watched, answered = (cell.outputs[1].data["text/html"] for cell in book.cells[:2])
    assert "x * 3" in watched
    assert "Nothing has been computed" not in watched
    assert "2*x" in answered
    assert "right" in answered
    assert len(book.cells[0].outputs) == 2
