"""Modules made of modules."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..tensor import Tensor
from .module import Module, in_brackets
from .parameter import Parameter


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
        for k, pair in enumerate(modules):
            if not isinstance(pair, Iterable):
                raise TypeError(
                    f"ModuleDict update sequence element #{k} should be Iterable; is"
                    + type(pair).__name__
                )
            pair = tuple(pair)
            if len(pair) != 2:
                raise ValueError(
                    f"ModuleDict update sequence element #{k} has length {len(pair)}; 2 is required"
                )
            self[pair[0]] = pair[1]

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


class ParameterList(Module):
    """A list whose parameters belong to the module that holds it; tensors become parameters."""

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self._size = 0
        self.extend(() if values is None else values)

    def append(self, value: Any) -> ParameterList:
        """Add a value at the end."""
        self._size += 1
        self[self._size - 1] = value
        return self

    def extend(self, values: Any) -> ParameterList:
        """Add several at the end. Raises TypeError if there is nothing to iterate over."""
        if not isinstance(values, Iterable) or isinstance(values, Tensor):
            raise TypeError(
                "ParameterList.extend should be called with an iterable, but got "
                + type(values).__name__
            )
        for value in values:
            self.append(value)
        return self

    __iadd__ = extend

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return ParameterList(list(self)[place])
        return getattr(self, self._name(place))

    def __setitem__(self, place: int, value: Any) -> None:
        if isinstance(value, Tensor) and not isinstance(value, Parameter):
            value = Parameter(value)
        setattr(self, self._name(place), value)

    def _name(self, place: int) -> str:
        if not -len(self) <= place < len(self):
            raise IndexError(f"index {place} is out of range")
        return str(place % len(self))

    def extra_repr(self) -> str:
        """What each is."""
        return "\n".join(f"  ({k}): {_what(value)}" for k, value in enumerate(self))


def _what(value: Any) -> str:
    if not isinstance(value, Tensor):
        return f"Object of type: {type(value).__name__}"
    kind = "Parameter" if isinstance(value, Parameter) else "Tensor"
    size = "x".join(map(str, value.shape))
    return f"{kind} containing: [{value.dtype} of size {size}]"
