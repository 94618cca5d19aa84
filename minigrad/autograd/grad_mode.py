"""Whether operations are recorded: `no_grad`, `enable_grad`, `set_grad_enabled`.

The switch belongs to the thread, as in PyTorch, so that a widget's handler in another thread never
switches off the recording of a running cell.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class _State(threading.local):
    grad_enabled = True


state = _State()


def is_grad_enabled() -> bool:
    """True if operations on tensors that require grad are recorded right now."""
    return state.grad_enabled


class _GradMode:
    """A value of the switch for the length of a `with` block or of a decorated function."""

    def __init__(self, mode: bool) -> None:
        self.mode = bool(mode)
        self._previous: list[bool] = []

    def __enter__(self) -> None:
        self._previous.append(state.grad_enabled)
        state.grad_enabled = self.mode

    def __exit__(self, *exc: object) -> None:
        state.grad_enabled = self._previous.pop()

    def __call__(self, function: F) -> F:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with _GradMode(self.mode):
                return function(*args, **kwargs)

        return wrapped  # type: ignore[return-value]


class no_grad(_GradMode):  # noqa: N801  (PyTorch's name)
    """Context manager and decorator: operations inside are computed but not recorded."""

    def __new__(cls, function: Any = None) -> Any:
        """`@no_grad` without brackets decorates at once, as in PyTorch."""
        self = super().__new__(cls)
        if function is None:
            return self
        self.__init__()  # type: ignore[misc]
        return self(function)

    def __init__(self) -> None:
        super().__init__(False)


class enable_grad(_GradMode):  # noqa: N801  (PyTorch's name)
    """Context manager and decorator: operations inside are recorded, even within `no_grad`."""

    def __new__(cls, function: Any = None) -> Any:
        """`@enable_grad` without brackets decorates at once, as in PyTorch."""
        self = super().__new__(cls)
        if function is None:
            return self
        self.__init__()  # type: ignore[misc]
        return self(function)

    def __init__(self) -> None:
        super().__init__(True)


class set_grad_enabled(_GradMode):  # noqa: N801  (PyTorch's name)
    """Sets the switch at once; as a context manager it also puts it back."""

    def __init__(self, mode: bool) -> None:
        super().__init__(mode)
        self._outer = state.grad_enabled
        state.grad_enabled = self.mode

    def __enter__(self) -> None:
        self._previous.append(self._outer)
        state.grad_enabled = self.mode
