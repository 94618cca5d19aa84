"""Modules made of modules: `Sequential`, `ModuleList`, `ModuleDict`, `DataParallel`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from operator import index
from typing import Any

from .module import Module, in_brackets


class _Listed(Module):
    """Modules in an order, with their numbers as names."""

    def _name(self, place: Any) -> str:
        """The name of the module at a place. Raises IndexError if there is none."""
        place = index(place)
        if not -len(self) <= place < len(self):
            raise IndexError(f"index {place} is out of range")
        return list(self._modules)[place]

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __len__(self) -> int:
        return len(self._modules)

    def __setitem__(self, place: int, module: Module) -> None:
        setattr(self, self._name(place), module)

    def __delitem__(self, place: int | slice) -> None:
        sliced = isinstance(place, slice)
        for name in list(self._modules)[place] if sliced else [self._name(place)]:
            del self._modules[name]
        self._modules = {str(k): module for k, module in enumerate(self)}

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.isdigit()]

    def append(self, module: Module) -> Any:
        """Add a module at the end. Returns the container."""
        self.add_module(str(len(self)), module)
        return self

    def pop(self, key: int | slice) -> Any:
        """Take a module out, or several."""
        module = self[key]  # type: ignore[index]  # each kind has its own __getitem__
        del self[key]
        return module

    def _insert(self, place: int, module: Module) -> None:
        for k in range(len(self), place, -1):
            self._modules[str(k)] = self._modules[str(k - 1)]
        self._modules[str(place)] = module


class Sequential(_Listed):
    """Each module computes from what the one before it returned.

    Takes modules, or an `OrderedDict` of them. Raises TypeError for anything else.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            self.extend(args)

    def forward(self, input: Any) -> Any:
        """The last module's answer."""
        for module in self:
            input = module(input)
        return input

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return type(self)(OrderedDict(list(self._modules.items())[place]))
        return self._modules[self._name(place)]

    def insert(self, index: int, module: Module) -> Sequential:
        """Put a module in at a place. Raises IndexError for a place too far away."""
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        if not -len(self) <= index <= len(self):
            raise IndexError(f"Index out of range: {index}")
        self._insert(index if index >= 0 else index + len(self), module)
        return self

    def extend(self, sequential: Iterable[Module]) -> Sequential:
        """Add several at the end."""
        for module in sequential:
            self.append(module)
        return self

    def __iadd__(self, other: Any) -> Sequential:
        if not isinstance(other, Sequential):
            raise ValueError(
                "add operator supports only objects of Sequential class, but "
                f"{type(other)} is given."
            )
        return self.extend(list(other))

    def __add__(self, other: Any) -> Sequential:
        both = Sequential(*self)
        both += other
        return both

    def __imul__(self, other: Any) -> Sequential:
        if not isinstance(other, int):
            raise TypeError(f"unsupported operand type(s) for *: {type(self)} and {type(other)}")
        if other <= 0:
            raise ValueError(f"Non-positive multiplication factor {other} for {type(self)}")
        return self.extend(list(self) * (other - 1))

    def __mul__(self, other: Any) -> Sequential:
        repeated = Sequential(*self)
        repeated *= other
        return repeated

    __rmul__ = __mul__


class ModuleList(_Listed):
    """A list whose modules belong to the module that holds it."""

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        self.extend(() if modules is None else modules)

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return type(self)(list(self)[place])
        return self._modules[self._name(place)]

    def insert(self, index: int, module: Module) -> None:
        """Put a module in at a place, counted from the front."""
        self._insert(index, module)

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

    __iadd__ = extend

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList(chain(self, other))

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


class ModuleDict(Module):
    """A dictionary whose modules belong to the module that holds it."""

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def update(self, modules: Any) -> None:
        """Add the modules of a dictionary, or of pairs. Raises TypeError for anything else."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleDict.update should be called with an iterable of key/value pairs, but got "
                + type(modules).__name__
            )
        if isinstance(modules, Mapping | ModuleDict):
            modules = modules.items()
        for name, module in pairs_of(modules, "ModuleDict"):
            self[name] = module

    def __getitem__(self, key: str) -> Any:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._modules.keys()

    def values(self) -> Iterable[Module]:
        """The modules."""
        return self._modules.values()

    def items(self) -> Iterable[tuple[str, Module]]:
        """(name, module)."""
        return self._modules.items()

    def pop(self, key: str) -> Module:
        """Take a module out. Raises KeyError if there is none of that name."""
        module = self[key]
        del self[key]
        return module

    def clear(self) -> None:
        """Take all of them out."""
        self._modules.clear()


def pairs_of(values: Iterable[Any], kind: str) -> Iterator[tuple[Any, Any]]:
    """The pairs of an iterable, for a container of this kind.

    Raises TypeError for an element that is no sequence, ValueError for one that has not two parts.
    """
    for k, pair in enumerate(values):
        if not isinstance(pair, Iterable):
            raise TypeError(
                f"{kind} update sequence element #{k} should be Iterable; is{type(pair).__name__}"
            )
        pair = tuple(pair)
        if len(pair) != 2:
            raise ValueError(
                f"{kind} update sequence element #{k} has length {len(pair)}; 2 is required"
            )
        yield pair


class DataParallel(Module):
    """Calls `module`. PyTorch spreads a batch over the graphics cards; on the CPU it does as here.

    The other arguments say which cards, and along which axis: they change nothing.
    """

    def __init__(
        self, module: Module, device_ids: Any = None, output_device: Any = None, dim: int = 0
    ) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[int] = []

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        """What the module makes of them."""
        return self.module(*inputs, **kwargs)
