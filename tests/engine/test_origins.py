"""What is remembered of tensors whose history was cut, and for how long."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad import origins, recording
from minigrad.autograd import Function
from minigrad.trace import Trace, record


@pytest.fixture(autouse=True)
def recorded() -> Any:
    with recording.recording():
        yield


class Marked(Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        out = x * 2
        ctx.mark_non_differentiable(out)
        return out


def no_grad(x: Any) -> Any:
    with torch.no_grad():
        return x * 2


def inference(x: Any) -> Any:
    with torch.inference_mode():
        return x * 2


def in_place(x: Any) -> Any:
    total = torch.zeros(3)
    with torch.no_grad():
        total += x
    return total


CUTS = {
    "no_grad": no_grad,
    "inference_mode": inference,
    "detach()": lambda x: x.detach(),
    ".data": lambda x: x.data,
    "argmax: int64": lambda x: x.argmax(),
    "max: int64": lambda x: x.max(0)[1],
    "gt": lambda x: x > 1,
    "to: int64": lambda x: x.long(),
    "Marked": lambda x: Marked.apply(x),
    ".item()": lambda x: torch.tensor(x.sum().item()),
    ".tolist()": lambda x: torch.tensor(x.tolist()),
    "torch.tensor": lambda x: torch.tensor([x[0], x[1]]),
}


@pytest.mark.parametrize("reason", list(CUTS))
@pytest.mark.filterwarnings("ignore:.*copy construct", "ignore:Converting a tensor")
def test_a_cut_is_drawn_with_its_reason(reason: str) -> None:
    x = torch.tensor([0.5, 1.5, 2.5], requires_grad=True)
    y = CUTS[reason](x)
    data = record(y, torch.ones_like(y), {"x": x, "y": y}, partial=True).data
    by_id = {node["id"]: node for node in data["nodes"]}
    (cut, *_) = [edge for edge in data["edges"] if "severed" in edge]
    assert cut["severed"]["reason"] == reason
    assert cut["severed"]["text"].endswith(".")
    assert by_id[cut["from"]]["requires_grad"]
    assert by_id[cut["from"]]["reached"] is False
    assert not by_id[cut["to"]]["requires_grad"]
    assert by_id[data["output"]]["label"] == "y"
    assert data["error"]["node"] == data["output"]
    assert "does not require grad and does not have a grad_fn" in data["error"]["text"]
    assert data["backward"] == []
    Trace.from_json(str(record(y, None, {"x": x}, partial=True).to_json()))
    with pytest.raises(RuntimeError, match="does not require grad"):
        record(y)


def test_numpy_on_the_way() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = torch.from_numpy(x.detach().numpy())
    data = record(y.sum(), None, {"x": x, "y": y}, partial=True).data
    assert [node["expression"] for node in data["nodes"]] == [
        "x", "x.detach()", "torch.from_numpy(t1.numpy())", "sum(y)",
    ]  # fmt: skip


def test_a_cut_beside_a_graph_that_is_whole() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    w = torch.tensor([3.0, 4.0], requires_grad=True)
    mean = (x * 2).detach().mean()
    out = (w * mean).sum()
    trace = record(out, None, {"x": x, "w": w, "mean": mean, "out": out})
    assert trace.data["error"] is None
    reached = {node["label"]: node.get("reached", True) for node in trace.data["nodes"]}
    assert reached == {"x": False, "t1": False, "t2": True, "mean": True, "w": True, "t3": True,
                       "out": True}  # fmt: skip
    assert "t2 = t1.detach() = [2, 4]. Here the history ends." in str(trace)


def test_a_node_on_both_sides_is_drawn_once() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    out = (y * y.detach()).sum()
    data = record(out, None, {"x": x, "y": y, "out": out}).data
    assert [node["label"] for node in data["nodes"]] == ["x", "y", "t1", "t2", "out"]
    (cut,) = [edge for edge in data["edges"] if "severed" in edge]
    assert (cut["from"], cut["to"]) == ("n1", "n2")
    assert all(node.get("reached", True) for node in data["nodes"])


def test_what_needs_no_grad_has_no_origin() -> None:
    x = torch.ones(3)
    assert origins.of(x * 2) is None
    assert origins.of((x > 1).sum()) is None
    x.requires_grad_()
    with recording.recording(False):
        assert origins.of(x > 1) is None
        assert origins.of(x.detach()) is None


def test_no_graph_and_no_large_array_is_kept_alive() -> None:
    x = torch.ones(1000, requires_grad=True)
    y = x * 2
    alive = weakref.ref(y), weakref.ref(y._array)
    kept = y.detach().sum()
    del y
    gc.collect()
    assert alive[0]() is None
    assert alive[1]() is None
    data = record(kept, None, {"x": x}, partial=True).data
    assert [node["expression"] for node in data["nodes"]] == [
        "x",
        "x * 2",
        "t1.detach()",
        "sum(t2)",
    ]
    assert data["nodes"][1]["value"] is None


def test_a_running_value_does_not_grow_for_ever() -> None:
    x = torch.ones(2, requires_grad=True)
    running = torch.zeros(2)
    with torch.no_grad():
        for _ in range(origins.MOST):
            running = running * 0.9 + x
    assert len(origins._known) <= origins.MOST
    data = record(running, None, {"x": x}, partial=True).data
    assert len(data["nodes"]) < 100
    np.testing.assert_allclose(data["nodes"][-1]["value"]["values"], running.numpy(), 1e-6)
