"""The state of a module, out and in: `state_dict` and `load_state_dict`.

Each module writes and reads what is its own; both go down the tree of modules and name what they
find by its path. Beside the values a state has the `_version` of each module's layout.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from ..autograd.grad_mode import no_grad
from ..autograd.hooks import RemovableHandle
from ..tensor import Tensor
from ..warn import warn
from .filing import Filing
from .parameter import Parameter

EXTRA = "_extra_state"
"""The name under which a state has what `get_extra_state` returns."""


class _IncompatibleKeys(NamedTuple):
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


class State(Filing):
    """The part of a `Module` that saves and loads its parameters and buffers."""

    _version = 1
    """Of the layout of the state, for modules whose layout has changed."""

    def __init__(self) -> None:
        super().__init__()
        for hooks in (
            "_state_dict_hooks", "_state_dict_pre_hooks", "_load_state_dict_pre_hooks",
            "_load_state_dict_post_hooks",
        ):  # fmt: skip
            object.__setattr__(self, hooks, {})

    def get_extra_state(self) -> Any:
        """What else belongs to the state. Whatever has any defines this and `set_extra_state`."""
        raise RuntimeError(_unreachable("get_extra_state"))

    def set_extra_state(self, state: Any) -> None:
        """Take over what `get_extra_state` returned."""
        raise RuntimeError(_unreachable("set_extra_state"))

    def _own_state(self) -> dict[str, Tensor]:
        """Its own parameters and saved buffers by their names."""
        kept_back = self._non_persistent_buffers_set
        buffers = {name: b for name, b in self._buffers.items() if name not in kept_back}
        every = {**self._parameters, **buffers}
        return {name: tensor for name, tensor in every.items() if tensor is not None}

    # ---- out ---------------------------------------------------------------------------------

    def state_dict(
        self, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Any]:
        """All parameters and buffers by their paths, on the same memory, without history.

        destination: a dictionary to write them to. prefix: what their paths begin with. keep_vars:
        the parameters themselves, with history.
        """
        if args:
            warn(
                "Positional args are being deprecated, use kwargs instead. Refer to "
                "https://pytorch.org/docs/main/generated/torch.nn.Module.html"
                "#torch.nn.Module.state_dict for details.",
                FutureWarning,
            )
            destination = args[0] if destination is None else destination
            prefix = args[1] if len(args) > 1 and prefix == "" else prefix
            keep_vars = args[2] if len(args) > 2 and keep_vars is False else keep_vars
        if destination is None:
            destination = _new_state()
        version = {"version": self._version}
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = version
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                path = prefix + name + "."
                module.state_dict(destination=destination, prefix=path, keep_vars=keep_vars)
        for hook in self._state_dict_hooks.values():
            if hook(self, destination, prefix, version) is not None:
                raise RuntimeError("state_dict post-hook must return None")
        return destination

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        """Write what is its own, not what the modules below it have."""
        for name, tensor in self._own_state().items():
            destination[prefix + name] = tensor if keep_vars else tensor.detach()
        if type(self).get_extra_state is not State.get_extra_state:
            destination[prefix + EXTRA] = self.get_extra_state()

    # ---- in ----------------------------------------------------------------------------------

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> _IncompatibleKeys:
        """Copy the values of a `state_dict` into the parameters and buffers.

        strict: the names must be the same. assign: put the tensors of the state in the place of
        those that are there, instead. Raises RuntimeError, once all that fits is copied, with every
        name that is missing or unknown and every shape that does not fit.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        metadata = getattr(state_dict, "_metadata", {})
        keys, problems = _IncompatibleKeys([], []), list[str]()

        def load(module: Any, values: dict[str, Any], prefix: str) -> None:
            local = metadata.get(prefix[:-1], {})
            if assign:
                local["assign_to_params_buffers"] = assign
            module._load_from_state_dict(values, prefix, local, True, *keys, problems)
            for name, child in module._modules.items():
                if child is not None:
                    path = prefix + name + "."
                    below = {key: v for key, v in values.items() if key.startswith(path)}
                    load(child, below, path)
            for hook in module._load_state_dict_post_hooks.values():
                if hook(module, keys) is not None:
                    raise AssertionError(
                        "Hooks registered with ``register_load_state_dict_post_hook`` are not "
                        "expected to return new values, if incompatible_keys need to be modified, "
                        "it should be done inplace."
                    )

        load(self, _new_state(state_dict, metadata), "")
        if strict:
            named = (("Missing", keys.missing_keys), ("Unexpected", keys.unexpected_keys))
            problems = [
                f"{word} key(s) in state_dict: " + ", ".join(f'"{k}"' for k in names) + ". "
                for word, names in named
                if names
            ] + problems
        if problems:
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(self).__name__}:\n\t"
                + "\n\t".join(problems)
            )
        return keys

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, local_metadata: dict[str, Any], strict: bool,
        missing_keys: list[str], unexpected_keys: list[str], error_msgs: list[str],
    ) -> None:  # fmt: skip
        """Read what is its own, and add to the lists what is missing, unknown or unfitting."""
        for hook in self._load_state_dict_pre_hooks.values():
            hook(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys,
                 error_msgs)  # fmt: skip
        own = self._own_state()
        assign = local_metadata.get("assign_to_params_buffers", False)
        for name, tensor in own.items():
            if prefix + name in state_dict:
                problem = self._take_over(prefix, name, tensor, state_dict[prefix + name], assign)
                error_msgs += [problem] if problem else []
            elif strict:
                missing_keys.append(prefix + name)
        extra = prefix + EXTRA
        if type(self).set_extra_state is State.set_extra_state:
            unexpected_keys += [extra] if strict and extra in state_dict else []
        elif extra in state_dict:
            self.set_extra_state(state_dict[extra])
        elif strict:
            missing_keys.append(extra)
        for key in state_dict if strict else ():
            inside = key.startswith(prefix)
            name, dot, _ = key.removeprefix(prefix).partition(".")
            if inside and key != extra and name not in (self._modules if dot else own):
                unexpected_keys.append(key)

    def _take_over(self, prefix: str, name: str, tensor: Tensor, value: Any, assign: bool) -> str:
        """A value of a state in a tensor, or in its place; the problem, or an empty text."""
        if not isinstance(value, Tensor):
            return (
                f'While copying the parameter named "{prefix}{name}", expected torch.Tensor or '
                f"Tensor-like object from checkpoint but received {type(value)}"
            )
        if tensor.shape == () and value.shape == (1,):
            value = value.reshape(())
        if value.shape != tensor.shape:
            return (
                f"size mismatch for {prefix}{name}: copying a param with shape {value.shape} from "
                f"checkpoint, the shape in current model is {tensor.shape}."
            )
        try:
            with no_grad():
                if not assign:
                    tensor.copy_(value)
                    return ""
                if isinstance(value, Parameter) and isinstance(tensor, Parameter):
                    value.requires_grad_(tensor.requires_grad)
                elif isinstance(tensor, Parameter):
                    value = Parameter(value, tensor.requires_grad)
                setattr(self, name, value)
        except Exception as error:
            return (
                f'While copying the parameter named "{prefix}{name}", whose dimensions in the '
                f"model are {tensor.size()} and whose dimensions in the checkpoint are "
                f"{value.size()}, an exception occurred : {error.args}."
            )
        return ""

    # ---- hooks -------------------------------------------------------------------------------

    def register_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, prefix, keep_vars)` before the state is written."""
        return RemovableHandle(self._state_dict_pre_hooks, hook)

    def register_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata)` after; it may change the dict."""
        return RemovableHandle(self._state_dict_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, …)` with the arguments of `_load_from_state_dict` before."""
        return RemovableHandle(self._load_state_dict_pre_hooks, hook)

    def _register_load_state_dict_pre_hook(
        self, hook: Callable[..., Any], with_module: bool = False
    ) -> RemovableHandle:
        """The same under the name that it had, for a hook that is not given the module."""
        return self.register_load_state_dict_pre_hook(
            hook if with_module else partial(_without_module, hook)
        )

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, incompatible_keys)` after; it may change the two lists."""
        return RemovableHandle(self._load_state_dict_post_hooks, hook)


def _without_module(hook: Callable[..., Any], module: Any, *args: Any) -> None:
    hook(*args)


def _new_state(values: Mapping[str, Any] | None = None, metadata: Any = None) -> Any:
    """A state: a dictionary with room for the versions of modules."""
    state: Any = OrderedDict(values or {})
    state._metadata = OrderedDict() if metadata is None else metadata
    return state


def _unreachable(method: str) -> str:
    return (
        f"Reached a code path in Module.{method}() that should never be called. Please file an "
        "issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report "
        "this bug."
    )
