"""What only a real kernel shows: views that listen to the end of a cell, run as cells."""

import nbclient
import nbformat

BLOCK = """
import minigrad as torch
from widgets import step_through, watch

x = torch.ones(2, requires_grad=True)
with watch() as seen:
    out = (x * x).sum()
print(seen.running, len(seen.journal.runs))
"""
FUNCTION = """
print(step_through(lambda: (x * 3).sum()))
print(step_through(lambda: x @ torch.ones(3, 3)))
"""


def test_blocks_and_functions_are_watched_in_a_notebook():
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in (BLOCK, FUNCTION)])
    nbclient.NotebookClient(book, timeout=60, kernel_name="python3").execute()
    said = ["".join(o.get("text", "") for o in cell.outputs) for cell in book.cells]
    assert "False" in said[0]
    assert "step_through: <Trace of 3 nodes" in said[1]
    assert "size mismatch" in said[1] or "cannot be multiplied" in said[1]
