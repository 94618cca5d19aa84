"""`step_through(out)`: walk through a forward and backward pass, every number in sight.

The widget is handed one text, the trace with its layout. Stepping happens in the page alone; the
kernel is not asked again, so it also works while a cell runs, and after the kernel is gone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from minigrad import Tensor
from minigrad.trace import Trace, record

from . import advice, export, restrict
from .formula import formulas
from .layout import place
from .packing import pack, unpack
from .static_files import script, style
from .still import as_html


class Stepper(anywidget.AnyWidget):
    """The widget that `step_through` returns."""

    _esm = script() + "\nexport default { render };"
    _css = style()
    # Both are JSON, packed if it is long: a text saves smaller than a dictionary.
    trace = traitlets.Unicode("{}").tag(sync=True)
    formulas = traitlets.Unicode("{}").tag(sync=True)  # LaTeX → MathML

    def __init__(self, trace: Trace) -> None:
        self.recorded = trace
        data = trace.to_dict()
        if data.get("layout") is None:
            data = {**data}
            place(data)
        super().__init__(
            trace=pack(_json(data)),
            formulas=pack(_json(formulas(data))),
        )
        self._still = as_html(data)

    def to_html(self, path: str | Path) -> Path:
        """Write a page that steps by itself, offline. Returns its path."""
        path = Path(path)
        title = (
            f"minigrad: step through {self.recorded.node(self.recorded.data['output'])['label']}"
        )
        traits = {"trace": unpack(self.trace), "formulas": unpack(self.formulas)}
        path.write_text(export.page(traits, title, self._still), encoding="utf-8")
        return path

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and for a page without its state a still picture and a text."""
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data:
            data["text/plain"] = repr(self)
            data["text/html"] = self._still
        return bundle

    def __repr__(self) -> str:
        return f"step_through: {self.recorded!r}; print(widget.recorded) shows it as text"


def _json(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def step_through(out: Any, gradient: Any = None, inputs: Any = None) -> Stepper:
    """Step through the backward pass from `out`, and the forward pass that led to it.

    out: the tensor that `backward` would start from; or a recorded `Trace`.
    gradient: the cotangent of `out`, of its shape; may be left out if `out` has one entry.
    inputs: a leaf or a list of leaves; only the steps that lead to them are shown.

    No `.grad` is changed and the graph stays as it is. Raises what `out.backward(gradient)` would
    raise, with a sentence on what to do, and TypeError if `out` is no tensor.
    """
    if isinstance(out, Trace):
        return Stepper(out)
    if not isinstance(out, Tensor):
        raise TypeError(advice.not_a_tensor(out))
    caller = sys._getframe(1)
    names = {**caller.f_globals, **caller.f_locals}
    wanted = restrict.leaves(inputs, names)
    try:
        trace = record(out, gradient, names)
    except (RuntimeError, TypeError) as problem:
        raise type(problem)(advice.told(str(problem))) from None
    return Stepper(trace if wanted is None else restrict.to_leaves(trace, wanted))
