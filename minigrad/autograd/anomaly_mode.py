"""Anomaly mode: when a backward pass fails or makes nan, show the line of the forward pass."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import watch
from ..flags import check_flag
from ..warn import own_frame, warn
from .grad_mode import state
from .node import Node

enabled = False
_check_nan = True


def set_mode(mode: bool, check_nan: bool = True) -> None:
    """Switch anomaly mode on or off from here on."""
    global enabled, _check_nan
    check_flag(mode, "set_anomaly_enabled", "enabled", 1)
    check_flag(check_nan, "set_anomaly_enabled", "check_nan", 2)
    enabled, _check_nan = mode, check_nan
    if mode:
        watch.add(remember_place)
    else:
        watch.remove(remember_place)


def set_anomaly_enabled(enabled: bool, check_nan: bool = True) -> None:
    """`torch.set_anomaly_enabled`: the same."""
    set_mode(enabled, check_nan)


class set_detect_anomaly:  # noqa: N801  (PyTorch's name)
    """Switches anomaly mode at once; as a context manager it also puts it back."""

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._outer = (enabled, _check_nan)
        set_mode(mode, check_nan)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc: object) -> None:
        set_mode(*self._outer)


class detect_anomaly:  # noqa: N801  (PyTorch's name)
    """Context manager: anomaly mode inside. Warns that it is slow."""

    def __init__(self, check_nan: bool = True) -> None:
        self._check_nan = check_nan
        self._outer = (enabled, _check_nan)  # from now, not from when it is entered, as in PyTorch
        warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should "
            "only be enabled for debugging."
        )

    def __enter__(self) -> None:
        set_mode(True, self._check_nan)

    def __exit__(self, *exc: object) -> None:
        set_mode(*self._outer)


def is_anomaly_enabled() -> bool:
    """True in anomaly mode."""
    return enabled


def is_anomaly_check_nan_enabled() -> bool:
    """True if anomaly mode looks for nan."""
    return _check_nan


def remember_place(operation: Any, args: tuple[Any, ...], result: Any, *times: int) -> None:
    """Keep the place in the reader's code with the node of an operation. (A watcher.)"""
    out = result[0] if isinstance(result, tuple) and result else result
    node = getattr(out, "grad_fn", None)
    if node is not None:
        remember(node)


def remember(node: Node) -> None:
    """Keep the place in the reader's code with a node."""
    if TRACEBACK not in node.metadata:
        node.metadata[TRACEBACK] = traceback.format_list(
            [frame for frame in traceback.extract_stack() if not own_frame(frame.filename)]
        )
        running = None if state.task is None else state.task.node()
        if running is not None:  # a backward pass induces what is computed meanwhile
            node.metadata[PARENT] = running


TRACEBACK, PARENT = "traceback_", "parent_"
"""Where a node's `metadata` has them, in PyTorch too."""


def explain(node: Node) -> None:
    """Warn with the place in the forward pass that made a node whose backward failed."""
    text = f"Error detected in {node.name()}. Traceback of forward call that caused the error:\n"
    found: Node | None = node
    while found is not None:
        known = found.metadata
        if TRACEBACK in known:
            _say(text + "".join(known[TRACEBACK]))
        else:
            _say(
                f"{text.partition('. ')[0]}. No forward pass information available. Enable detect "
                "anomaly during forward pass for more information."
            )
        found = known.get(PARENT)
        if found is not None:
            text = (
                f"\n\nPrevious calculation was induced by {found.name()}. Traceback of forward "
                "call that induced the previous calculation:\n"
            )


def _say(text: str) -> None:
    """Warn; where warnings are errors, print it, so that the error to come is not lost."""
    try:
        warn(text)
    except UserWarning:
        print("UserWarning:", text, file=sys.stderr)


def check(node: Node, outgoing: Sequence[Any], keep_graph: bool) -> None:
    """Raise RuntimeError if a cotangent that a node sends on holds a nan; free what it has saved
    first, as PyTorch does, unless the graph is kept.
    """
    if not _check_nan:
        return
    for position, cotangent in enumerate(outgoing):
        array = getattr(cotangent, "_array", cotangent)
        if array is not None and np.isnan(array).any():
            explain(node)
            if not keep_graph:
                node.release()
            error = RuntimeError(
                f"Function '{node.name()}' returned nan values in its {position}th output."
            )
            try:
                if watch.heard:
                    watch.tell("backward failed", node, error)
                raise error
            finally:
                del error  # it knows this frame: a cycle would keep the graph alive
