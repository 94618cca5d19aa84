"""Whose tensor is it? minigrad's, or PyTorch's where that is installed; the views take both."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
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
    """The variables that a frame sees; the parameters of modules as `net.0.weight`, and what the
    reader's own lists, dictionaries and objects hold as `xs[0]`, `ps["a"]`, `model.w`.
    """
    found = {**frame.f_globals, **frame.f_locals}
    variables = [(n, v) for n, v in found.items() if n[:1] != "_" and n not in NOTEBOOKS]
    for name, value in variables:
        if callable(getattr(type(value), "named_parameters", None)):
            for path, parameter in value.named_parameters():
                found.setdefault(f"{name}.{path}", parameter)
    home = frame.f_globals.get("__name__")
    for name, value in variables:
        for path, part in islice(_inside(name, value, home), VISITED):
            if is_tensor(part):
                found.setdefault(path, part)
    return found


NOTEBOOKS = ("In", "Out")  # what a notebook keeps of all cells
MOST, DEEPEST = 64, 3  # of a list, and how many such things within one another
VISITED = 2000  # of one variable, in all


def _inside(name: str, value: Any, home: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """All that is in a list, a dictionary, or an object of a class of module `home`, and how it is
    written there.
    """
    if depth:
        yield name, value
    if depth == DEEPEST or isinstance(value, type):
        return
    parts: Iterable[tuple[str, Any]] = ()
    if type(value) in (list, tuple):
        parts = ((f"[{k}]", part) for k, part in enumerate(value[:MOST]))
    elif type(value) is dict:
        some = islice(value.items(), MOST)
        parts = ((f"[{key!r}]", part) for key, part in some if type(key) in (str, int))
    elif type(value).__module__ == home and hasattr(value, "__dict__"):
        held = ((key, part) for key, part in vars(value).items() if key[:1] != "_")
        parts = ((f".{key}", part) for key, part in islice(held, MOST))
    for path, part in list(parts):
        yield from _inside(name + path, part, home, depth + 1)


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
