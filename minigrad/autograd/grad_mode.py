"""Whether operations are recorded: `no_grad`, `enable_grad`, `set_grad_enabled`, `inference_mode`.

The switch belongs to the thread, as in PyTorch, so that a widget's handler in another thread never
switches off the recording of a running cell.
"""

import functools
import inspect
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from .. import watch
from ..flags import check_flag
from ..warn import warn

F = TypeVar("F", bound=Callable[..., Any])


class _State(threading.local):
    """What holds for one thread: these modes, and the backward pass that is running."""

    grad_enabled = True
    inference = False
    asked = False  # in inference mode, where nothing is recorded: what `enable_grad` asked for
    tangents = True  # False where forward mode neither sees nor makes any
    limited = False  # True in a backward pass that only goes to certain tensors
    depth = 0  # how many backward passes are running within each other
    task: Any = None  # the backward pass that is running, see task.py
    multithreading = True  # see set_multithreading_enabled
    replay = False  # see _force_original_view_tracking
    packing: tuple[Any, ...] = ()  # the hooks in force, see saved_tensors.py
    no_packing: tuple[str, ...] = ()  # why there must be none

    def __init__(self) -> None:
        self.thread = threading.get_ident()  # for which this one works, see `nesting.py`


state = _State()


def is_grad_enabled() -> bool:
    """True if operations on tensors that require grad are recorded right now."""
    return state.asked if state.inference else state.grad_enabled


def decorated(function: F, mode: Callable[[], Any]) -> F:
    """The function, run within `mode()`; of a generator, whenever it runs."""
    if inspect.isclass(function):
        warn(
            "Decorating classes is deprecated and will be disabled in future versions. You should "
            "only decorate functions or methods. To preserve the current behavior of class "
            "decoration, you can directly decorate the `__init__` method and nothing else.",
            FutureWarning,
        )

        def made(*args: Any, **kwargs: Any) -> Any:
            with mode():
                return function(*args, **kwargs)

        return made  # type: ignore[return-value]

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with mode():
            return function(*args, **kwargs)

    @functools.wraps(function)
    def resumed(*args: Any, **kwargs: Any) -> Any:
        generator = function(*args, **kwargs)
        resume: Callable[[], Any] = functools.partial(generator.send, None)
        while True:
            with mode():
                try:
                    given = resume()
                except StopIteration as end:
                    return end.value
            try:
                resume = functools.partial(generator.send, (yield given))
            except GeneratorExit:
                with mode():
                    generator.close()
                raise
            except BaseException as error:
                resume = functools.partial(generator.throw, error)

    return resumed if inspect.isgeneratorfunction(function) else wrapped  # type: ignore


class _GradMode:
    """A value of the switch for the length of a `with` block or of a decorated function.

    It remembers one value from before: an object that is entered within itself ends with its own.
    """

    def __init__(self, mode: bool) -> None:
        self.mode = bool(mode)
        self._previous = False, False

    def __enter__(self) -> None:
        self._previous = state.grad_enabled, state.asked
        _switch(self.mode)

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        state.grad_enabled, state.asked = self._previous

    def __call__(self, function: F) -> F:
        return decorated(function, lambda: _GradMode(self.mode))


def _switch(mode: bool) -> None:
    state.asked, state.grad_enabled = mode, mode and not state.inference


class _NoParamDecoratorContextManager(_GradMode):
    """A grad mode whose value is its class's; `@mode` without brackets decorates at once."""

    fixed: bool

    def __new__(cls, function: Any = None) -> Any:
        """The mode, or with a function the decorated function, as in PyTorch."""
        self = super().__new__(cls)
        if function is None:
            return self
        self.__init__()  # type: ignore[misc]
        return self(function)

    def __init__(self) -> None:
        super().__init__(self.fixed)


class no_grad(_NoParamDecoratorContextManager):  # noqa: N801  (PyTorch's name)
    """Context manager and decorator: operations inside are computed but not recorded."""

    fixed = False

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        super().__exit__(exc_type, exc_value, traceback)  # here, so that errors name this class

    @property
    def prev(self) -> bool:
        """True if it was entered where operations are recorded; as PyTorch calls it."""
        return self._previous[0]


