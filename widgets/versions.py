"""`versions(*tensors)`: who shares memory, who wrote, and who saved what at which version.

    versions(x, v)       # two tensors, all variables that share their memory, and their graphs
    versions(out)        # all that the graph of `out` has saved
    versions()           # after a backward pass that failed: written here, read there
    print(versions(x))   # the same in words

What is told is gathered by `widgets.versioning`, for minigrad's tensors and PyTorch's.
"""

from __future__ import annotations

import html
import sys
from types import TracebackType
from typing import Any

import traitlets

from minigrad import Tensor
from minigrad.warn import module_of

from . import engines, pytorch
from .versioning import tell
from .versioning.for_minigrad import Minigrad
from .versioning.text import describe
from .view import View


class Versions(View):
    """The widget that `versions` returns; `data` is what it shows, and `print` tells it."""

    page = "versions/versions.js"
    styles = ("versions/versions.css",)
    told = traitlets.Unicode("{}").tag(sync=True)

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        still = f"<pre>{html.escape(describe(data))}</pre>"
        super().__init__(title="minigrad: versions", still=still, told=self.text(data))

    def __str__(self) -> str:
        return describe(self.data)

    __repr__ = __str__


def versions(*tensors: Any) -> Versions:
    """Show the memory of some tensors: views, writes with their lines, and what nodes have saved.

    tensors: of minigrad or of PyTorch. All of the caller's variables that share memory with them,
    and everything that the graphs behind them have saved, are shown too. Without tensors: those of
    the last error, if it came from a backward pass; else all of the caller's variables.

    Writes are remembered while recording is on (`import widgets` switches it on), the last 50 of
    each counter. Of PyTorch's tensors, who wrote is known of what ran in `with recording():`.
    Raises TypeError for something that is no tensor, or for tensors of both kinds.
    """
    names = engines.names(sys._getframe(1))
    error = None
    if not tensors:
        error = _last_error()
        tensors, inner = _of_error(error)
        names = inner | names
        if not tensors:
            error = None
            tensors = tuple(value for value in names.values() if isinstance(value, Tensor))
    for value in tensors:
        if not engines.is_tensor(value):
            raise TypeError(
                f"versions() shows tensors, but got {type(value).__name__}. Give it tensors that "
                "may share memory, or the result whose backward pass fails: versions(loss)."
            )
    theirs = [pytorch.is_tensor(value) for value in tensors]
    if any(theirs) and not all(theirs):
        raise TypeError("versions() shows tensors of minigrad or of PyTorch, not of both at once.")
    read = None if error is None else _place(error.__traceback__)
    data = tell(_engine(bool(theirs and theirs[0])), tensors, names, read)
    data["error"] = None
    if error is not None:
        data["error"] = f"{type(error).__name__}: {error}"
    return Versions(data)


def _engine(torch: bool) -> Any:
    if not torch:
        return Minigrad()
    from .versioning.for_torch import Torch

    return Torch()


def _last_error() -> BaseException | None:
    """The error that is being handled, or the last one that a notebook showed."""
    return sys.exc_info()[1] or getattr(sys, "last_value", None)


def _of_error(error: BaseException | None) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The tensors that a failed backward pass started from, and the variables around it."""
    traceback = None if error is None else error.__traceback__
    names: dict[str, Any] = {}
    while traceback is not None:
        frame = traceback.tb_frame
        module = module_of(frame)
        if module.startswith("minigrad.autograd.differentiate") or module == "torch.autograd":
            given = frame.f_locals.get("tensors", frame.f_locals.get("outputs"))
            given = given if isinstance(given, (list, tuple)) else (given,)
            found = tuple(value for value in given if engines.is_tensor(value))
            if found:
                return found, names
        names |= {k: v for k, v in frame.f_locals.items() if engines.is_tensor(v)}
        traceback = traceback.tb_next
    return (), {}


def _place(traceback: TracebackType | None) -> tuple[str, int] | None:
    """The reader's line that a traceback goes through last."""
    place = None
    while traceback is not None:
        module = module_of(traceback.tb_frame).partition(".")[0]
        if module not in ("minigrad", "torch", "widgets"):
            place = (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    return place
