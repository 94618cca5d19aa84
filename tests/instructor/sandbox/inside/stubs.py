"""What stands in the sandbox in place of packages that draw, check, or are not to be had there.

Pictures are not looked at in grading, and checks are not run beside the code that they judge. So
`widgets`, `matplotlib`, `lessons` and `checks` are packages in which everything is a `Nothing`.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any

STANDING_IN = ("widgets", "matplotlib", "lessons", "checks", "IPython", "ipywidgets", "anywidget")


class Nothing:
    """Does nothing, and can be called, asked for anything, iterated over, used in a with."""

    def __call__(self, *arguments: Any, **options: Any) -> Nothing:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self):
        return iter(())

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *problem: Any) -> None:
        pass

    def _itself(self, *other: Any) -> Nothing:
        return self

    __getitem__ = __lt__ = __le__ = __gt__ = __ge__ = _itself
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _itself

    def __setitem__(self, place: Any, value: Any) -> None:
        pass


NOTHING = Nothing()


def subplots(rows: int = 1, columns: int = 1, **options: Any) -> tuple[Any, Any]:
    """As of matplotlib.pyplot: a figure, and one set of axes or an array of them."""
    import numpy as np

    rows, columns = options.get("nrows", rows), options.get("ncols", columns)
    axes = np.full((rows, columns), NOTHING, dtype=object)
    if options.get("squeeze", True):
        axes = axes.squeeze()
    return NOTHING, axes[()] if axes.shape == () else axes


class StandIn(ModuleType):
    """A package in which everything is a Nothing."""

    __path__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return NOTHING


class Missing(ModuleType):
    """A package that can be imported, and is not there."""

    __path__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        package = self.__name__.partition(".")[0]
        raise ImportError(f"{package} is not to be had here: this exercise does without it.")


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the stand-ins, and what is missing."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """A spec for each module of these packages; None for others."""
        if name.partition(".")[0] in (*STANDING_IN, *self.missing):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> ModuleType:
        """An empty one."""
        kind = Missing if spec.name.partition(".")[0] in self.missing else StandIn
        module = kind(spec.name)
        if spec.name == "matplotlib.pyplot":
            module.subplots = subplots  # type: ignore[attr-defined]
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def install(missing: tuple[str, ...]) -> None:
    """From now on imports find the stand-ins, and the missing packages that say so."""
    sys.meta_path.insert(0, Finder(missing))
