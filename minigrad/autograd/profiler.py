"""Where the time goes: each operation's own time and its number of calls.

    with profile() as prof:
        y = f(x)
        y.backward()
    print(prof.key_averages().table(sort_by="self_cpu_time_total"))

Some calls lie in others: in a block of `record_function` all that it does; in the engine's
"evaluate_function", a step of the backward pass with its hooks, the node's own work.
`profiler_util.py` has the calls, their sums and the table.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

from .. import watch
from ..type_names import type_name
from ..warn import warn
from .cotangents import worked
from .node import AccumulateGrad, Node
from .profiler_util import EventList, FunctionEvent, FunctionEventAvg

_running: list[profile] = []


OPTIONS = (
    "use_cuda", "use_device", "with_flops", "profile_memory", "with_stack", "with_modules",
    "use_kineto", "use_cpu", "experimental_config", "acc_events", "custom_trace_id_callback",
    "post_processing_timeout_s", "activity_filters",
)  # fmt: skip
"""What PyTorch's profile may be asked for besides; ignored, as nothing of it is there to be shown
here."""


class profile:  # noqa: N801  (PyTorch's name)
    """Context manager: notes every operation inside, forward and backward.

    record_shapes: the shapes of the arguments as well. options: see `OPTIONS`.
    Raises RuntimeError where it is entered a second time.
    """

    def __init__(
        self, enabled: bool = True, *, record_shapes: bool = False, **options: Any
    ) -> None:
        for name in options:
            if name not in OPTIONS:
                raise TypeError(f"profile.__init__() got an unexpected keyword argument '{name}'")
        self.enabled = enabled
        self.entered = self.finished = False
        self.record_shapes = bool(record_shapes)
        self.function_events = EventList()
        self.function_events._build_tree()
        if options.get("use_cuda") or options.get("use_device") not in (None, "cpu"):
            warn("minigrad computes on the CPU only; there is nothing else to profile.")

    def __enter__(self) -> profile | None:
        """The profile; None if it is not `enabled`."""
        if not self.enabled:
            return None
        if self.entered:
            raise RuntimeError("Profiler context manager is not reentrant")
        self.entered = True
        self._began = perf_counter_ns()
        _running.append(self)
        watch.add(note_operation)
        return self

    def __exit__(self, *exc: object) -> None:
        if self.enabled:
            _running.remove(self)
            if not _running:
                watch.remove(note_operation)
            events = self.function_events
            events.sort(key=lambda event: (event.time_range.start, -event.time_range.end))
            for number, event in enumerate(events, 1):
                event.id = number
            events._build_tree()
            self.finished = True

    def note(self, name: str, started: int, ended: int, shapes: list[Any], **more: Any) -> None:
        """One call, with its times on the clock of `time.perf_counter_ns`."""
        start, end = (started - self._began) / 1000, (ended - self._began) / 1000
        known: dict[str, Any] = {
            "fwd_thread": 0,
            "input_shapes": shapes if self.record_shapes else [],
        } | more
        self.function_events.append(FunctionEvent(0, name, 1, start, end, **known))

    def table(self, *args: Any, **kwargs: Any) -> str:
        """Every call as a row. See `EventList.table`."""
        return self.function_events.table(*args, **kwargs)

    def key_averages(
        self,
        group_by_input_shape: bool = False,
        group_by_stack_n: int = 0,
        group_by_overload_name: bool = False,
    ) -> EventList:
        """One entry per name, or per name and shapes; the other options are ignored. See
        `EventList.key_averages`.
        """
        return self.function_events.key_averages(group_by_input_shape)

    def total_average(self) -> FunctionEventAvg:
        """All calls as one."""
        return self.function_events.total_average()

    @property
    def self_cpu_time_total(self) -> float:
        """The sum of all self times, in microseconds."""
        return self.function_events.self_cpu_time_total

    def export_chrome_trace(self, path: str) -> None:
        """Write the calls as JSON for a browser's tracing page. Raises TypeError for a path that is
        no text.
        """
        if not isinstance(path, str):
            raise TypeError(
                "save(): incompatible function arguments. The following argument types are "
                "supported:\n    1. (self: torch._C._autograd._ProfilerResult, arg0: str) -> None"
                f"\n\nInvoked with: {path!r}"
            )
        events = [
            {"name": event.name, "ph": "X", "pid": 0, "tid": 0, "ts": event.time_range.start,
             "dur": event.cpu_time_total, "cat": "cpu_op", "args": {}}
            for event in self.function_events
        ]  # fmt: skip
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"traceEvents": events, "displayTimeUnit": "ms"}, file)

    def __str__(self) -> str:
        return self.table() if self.finished else "<unfinished torch.autograd.profile>"

    def __repr__(self) -> str:
        return repr(self.function_events) if self.finished else str(self)


class record_function:  # noqa: N801  (PyTorch's name)
    """Context manager and decorator: a block of one's own in the profile.

    args: ignored; only PyTorch's traces show it.
    """

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name, self.args = name, args

    def __enter__(self) -> record_function:
        """Raises RuntimeError for a name that is no text."""
        for what, kind, value in (("name", "str", self.name), ("args", "Optional[str]", self.args)):
            if not isinstance(value, str) and not (value is None and what == "args"):
                raise RuntimeError(
                    f"profiler::_record_function_enter_new() Expected a value of type '{kind}' for "
                    f"argument '{what}' but instead found type '{type_name(value)}'."
                )
        self._started = perf_counter_ns()
        return self

    def __exit__(self, *exc: object) -> None:
        note(self.name, self._started, perf_counter_ns(), [], scope=7, is_user_annotation=True)

    def __call__(self, function: Any) -> Any:
        """The function, each call of it a block of that name."""

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with record_function(self.name):
                return function(*args, **kwargs)

        return wrapped


def composed(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A function that is made of operations, which a profile shows below its own name."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        if not _running:
            return function(*args, **kwargs)
        started = perf_counter_ns()
        result = function(*args, **kwargs)
        shapes = shapes_of([*args, *kwargs.values()])
        note(f"aten::{name}", started, perf_counter_ns(), shapes, sequence_nr=-1)
        return result

    return run


class emit_nvtx:  # noqa: N801  (PyTorch's name)
    """Context manager: marks every operation for NVIDIA's tools, through the package `nvtx`.

    record_shapes: ignored; the marks have names only.
    Raises RuntimeError if that package is not installed.
    """

    def __init__(self, enabled: bool = True, record_shapes: bool = False) -> None:
        self.enabled = enabled
        if enabled:
            try:
                import nvtx  # type: ignore[import-not-found]
            except ImportError:
                raise RuntimeError(
                    "emit_nvtx needs the package nvtx, which is not installed: pip install nvtx"
                ) from None
            self._nvtx = nvtx

    def _mark(self, operation: Any, args: Any, result: Any, *times: int) -> None:
        self._nvtx.mark(message=f"aten::{operation.name}")

    def __enter__(self) -> emit_nvtx | None:
        """The context manager; None if it is not `enabled`."""
        if not self.enabled:
            return None
        watch.add(self._mark)
        return self

    def __exit__(self, *exc: object) -> None:
        if self.enabled:
            watch.remove(self._mark)


def kineto_available() -> bool:
    """True, as in PyTorch's builds: what `profile` may be given as `use_kineto`."""
    return True


