"""`profile_chart(prof)`: where the time went, as bars by operation and as a line of time."""

from __future__ import annotations

from typing import Any

from .calls import KINDS, Call, Row, calls, duration, rows, short
from .chart import Chart

HATCHES = {"forward": "", "backward": "////", "either": "xx", "block": "..."}
SAID = {
    "forward": "forward",
    "backward": "backward",
    "either": "forward or backward",
    "block": "your blocks",
}
LONGEST_NAME = 32
MOST_BARS = 3000  # calls that the line of time draws
CHARACTER = 0.0095  # of a name, as a share of the line of time


class ProfileChart(Chart):
    """The chart that `profile_chart` returns. rows: what the bars show."""

    def __init__(self, found: list[Call], top: int, title: str | None, theme: str) -> None:
        self.rows = rows(found, top)
        self.total = sum(row.time for row in self.rows)
        self.by_kind = {kind: sum(row.own[kind] for row in self.rows) for kind in KINDS}
        self.title = title or self._title()
        timed = [call for call in found if call.start is not None]
        height = 1.5 + 0.34 * len(self.rows) + (1.5 if timed else 0)
        super().__init__(10, height, theme)
        colours = self.colours
        self._colour = dict(
            zip(KINDS, (colours.forward, colours.back, colours.text, colours.soft), strict=True)
        )
        ratios = [0.34 * len(self.rows) + 0.6, 0.9] if timed else [1]
        axes = self.figure.subplots(len(ratios), 1, squeeze=False, height_ratios=ratios)[:, 0]
        self._bars(axes[0])
        if timed:
            self._timeline(axes[1], timed)
        self.figure.suptitle(
            self.title, color=self.colours.text, fontsize=14, fontweight="bold", x=0.01, ha="left"
        )

    def _title(self) -> str:
        parts = [
            f"{SAID[kind]} {duration(self.by_kind[kind])}" for kind in KINDS if self.by_kind[kind]
        ]
        return f"Where {duration(self.total)} went: {', '.join(parts)}"

    def _bars(self, axes: Any) -> None:
        self.plain(axes)
        scale, unit = _scale(max(row.time for row in self.rows))
        for place, row in enumerate(self.rows):
            left = 0.0
            for kind in KINDS:
                if row.own[kind]:
                    self._bar(axes, place, left / scale, row.own[kind] / scale, kind)
                    left += row.own[kind]
            axes.text(
                left / scale, place, f"  {duration(row.time)}, {_calls(row)}", va="center",
                color=self.colours.text, fontsize=10,
            )  # fmt: skip
        axes.set_yticks(range(len(self.rows)), [_cut(row.name) for row in self.rows])
        axes.tick_params(axis="y", length=0)
        axes.invert_yaxis()
        axes.set_xlim(0, 1.42 * max(row.time for row in self.rows) / scale or 1)
        axes.set_xlabel(f"own time in {unit} (without the calls inside)")
        self._legend(axes)

    def _bar(self, axes: Any, place: float, left: float, width: float, kind: str) -> None:
        axes.barh(
            place, width, 0.72, left=left, facecolor=self._colour[kind], hatch=HATCHES[kind],
            edgecolor=self.colours.page, linewidth=0.6,
        )  # fmt: skip

    def _legend(self, axes: Any) -> None:
        from matplotlib.patches import Patch

        used = [kind for kind in KINDS if self.by_kind[kind]]
        patches = [
            Patch(
                facecolor=self._colour[kind], hatch=HATCHES[kind], edgecolor=self.colours.page,
                label=SAID[kind],
            )
            for kind in used
        ]  # fmt: skip
        axes.legend(
            handles=patches, loc="lower right", frameon=False, labelcolor=self.colours.text,
            fontsize=11, handlelength=2.6, handleheight=1.2,
        )  # fmt: skip

    def _timeline(self, axes: Any, timed: list[Call]) -> None:
        """The outermost calls, one after the other; blocks of one's own above what is in them."""
        self.plain(axes)
        started = min(call.start or 0 for call in timed)
        ended = max(call.end or 0 for call in timed)
        scale, unit = _scale(ended - started)
        shown = sorted(timed, key=lambda call: -call.total)[:MOST_BARS]
        for call in shown:
            blocks = call.kind == "block"
            if not blocks and call.inside:
                continue
            left, width = ((call.start or 0) - started) / scale, call.total / scale
            self._bar(axes, 1 if blocks else 0, left, width, call.kind)
            name = _cut(short(call.name), 22)
            if call.total > CHARACTER * len(name) * (ended - started):
                axes.text(
                    left + width / 2, 1.46 if blocks else -0.46, name,
                    ha="center", va="bottom" if blocks else "top", color=self.colours.text,
                    fontsize=9,
                )  # fmt: skip
        high = 2.1 if any(call.kind == "block" for call in shown) else 0.6
        axes.set_ylim(-1.1, high)
        axes.set_xlim(0, (ended - started) / scale or 1)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(f"in the order of time, {unit}")

    @property
    def words(self) -> str:
        """The bars in words."""
        parts = [f"{row.name} {duration(row.time)} in {_calls(row)}" for row in self.rows[:6]]
        return f"{self.title}. Most of it: {'; '.join(parts)}."


def profile_chart(
    prof: Any, top: int = 12, title: str | None = None, theme: str = "page"
) -> ProfileChart:
    """A chart of a profile: each operation's own time, forward and backward apart, and when.

    prof: a profile of `minigrad.autograd.profiler`, `torch.autograd.profiler` or `torch.profiler`
        after its with block, or its events or averages.
    top: how many operations have a bar of their own; the others share one.
    title: instead of the sentence that sums the times up. theme: "light", "dark", or
        "page": as the page around it.

    Raises TypeError for what is no profile, ValueError for one without calls.
    """
    return ProfileChart(calls(prof), top, title, theme)


def _scale(largest: float) -> tuple[float, str]:
    return (1e6, "s") if largest >= 1e6 else (1e3, "ms") if largest >= 1e3 else (1.0, "µs")


def _calls(row: Row) -> str:
    return f"{row.calls} call{'s' * (row.calls != 1)}"


def _cut(text: str, longest: int = LONGEST_NAME) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
