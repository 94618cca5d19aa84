"""Where the time goes: each operation's own time and its number of calls.

    with profile() as prof:
        y = f(x)
        y.backward()
    print(prof.key_averages().table(sort_by="self_cpu_time_total"))

An operation that calls others (a `record_function` block does, and a node of the backward pass) has
a total that includes them and a self time that does not. Times are in microseconds.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable
from time import perf_counter_ns
from typing import Any

from .. import watch
from ..warn import warn

_running: list[profile] = []


class FunctionEvent:
    """One call: name, start and end (in microseconds since the profile began)."""

    count = 1

    def __init__(self, name: str, start: float, end: float) -> None:
        self.name = self.key = name
        self.start = start
        self.end = end
        self.children_time = 0.0

    @property
    def cpu_time_total(self) -> float:
        """From start to end."""
        return self.end - self.start

    @property
    def self_cpu_time_total(self) -> float:
        """The time that was not spent in other recorded calls."""
        return max(0.0, self.cpu_time_total - self.children_time)

    cpu_time = cpu_time_total

    def __repr__(self) -> str:
        return f"<FunctionEvent {self.name} {formatted(self.cpu_time_total)}>"


class FunctionEventAvg:
    """All calls of one name, added up."""

    def __init__(self, name: str) -> None:
        self.name = self.key = name
        self.count = 0
        self.cpu_time_total = 0.0
        self.self_cpu_time_total = 0.0

    def add(self, event: FunctionEvent) -> None:
        """Count one more call."""
        self.count += 1
        self.cpu_time_total += event.cpu_time_total
        self.self_cpu_time_total += event.self_cpu_time_total

    @property
    def cpu_time(self) -> float:
        """The mean total time of a call."""
        return self.cpu_time_total / self.count if self.count else 0.0


class EventList(list[Any]):
    """Events, or averages of them, that print as a table."""

    def __str__(self) -> str:
        return self.table()

    def table(
        self,
        sort_by: str | None = None,
        row_limit: int = 100,
        max_src_column_width: int = 75,
        max_name_column_width: int = 55,
        header: str | None = None,
        top_level_events_only: bool = False,
    ) -> str:
        """The events as text, largest first in the column `sort_by`.

        sort_by: "cpu_time", "cpu_time_total", "self_cpu_time_total" or "count".
        Raises AttributeError if there is no such column.
        """
        rows = list(self)
        if sort_by is not None:
            rows.sort(key=lambda event: getattr(event, sort_by), reverse=True)
        rows = rows[:row_limit] if row_limit >= 0 else rows
        total = math.fsum(event.self_cpu_time_total for event in self)
        names = [shortened(event.key, max_name_column_width) for event in rows]
        width = max([len("Name"), *map(len, names)]) + 2
        titles = [
            "Self CPU %",
            "Self CPU",
            "CPU total %",
            "CPU total",
            "CPU time avg",
            "# of Calls",
        ]
        rule = "  ".join(["-" * width, *["-" * 12] * len(titles)]) + "  "
        lines = [rule, line("Name", titles, width), rule]
        for name, event in zip(names, rows, strict=True):
            cells = [
                share(event.self_cpu_time_total, total),
                formatted(event.self_cpu_time_total),
                share(event.cpu_time_total, total),
                formatted(event.cpu_time_total),
                formatted(event.cpu_time),
                str(event.count),
            ]
            lines.append(line(name, cells, width))
        lines += [rule, f"Self CPU time total: {formatted(total)}"]
        return "\n".join([*([header] if header else []), *lines, ""])

    def key_averages(self, group_by_input_shape: bool = False) -> EventList:
        """One entry per name: its calls added up."""
        found: dict[str, FunctionEventAvg] = {}
        for event in self:
            found.setdefault(event.name, FunctionEventAvg(event.name)).add(event)
        return EventList(found.values())

    def total_average(self) -> FunctionEventAvg:
        """All events as one."""
        total = FunctionEventAvg("Total")
        for event in self:
            total.add(event)
        return total

    @property
    def self_cpu_time_total(self) -> float:
        """The sum of all self times."""
        return math.fsum(event.self_cpu_time_total for event in self)


OPTIONS = (
    "use_cuda", "use_device", "record_shapes", "with_flops", "profile_memory", "with_stack",
    "with_modules", "use_kineto", "use_cpu", "experimental_config", "acc_events",
    "custom_trace_id_callback", "post_processing_timeout_s", "activity_filters",
)  # fmt: skip
"""What PyTorch's profile may be asked for besides; nothing of it is there to be shown here."""