def active() -> bool:
    """True while a profile is running."""
    return bool(_running)


def note(name: str, started: int, ended: int, shapes: list[Any], **more: Any) -> None:
    """Tell all running profiles of a call."""
    for running in _running:
        running.note(name, started, ended, shapes, **more)


def note_operation(operation: Any, args: Any, result: Any, started: int, ended: int) -> None:
    """Tell all running profiles of an operation. (A watcher; see `minigrad.watch`.)"""
    out = result[0] if isinstance(result, tuple) and result else result
    edge = out._known_edge() if hasattr(out, "_known_edge") else None
    own = edge is not None and getattr(edge[0], "operation", None) is operation
    number = edge[0]._sequence_nr() if own and edge is not None else -1
    note(f"aten::{operation.name}", started, ended, shapes_of(args), sequence_nr=number)


def note_step(node: Node, started: int, ended: int) -> None:
    """Tell all running profiles of a step of the backward pass."""
    name = f"autograd::engine::evaluate_function: {node.name()}"
    note(name, started, ended, [], **whose(node))


def timed(work: Callable[..., Any] | None, as_tensors: bool) -> Callable[..., Any]:
    """The work of the nodes (see `engine.walk`), which tells all running profiles of itself."""

    def at_work(node: Node, incoming: list[Any]) -> Any:
        shapes = shapes_of(incoming)
        started = perf_counter_ns()
        outgoing = work(node, incoming) if work else worked(node, incoming, as_tensors)
        note(node.name(), started, perf_counter_ns(), shapes, scope=1, **whose(node))
        return outgoing

    return at_work


def whose(node: Node) -> dict[str, int]:
    """The number that a node shares with the operation which made it, and the thread of that."""
    if isinstance(node, AccumulateGrad):
        return {"sequence_nr": -1, "fwd_thread": 0}
    return {"sequence_nr": node._sequence_nr(), "fwd_thread": 1}


def shapes_of(values: Any) -> list[list[int]]:
    """The shapes of tensors and arrays; [] for anything else."""
    return [list(getattr(value, "shape", ())) for value in values]
