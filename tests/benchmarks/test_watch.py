"""What watching costs a training loop: the same loop watched and not, one run of each in turn.

    python3 start.py test tests/benchmarks/test_watch.py -m benchmark -s

Times are the processor's, of all threads, so that what the updates of the page cost is in them.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import minigrad as torch
from minigrad import nn, optim, recording
from widgets.packing import unpack
from widgets.watch import Watch

pytestmark = pytest.mark.benchmark

ROUNDS = 60
LIMIT = 2.0  # times the same loop without `watch`, where the pictures can be drawn (recording on)


@pytest.fixture(autouse=True)
def recording_on() -> Iterator[None]:
    with recording.recording():
        yield


def network(layers: int, width: int, batch: int) -> Callable[[], object]:
    """A step of training a network of so many layers."""
    torch.manual_seed(0)
    parts = [part for _ in range(layers) for part in (nn.Linear(width, width), nn.ReLU())]
    net = nn.Sequential(*parts)
    optimizer = optim.SGD(net.parameters(), lr=0.01)
    x, y = torch.randn(batch, width), torch.randn(batch, width)

    def step() -> None:
        optimizer.zero_grad()
        loss = ((net(x) - y) ** 2).mean()
        loss.backward()
        optimizer.step()

    return step


def other_every_time() -> Callable[[], object]:
    """A recurrent net over sequences of other lengths: every iteration has another graph."""
    weight = torch.randn(8, 8, requires_grad=True)
    lengths = iter(range(10_000_000))

    def step() -> None:
        h = torch.zeros(4, 8)
        for _ in range(5 + next(lengths) % 7):
            h = torch.tanh(h @ weight)
        h.sum().backward()
        weight.grad = None

    return step


LOOPS = {
    "3 layers": (lambda: network(3, 8, 8), 3),
    "38 layers": (lambda: network(38, 8, 8), 1),
    "3 wide layers": (lambda: network(3, 128, 256), 1),
    "another graph each time": (other_every_time, 3),
}


def median_times(step: Callable[[], object], times: int) -> dict[str, float]:
    """How it is watched → median milliseconds per step."""
    watches = {"watch": Watch(), "last_only": Watch(last_only=True)}
    found: dict[str, list[float]] = {
        "unrecorded": [],
        "plain": [],
        **{name: [] for name in watches},
    }
    for k in range(ROUNDS):
        for name, taken in found.items():
            recording.enable(name != "unrecorded")
            if name in watches:
                watches[name].resume()
            step()
            start = time.process_time()
            for _ in range(times):
                step()
            if k >= 3:
                taken.append((time.process_time() - start) / times * 1000)
            if name in watches:
                watches[name].stop()
    for w in watches.values():
        assert json.loads(unpack(w.story))["runs"], "it has watched"
    found["nodes"] = [float(len(watches["last_only"].journal.runs[-1].entries))]
    return {name: statistics.median(taken) for name, taken in found.items()}


def check(loop: str, make: Callable[[], Callable[[], object]], times: int) -> None:
    """Print what watching costs; the best of three times counts."""
    for _ in range(3):
        took = median_times(make(), times)
        ratios = {name: took[name] / took["plain"] for name in ("watch", "last_only")}
        bare = took["watch"] / took["unrecorded"]
        said = ", ".join(f"{name} {ratio:.2f}×" for name, ratio in ratios.items())
        assert took["nodes"] < 200
        print(f"\n{loop}, {took['nodes']:.0f} nodes: {took['plain']:.2f} ms a step; {said}")
        print(f"    watch to unrecorded {bare:.2f}×")
        if max(ratios.values()) < LIMIT:
            return
    assert max(ratios.values()) < LIMIT


@pytest.mark.parametrize("loop", LOOPS)
def test_a_watched_loop(loop: str) -> None:
    check(loop, *LOOPS[loop])


@pytest.mark.oracle
def test_a_watched_loop_of_pytorchs(torch: Any) -> None:
    def make() -> Callable[[], object]:
        layers = [part for _ in range(3) for part in (torch.nn.Linear(8, 8), torch.nn.ReLU())]
        net = torch.nn.Sequential(*layers)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
        x, y = torch.randn(8, 8), torch.randn(8, 8)

        def step() -> None:
            optimizer.zero_grad()
            loss = ((net(x) - y) ** 2).mean()
            loss.backward()
            optimizer.step()

        return step

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        check("PyTorch, 3 layers", make, 20)
    finally:
        torch.set_num_threads(threads)
