"""The picture of a training: progress above, the loss on the left, gradients on the right."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .training import Training

MOST_LINES = 8  # parameters that have a line with a name; the others share one remark
STYLES = ("-", "--", "-.", ":")
LONGEST_NAME = 22
APART = 0.062  # of the height, between two names
TITLE = 1.03  # where titles stand; looking for a free place takes as long as all the drawing
POINTS = 600  # of a line; more would not be seen


class Picture:
    """Draws a `Training` on its figure, again and again."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.colours = training.colours
        parts = training.figure.subplot_mosaic(
            [["bar", "bar"], ["loss", "norms"], ["remarks", "remarks"]],
            height_ratios=[0.05, 1, 0.16], width_ratios=[1, 1],
            gridspec_kw={"left": 0.07, "right": 0.83, "top": 0.93, "bottom": 0.03,
                         "hspace": 0.42, "wspace": 0.26},
        )  # fmt: skip
        self.bar, self.loss, self.norms, self.remarks = (
            parts[name] for name in ("bar", "loss", "norms", "remarks")
        )

    def update(self) -> None:
        """Draw everything as it is now."""
        self._progress()
        self._loss()
        self._norms()
        self._remarks()

    def _progress(self) -> None:
        training, axes = self.training, self.bar
        axes.clear()
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        where = training.where() if training.losses else "no step yet"
        axes.set_title(
            where, y=TITLE, loc="left", color=self.colours.text, fontsize=12, fontweight="bold",
        )  # fmt: skip
        if training.steps:
            done = len(training.losses) / training.steps
            axes.barh(0, 1, 1, facecolor="none", edgecolor=self.colours.soft)
            axes.barh(0, min(1, done), 1, color=self.colours.forward)
            axes.set_title(
                f"{100 * done:.0f} %", y=TITLE, loc="right", color=self.colours.text, fontsize=12
            )

    def _loss(self) -> None:
        training, axes = self.training, self.loss
        axes.clear()
        self.training.plain(axes)
        axes.set_title("loss", y=TITLE, loc="left", fontsize=12, color=self.colours.text)
        axes.set_xlabel("step")
        points = list(enumerate(training.losses, start=1))
        finite = [(step, value) for step, value in points if math.isfinite(value)]
        if finite:
            _scale(axes, [value for _, value in finite])
            steps, values = zip(*_thinned(finite), strict=True)
            axes.plot(steps, values, color=self.colours.forward, linewidth=1.8)
            axes.annotate(
                f" {values[-1]:.4g}", (steps[-1], values[-1]), color=self.colours.forward,
                fontsize=11, fontweight="bold", va="bottom", annotation_clip=False,
            )  # fmt: skip
        axes.set_xlim(0, training.steps or max(1, len(points)) * 1.02)
        for name, what, step in training.bad():
            if name == "loss":
                self._mark(axes, step, what, 0.8)

    def _norms(self) -> None:
        training, axes = self.training, self.norms
        axes.clear()
        training.plain(axes)
        axes.set_title(
            "norm of each gradient", y=TITLE, loc="left", fontsize=12, color=self.colours.text
        )
        axes.set_xlabel("step")
        ends = []
        shown = [p for p in training.parameters if training.measured(p.name)][:MOST_LINES]
        lowest = [v for p in shown for _, v in training.measured(p.name) if 0 < v < math.inf]
        if lowest:
            _logarithmic(axes, lowest)
        for k, parameter in enumerate(shown):
            entries = training.measured(parameter.name)
            colour = self.colours.lines[k % len(self.colours.lines)]
            good = [entry for entry in entries if 0 < entry[1] < math.inf]
            if good:  # what a logarithmic axis does not have interrupts the line
                whole = [(s, v if 0 < v < math.inf else math.nan) for s, v in entries]
                steps, values = zip(*_thinned(whole), strict=True)
                axes.plot(steps, values, STYLES[k % len(STYLES)], color=colour, linewidth=1.8)
                ends.append((parameter.name, colour, *good[-1]))
        last = len(training.losses)
        axes.set_xlim(0, training.steps or max(1, last) * 1.02)
        self._names(axes, ends)
        for k, ((what, step), names) in enumerate(list(training.bad_gradients().items())[:5]):
            words = f"{len(names)} gradients" if len(names) > 1 else _cut(names[0])
            self._mark(axes, step, f"{words}: {what}", 0.94 - 0.08 * k)

    def _names(self, axes: Any, ends: list[tuple[str, str, int, float]]) -> None:
        """Each line's name at the right of it, moved apart where they would touch."""
        to_axes = axes.transData + axes.transAxes.inverted()
        placed = []
        for name, colour, step, end in ends:
            x, y = to_axes.transform((step, end))
            placed.append((float(y), float(x), name, colour))
        placed.sort()
        height = -1.0
        heights = []
        for wanted, *_ in placed:
            height = max(wanted, height + APART)
            heights.append(height)
        over = max(0.0, heights[-1] - 1.0) if heights else 0.0
        for (wanted, x, name, colour), at in zip(placed, heights, strict=True):
            axes.annotate(
                _cut(name), (x, min(max(wanted, 0), 1)), (x + 0.05, at - over),
                xycoords="axes fraction", textcoords="axes fraction", color=colour, fontsize=10.5,
                va="center", annotation_clip=False, bbox=self._ground(),
                arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8},
            )  # fmt: skip

    def _mark(self, axes: Any, step: int, words: str, height: float) -> None:
        """A red line and a word where a number first is none."""
        early = step < 0.55 * axes.get_xlim()[1]
        axes.axvline(step, color=self.colours.bad, linestyle=":", linewidth=1.6)
        axes.text(
            step, height, f" ✕ {words} at step {step} ", color=self.colours.bad,
            transform=axes.get_xaxis_transform(), fontsize=11, fontweight="bold",
            ha="left" if early else "right", bbox=self._ground(),
        )  # fmt: skip

    def _ground(self) -> dict[str, Any]:
        """Under a word, so that no line goes through it."""
        return {"facecolor": self.colours.page, "edgecolor": "none", "pad": 0.8}

    def _remarks(self) -> None:
        """Frozen parameters, those without a gradient, with a gradient of 0, and the rest."""
        training, axes = self.training, self.remarks
        axes.clear()
        axes.set_axis_off()

        def _had_zero(name: str) -> bool:
            return any(norm == 0 for _, norm in training.measured(name))

        latest = {
            p.name: training.norms[p.name][-1][1]
            for p in training.parameters
            if training.norms[p.name]
        }
        with_lines = [p.name for p in training.parameters if training.measured(p.name)]
        lines = [
            ("frozen (requires_grad=False)", [p.name for p in training.parameters if p.frozen]),
            ("no gradient yet (.grad is None)", [n for n, norm in latest.items() if norm is None]),
            ("gradient 0", [n for n, norm in latest.items() if norm == 0]),
            (
                "gradient 0 at times",
                [n for n, norm in latest.items() if norm and _had_zero(n)],
            ),
            ("not drawn", with_lines[MOST_LINES:]),
        ]
        texts = [f"{what}: {_listed(names)}" for what, names in lines if names]
        axes.text(
            0, 1, "\n".join(texts), color=self.colours.text, fontsize=10.5, va="top",
            transform=axes.transAxes,
        )  # fmt: skip


def _scale(axes: Any, values: list[float]) -> None:
    """A logarithmic axis for a loss that fell by more than a factor of fifty."""
    if min(values) > 0 and max(values) > 50 * min(values):
        _logarithmic(axes, values)


def _logarithmic(axes: Any, values: list[float]) -> None:
    axes.set_yscale("log")
    if max(values) > 30 * min(values):
        axes.minorticks_off()  # the others say enough, and these cost time


def _thinned(points: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """At most about POINTS of them, the last one too."""
    every = -(-len(points) // POINTS)
    kept = points[::every]
    return kept if kept[-1] == points[-1] else [*kept, points[-1]]


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else "…" + name[1 - LONGEST_NAME :]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
