"""Whose tensor is it? minigrad's, or PyTorch's where that is installed; the views take both."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import minigrad
from minigrad import recording as minigrads
from minigrad.trace import Trace
from minigrad.trace import record as record_minigrad

from . import pytorch
from .derivation.graph_problem import GraphProblem
from .derivation.problem import Problem


def is_tensor(value: Any) -> bool:
    """True for a tensor of one of the engines. Does not import PyTorch."""
    return isinstance(value, minigrad.Tensor) or pytorch.is_tensor(value)


def record(out: Any, gradient: Any, names: dict[str, Any], **options: Any) -> Trace:
    """The trace of a backward pass from a tensor of either engine; see `minigrad.trace.record`."""
    run = pytorch.record if pytorch.is_tensor(out) else record_minigrad
    return run(out, gradient, names, **options)


def problem(out: Any, x: Any, names: Mapping[str, Any]) -> Problem:
    """The derivation of ∂`out`/∂`x`, of tensors of either engine."""
    if pytorch.is_tensor(out) and pytorch.is_tensor(x):
        from .pytorch.derive import problem

        return problem(out, x, names)
    return GraphProblem(out, x, names)


def names(frame: FrameType) -> dict[str, Any]:
    """The variables that a frame sees; the parameters of modules as `net.0.weight`."""
    found = {**frame.f_globals, **frame.f_locals}
    for name, value in list(found.items()):
        if callable(getattr(type(value), "named_parameters", None)) and name[:1] != "_":
            for path, parameter in value.named_parameters():
                found.setdefault(f"{name}.{path}", parameter)
    return found


def run(f: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    """Run a function of no arguments under recording: its result, and its variables at the end."""
    found: dict[str, Any] = {}
    code = getattr(f, "__code__", None)
    before = sys.getprofile()

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        if event == "return" and frame.f_code is code:
            found.update(names(frame))

    sys.setprofile(watch if code is not None else before)
    try:
        with recording():
            out = f()
    finally:
        sys.setprofile(before)
    return out, found


@contextmanager
def recording() -> Iterator[None]:
    """Keep every value, argument and line of code of what is computed inside.

        with widgets.recording():
            loss = model(x).sum()
        step_through(loss)

    minigrad's tensors are recorded anyway, as soon as widgets is imported. PyTorch keeps none of
    these by itself. It costs time and memory: the values live as long as the graph.
    """
    if pytorch.loaded() is None:
        with minigrads.recording():
            yield
        return
    from .pytorch.recording import Recording

    with minigrads.recording(), Recording():
        yield
