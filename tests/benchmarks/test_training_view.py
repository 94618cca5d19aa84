"""How much of a loop's time `training_view` takes: at most 5 % where a step takes 10 ms or more.

    python3 start.py test tests/benchmarks/test_training_view.py -m benchmark -s

On a machine that is busy the best of several rounds counts.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest

import minigrad
from minigrad import recording
from widgets.charts import training_view

pytestmark = pytest.mark.benchmark

LIMIT = 0.05
STEP = 0.01  # seconds
LOOP = 15.0  # seconds
LONGEST = 60.0  # seconds, until there is a picture
ROUNDS = 3  # of which the best counts: on a busy machine a picture may take any time


class Shown:
    """A place in a notebook's output, without the notebook: the picture is made all the same."""

    shows = True

    def __init__(self, chart: Any) -> None:
        self.chart = chart

    def begin(self) -> None:
        """Nothing to do."""

    def update(self) -> None:
        """Make what a notebook would be sent."""
        self.chart._repr_mimebundle_()


def test_share_of_a_loop() -> None:
    shares = []
    while len(shares) < ROUNDS and min(shares, default=1.0) > LIMIT:
        shares.append(share_of_a_loop())
    assert min(shares) <= LIMIT


def share_of_a_loop() -> float:
    """The share of one loop's time that is spent in `view.step`."""
    with recording.recording(False):
        net = minigrad.nn.Sequential(
            minigrad.nn.Linear(256, 512), minigrad.nn.Tanh(), minigrad.nn.Linear(512, 1)
        )
        optimizer = minigrad.optim.SGD(net.parameters(), lr=0.01)
        x = minigrad.randn(128, 256)
        view = training_view(net, steps=100_000)
        view._live = Shown(view)
        view.throttle.time(view._fresh)
        inside, steps = 0.0, 0
        began = perf_counter()
        while (passed := perf_counter() - began) < LOOP or (
            not view.throttle.pictures and passed < LONGEST
        ):
            until = perf_counter() + STEP
            loss = (net(x) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            while perf_counter() < until:  # a step of at least STEP
                pass
            before = perf_counter()
            view.step(loss)
            inside += perf_counter() - before
            steps += 1
        took = perf_counter() - began
        share = inside / took
    print(
        f"\n{steps} steps of {1000 * took / steps:.1f} ms, {view.throttle.pictures} pictures, "
        f"the last of {1000 * view.throttle.cost:.0f} ms: {100 * share:.1f} % "
        f"(limit {100 * LIMIT:.0f} %)"
    )
    assert view.throttle.pictures >= 1
    return share
