"""How an operation is written: options that are as they usually are go without saying."""

from __future__ import annotations

from typing import Any

import pytest

import minigrad
from widgets import engines, recording

WRITTEN = [
    "softmax(s, 1)", "max(s, 1)", "max(s, 1, True)", "topk(s, 2, 1)", "gelu(s)",
    "clamp(s, 0)", "clamp(s, None, 0)", "logsumexp(s, 1)", "std(s, (0, 1))",
]  # fmt: skip


def program(lib: Any) -> tuple[Any, dict[str, Any]]:
    s = lib.arange(6.0).reshape(2, 3).clone().requires_grad_()
    parts = [
        s.softmax(1), s.max(1).values, s.max(1, keepdim=True).values, s.topk(2)[0],
        lib.nn.functional.gelu(s), s.clamp(min=0), s.clamp(max=0), s.logsumexp(1), s.std(),
    ]  # fmt: skip
    return sum(part.sum() for part in parts), {"s": s}


def expressions(trace: Any) -> list[str]:
    found = [node["expression"] for node in trace.data["nodes"] if node["kind"] == "operation"]
    return sorted(text for text in found if "(s" in text)


def test_usual_options_are_left_out() -> None:
    with recording():
        out, names = program(minigrad)
        assert expressions(engines.record(out, None, names, partial=True)) == sorted(WRITTEN)


def test_a_whole_number_too() -> None:
    with recording():
        s = minigrad.rand(2, 3, requires_grad=True)
        at = s.argmax()
        first = s.argmax(1)
        found = engines.record(at + first.sum(), None, {"s": s}, partial=True).data["nodes"]
    written = {node["expression"] for node in found}
    assert {"argmax(s)", "argmax(s, 1)"} <= written


@pytest.mark.oracle
def test_so_they_are_for_pytorch(torch: Any) -> None:
    with recording():
        out, names = program(torch)
        assert expressions(engines.record(out, None, names, partial=True)) == sorted(WRITTEN)


def test_what_was_set_besides_is_said() -> None:
    functional = minigrad.nn.functional
    with recording():
        x = minigrad.rand(1, 2, 6, 6, requires_grad=True)
        w = minigrad.rand(2, 2, 3, 3)
        a = functional.conv2d(x, w, stride=(2, 1), padding=1)
        b = functional.max_pool2d(a, 2, stride=1)
        c = functional.avg_pool2d(b, (1, 2), count_include_pad=False)
        d = functional.layer_norm(c, c.shape[2:], eps=0.1)
        out = functional.batch_norm(d, None, None, training=True).sum()
        trace = engines.record(out, None, {"x": x, "w": w, "a": a, "b": b, "c": c, "d": d})
    assert [node["expression"] for node in trace.data["nodes"] if node["label"] in "abcd"] == [
        "convolution(x, w, stride=(2, 1), padding=1)",
        "max_pool2d(a, kernel_size=2, stride=1)",
        "avg_pool2d(b, kernel_size=(1, 2), count_include_pad=False)",
        "layer_norm(c, normalized_shape=(2, 2), eps=0.1)",
    ]
    assert trace.data["nodes"][-2]["expression"] == "batch_norm(d)"
