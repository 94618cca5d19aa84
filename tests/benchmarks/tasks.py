"""What is measured: each task in NumPy by hand, and in engines that differentiate by themselves.

A task is made with an engine's arrays and returns a function without arguments: one forward and
one backward pass, which returns what was computed (the gradients), so that the engines can be held
against each other before they are timed.

The hand-written NumPy is what a careful person writes: the same arithmetic in float32, every value
computed once, temporaries reused where that is natural, nothing left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Run = Callable[[], Any]


class Task(NamedTuple):
    """`torch` makes the task for anything with PyTorch's surface, `hips` for HIPS autograd."""

    name: str
    limit: float
    goal: float
    rounds: int
    by_hand: Callable[[], Run]
    torch: Callable[[Any], Run]
    hips: Callable[[], Run]


def numbers(*shape: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


# ---- the source notes' network: 64×1000 → 100 → 10, squared error, one step of descent -----------

RATE = np.float32(1e-6)


def network_data() -> list[np.ndarray]:
    return [numbers(64, 1000, seed=1), numbers(64, 10, seed=2), numbers(1000, 100, seed=3),
            numbers(100, 10, seed=4)]  # fmt: skip


def network_by_hand() -> Run:
    X, y, w1, w2 = network_data()  # noqa: N806

    def run() -> Any:
        pre = X @ w1
        hidden = np.maximum(pre, np.float32(0))
        difference = hidden @ w2 - y
        loss = np.square(difference).sum()
        d_pred = 2 * difference
        d_w2 = hidden.T @ d_pred
        d_hidden = d_pred @ w2.T
        d_w1 = X.T @ (d_hidden * (pre >= 0))
        np.subtract(w1, RATE * d_w1, out=w1)
        np.subtract(w2, RATE * d_w2, out=w2)
        return loss, d_w1, d_w2

    return run


def network_torch(torch: Any) -> Run:
    X, y, w1, w2 = (torch.tensor(value) for value in network_data())  # noqa: N806
    w1.requires_grad, w2.requires_grad = True, True
    rate = float(RATE)

    def run() -> Any:
        w1.grad = w2.grad = None
        loss = (X.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        loss.backward()
        w1.data -= rate * w1.grad.data
        w2.data -= rate * w2.grad.data
        return loss.detach(), w1.grad, w2.grad

    return run


def network_hips() -> Run:
    import autograd.numpy as anp
    from autograd import value_and_grad

    X, y, *weights = network_data()  # noqa: N806

    def loss(weights: Any) -> Any:
        w1, w2 = weights
        hidden = anp.maximum(anp.dot(X, w1), np.float32(0))
        return anp.sum((anp.dot(hidden, w2) - y) ** 2)

    both = value_and_grad(loss)

    def run() -> Any:
        value, (d_w1, d_w2) = both(weights)
        weights[0] = weights[0] - RATE * d_w1
        weights[1] = weights[1] - RATE * d_w2
        return value, d_w1, d_w2

    return run


# ---- 1,000 operations on a 2×2 tensor ------------------------------------------------------------


def chain_by_hand() -> Run:
    x = np.ones((2, 2), np.float32)

    def run() -> Any:
        values = []
        y = x
        for _ in range(500):
            values.append(y)
            y = y * x
            y = y + x
        out = y.sum()
        d = np.ones_like(y)
        d_x = np.zeros_like(x)
        for value in reversed(values):
            d_x += d  # of y + x
            d_x += d * value  # of y * x
            d = d * x
        d_x += d
        return out, d_x

    return run


def chain_torch(torch: Any) -> Run:
    x = torch.ones(2, 2, requires_grad=True)

    def run() -> Any:
        x.grad = None
        y = x
        for _ in range(500):
            y = y * x
            y = y + x
        out = y.sum()
        out.backward()
        return out.detach(), x.grad

    return run


def chain_hips() -> Run:
    import autograd.numpy as anp
    from autograd import value_and_grad

    def chain(x: Any) -> Any:
        y = x
        for _ in range(500):
            y = y * x
            y = y + x
        return anp.sum(y)

    both = value_and_grad(chain)
    x = np.ones((2, 2), np.float32)
    return lambda: both(x)


# ---- 2-16-16-1 on 100 points, hinge loss (the network of many a first lesson) --------------------


def hinge_data() -> list[np.ndarray]:
    points = numbers(100, 2, seed=5)
    labels = np.where(points[:, :1] * points[:, 1:] > 0, 1, -1).astype(np.float32)
    weights = [numbers(2, 16, seed=6), numbers(16, seed=7), numbers(16, 16, seed=8) / 4,
               numbers(16, seed=9), numbers(16, 1, seed=10), numbers(1, seed=11)]  # fmt: skip
    return [points, labels, *(w.astype(np.float32) for w in weights)]


def hinge_by_hand() -> Run:
    points, labels, w1, b1, w2, b2, w3, b3 = hinge_data()
    zero, one = np.float32(0), np.float32(1)

    def run() -> Any:
        first = points @ w1 + b1
        h1 = np.maximum(first, zero)
        second = h1 @ w2 + b2
        h2 = np.maximum(second, zero)
        margin = one - labels * (h2 @ w3 + b3)
        losses = np.maximum(margin, zero)
        loss = losses.mean()
        d_score = -labels * ((margin > 0) / np.float32(margin.size))
        d_w3, d_b3 = h2.T @ d_score, d_score.sum(0)
        d_second = (d_score @ w3.T) * (second > 0)
        d_w2, d_b2 = h1.T @ d_second, d_second.sum(0)
        d_first = (d_second @ w2.T) * (first > 0)
        return loss, points.T @ d_first, d_first.sum(0), d_w2, d_b2, d_w3, d_b3

    return run


def hinge_torch(torch: Any) -> Run:
    points, labels, *weights = (torch.tensor(value) for value in hinge_data())
    for w in weights:
        w.requires_grad = True
    w1, b1, w2, b2, w3, b3 = weights

    def run() -> Any:
        for w in weights:
            w.grad = None
        h1 = (points @ w1 + b1).relu()
        h2 = (h1 @ w2 + b2).relu()
        loss = (1 - labels * (h2 @ w3 + b3)).relu().mean()
        loss.backward()
        return loss.detach(), *(w.grad for w in weights)

    return run


def hinge_hips() -> Run:
    import autograd.numpy as anp
    from autograd import value_and_grad

    points, labels, *weights = hinge_data()
    zero = np.float32(0)

    def loss(weights: Any) -> Any:
        w1, b1, w2, b2, w3, b3 = weights
        h1 = anp.maximum(anp.dot(points, w1) + b1, zero)
        h2 = anp.maximum(anp.dot(h1, w2) + b2, zero)
        return anp.mean(anp.maximum(1 - labels * (anp.dot(h2, w3) + b3), zero))

    both = value_and_grad(loss)

    def run() -> Any:
        value, grads = both(weights)
        return value, *grads

    return run


# ---- the Jacobian of a 32 → 32 map of two tanh layers, row by row --------------------------------


def jacobian_data() -> list[np.ndarray]:
    return [numbers(32, seed=12), numbers(32, 32, seed=13) / 6, numbers(32, 32, seed=14) / 6]


def jacobian_by_hand() -> Run:
    x, w1, w2 = (value.astype(np.float32) for value in jacobian_data())
    one_hot = np.eye(32, dtype=np.float32)

    def run() -> Any:
        h1 = np.tanh(w1 @ x)
        h2 = np.tanh(w2 @ h1)
        slope1, slope2 = 1 - h1 * h1, 1 - h2 * h2
        rows = []
        for d in one_hot:
            d = w2.T @ (d * slope2)
            rows.append(w1.T @ (d * slope1))
        return (np.stack(rows),)

    return run


def jacobian_torch(torch: Any) -> Run:
    x, w1, w2 = (torch.tensor(value.astype(np.float32)) for value in jacobian_data())

    def two_layers(x: Any) -> Any:
        return (w2 @ (w1 @ x).tanh()).tanh()

    return lambda: (torch.autograd.functional.jacobian(two_layers, x).numpy(),)


def rows_torch(torch: Any) -> Run:
    x, w1, w2 = (torch.tensor(value.astype(np.float32)) for value in jacobian_data())
    x.requires_grad = True
    one_hot = list(torch.eye(32))

    def run() -> Any:
        h1 = (w1 @ x).tanh()
        h2 = (w2 @ h1).tanh()
        rows = []
        for d in one_hot:
            rows.append(torch.autograd.grad(h2, x, d, retain_graph=True)[0].numpy())
        return (np.stack(rows),)

    return run


def jacobian_hips() -> Run:
    import autograd.numpy as anp
    from autograd import jacobian

    x, w1, w2 = (value.astype(np.float32) for value in jacobian_data())
    rows = jacobian(lambda x: anp.tanh(anp.dot(w2, anp.tanh(anp.dot(w1, x)))))
    return lambda: (rows(x),)


TASKS = [
    Task("network step, 64×1000×100×10", 1.5, 1.25, 300,
         network_by_hand, network_torch, network_hips),
    Task("1,000 operations on a 2×2 tensor", 4.5, 3.5, 200, chain_by_hand, chain_torch, chain_hips),
    Task("2-16-16-1 network, 100 points, hinge loss", 2.0, 2.0, 2000,
         hinge_by_hand, hinge_torch, hinge_hips),
    Task("Jacobian of a 32→32 map, two tanh layers", 2.0, 2.0, 300,
         jacobian_by_hand, jacobian_torch, jacobian_hips),
    Task("the same, a loop over `autograd.grad`", 7.8, 2.0, 300,
         jacobian_by_hand, rows_torch, jacobian_hips),
]  # fmt: skip
