"""What a profile holds: calls, their sums by name, and the table that they print as.

Times are in microseconds. A call that calls others has a total that includes them and a self time
that does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

__all__ = ["EventList", "FormattedTimesMixin", "FunctionEvent", "FunctionEventAvg", "Interval"]


class Interval(NamedTuple):
    """When a call began and ended."""

    start: float
    end: float

    def elapsed_us(self) -> float:
        """How long it took."""
        return self.end - self.start


class FormattedTimesMixin:
    """Times of one or of several calls, as numbers and with their units."""

    count: int
    cpu_time_total: float
    self_cpu_time_total: float

    device_time_total = self_device_time_total = 0  # there is no other device
    cpu_memory_usage = device_memory_usage = flops = 0
    self_cpu_memory_usage = self_device_memory_usage = 0
    device_type = "DeviceType.CPU"
    use_device = None
    overload_name = ""
    is_async = is_remote = is_legacy = False
    device_time = 0.0

    @property
    def cpu_time(self) -> float:
        """The mean total time of a call."""
        return self.cpu_time_total / self.count if self.count else 0.0

    @property
    def cpu_time_str(self) -> str:
        """The same with its unit."""
        return _format_time(self.cpu_time)

    @property
    def cpu_time_total_str(self) -> str:
        """The total time with its unit."""
        return _format_time(self.cpu_time_total)

    @property
    def self_cpu_time_total_str(self) -> str:
        """The self time with its unit."""
        return _format_time(self.self_cpu_time_total)


class FunctionEvent(FormattedTimesMixin):
    """One call.

    thread, fwd_thread: where it ran, and for a node of the backward pass where its operation had.
    sequence_nr: the number of the node that the operation made, or that ran; -1 if there is none.
    input_shapes: of each argument, [] for what is no tensor; of nothing unless it was asked for.
    scope: 0 for an operation, 1 for a node of the backward pass, 7 for a block of the user's.
    """

    def __init__(
        self,
        id: int,
        name: str,
        thread: int,
        start_us: float,
        end_us: float,
        overload_name: str = "",
        fwd_thread: int | None = None,
        input_shapes: Any = None,
        stack: Any = None,
        scope: int = 0,
        *,
        sequence_nr: int = -1,
        node_id: int = -1,
        is_user_annotation: bool = False,
    ) -> None:
        self.id = id
        self.name = self.key = self.trace_name = name
        self.overload_name = overload_name
        self.thread, self.fwd_thread = thread, fwd_thread
        self.time_range = Interval(start_us, end_us)
        self.input_shapes, self.stack, self.scope = input_shapes, stack, scope
        self.sequence_nr, self.node_id = sequence_nr, node_id
        self.is_user_annotation = is_user_annotation
        self.count = 1
        self.cpu_children: list[FunctionEvent] = []
        self.cpu_parent: FunctionEvent | None = None

    @property
    def cpu_time_total(self) -> float:  # type: ignore[override]
        """From start to end."""
        return self.time_range.elapsed_us()

    @property
    def self_cpu_time_total(self) -> float:  # type: ignore[override]
        """The time that was not spent in other recorded calls."""
        return max(
            0.0, self.cpu_time_total - sum(child.cpu_time_total for child in self.cpu_children)
        )

    def append_cpu_child(self, child: FunctionEvent) -> None:
        """Note a call that lies in this one."""
        self.cpu_children.append(child)

    def set_cpu_parent(self, parent: FunctionEvent) -> None:
        """Note the call that this one lies in."""
        self.cpu_parent = parent

    def __repr__(self) -> str:
        return (
            f"<FunctionEvent id={self.id} name={self.name} overload_name={self.overload_name} "
            f"device_type={self.device_type} node_id={self.node_id} cpu_time={self.cpu_time_str} "
            f"start_us={self.time_range.start} end_us={self.time_range.end} "
            f"cpu_children={[child.id for child in self.cpu_children]} None_time=0.000us "
            f"name={self.name} thread={self.thread} input_shapes={self.input_shapes} "
            "cpu_memory_usage=0 None_memory_usage=0 is_async=False is_remote=False "
            f"seq_nr={self.sequence_nr} is_legacy=False>"
        )


class FunctionEventAvg(FormattedTimesMixin):
    """All calls of one name, added up."""

    def __init__(self) -> None:
        self.key: str | None = None
        self.count = 0
        self.cpu_time_total = self.self_cpu_time_total = 0
        self.input_shapes: Any = None
        self.stack: Any = None
        self.scope: int | None = None
        self.node_id = 0
        self.is_user_annotation = False
        self.cpu_children: list[FunctionEvent] | None = None
        self.cpu_parent: FunctionEvent | None = None

    def add(self, other: Any) -> FunctionEventAvg:
        """Count one more call, or several. Raises AssertionError for those of another name."""
        if self.key is None:
            for name in ("key", "input_shapes", "stack", "scope", "node_id", "is_user_annotation",
                         "cpu_children", "cpu_parent"):  # fmt: skip
                setattr(self, name, getattr(other, name))
        if other.key != self.key:
            raise AssertionError(f"Expected keys to match, but got {other.key} vs {self.key}")
        return self._plus(other)

    __iadd__ = add

    def _plus(self, other: Any) -> FunctionEventAvg:
        self.cpu_time_total += other.cpu_time_total
        self.self_cpu_time_total += other.self_cpu_time_total
        self.count += other.count
        return self

    def __repr__(self) -> str:
        return (
            f"<FunctionEventAvg key={self.key} self_cpu_time={self.self_cpu_time_total_str} "
            f"cpu_time={self.cpu_time_str}  self_cuda_time=0.000us cuda_time=0.000us "
            f"input_shapes={self.input_shapes} cpu_memory_usage=0 cuda_memory_usage=0>"
        )


class EventList(list[Any]):
    """Calls, or sums of them, that print as a table."""

    _tree_built = False

    def __str__(self) -> str:
        return self.table()

    def _build_tree(self) -> None:
        """Find out which calls lie within which; one that only calls itself counts once."""
        self._populate_cpu_children()
        self._remove_dup_nodes()
        self._tree_built = True

    def _remove_dup_nodes(self) -> None:
        for event in list(self):
            parent = event.cpu_parent
            if parent is not None and parent.name == event.name and len(parent.cpu_children) == 1:
                parent.cpu_children = event.cpu_children
                for child in event.cpu_children:
                    child.set_cpu_parent(parent)
                self.remove(event)

    def _populate_cpu_children(self) -> None:
        """Find out which calls lie within which: one in the thread of the other, whole."""
        for where in {(event.thread, event.node_id) for event in self}:
            around: list[FunctionEvent] = []
            here = [event for event in self if (event.thread, event.node_id) == where]
            for event in sorted(here, key=lambda e: (e.time_range.start, -e.time_range.end)):
                start, end = event.time_range
                while around and not start < around[-1].time_range.end >= end:
                    around.pop()
                if around:
                    around[-1].append_cpu_child(event)
                    event.set_cpu_parent(around[-1])
                around.append(event)

    def table(
        self,
        sort_by: str | None = None,
        row_limit: int = 100,
        max_src_column_width: int = 75,
        max_name_column_width: int = 55,
        max_shapes_column_width: int = 80,
        header: str | None = None,
        top_level_events_only: bool = False,
        time_unit: str | None = None,
    ) -> str:
        """The calls as text, largest first in the column `sort_by`.

        sort_by: "cpu_time", "cpu_time_total", "self_cpu_time_total" or "count".
        top_level_events_only: without those that lie in others. time_unit: "s", "ms" or "us".
        max_src_column_width: ignored, as there is no column of source lines.
        Raises AttributeError if there is no such column.
        """
        if not self:
            return ""
        rows = list(self)
        if sort_by is not None:
            column = sort_by.replace("cuda", "device")
            rows.sort(key=lambda event: getattr(event, column), reverse=True)
        total = math.fsum(event.self_cpu_time_total for event in self)
        has_shapes = any(event.input_shapes for event in self)
        titles = ["Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg",
                  "# of Calls"]  # fmt: skip
        widths = [12] * len(titles)
        if any(event.node_id != -1 for event in self):
            titles.append("Node ID")
            widths.append(12)
        if has_shapes:
            titles.append("Input Shapes")
            longest = max(len(str(event.input_shapes)) for event in self)
            widths.append(min(longest + 4, max_shapes_column_width))
        longest = max(len(event.key) for event in self)
        widths.insert(0, min(longest + 4, max_name_column_width))

        def line(cells: Iterable[Any]) -> str:
            return "".join(f"{cell!s:>{width}}  " for cell, width in zip(cells, widths))

        rule, double = line("-" * width for width in widths), "=" * (sum(widths) + 2 * len(titles))
        lines = [] if header is None else [double, header]
        if top_level_events_only:
            lines += [double, "This report only display top-level ops statistics"]
            rows = [event for event in rows if event.cpu_parent is None]
        lines += [rule, line(["Name", *titles]), rule]
        for event in rows[:row_limit] if row_limit >= 0 else rows:
            cells = [
                shortened(event.key, max_name_column_width),
                share(event.self_cpu_time_total, total),
                _format_time(event.self_cpu_time_total, time_unit),
                share(event.cpu_time_total, total),
                _format_time(event.cpu_time_total, time_unit),
                _format_time(event.cpu_time, time_unit),
                event.count,
            ]
            if "Node ID" in titles:
                cells.append(event.node_id)
            lines.append(line([*cells, str(event.input_shapes)[: widths[-1]]]))
        lines += [rule, f"Self CPU time total: {_format_time(total, time_unit)}"]
        return "\n".join([*lines, ""])

    def key_averages(
        self,
        group_by_input_shapes: bool = False,
        group_by_stack_n: int = 0,
        group_by_overload_name: bool = False,
    ) -> EventList:
        """One entry per name, or per name and shapes of the arguments: its calls added up.

        group_by_stack_n, group_by_overload_name: ignored; neither stacks nor overloads are noted.
        Raises AssertionError for what is already a sum.
        """
        if not self._tree_built:
            raise AssertionError("Expected tree to be built before calling key_averages")
        found: dict[tuple[str, str], FunctionEventAvg] = {}
        for event in self:
            key = event.key, str(event.input_shapes) if group_by_input_shapes else ""
            found.setdefault(key, FunctionEventAvg()).add(event)
        if not group_by_input_shapes:
            for average in found.values():
                average.input_shapes = ""
        return EventList(found.values())

    def total_average(self) -> FunctionEventAvg:
        """All calls as one."""
        total = FunctionEventAvg()
        if self:
            total.add(self[0])
        for event in self[1:]:
            total._plus(event)
        total.key = "Total"
        return total

    @property
    def self_cpu_time_total(self) -> float:
        """The sum of all self times."""
        return math.fsum(event.self_cpu_time_total for event in self)


UNITS = {"s": 1e6, "ms": 1e3, "us": 1}


def _format_time(microseconds: float, unit: str | None = None) -> str:
    """A time with its unit: `84.253us`, `1.204ms`, `2.000s`."""
    if unit is None:
        unit = next((u for u, size in UNITS.items() if microseconds >= size), "us")
    return f"{microseconds / UNITS[unit]:.3f}{unit}"


def share(part: float, total: float) -> str:
    """`46.43%`."""
    return f"{100 * part / total:.2f}%" if total else "NaN"


def shortened(name: str, width: int) -> str:
    """A name that fits, with `...` at its end if it was cut."""
    return name if len(name) < width - 3 else name[: width - 3] + "..."