class profile:  # noqa: N801  (PyTorch's name)
    """Context manager: notes every operation inside, forward and backward.

    Raises RuntimeError where it is entered a second time.
    """

    def __init__(self, enabled: bool = True, **options: Any) -> None:
        for name in options:
            if name not in OPTIONS:
                raise TypeError(f"profile.__init__() got an unexpected keyword argument '{name}'")
        self.enabled = enabled
        self.entered = False
        self.function_events = EventList()
        if options.get("use_cuda") or options.get("use_device") not in (None, "cpu"):
            warn("minigrad computes on the CPU only; there is nothing else to profile.")

    def __enter__(self) -> profile:
        if self.enabled:
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
            self.function_events.sort(key=lambda event: (event.start, -event.end))
            nest(self.function_events)

    def note(self, name: str, started: int, ended: int) -> None:
        """One call, with its times on the clock of `time.perf_counter_ns`."""
        start, end = (started - self._began) / 1000, (ended - self._began) / 1000
        self.function_events.append(FunctionEvent(name, start, end))

    def table(self, *args: Any, **kwargs: Any) -> str:
        """Every call as a row. See `EventList.table`."""
        return self.function_events.table(*args, **kwargs)

    def key_averages(self, *args: Any, **kwargs: Any) -> EventList:
        """One entry per name."""
        return self.function_events.key_averages()

    def total_average(self) -> FunctionEventAvg:
        """All calls as one."""
        return self.function_events.total_average()

    @property
    def self_cpu_time_total(self) -> float:
        """The sum of all self times, in microseconds."""
        return self.function_events.self_cpu_time_total

    def export_chrome_trace(self, path: str) -> None:
        """Write the calls as JSON for a browser's tracing page."""
        events = [
            {"name": event.name, "ph": "X", "pid": 0, "tid": 0, "ts": event.start,
             "dur": event.cpu_time_total, "cat": "cpu_op", "args": {}}
            for event in self.function_events
        ]  # fmt: skip
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"traceEvents": events, "displayTimeUnit": "ms"}, file)

    def __str__(self) -> str:
        return self.table()

    def __repr__(self) -> str:
        return f"<profile of {len(self.function_events)} calls>"


class record_function:  # noqa: N801  (PyTorch's name)
    """Context manager and decorator: a block of one's own in the profile."""

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name

    def __enter__(self) -> record_function:
        self._started = perf_counter_ns()
        return self

    def __exit__(self, *exc: object) -> None:
        note(self.name, self._started, perf_counter_ns())

    def __call__(self, function: Any) -> Any:
        """The function, each call of it a block of that name."""

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with record_function(self.name):
                return function(*args, **kwargs)

        return wrapped


class emit_nvtx:  # noqa: N801  (PyTorch's name)
    """Context manager: marks every operation for NVIDIA's tools, through the package `nvtx`.

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

    def __enter__(self) -> emit_nvtx:
        if self.enabled:
            watch.add(self._mark)
        return self

    def __exit__(self, *exc: object) -> None:
        if self.enabled:
            watch.remove(self._mark)


def active() -> bool:
    """True while a profile is running."""
    return bool(_running)


def note(name: str, started: int, ended: int) -> None:
    """Tell all running profiles of a call."""
    for running in _running:
        running.note(name, started, ended)


def note_operation(operation: Any, args: Any, result: Any, started: int, ended: int) -> None:
    """Tell all running profiles of an operation. (A watcher; see `minigrad.watch`.)"""
    note(f"aten::{operation.name}", started, ended)


def nest(events: Iterable[FunctionEvent]) -> None:
    """Find out which calls lie within which, and what that leaves of their own time."""
    open_calls: list[FunctionEvent] = []
    for event in sorted(events, key=lambda event: (event.start, -event.end)):
        while open_calls and open_calls[-1].end < event.end:
            open_calls.pop()
        if open_calls and event.start >= open_calls[-1].start:
            open_calls[-1].children_time += event.cpu_time_total
        open_calls.append(event)


def formatted(microseconds: float) -> str:
    """A time with its unit: `84.253us`, `1.204ms`, `2.000s`."""
    if microseconds >= 1e6:
        return f"{microseconds / 1e6:.3f}s"
    if microseconds >= 1e3:
        return f"{microseconds / 1e3:.3f}ms"
    return f"{microseconds:.3f}us"


def share(part: float, total: float) -> str:
    """`46.43%`."""
    return f"{100 * part / total:.2f}%" if total else "NaN"


def shortened(name: str, width: int) -> str:
    """A name that fits, with `...` at its end if it was cut."""
    return name if len(name) <= width else name[: width - 3] + "..."


def line(name: str, cells: list[str], width: int) -> str:
    """A row of the table: everything to the right of its column."""
    return "  ".join([name.rjust(width), *(cell.rjust(12) for cell in cells)]) + "  "
