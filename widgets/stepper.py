"""`step_through(out)`: walk through a forward and backward pass, every number in sight.

The widget is handed one text, the trace with its layout. Stepping happens in the page alone; the
kernel is not asked again, so it also works while a cell runs, and after the kernel is gone.
"""

from __future__ import annotations

import sys
from typing import Any

import traitlets

from minigrad.trace import Trace
from minigrad.trace.data import collector_paused

from . import advice, engines, restrict
from .formula import formulas
from .layout import place
from .still import as_html
from .view import View
from .watch import Watch, attempt


class Stepper(View):
    """The widget that `step_through` returns."""

    page = "stepper/stepper.js"
    styles = (
        "stepper/stepper.css", "stepper/tools.css", "stepper/graph.css", "stepper/panel.css",
    )  # fmt: skip
    trace = traitlets.Unicode("{}").tag(sync=True)
    formulas = traitlets.Unicode("{}").tag(sync=True)  # LaTeX → MathML

    @collector_paused()
    def __init__(self, trace: Trace) -> None:
        self.recorded = trace
        data = trace.to_dict()
        if data.get("layout") is None:
            data = {**data}
            place(data)
        super().__init__(
            title=f"minigrad: step through {trace.node(data['output'])['label']}",
            still=as_html(data),
            trace=self.text(data),
            formulas=self.text(formulas(data)),
        )

    def __repr__(self) -> str:
        return f"step_through: {self.recorded!r}; print(widget.recorded) shows it as text"


def step_through(out: Any, gradient: Any = None, inputs: Any = None) -> Stepper | Watch:
    """Step through the backward pass from `out`, and the forward pass that led to it.

    out: the tensor that `backward` would start from, minigrad's or PyTorch's; or a recorded
        `Trace`; or a function without arguments that computes the tensor. Of the forward pass to a
        PyTorch tensor only that is known which its graph keeps, unless it was computed by such a
        function or in `with widgets.recording():`.
    gradient: the cotangent of `out`, of its shape; may be left out if `out` has one entry.
    inputs: a leaf or a list of leaves; only the steps that lead to them are shown. One that `out`
        does not depend on is shown as not reached.

    No `.grad` is changed and the graph stays as it is. A backward pass that fails on its way is
    drawn up to the failing node, with the error; so is an `out` whose history was cut (`no_grad`,
    `detach`, `argmax`, …), as far as recording knows where it came from. A function that raises is
    drawn up to the operation that failed, with its operands and the error, as `watch()` draws it:
    the error is in the picture and is not raised. Otherwise raises what
    `out.backward(gradient)` would raise before it starts, with a sentence on what to do, and
    TypeError if `out` is no tensor.
    """
    if isinstance(out, Trace):
        return Stepper(out)
    names = engines.names(sys._getframe(1))
    if not engines.is_tensor(out) and callable(out):
        function = out
        done, failed = attempt(lambda: engines.run(function))
        if failed is not None:
            return failed
        out, inner = done
        names |= inner
    if not engines.is_tensor(out):
        raise TypeError(advice.not_a_tensor(out))
    wanted = restrict.leaves(inputs, names)
    given = [] if wanted is None else [names[label] for label in wanted]
    try:
        trace = engines.record(out, gradient, names, partial=True, inputs=given)
    except (RuntimeError, TypeError) as problem:
        raise type(problem)(advice.told(str(problem))) from None
    advice.add(trace.data)
    return Stepper(trace if wanted is None else restrict.to_leaves(trace, wanted))
