"""Modules made of modules."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

from .module import Module, in_brackets


class Sequential(Module):
    """Each module computes from what the one before it returned.

    Takes modules, or an `OrderedDict` of them. Raises TypeError for anything else.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        named = (
            args[0]
            if len(args) == 1 and isinstance(args[0], OrderedDict)
            else dict(enumerate(args))
        )
        for name, module in named.items():
            self.add_module(str(name), module)

    def forward(self, input: Any) -> Any:
        """The last module's answer."""
        for module in self:
            input = module(input)
        return input

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __len__(self) -> int:
        return len(self._modules)

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return type(self)(OrderedDict(list(self._modules.items())[place]))
        if not -len(self) <= place < len(self):
            raise IndexError(f"index {place} is out of range")
        return list(self)[place]

    def append(self, module: Module) -> Sequential:
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self


class ModuleList(Module):
    """A list whose modules belong to the module that holds it."""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        self.extend(() if modules is None else modules)

    def append(self, module: Module) -> ModuleList:
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Add several at the end. Raises TypeError if there is nothing to iterate over."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleList.extend should be called with an iterable, but got "
                + type(modules).__name__
            )
        for module in modules:
            self.append(module)
        return self

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __len__(self) -> int:
        return len(self._modules)

    def __getitem__(self, place: int | slice) -> Any:
        modules = list(self)
        if isinstance(place, slice):
            return ModuleList(modules[place])
        if not -len(self) <= place < len(self):
            raise IndexError(f"index {place} is out of range")
        return modules[place]

    def __repr__(self) -> str:
        """Equal modules in a row are written once: `(0-2): 3 x ReLU()`."""
        runs: list[list[Any]] = []  # first, last, text
        for k, module in enumerate(self):
            if runs and runs[-1][2] == repr(module):
                runs[-1][1] = k
            else:
                runs.append([k, k, repr(module)])
        lines = [
            f"({a}): {text}" if a == b else f"({a}-{b}): {b - a + 1} x {text}"
            for a, b, text in runs
        ]
        return in_brackets("ModuleList", "", [line.replace("\n", "\n  ") for line in lines])
