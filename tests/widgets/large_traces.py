"""Traces to fold: networks of modules, a recurrent one, chains of a thousand operations."""

from __future__ import annotations

from typing import Any

import minigrad as torch
from minigrad import nn, recording
from minigrad.trace import Trace, record


class Cell(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fresh = nn.Linear(2, 3)
        self.old = nn.Linear(3, 3)

    def forward(self, x: Any, h: Any) -> Any:
        return torch.tanh(self.fresh(x) + self.old(h))


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cell = Cell()
        self.head = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 1))

    def forward(self, xs: Any) -> Any:
        h = torch.zeros(1, 3)
        for t in range(len(xs)):
            h = self.cell(xs[t], h)
        return self.head(h)


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(4, 4) for _ in range(3))
        self.up, self.down = nn.Linear(4, 8), nn.Linear(8, 4)

    def forward(self, x: Any) -> Any:
        weights = torch.softmax(self.query(x) @ self.key(x).t() / 2.0, -1)
        x = x + weights @ self.value(x)
        return x + self.down(torch.relu(self.up(x)))


def error(y: Any, target: Any) -> Any:
    return ((y - target) ** 2).mean()


def modules() -> Trace:
    """Two linear layers and a function of the reader's: small, all open."""
    torch.manual_seed(0)
    with recording.recording():
        net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        x, t = torch.randn(4, 2), torch.randn(4, 1)
        loss = error(net(x), t)
    return record(loss, None, {"net": net, "x": x, "t": t, "loss": loss})


def recurrent(steps: int = 20) -> Trace:
    """An unrolled recurrent network: every parameter is used in every step."""
    torch.manual_seed(0)
    with recording.recording():
        net = Recurrent()
        xs = torch.randn(steps, 1, 2)
        loss = (net(xs) ** 2).mean()
    return record(loss, None, {"net": net, "xs": xs, "loss": loss})


def blocks(count: int = 8) -> Trace:
    """A few layers of the shape of a transformer's."""
    torch.manual_seed(0)
    with recording.recording():
        net = nn.Sequential(*[Block() for _ in range(count)])
        x = torch.randn(3, 4)
        y = net(x)
        loss = (y**2).mean()
    return record(loss, None, {"net": net, "x": x, "y": y, "loss": loss})


def loop(operations: int = 1000) -> Trace:
    """One long loop."""
    with recording.recording():
        x = torch.ones(2, 2, requires_grad=True)
        y = x
        for _ in range(operations // 2):
            y = y * 0.999 + 0.001
        out = y.sum()
    return record(out, None, {"x": x, "out": out})


def chain(operations: int = 1000) -> Trace:
    """A chain that knows of no scopes."""
    data = loop(operations).to_dict()
    for node in data["nodes"]:
        del node["scope"]
    return Trace.from_dict(data)


FOLDED: dict[str, Any] = {
    function.__name__: function for function in (modules, recurrent, blocks, loop, chain)
}
