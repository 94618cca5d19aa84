"""How a module files what is set on it, and what it is made of.

What is set as an attribute goes to one of three dictionaries, by its kind: parameters (they learn),
buffers (they do not, but belong to the state), modules. Everything else goes through these.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..absent import of_module
from ..tensor import Tensor
from ..type_names import typename
from .parameter import Buffer, Parameter

if TYPE_CHECKING:
    from .module import Module


ON_REGISTERING: dict[str, dict[int, Any]] = {"buffer": {}, "module": {}, "parameter": {}}
"""Hooks that see what is filed in any module, by its kind."""


def registered(kind: str, module: Filing, name: str, value: Any) -> Any:
    """What is to be filed under a name, after the hooks have seen, and maybe replaced it."""
    for hook in list(ON_REGISTERING[kind].values()):
        changed = hook(module, name, value)
        value = value if changed is None else changed
    return value


class Filing:
    """The part of a `Module` that files its attributes, and lists them with their paths."""

    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Any]

    def __init__(self) -> None:
        for name in ("_parameters", "_buffers", "_modules"):
            object.__setattr__(self, name, {})
        object.__setattr__(self, "_non_persistent_buffers_set", set())

    # ---- attributes --------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        for kind in ("_parameters", "_buffers", "_modules"):
            filed = self.__dict__.get(kind, {})
            if name in filed:
                return filed[name]
        text = f"'{type(self).__name__}' object has no attribute '{name}'"
        raise AttributeError(text + of_module(name))

    def __setattr__(self, name: str, value: Any) -> None:
        filed = self.__dict__
        if isinstance(value, Parameter):
            self._forget(name, "parameters", "_buffers", "_modules")
            self.register_parameter(name, value)
        elif name in filed.get("_parameters", ()):
            _check_kind(value is None, value, "parameter", name, "torch.nn.Parameter or None")
            self.register_parameter(name, value)
        elif isinstance(value, Filing):
            self._forget(name, "module", "_parameters", "_buffers")
            self._modules[name] = registered("module", self, name, value)
        elif name in filed.get("_modules", ()):
            _check_kind(value is None, value, "child module", name, "torch.nn.Module or None")
            self._modules[name] = registered("module", self, name, value)
        elif isinstance(value, Buffer):
            self.register_buffer(name, value, value.persistent)
        elif name in filed.get("_buffers", ()):
            fits = value is None or isinstance(value, Tensor)
            _check_kind(fits, value, "buffer", name, "torch.nn.Buffer, torch.Tensor or None")
            self._buffers[name] = registered("buffer", self, name, value)
        else:
            object.__setattr__(self, name, value)

    def _forget(self, name: str, what: str, *filed: str) -> None:
        """Whatever had this name is gone. Raises AttributeError before `Module.__init__`."""
        if "_parameters" not in self.__dict__:
            raise AttributeError(f"cannot assign {what} before Module.__init__() call")
        for kind in filed:
            self.__dict__[kind].pop(name, None)
        self._non_persistent_buffers_set.discard(name)
        self.__dict__.pop(name, None)

    def __delattr__(self, name: str) -> None:
        for kind in (self._parameters, self._buffers, self._modules):
            if name in kind:
                del kind[name]
                self._non_persistent_buffers_set.discard(name)
                return
        object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._parameters, *self._buffers, *self._modules]

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """File a parameter under a name; None for one that is switched off.

        Raises TypeError or ValueError for what is no leaf that can learn.
        """
        self._check_name("parameter", name)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{typename(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required)"
            )
        if param is not None and not param.is_leaf:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be "
                f"created explicitly. To express '{name}' as a function of another Tensor, compute "
                "the value in the forward() method."
            )
        self._parameters[name] = (
            None if param is None else registered("parameter", self, name, param)
        )

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """File a tensor that does not learn; it is saved with the state if `persistent`.

        Raises TypeError for what is no tensor.
        """
        self._check_name("buffer", name)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{typename(tensor)}' object to buffer '{name}' "
                "(torch Tensor or None required)"
            )
        self._buffers[name] = registered("buffer", self, name, tensor)
        kept_back = self._non_persistent_buffers_set
        (kept_back.discard if persistent else kept_back.add)(name)

    def add_module(self, name: str, module: Module | None) -> None:
        """File a module under a name. Raises TypeError for what is no module."""
        if module is not None and not isinstance(module, Filing):
            raise TypeError(f"{typename(module)} is not a Module subclass")
        self._check_name("module", name)
        self._modules[name] = registered("module", self, name, module)

    def register_module(self, name: str, module: Module | None) -> None:
        """The same."""
        self.add_module(name, module)

    def _check_name(self, kind: str, name: str) -> None:
        """Raise an error unless something of this kind may be filed under the name."""
        if "_parameters" not in self.__dict__ and kind != "module":
            raise AttributeError(f"cannot assign {kind} before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {typename(name)}")
        if "." in name:
            got = f", got: {name}" if kind == "module" else ""
            raise KeyError(f'{kind} name can\'t contain "."{got}')
        if name == "":
            raise KeyError(f'{kind} name can\'t be empty string ""')
        if hasattr(self, name) and name not in getattr(self, f"_{kind}s"):
            raise KeyError(f"attribute '{name}' already exists")

    # ---- what it is made of ------------------------------------------------------------------

    def get_submodule(self, target: str) -> Module:
        """The module at a path such as "encoder.0"; this one for "".

        Raises AttributeError for a path that ends, or meets something that is no module.
        """
        found: Any = self
        for name in target.split(".") if target != "" else ():
            found = found._named_so(name)
            if not isinstance(found, Filing):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return found

    def set_submodule(self, target: str, module: Module, strict: bool = False) -> None:
        """Put a module at a path, in the place of another; with `strict` there must be one.

        Raises ValueError for no path and for what is no module, AttributeError for a path that
        does not lead to a module.
        """
        if target == "":
            raise ValueError("Cannot set the submodule without a target name!")
        path, _, name = target.rpartition(".")
        if not isinstance(module, Filing):
            raise ValueError(f"`module` is not an nn.Module, found {type(module)}")
        parent = self.get_submodule(path)
        if (strict or hasattr(parent, name)) and not isinstance(parent._named_so(name), Filing):
            raise AttributeError(f"`{name}` is not an nn.Module")
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a path such as "0.weight". Raises AttributeError if it is none."""
        path, _, name = target.rpartition(".")
        found = self.get_submodule(path)._named_so(name)
        if not isinstance(found, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return found

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at a path such as "1.running_mean". Raises AttributeError if it is none."""
        path, _, name = target.rpartition(".")
        owner = self.get_submodule(path)
        found: Tensor = owner._named_so(name)
        if name not in owner._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return found

    def _named_so(self, name: str) -> Any:
        """The attribute. Raises AttributeError in the words of paths if there is none."""
        if not hasattr(self, name):
            raise AttributeError(f"{self._get_name()} has no attribute `{name}`")
        return getattr(self, name)

    def _get_name(self) -> str:
        return type(self).__name__

    def named_modules(
        self, memo: set[Any] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This module and all below it, each once, with their paths such as "0.weight"."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self  # type: ignore[misc]  # a Module is the only Filing
        for name, module in self._modules.items():
            if module is not None:
                path = f"{prefix}.{name}" if prefix else name
                yield from module.named_modules(memo, path, remove_duplicate)

    def modules(self, remove_duplicate: bool = True) -> Iterator[Module]:
        """This module and all below it, each once, unless `remove_duplicate` is False."""
        for _, module in self.named_modules(remove_duplicate=remove_duplicate):
            yield module

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly below, each once, with their names."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """The modules directly below, each once."""
        for _, module in self.named_children():
            yield module

    def _named(
        self, filed: str, prefix: str, recurse: bool, remove_duplicate: bool
    ) -> Iterator[tuple[str, Any]]:
        owners = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
        seen: set[int] = set()
        for path, module in owners if recurse else [(prefix, self)]:
            for name, tensor in getattr(module, filed).items():
                if tensor is not None and id(tensor) not in seen:
                    if remove_duplicate:
                        seen.add(id(tensor))
                    yield (f"{path}.{name}" if path else name), tensor

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """All parameters, each once, with their paths; only its own without `recurse`."""
        yield from self._named("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once: what an optimizer is given."""
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """All buffers, each once, with their paths."""
        yield from self._named("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """All buffers, each once."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer


def _check_kind(fits: bool, value: Any, kind: str, name: str, expected: str) -> None:
    """Raise TypeError unless the value fits what is filed under the name."""
    if not fits:
        raise TypeError(
            f"cannot assign '{typename(value)}' as {kind} '{name}' ({expected} expected)"
        )
