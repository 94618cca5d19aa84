"""Backward passes within backward passes: a function's `backward` may begin another one."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

from .grad_mode import state

DEEP = 40
"""Backward passes within each other, after which the next one gets a thread, and so a stack, of its
own. PyTorch does so too."""


def in_a_thread(function: Callable[..., Any], *args: Any) -> None:
    """Call a function in a thread of its own, in the modes of this one, and wait for it."""
    modes = vars(state) | {"depth": 0}
    errors: list[BaseException] = []

    def work() -> None:
        vars(state).update(modes)
        try:
            function(*args)
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
