"""`jacobian(f, x)`: the whole matrix, and what a backward and a forward pass make of it.

Both modes are run when the widget is made; multiplying by v from the left and by u from the right
happens in the page, so that a slider needs no kernel.
"""

from __future__ import annotations

import html
import sys
from typing import Any

import numpy as np
import traitlets

from minigrad.trace.text import entry

from . import engines
from .jacobians import Question, ask, described
from .view import View

FREED = "Trying to backward through the graph a second time"
RUN_AGAIN = (
    "Compute the output again and do not call backward() before, or call "
    "backward(retain_graph=True); or give the function: jacobian(f, x)."
)
STILL = 12  # rows and columns of the table that stands in for the page


class Jacobian(View):
    """The widget that `jacobian` returns.

    matrix: NumPy array (output entries, input entries), C order; None if it was too large.
    modes: what reverse and forward mode needed: passes, seconds.
    """

    page = "jacobian/jacobian.js"
    styles = ("stepper/tools.css", "jacobian/jacobian.css", "jacobian/chain.css")
    data = traitlets.Unicode("{}").tag(sync=True)

    def __init__(self, question: Question) -> None:
        self.matrix, self.modes, self.described = described(question)
        title = f"∂{self.described['out']['label']}/∂{self.described['x']['label']}"
        super().__init__(
            title=f"minigrad: the Jacobian {title}",
            still=still(self.described, self.matrix),
            data=self.text(self.described),
        )

    def __repr__(self) -> str:
        return in_words(self.described)


def jacobian(f: Any, x: Any, output: Any = None) -> Jacobian:
    """Look at the Jacobian of `f` at `x`: row i is output entry i, column j is input entry j.

    f: a function of tensors; a list of functions, applied one after the other (or a Sequential);
        or an output tensor, whose graph then stays as it is.
    x: a tensor, or a tuple of them, which the function is called with; or tensors of the graph.
    output: which one, if there are several: an index or a key.

    Works for minigrad's tensors and for PyTorch's. Raises what PyTorch raises, with a sentence on
    what to do: RuntimeError without a graph, for a tensor that is not in it, for whole numbers;
    ValueError for several outputs and for shapes without entries; TypeError for what is no tensor.
    """
    names = engines.names(sys._getframe(1))
    try:
        with np.errstate(all="ignore"):  # an infinite slope is shown, not warned of
            return Jacobian(ask(f, x, output, names))
    except RuntimeError as problem:
        if FREED in str(problem):
            raise RuntimeError(f"{problem}\n{RUN_AGAIN}") from None
        raise


def in_words(data: dict[str, Any]) -> str:
    """The matrix in a sentence or two: its size, its structure, what it took."""
    what = f"∂{data['out']['label']}/∂{data['x']['label']}"
    words = f"jacobian {what}: {data['rows']}×{data['columns']}"
    if data["structure"]:
        words += f", {data['structure']['name']}. {data['structure']['meaning']}"
    passes = [
        f"{mode['name']} mode: {mode['run']} of {mode['needed']} passes in "
        f"{1000 * mode['seconds']:.3g} ms"
        for mode in data["modes"]
        if not mode["problem"]
    ]
    return "\n".join([words, *passes, *data["notes"]])


def still(data: dict[str, Any], matrix: np.ndarray | None) -> str:
    """The corner of the matrix as a table, and the same in words."""
    words = f"<p>{html.escape(in_words(data)).replace(chr(10), '<br>')}</p>"
    if matrix is None:
        return words
    rows, columns = (names[:STILL] for names in (data["out"]["entries"], data["x"]["entries"]))
    if not rows or not columns:
        return words
    head = "".join(f"<th scope='col'>{html.escape(name)}</th>" for name in columns)
    body = "".join(
        f"<tr><th scope='row'>{html.escape(name)}</th>"
        + "".join(f"<td>{_cell(matrix[i, j])}</td>" for j in range(len(columns)))
        + "</tr>"
        for i, name in enumerate(rows)
    )
    return f"{words}<table><tr><td></td>{head}</tr>{body}</table>"


def _cell(value: float) -> str:
    return entry(float(value)) if np.isfinite(value) else str(value)
