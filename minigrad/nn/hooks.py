"""The hooks of a module, and those of every module: what is called before and after `forward`, and
when gradients are there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ..autograd.hooks import RemovableHandle


class Hooked:
    """What has hooks. A `Module` has, and `EVERY_MODULE`, whose hooks are called by each, before
    its own.
    """

    _is_full_backward_hook: bool | None
    _forward_hooks: OrderedDict[int, Callable[..., Any]]
    _forward_pre_hooks: OrderedDict[int, Callable[..., Any]]
    _backward_hooks: OrderedDict[int, Callable[..., Any]]
    _backward_pre_hooks: OrderedDict[int, Callable[..., Any]]
    _forward_hooks_with_kwargs: OrderedDict[int, bool]
    _forward_hooks_always_called: OrderedDict[int, bool]
    _forward_pre_hooks_with_kwargs: OrderedDict[int, bool]
    _one = "on a single Module"
    _noted: tuple[dict[int, bool], ...] = ()  # where each hook is noted besides

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "_is_full_backward_hook", None)
        for name in Hooked.__annotations__:
            if name.startswith(("_forward", "_backward")):
                object.__setattr__(self, name, OrderedDict())

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; it may return other arguments.

        prepend: before all others. with_kwargs: call `hook(module, args, kwargs)`; it may return
        other (args, kwargs).
        """
        flags = [*self._noted, *([self._forward_pre_hooks_with_kwargs] if with_kwargs else [])]
        return RemovableHandle(self._forward_pre_hooks, hook, prepend, flags)

    def register_forward_hook(
        self,
        hook: Callable[..., Any],
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> RemovableHandle:
        """Call `hook(module, args, output)` after `forward`; it may return another output.

        prepend: before all others. with_kwargs: call `hook(module, args, kwargs, output)`.
        always_call: also if an error was raised.
        """
        flags = [*self._noted, *([self._forward_hooks_with_kwargs] if with_kwargs else [])]
        flags += [self._forward_hooks_always_called] if always_call else []
        return RemovableHandle(self._forward_hooks, hook, prepend, flags)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when both are there; it may return another
        `grad_input`. prepend: before all others.
        """
        self._choose(full=True)
        return RemovableHandle(self._backward_hooks, hook, prepend, self._noted)

    def register_full_backward_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, grad_output)` before; it may return another `grad_output`."""
        return RemovableHandle(self._backward_pre_hooks, hook, prepend, self._noted)

    def register_backward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` with the gradients of the last operation
        alone. Deprecated: `register_full_backward_hook` has those of the module.
        """
        self._choose(full=False)
        return RemovableHandle(self._backward_hooks, hook, flags=self._noted)

    def _choose(self, full: bool) -> None:
        """Hooks on gradients are of one kind. Raises RuntimeError for the other."""
        if self._is_full_backward_hook is (not full):
            raise RuntimeError(
                f"Cannot use both regular backward hooks and full backward hooks {self._one}. "
                "Please use only one of them."
            )
        self._is_full_backward_hook = full


ON_EVERY: dict[int, bool] = {}
"""The numbers of all hooks on every module: a look here, and a call goes on."""


class EveryModule(Hooked):
    """Stands for all modules."""

    _one = "as a global Module hook"
    _noted = (ON_EVERY,)


EVERY_MODULE: Any = EveryModule()
