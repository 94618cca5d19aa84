"""`training_view(model, steps)`: loss, gradients and time left, drawn while a loop runs.

view = training_view(model, steps=200)
for step in view:
…
loss.backward()
view.step(loss)                # after backward, before the gradients are cleared
optimizer.step()
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import Any

from .. import engines
from .chart import Chart
from .live import Live
from .parameters import Parameter, parameters
from .picture import Picture
from .throttle import Throttle


class Training(Chart):
    """The chart that `training_view` returns; it can be iterated over, and be a `with` block.

    losses: of every step. norms: parameter's name → [(step, norm of its gradient, or None)], for
    the steps at which it was measured. Drawing, and measuring large gradients, waits until it takes
    a small share of the time that has passed; the last of `steps` is always measured.
    """

    title = "Training"

    def __init__(self, watched: list[Parameter], steps: int | None, theme: str) -> None:
        super().__init__(10.5, 4.8, theme, layout=None)  # the places are fixed: four times faster
        self.parameters = watched
        self.steps = steps
        self.losses: list[float] = []
        self.norms: dict[str, list[tuple[int, float | None]]] = {p.name: [] for p in watched}
        self.throttle = Throttle()
        self._picture = Picture(self)
        self._drawn = -1  # how many steps the picture shows
        self._live = Live(self)
        if self._live.shows:
            self.throttle.time(self._fresh)

    def step(self, loss: Any) -> None:
        """Note a step: its loss, a number or a tensor of one entry, and the gradients as they are.

        Raises what `float(loss)` raises if it is no single number.
        """
        with self.throttle.noting():
            self.losses.append(float(loss.detach() if hasattr(loss, "detach") else loss))
            if self.throttle.affordable() or len(self.losses) == self.steps:
                for parameter in self.parameters:
                    if not parameter.frozen:
                        entry = (len(self.losses), parameter.norm())
                        self.norms[parameter.name].append(entry)
        self._live.begin()
        if len(self.losses) == self.steps:
            self.finish()
        elif self._live.shows and self.throttle.may_draw():
            with self.throttle.drawing():
                self._live.update()

    def finish(self) -> None:
        """Draw the last state, whatever it costs. Happens by itself at the end of a cell."""
        if self.losses and self._drawn != len(self.losses):
            self._live.update()

    def _fresh(self) -> bytes:
        """A picture with all that it costs."""
        self._drawn = -1
        return self.png()

    def prepare(self) -> None:
        """See `Chart`."""
        if self._drawn != len(self.losses):
            self._picture.update()
            self._drawn = len(self.losses)

    def __iter__(self) -> Iterator[int]:
        """0, 1, … to `steps`; the last picture is drawn however the loop ends."""
        if self.steps is None:
            raise TypeError("say how many steps to iterate: training_view(model, steps=200)")
        try:
            yield from range(self.steps)
        finally:
            self.finish()

    def __enter__(self) -> Training:
        return self

    def __exit__(self, *exc: object) -> None:
        self.finish()

    # ---- in words --------------------------------------------------------------------------------

    def where(self) -> str:
        """`step 120 of 200, 12 ms a step, about 1 s left`."""
        done = len(self.losses)
        words = f"step {done}" + (f" of {self.steps}" if self.steps else "")
        seconds = self.throttle.elapsed()
        if done > 1 and seconds:
            each = seconds / (done - 1)  # the clock starts with the first one
            words += f", {_time(each)} a step"
            if self.steps and done < self.steps:
                words += f", about {_time(each * (self.steps - done))} left"
            else:
                words += f", {_time(seconds)} so far"
        return words

    def bad(self) -> list[tuple[str, str, int]]:
        """What became nan or infinite: its name, "nan" or "inf", and the first step."""
        found = []
        series = [("loss", list(enumerate(self.losses, start=1)))]
        series += [(f"{p.name}.grad", self.measured(p.name)) for p in self.parameters]
        for name, entries in series:
            first = next((entry for entry in entries if not math.isfinite(entry[1])), None)
            if first is not None:
                found.append((name, "nan" if math.isnan(first[1]) else "inf", first[0]))
        return sorted(found, key=lambda entry: entry[2])

    def bad_gradients(self) -> dict[tuple[str, int], list[str]]:
        """("nan" or "inf", first step) → the parameters whose gradients became that then."""
        found: dict[tuple[str, int], list[str]] = {}
        for name, what, step in self.bad():
            if name != "loss":
                found.setdefault((what, step), []).append(name.removesuffix(".grad"))
        return found

    def measured(self, name: str) -> list[tuple[int, float]]:
        """The steps at which a parameter had a gradient, and its norm."""
        return [(step, norm) for step, norm in self.norms[name] if norm is not None]

    @property
    def words(self) -> str:
        """The chart in words."""
        if not self.losses:
            return "Training: no step yet."
        said = f"Training: {self.where()}. Loss {self.losses[0]:.4g} at first, "
        said += f"{self.losses[-1]:.4g} now."
        said += "".join(
            f" loss is {what} from step {step} on."
            for name, what, step in self.bad()
            if name == "loss"
        )
        for (what, step), names in list(self.bad_gradients().items())[:3]:
            which = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
            verb = "gradients" if len(names) > 1 else "gradient"
            said += f" Of {which} the {verb} {'are' if len(names) > 1 else 'is'} {what} from step"
            said += f" {step} on."
        latest = [
            f"{p.name} {self.measured(p.name)[-1][1]:.3g}"
            for p in self.parameters
            if self.measured(p.name)
        ]
        said += f" Norms of the gradients: {', '.join(latest[:8])}." if latest else ""
        if not any(norm for entries in self.norms.values() for _, norm in entries):
            said += f" {CLEARED}"
        frozen = [p.name for p in self.parameters if p.frozen]
        said += f" Frozen: {', '.join(frozen[:8])}." if frozen else ""
        return said


CLEARED = "No gradient was to be seen: call view.step(loss) after backward(), before zero_grad()."


def training_view(source: Any, steps: int | None = None, theme: str = "page") -> Training:
    """A chart of a training that draws itself while the loop runs, in a notebook.

    source: a model, an optimizer, or parameters: {name: tensor}, pairs, or tensors; minigrad's or
        PyTorch's. steps: how many there will be, for the time left. theme: "light", "dark", or
        "page": as the page around it.

    Call `view.step(loss)` after `backward`, before the gradients are cleared. Outside of a notebook
    nothing is drawn until `to_html` or `savefig` asks for it. Raises TypeError for what has no
    parameters, ValueError for a number of steps below 1.
    """
    if steps is not None and (type(steps) is not int or steps < 1):
        raise ValueError(f"training_view(): steps is how many there will be, but got {steps!r}")
    return Training(parameters(source, engines.names(sys._getframe(1))), steps, theme)


def _time(seconds: float) -> str:
    if seconds >= 90:
        return f"{seconds / 60:.1f} min"
    return f"{seconds:.2g} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"
