"""A module: a function with parameters, that may be made of other modules.

What is set on a module as an attribute is filed by its kind: parameters (they learn), buffers (they
do not, but belong to the state), modules. That is all there is to it; the rest goes through these
three dictionaries.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .. import dtypes
from ..autograd.grad_mode import no_grad
from ..autograd.hooks import RemovableHandle
from ..call_path import module_calls
from ..tensor import Tensor
from .backward_hooks import Call
from .parameter import Parameter


class IncompatibleKeys(NamedTuple):
    """What `load_state_dict` returns: the names that were missing, and those that nobody knows."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"_IncompatibleKeys(missing_keys={self.missing_keys!r}, "
            f"unexpected_keys={self.unexpected_keys!r})"
        )


class Module:
    """Base of all layers and networks: define `forward`, and `__init__`, which calls this one."""

    training: bool
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]

    def __init__(self) -> None:
        for name, value in (
            ("training", True),
            ("_parameters", {}),
            ("_buffers", {}),
            ("_not_saved", set()),
            ("_modules", {}),
            ("_forward_hooks", {}),
            ("_forward_pre_hooks", {}),
            ("_backward_hooks", {}),
            ("_backward_pre_hooks", {}),
        ):
            object.__setattr__(self, name, value)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes. To be defined."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """`forward`, and the hooks before and after it."""
        for hook in list(self._forward_pre_hooks.values()):
            changed = hook(self, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        call = Call(self) if self._backward_hooks or self._backward_pre_hooks else None
        if call is not None:
            args = call.enter(args)
        result = self.forward(*args, **kwargs)
        for hook in list(self._forward_hooks.values()):
            changed = hook(self, args, result)
            result = result if changed is None else changed
        return result if call is None else call.leave(result)

    module_calls.add(__call__.__code__)  # so that a recording knows which module computed what

    def register_forward_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; it may return other arguments."""
        return RemovableHandle(self._forward_pre_hooks, hook)

    def register_forward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, args, output)` after `forward`; it may return another output."""
        return RemovableHandle(self._forward_hooks, hook)

    def register_full_backward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when both are there; it may return another
        `grad_input`.
        """
        return RemovableHandle(self._backward_hooks, hook)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, grad_output)` before; it may return another `grad_output`."""
        return RemovableHandle(self._backward_pre_hooks, hook)

    # ---- attributes --------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        for kind in ("_parameters", "_buffers", "_modules"):
            filed = self.__dict__.get(kind, {})
            if name in filed:
                return filed[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Parameter):
            self._take("parameters", name)
            self._parameters[name] = value
        elif isinstance(value, Module):
            self._take("module", name)
            self._modules[name] = value
        else:
            for kind, expected, filed in (
                ("parameter", "torch.nn.Parameter or None", "_parameters"),
                ("child module", "torch.nn.Module or None", "_modules"),
                ("buffer", "torch.nn.Buffer, torch.Tensor or None", "_buffers"),
            ):
                if name in self.__dict__.get(filed, {}):
                    fits = value is None or (kind == "buffer" and isinstance(value, Tensor))
                    if not fits:
                        raise TypeError(
                            f"cannot assign '{_type_of(value)}' as {kind} '{name}' "
                            f"({expected} expected)"
                        )
                    self.__dict__[filed][name] = value
                    return
            object.__setattr__(self, name, value)

    def _take(self, what: str, name: str) -> None:
        """Forget whatever had this name. Raises AttributeError before `Module.__init__`."""
        if "_parameters" not in self.__dict__:
            raise AttributeError(f"cannot assign {what} before Module.__init__() call")
        kept = "_parameters" if what == "parameters" else "_modules"
        for filed in ("_parameters", "_buffers", "_modules"):
            if filed != kept:
                self.__dict__[filed].pop(name, None)
        self.__dict__.pop(name, None)

    def __delattr__(self, name: str) -> None:
        for kind in (self._parameters, self._buffers, self._modules):
            if name in kind:
                del kind[name]
                return
        object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._parameters, *self._buffers, *self._modules]

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """File a parameter under a name; None for one that is switched off."""
        self._check_name("parameter", name, self._parameters)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{_type_of(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required)"
            )
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """File a tensor that does not learn; it is saved with the state if `persistent`."""
        self._check_name("buffer", name, self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{_type_of(tensor)}' object to buffer '{name}' "
                "(torch Tensor or None required)"
            )
        self._buffers[name] = tensor
        if not persistent:
            self._not_saved.add(name)

    def add_module(self, name: str, module: Module | None) -> None:
        """File a module under a name."""
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{_type_of(module)} is not a Module subclass")
        self._check_name("module", name, self._modules)
        self._modules[name] = module

    register_module = add_module

    def _check_name(self, kind: str, name: str, filed: dict[str, Any]) -> None:
        if "_parameters" not in self.__dict__:
            raise AttributeError(f"cannot assign {kind} before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {_type_of(name)}")
        if hasattr(self, name) and name not in filed:
            raise KeyError(f"attribute '{name}' already exists")
        if "." in name:
            got = f", got: {name}" if kind == "module" else ""
            raise KeyError(f'{kind} name can\'t contain "."{got}')
        if name == "":
            raise KeyError(f'{kind} name can\'t be empty string ""')

    # ---- what it is made of ------------------------------------------------------------------

    def named_modules(
        self, memo: set[Module] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """This module and all below it, each once, with their paths such as "0.weight"."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                path = f"{prefix}.{name}" if prefix else name
                yield from module.named_modules(memo, path, remove_duplicate)

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        return (module for _, module in self.named_modules())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly below, each once, with their names."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """The modules directly below, each once."""
        return (module for _, module in self.named_children())

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
        return self._named("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once: what an optimizer is given."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """All buffers, each once, with their paths."""
        return self._named("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """All buffers, each once."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    # ---- for all of it at once ---------------------------------------------------------------

    def apply(self, function: Callable[[Module], None]) -> Any:
        """Call `function` with every module below and, last, this one. Returns the module."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def train(self, mode: bool = True) -> Any:
        """Training mode on or off: dropout and batch normalisation differ. Returns the module."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Any:
        """Evaluation: `train(False)`."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Let the parameters learn, or freeze them. Returns the module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zeros."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad = parameter.grad.detach()
                parameter.grad.zero_()

    def to(self, *args: Any, dtype: Any = None, **kwargs: Any) -> Any:
        """Parameters and buffers in another floating point dtype. Returns the module itself."""
        for arg in args:
            if isinstance(arg, (dtypes.dtype, Tensor)):
                dtype = arg.dtype if isinstance(arg, Tensor) else arg
            elif str(arg).partition(":")[0] != "cpu":
                raise RuntimeError(f"minigrad computes on the CPU only; it has no device {arg!r}")
        if dtype is None:
            return self
        if dtype.numpy.kind != "f":
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes, but got desired "
                f"dtype={dtype}"
            )
        for tensor in [*self.parameters(), *self.buffers()]:
            if tensor._array.dtype.kind == "f":
                grad, tensor._grad = tensor._grad, None
                tensor.data = tensor.data.to(dtype)
                tensor._grad = None if grad is None else grad.to(dtype)
        return self

    def double(self) -> Any:
        """`to(float64)`."""
        return self.to(dtypes.float64)

    def float(self) -> Any:
        """`to(float32)`."""
        return self.to(dtypes.float32)

    def half(self) -> Any:
        """`to(float16)`."""
        return self.to(dtypes.float16)

    def cpu(self) -> Any:
        """The module itself: it is on the CPU."""
        return self

    # ---- state -------------------------------------------------------------------------------

    def _state(self) -> Iterator[tuple[str, Tensor]]:
        """Parameters and saved buffers with their paths, shared ones as often as they have one."""
        for path, module in self.named_modules(remove_duplicate=False):
            own = {**module._parameters, **module._buffers}
            for name, tensor in own.items():
                if tensor is not None and name not in module._not_saved:
                    yield (f"{path}.{name}" if path else name), tensor

    def state_dict(
        self, *, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Any]:
        """All parameters and buffers by their paths, on the same memory, without history."""
        found: Any = OrderedDict() if destination is None else destination
        for path, tensor in self._state():
            found[prefix + path] = tensor if keep_vars else tensor.detach()
        return found

    def load_state_dict(
        self, state_dict: Any, strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Copy the values of a `state_dict` into the parameters and buffers.

        strict: the names must be the same. Raises RuntimeError, once all that fits is copied, with
        every name that is missing or unknown and every shape that does not fit.
        """
        if not hasattr(state_dict, "keys"):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        own = dict(self._state())
        missing = [name for name in own if name not in state_dict]
        unexpected = [name for name in state_dict if name not in own]
        problems = []
        for name, tensor in own.items():
            if name in state_dict:
                problem = _copy(name, tensor, state_dict[name])
                problems += [problem] if problem else []
        if strict:
            named = (("Missing", missing), ("Unexpected", unexpected))
            problems = [
                f"{word} key(s) in state_dict: " + ", ".join(f'"{k}"' for k in keys) + ". "
                for word, keys in named
                if keys
            ] + problems
        if problems:
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(self).__name__}:\n\t"
                + "\n\t".join(problems)
            )
        return IncompatibleKeys(missing, unexpected)

    # ---- text --------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What stands between the brackets of `repr`: the options of a layer."""
        return ""

    def __repr__(self) -> str:
        options = self.extra_repr()
        children = [
            f"({name}): " + repr(module).replace("\n", "\n  ")
            for name, module in self._modules.items()
        ]
        return _in_brackets(type(self).__name__, options, children)


def _in_brackets(name: str, options: str, children: list[str]) -> str:
    if not children:
        return f"{name}({options})"
    lines = [options] if options else []
    return f"{name}(\n  " + "\n  ".join(lines + children) + "\n)"


def _copy(name: str, tensor: Tensor, value: Any) -> str:
    """Copy a value of a state into a tensor; returns the problem, or an empty text."""
    if not isinstance(value, Tensor):
        return (
            f'While copying the parameter named "{name}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(value)}"
        )
    if value.shape != tensor.shape:
        return (
            f"size mismatch for {name}: copying a param with shape {value.shape} from checkpoint, "
            f"the shape in current model is {tensor.shape}."
        )
    with no_grad():
        tensor.copy_(value)
    return ""


def _type_of(value: Any) -> str:
    return value.type() if isinstance(value, Tensor) else type(value).__name__
