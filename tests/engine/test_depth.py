"""Deep graphs, wide graphs, and graphs that must go away: no recursion, no cycles, no leaks."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Iterator

import numpy as np
import pytest

import minigrad as torch
from minigrad.autograd import engine

DEEP = 200_000


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """Reference counts alone must do: a graph holds no cycle."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def chain(length: int) -> None:
    x = torch.ones(2, 2, requires_grad=True)
    y = x
    for _ in range(length // 2):
        y = y * 1.0
        y = y + 0.0
    root = weakref.ref(y)
    y.backward(torch.ones(2, 2))
    assert x.grad.tolist() == [[1, 1], [1, 1]]
    del y
    assert root() is None


def test_deep_chain() -> None:
    chain(DEEP)


@pytest.mark.benchmark
def test_chain_of_a_million() -> None:
    chain(1_000_000)


def test_deep_chain_is_freed_without_backward() -> None:
    x = torch.ones(1, requires_grad=True)
    y = x
    for _ in range(DEEP):
        y = y + x
    del y
    assert x.grad is None


def test_deep_chain_of_in_place_operations() -> None:
    x = torch.ones(1, requires_grad=True)
    y = x * 1
    for _ in range(20_000):
        y += 1
    y.backward()
    assert x.grad.tolist() == [1]


def test_deep_chain_of_custom_functions() -> None:
    class Same(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            return grad

    x = torch.ones(1, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = Same.apply(y)
    y.backward()
    assert x.grad.tolist() == [1]


def test_ladder_visits_each_node_once() -> None:
    depth = 100_000
    x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    y = x
    for _ in range(depth):
        y = y * 0.5 + y * 0.5
    steps = sum(1 for _ in engine.walk([y._get_edge()], [np.ones(())]))
    assert steps == 3 * depth + 1
    assert x.grad.item() == 1


def test_outputs_come_before_inputs() -> None:
    x = torch.tensor([0.5, 1.5], requires_grad=True)
    y = x.exp()
    z = (y * x + y / x - x).sum() + (y * y).mean()
    seen = [node for node, *_ in engine.walk([z._get_edge()], [np.ones((), np.float32)])]
    assert len(seen) == len(set(seen))
    place = {node: k for k, node in enumerate(seen)}
    for node in seen:
        for following, _ in node.next_functions:
            assert following is None or place[following] > place[node]


def test_memory_is_flat_over_training() -> None:
    X = torch.tensor(np.linspace(-1, 1, 40).reshape(10, 4))  # noqa: N806
    w1 = torch.tensor(np.linspace(-1, 1, 12).reshape(4, 3), requires_grad=True)
    w2 = torch.tensor(np.linspace(1, -1, 3).reshape(3, 1), requires_grad=True)

    def step() -> None:
        hidden = (X @ w1).relu()
        loss = (hidden @ w2 - 1).pow(2).mean() + hidden[0].sum() * 0.01 + hidden.view(-1).mean()
        loss.backward()
        with torch.no_grad():
            for w in (w1, w2):
                w -= 0.01 * w.grad
                w.grad.zero_()

    tracemalloc.start()
    try:
        for _ in range(2500):  # until Python's own free lists of small tuples are full
            step()
        grown = []
        for _ in range(2):  # what runs the tests is traced as well, and may keep something once
            before = tracemalloc.get_traced_memory()[0]
            for _ in range(1000):
                step()
            grown.append(tracemalloc.get_traced_memory()[0] - before)
    finally:
        tracemalloc.stop()
    assert min(grown) < 2_000, f"{grown} bytes more after 1,000 steps each"


@pytest.mark.parametrize("retain", [False, True])
def test_a_graph_dies_with_its_last_tensor(retain: bool) -> None:
    x = torch.ones(3, requires_grad=True)
    y = x.exp() * x.tanh()
    y.retain_grad()
    z = y.sum()
    nodes = [weakref.ref(t) for t in (y, z)]
    z.backward(retain_graph=retain)
    del y, z
    assert [node() for node in nodes] == [None, None]


def test_the_saved_result_is_no_cycle() -> None:
    x = torch.ones(3, requires_grad=True)
    y = x.exp()
    saved = y.grad_fn._saved_result
    array = weakref.ref(y)
    del y, saved
    assert array() is None