class enable_grad(_NoParamDecoratorContextManager):  # noqa: N801  (PyTorch's name)
    """Context manager and decorator: operations inside are recorded, even within `no_grad`."""

    fixed = True


class set_grad_enabled(_GradMode):  # noqa: N801  (PyTorch's name)
    """Sets the switch at once; as a context manager it also puts it back."""

    def __init__(self, mode: bool) -> None:
        check_flag(mode, "set_grad_enabled", "enabled", 1)
        super().__init__(mode)
        self._previous = state.grad_enabled, state.asked
        _switch(self.mode)

    def __enter__(self) -> None:
        _switch(self.mode)

    def __call__(self, function: F) -> F:
        """As a decorator it leaves the switch alone outside the function."""
        state.grad_enabled, state.asked = self._previous
        return super().__call__(function)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.mode})"


class _Switch:
    """Sets a flag of the state at once; as a context manager it also puts it back."""

    flag: str

    def __init__(self, mode: bool) -> None:
        self._outer = getattr(state, self.flag)
        self.mode = mode
        setattr(state, self.flag, bool(mode))

    def __enter__(self) -> None:
        setattr(state, self.flag, bool(self.mode))

    def __exit__(self, *exc: object) -> None:
        setattr(state, self.flag, self._outer)

    def __call__(self, function: F) -> F:
        """As a decorator it leaves the flag alone outside the function."""
        setattr(state, self.flag, self._outer)
        return decorated(function, lambda: type(self)(self.mode))


class set_multithreading_enabled(_Switch):  # noqa: N801  (PyTorch's name)
    """Whether PyTorch may run a backward pass in several threads. It changes nothing here (see
    `nesting.py`).
    """

    flag = "multithreading"


def is_multithreading_enabled() -> bool:
    """See `set_multithreading_enabled`."""
    return state.multithreading


class _force_original_view_tracking(_Switch):  # noqa: N801  (PyTorch's name)
    """Whether a view whose base was overwritten is derived from it by the operations that made the
    view, and not by `AsStridedBackward0`.
    """

    flag = "replay"


def is_view_replay_enabled() -> bool:
    """See `_force_original_view_tracking`."""
    return state.replay


def is_inference_mode_enabled() -> bool:
    """True within `inference_mode`."""
    return state.inference


class inference_mode:  # noqa: N801  (PyTorch's name)
    """Context manager and decorator: `no_grad`, and what is made inside can never be recorded.

    Tensors made inside keep no version. Outside they cannot be written to, nor saved.
    """

    def __new__(cls, mode: Any = True) -> Any:
        """`@inference_mode` without brackets decorates at once, as in PyTorch."""
        self = super().__new__(cls)
        if isinstance(mode, bool):
            return self
        self.__init__()  # type: ignore[misc]
        return self(mode)

    def __init__(self, mode: bool = True) -> None:
        self.mode = mode
        self._previous: list[tuple[bool, bool, bool]] = []

    def __enter__(self) -> None:
        self._previous.append((state.inference, state.grad_enabled, state.asked))
        state.inference, state.grad_enabled, state.asked = self.mode, not self.mode, False
        _watch_inference()

    def __exit__(self, *exc: object) -> None:
        state.inference, state.grad_enabled, state.asked = self._previous.pop()
        _watch_inference()

    def __call__(self, function: F) -> F:
        """The function, run in inference mode."""
        return decorated(function, lambda: inference_mode(self.mode))


def _watch_inference() -> None:
    change = watch.add if state.inference else watch.remove
    change(_mark_inference, state.thread)


def _mark_inference(operation: Any, args: tuple[Any, ...], result: Any, *times: int) -> None:
    """Mark what an operation made in inference mode; a view stays what its base is. (A watcher.)"""
    from ..versions import INFERENCE

    for out in result if isinstance(result, tuple) else (result,):
        if out._view is None and state.inference:
            out._counter = INFERENCE
