"""A few layers of a transformer: attention by hand, and PyTorch's own layer."""

from __future__ import annotations

import math
from typing import Any

import pytest

import widgets
from widgets import draw, engines, step_through

pytestmark = pytest.mark.oracle


def model(torch: Any) -> Any:
    nn = torch.nn

    class Attention(nn.Module):
        def __init__(self, width: int, heads: int) -> None:
            super().__init__()
            self.heads = heads
            self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

        def forward(self, x: Any) -> Any:
            batch, time, width = x.shape
            parts = self.qkv(x).view(batch, time, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            q, k, v = parts.unbind(0)
            weights = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).softmax(-1)
            return self.out((weights @ v).transpose(1, 2).reshape(batch, time, width))

    class Block(nn.Module):
        def __init__(self, width: int) -> None:
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.attention = Attention(width, 2)
            self.ff = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(),
                                    nn.Linear(4 * width, width), nn.Dropout(0.1))  # fmt: skip

        def forward(self, x: Any) -> Any:
            x = x + self.attention(self.norm1(x))
            return x + self.ff(self.norm2(x))

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(11, 8)
            self.blocks = nn.ModuleList([Block(8), Block(8)])
            self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
            self.head = nn.Linear(8, 11)

        def forward(self, words: Any) -> Any:
            x = self.embedding(words)
            for block in self.blocks:
                x = block(x)
            return self.head(self.layer(x))

    return Model()


def test_a_transformer(torch: Any, tmp_path: Any) -> None:
    torch.manual_seed(0)
    net = model(torch)
    words = torch.randint(0, 11, (2, 5))
    with widgets.recording():
        scores = net(words)
        loss = torch.nn.functional.cross_entropy(scores.view(-1, 11), words.view(-1))
    threads = torch.get_num_threads()
    widget = step_through(loss)
    data = widget.recorded.data
    assert data["error"] is None
    labels = {node["id"]: node["label"] for node in data["nodes"]}
    arrived = {labels[s["node"]]: s["accumulate"]["after"] for s in data["backward"]
               if s["kind"] == "accumulate"}  # fmt: skip
    loss.backward()
    assert set(arrived) == {f"net.{name}" for name, _ in net.named_parameters()}
    for name, parameter in net.named_parameters():
        after = arrived[f"net.{name}"]
        assert after["shape"] == list(parameter.shape)
        if "values" in after:
            torch.testing.assert_close(torch.tensor(after["values"]), parameter.grad)
        else:
            assert math.isclose(after["max"], parameter.grad.max().item(), rel_tol=1e-5)
    made = [node for node in data["nodes"] if node["kind"] == "operation"]
    assert torch.get_num_threads() == threads
    assert all(node["value"] and node["source"] for node in made)
    inside = {" / ".join(part[1] for part in node["scope"] if part[0] == "module") for node in made}
    assert "net Model / net.blocks.1 Block / net.blocks.1.attention Attention" in inside
    assert any(
        where.startswith("net Model / net.layer TransformerEncoderLayer") for where in inside
    )
    widget.to_html(tmp_path / "page.html")


def test_without_a_recording_it_can_be_drawn(torch: Any) -> None:
    net = model(torch)
    loss = net(torch.randint(0, 11, (2, 5))).sum()
    picture = draw(loss, params=net.named_parameters(), limit=None)
    assert "net.head.bias" in picture.source or "head.bias" in picture.source
    data = engines.record(loss, None, {"loss": loss}).data
    assert any(node["value"] is None for node in data["nodes"])
    assert all(node["grad_fn"] or node["kind"] == "constant" for node in data["nodes"])
