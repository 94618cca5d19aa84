"""What happens when a module is called: its `forward`, and the hooks before and after it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ..autograd.hooks import RemovableHandle
from ..call_path import module_calls
from ..warn import warn
from .backward_hooks import Call, on_last_node
from .state import State


class Called(State):
    """The part of a `Module` that is called, and that others may listen to."""

    _is_full_backward_hook: bool | None

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "_is_full_backward_hook", None)
        for hooks in (
            "_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks",
        ):  # fmt: skip
            object.__setattr__(self, hooks, OrderedDict())
        for numbers in ("_with_kwargs", "_always_called"):  # of hooks, by which they are filed
            object.__setattr__(self, numbers, set())

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes. To be defined."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """`forward`, and the hooks before and after it."""
        if not (
            self._backward_hooks
            or self._backward_pre_hooks
            or self._forward_hooks
            or self._forward_pre_hooks
        ):
            return self.forward(*args, **kwargs)
        return self._with_hooks(args, kwargs)

    module_calls.add(__call__.__code__)  # so that a recording knows which module computed what

    def _with_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        result: Any = None
        called = set()

        def look(number: int, hook: Callable[..., Any]) -> Any:
            called.add(number)
            named = (kwargs,) if number in self._with_kwargs else ()
            changed = hook(self, args, *named, result)
            return result if changed is None else changed

        full = self._is_full_backward_hook is not False
        try:
            args, kwargs = self._through_pre_hooks(args, kwargs)
            watched = (full and self._backward_hooks) or self._backward_pre_hooks
            call = Call(self, full) if watched else None
            if call is not None:
                args = call.enter(args)
            result = self.forward(*args, **kwargs)
            for number, hook in list(self._forward_hooks.items()):
                result = look(number, hook)
            if call is not None:
                result = call.leave(result)
            if self._backward_hooks and not full:
                on_last_node(self, args, result)
            return result
        except Exception:
            for number, hook in list(self._forward_hooks.items()):
                if number in self._always_called and number not in called:
                    try:
                        result = look(number, hook)
                    except Exception as error:
                        warn(
                            "module forward hook with ``always_call=True`` raised an exception "
                            f"that was silenced as another error was raised in forward: {error}"
                        )
            raise

    def _through_pre_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        for number, hook in list(self._forward_pre_hooks.items()):
            if number in self._with_kwargs:
                changed = hook(self, args, kwargs)
                if isinstance(changed, tuple) and len(changed) == 2:
                    args, kwargs = changed
                elif changed is not None:
                    raise RuntimeError(
                        "forward pre-hook must return None or a tuple of (new_args, new_kwargs), "
                        f"but got {changed}."
                    )
            else:
                changed = hook(self, args)
                if changed is not None:
                    args = changed if isinstance(changed, tuple) else (changed,)
        return args, kwargs

    # ---- registering -------------------------------------------------------------------------

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; it may return other arguments.

        prepend: before all others. with_kwargs: call `hook(module, args, kwargs)`; it may return
        other (args, kwargs).
        """
        handle = RemovableHandle(self._forward_pre_hooks, hook, prepend)
        if with_kwargs:
            self._with_kwargs.add(handle.id)
        return handle

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
        handle = RemovableHandle(self._forward_hooks, hook, prepend)
        for wanted, numbers in ((with_kwargs, "_with_kwargs"), (always_call, "_always_called")):
            if wanted:
                getattr(self, numbers).add(handle.id)
        return handle

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when both are there; it may return another
        `grad_input`. prepend: before all others.
        """
        self._choose(full=True)
        return RemovableHandle(self._backward_hooks, hook, prepend)

    def register_full_backward_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, grad_output)` before; it may return another `grad_output`."""
        return RemovableHandle(self._backward_pre_hooks, hook, prepend)

    def register_backward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` with the gradients of the last operation
        alone. Deprecated: `register_full_backward_hook` has those of the module.
        """
        self._choose(full=False)
        return RemovableHandle(self._backward_hooks, hook)

    def _choose(self, full: bool) -> None:
        """Hooks on gradients are of one kind. Raises RuntimeError for the other."""
        if self._is_full_backward_hook is (not full):
            raise RuntimeError(
                "Cannot use both regular backward hooks and full backward hooks on a single "
                "Module. Please use only one of them."
            )
        self._is_full_backward_hook = full
