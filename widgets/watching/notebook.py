"""What a notebook tells: that a cell has ended, and whether it failed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

Ended = Callable[[BaseException | None], None]


def shell() -> Any:
    """IPython's shell in a notebook; None anywhere else."""
    ipython = sys.modules.get("IPython")
    found = None if ipython is None else ipython.get_ipython()
    return found if hasattr(found, "kernel") else None


def after_each_cell(ended: Ended) -> Callable[[], None]:
    """Call `ended` with the error of each cell, or None. Returns what takes that back; it may be
    called again.
    """
    found = shell()
    if found is None:
        return lambda: None

    def told(result: Any) -> None:
        ended(result.error_in_exec)

    found.events.register("post_run_cell", told)

    def forget() -> None:
        if told in found.events.callbacks["post_run_cell"]:
            found.events.unregister("post_run_cell", told)

    return forget


def show(widget: Any) -> None:
    """Display a widget now, in a notebook."""
    if shell() is not None:
        from IPython.display import display

        display(widget)


def variables() -> dict[str, Any]:
    """The reader's variables in a notebook."""
    found = shell()
    return {} if found is None else found.user_ns
