"""The calls in a profile, minigrad's or PyTorch's: which of them are backward, and sums by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..engines import is_tensor

BACKWARD = re.compile(r"Backward\d*$|AccumulateGrad$|^autograd::engine::|CopyBackwards$")
ENGINE = "autograd::engine::evaluate_function: "
KINDS = ("forward", "backward", "either", "block")


@dataclass
class Call:
    """One call; times in µs. kind: "forward", "backward", "block" (of
    `record_function`), or "either" (an average, which does not tell where it was called).
    """

    name: str
    start: float | None
    end: float | None
    own: float
    total: float
    count: int
    kind: str
    inside: bool = False
    """It lies in another call that is no block."""


@dataclass
class Row:
    """All calls of one name: own time and number of calls, by kind."""

    name: str
    own: dict[str, float] = field(default_factory=lambda: dict.fromkeys(KINDS, 0.0))
    count: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def time(self) -> float:
        """The own time of all calls."""
        return sum(self.own.values())

    @property
    def calls(self) -> int:
        """How many there were."""
        return sum(self.count.values())


def calls(prof: Any) -> list[Call]:
    """The calls of a profile or of a list of its events. Raises TypeError or ValueError."""
    events = _events(prof)
    if not events:
        raise ValueError(
            "the profile holds no calls. Give it after its with block has ended: "
            "with profile() as prof: …, then profile_chart(prof)."
        )
    found = [_call(event) for event in events]
    timed = [call for call in found if call.start is not None]
    _nest(timed)
    return found


def _events(prof: Any) -> Sequence[Any]:
    """`function_events` of both autograd profilers, `events()` of torch.profiler, or a list."""
    if getattr(prof, "function_events", None) is not None:
        return list(prof.function_events)
    if callable(getattr(prof, "events", None)):
        try:
            return list(prof.events() or ())
        except (AssertionError, RuntimeError):  # it has not run yet
            return ()
    if isinstance(prof, Iterable) and not isinstance(prof, (str, bytes)) and not is_tensor(prof):
        events = list(prof)
        if all(hasattr(event, "self_cpu_time_total") for event in events):
            return events
    if hasattr(prof, "key_averages"):
        return ()  # a profile that has not ended
    raise TypeError(
        f"profile_chart() needs a profile, but got {type(prof).__name__}. Make one: "
        "with torch.autograd.profiler.profile() as prof: …"
    )


def _call(event: Any) -> Call:
    name = str(getattr(event, "name", None) or event.key)
    span = getattr(event, "time_range", event)
    start, end = getattr(span, "start", None), getattr(span, "end", None)
    block = getattr(event, "is_user_annotation", None)
    if block is None:
        block = "::" not in name
    operation = "forward" if start is not None else "either"
    kind = "backward" if BACKWARD.search(name) else "block" if block else operation
    own, total = float(event.self_cpu_time_total), float(event.cpu_time_total)
    return Call(name, start, end, own, total, int(event.count), kind)


def _nest(timed: list[Call]) -> None:
    """What a backward call calls is backward; which calls lie in another."""
    around: list[Call] = []
    for call in sorted(timed, key=lambda call: (call.start, -(call.end or 0))):
        while around and (around[-1].end or 0) < (call.end or 0):
            around.pop()
        if call.kind == "forward" and any(outer.kind == "backward" for outer in around):
            call.kind = "backward"
        call.inside = any(outer.kind != "block" for outer in around)
        around.append(call)


def rows(found: Iterable[Call], top: int) -> list[Row]:
    """A row per name, the most time first; those after the first `top` together in the last."""
    by_name: dict[str, Row] = {}
    for call in found:
        name = short(call.name)
        row = by_name.setdefault(name, Row(name))
        row.own[call.kind] += call.own
        row.count[call.kind] += call.count
    ordered = sorted(by_name.values(), key=lambda row: -row.time)
    kept, others = ordered[:top], ordered[top:]
    if others:
        rest = Row(f"{len(others)} others")
        for row in others:
            for kind in KINDS:
                rest.own[kind] += row.own[kind]
                rest.count[kind] += row.count[kind]
        kept.append(rest)
    return kept


def short(name: str) -> str:
    """`mm` for aten::mm, `AccumulateGrad` for torch::autograd::AccumulateGrad."""
    if name.startswith(ENGINE):
        return f"engine, {short(name.removeprefix(ENGINE))}"
    return name.rsplit("::", 1)[-1].strip() or name


def duration(microseconds: float) -> str:
    """A time as a person would say it: `84 µs`, `1.2 ms`, `2 s`."""
    for size, unit in ((1e6, "s"), (1e3, "ms")):
        if microseconds >= size:
            return f"{microseconds / size:.3g} {unit}"
    return f"{microseconds:.3g} µs"
