"""Warnings that point at the reader's line, not at ours."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Container
from types import FrameType, ModuleType
from typing import Any

from .absent import no_such


class Quiet(ModuleType):
    """A module in which NumPy does not warn about 1/0 and log(0), whatever the filters say.

    PyTorch says nothing of them either, and a nan is seen anyway. Python drops a warning from code
    whose global `__name__` is None before it looks at any filter; that costs nothing, where
    `np.errstate` would take longer than a small product. The module's own `__name__` is still there
    to be asked for.
    """

    __name__ = property(lambda self: self.__spec__.name)

    def __getattr__(self, name: str) -> Any:
        raise no_such(self.__name__, name)


Quiet.__name__ = "module"  # as errors call it


def silence_numpy() -> None:
    """Make all modules of this package quiet."""
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{PACKAGE}."):
            module.__class__ = Quiet
            vars(module)["__name__"] = None


def module_of(frame: FrameType) -> str:
    """The name of the module whose code runs in a frame, a quiet one's, too."""
    names = frame.f_globals
    name = names.get("__name__")
    if name is None and (spec := names.get("__spec__")) is not None:
        name = spec.name
    return name or ""


def inside(frame: FrameType, packages: Container[str]) -> bool:
    """Does one of these packages run in a frame? (`minigrad_homework` is not of `minigrad`.)"""
    return module_of(frame).partition(".")[0] in packages


def own_frame(file: str) -> bool:
    """True for a file of this package."""
    return file.startswith((FOLDER, "<minigrad "))


PACKAGE = __name__.rpartition(".")[0]
FOLDER = __file__.rpartition("warn")[0]


def warn(text: str, category: type[Warning] = UserWarning) -> None:
    """A warning that shows the nearest line outside this package."""
    frame: Any = sys._getframe(1)
    depth = 2
    while frame.f_back is not None and inside(frame, (PACKAGE,)):
        frame = frame.f_back
        depth += 1
    warnings.warn(text, category, stacklevel=depth)
