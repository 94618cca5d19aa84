"""What happens when a module is called: its `forward`, and the hooks before and after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..call_path import module_calls
from ..warn import warn
from .backward_hooks import Call, on_last_node
from .hooks import EVERY_MODULE, ON_EVERY, Hooked
from .state import State


class Called(Hooked, State):
    """The part of a `Module` that is called, and that others may listen to."""

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
            or ON_EVERY
        ):
            return self.forward(*args, **kwargs)
        return self._with_hooks(args, kwargs)

    module_calls.add(__call__.__code__)  # so that a recording knows which module computed what

    def _with_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        result: Any = None
        called = set()
        hooks = self._and_every("_forward_hooks")
        with_kwargs = self._and_every("_forward_hooks_with_kwargs")

        def look(number: int, hook: Callable[..., Any]) -> Any:
            called.add(number)
            named = (kwargs,) if number in with_kwargs else ()
            changed = hook(self, args, *named, result)
            return result if changed is None else changed

        try:
            args, kwargs = self._through_pre_hooks(args, kwargs)
            full, partial = self._hooks_on_gradients()
            before = list(self._and_every("_backward_pre_hooks").values())
            call = Call(self, before, full) if before or full else None
            if call is not None:
                args = call.enter(args)
            result = self.forward(*args, **kwargs)
            for number, hook in hooks.items():
                result = look(number, hook)
            if call is not None:
                result = call.leave(result)
            if partial:
                on_last_node(self, partial, args, result)
            return result
        except Exception:
            always = self._and_every("_forward_hooks_always_called")
            for number, hook in hooks.items():
                if number in always and number not in called:
                    try:
                        result = look(number, hook)
                    except Exception as error:
                        warn(
                            "module forward hook with ``always_call=True`` raised an exception "
                            f"that was silenced as another error was raised in forward: {error}"
                        )
            raise

    def _and_every(self, hooks: str) -> dict[int, Any]:
        """The hooks of every module, and its own."""
        return {**getattr(EVERY_MODULE, hooks), **getattr(self, hooks)}

    def _hooks_on_gradients(self) -> tuple[list[Any], list[Any]]:
        """Those of the module, and those of its last operation alone."""
        full: list[Any] = []
        partial: list[Any] = []
        for owner in (EVERY_MODULE, self):
            kind = partial if owner._is_full_backward_hook is False else full
            kind += owner._backward_hooks.values()
        return full, partial

    def _through_pre_hooks(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        with_kwargs = self._and_every("_forward_pre_hooks_with_kwargs")
        for number, hook in self._and_every("_forward_pre_hooks").items():
            if number in with_kwargs:
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
