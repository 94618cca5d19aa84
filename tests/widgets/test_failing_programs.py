"""Programs that fail midway are drawn up to the failing operation, with its operands."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest

import minigrad as torch
from minigrad import nn
from widgets import Stepper, step_through, watch
from widgets.advice import CUT
from widgets.packing import unpack
from widgets.watch import Watch


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        raise ValueError("no cubes today")


def product() -> Any:
    a = torch.ones(2, 3, requires_grad=True)
    b = a * 2
    weight = torch.ones(4, 5)
    return b @ weight


def broadcast() -> Any:
    x = torch.ones(2, 3, requires_grad=True)
    return x.exp() + torch.ones(2)


def network() -> Any:
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(6, 2))
    return net(torch.ones(5, 4))


def joined() -> Any:
    x = torch.ones(2, 3, requires_grad=True)
    return torch.cat([x * 2, torch.ones(4, 5)])


def dtype() -> Any:
    y = torch.ones(2, 2, requires_grad=True).sigmoid()
    return torch.mm(y, torch.ones(2, 2, dtype=torch.float64))


def in_place() -> Any:
    w = torch.ones(3, requires_grad=True)
    y = w * 3
    w.add_(1)
    return y


def custom() -> Any:
    x = torch.ones(2, 2, requires_grad=True)
    y = x * 2
    return Cube.apply(y)


def index() -> Any:
    x = torch.ones(2, 3, requires_grad=True)
    return (x * 2)[:, 7]


# program → operation, operands with what does not fit in brackets, a part of the error
PROGRAMS: dict[Callable[[], Any], tuple[str, list[str], str]] = {
    product: ("matmul", ["b (2×[3], float32)", "weight ([4]×5, float32)"], "2x3 and 4x5"),
    broadcast: ("add", ["t1 (2×[3], float32)", "c1 ([2], float32)"], "must match the size"),
    network: (
        "linear",
        ["t3 (5×[8], float32)", "net.2.weight (2×[6], float32)", "net.2.bias (2, float32)"],
        "5x8 and 6x2",
    ),
    joined: ("cat", ["t1 (2×[3], float32)", "c1 (4×[5], float32)"], "Sizes of tensors"),
    dtype: ("mm", ["y (2×2, float32)", "c1 (2×2, float64)"], "float != double"),
    in_place: ("add_", ["w (3, float32)"], "a leaf Variable"),
    custom: ("Cube", ["y (2×2, float32)"], "no cubes today"),
    index: ("getitem", ["t1 (2×3, float32)"], "out of bounds"),
}


def shown(w: Any) -> dict[str, Any]:
    story = json.loads(unpack(w.story))
    return story["frames"][story["runs"][-1]["frame"]]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_a_failing_operation_with_its_operands(program: Callable[[], Any]) -> None:
    operation, operands, text = PROGRAMS[program]
    w = step_through(program)
    assert isinstance(w, Watch)
    picture = shown(w)
    failure = picture["failure"]
    assert failure["operation"] == operation
    assert text in failure["error"]
    for operand in operands:
        assert operand in failure["words"]
    assert failure["text"].startswith(("return", "w.add_", "raise"))
    (failed,) = [node for node in picture["nodes"] if node["kind"] == "failed"]
    given = {edge["from"] for edge in picture["edges"] if edge["to"] == failed["id"]}
    assert len(given) == len(operands)
    assert text in str(w)


def test_the_error_is_raised_inside_a_with_block_and_drawn() -> None:
    with pytest.raises(RuntimeError, match="cannot be multiplied"), watch() as w:
        product()
    assert shown(w)["failure"]["operation"] == "matmul"
    assert not w.running


def test_an_error_that_was_caught_is_no_failure() -> None:
    with watch() as w:
        x = torch.ones(2, 3, requires_grad=True)
        with contextlib.suppress(RuntimeError):
            x + torch.ones(2)
        y = x * 2
    assert shown(w)["failure"] is None
    assert y.requires_grad


def test_a_backward_that_fails_has_its_node_red() -> None:
    def program() -> None:
        x = torch.ones(2, requires_grad=True)
        y = x.exp()
        z = y * 2
        y.add_(1)
        z.sum().backward()

    w = step_through(program)
    (red,) = [node for node in shown(w)["nodes"] if node["kind"] == "failed"]
    assert (red["label"], red["expression"]) == ("y", "exp(x)")
    assert "It was overwritten by add_" in shown(w)["failure"]["error"]


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_nan_in_anomaly_mode() -> None:
    def program() -> None:
        with torch.autograd.set_detect_anomaly(True):
            x = torch.zeros(2, requires_grad=True)
            y = torch.sqrt(x)
            (y * 0).sum().backward()

    with pytest.warns(UserWarning, match="Error detected"):
        w = step_through(program)
    (red,) = [node for node in shown(w)["nodes"] if node["kind"] == "failed"]
    assert red["expression"] == "sqrt(x)"
    assert shown(w)["failure"]["phase"] == "backward"
    operands = [(o["label"], o["shape"]) for o in shown(w)["failure"]["operands"]]
    assert operands == [("x", [2])]
    assert "nan" in shown(w)["failure"]["error"]


def test_a_program_that_stops_for_another_reason_has_no_red_node() -> None:
    def program() -> Any:
        x = torch.ones(2, requires_grad=True)
        y = x * 2
        return y.tolist()["nothing"]

    w = step_through(program)
    failure = shown(w)["failure"]
    assert (failure["phase"], failure["operation"]) == ("program", "")
    assert failure["error"].startswith("TypeError: ")
    assert [node["label"] for node in shown(w)["nodes"]] == ["x", "y"]


def test_a_function_that_succeeds_is_stepped_through() -> None:
    x = torch.ones(2, requires_grad=True)
    w = step_through(lambda: (x * 3).sum())
    assert isinstance(w, Stepper)
    assert w.recorded.to_dict()["error"] is None


def test_the_run_after_a_failure_begins_anew() -> None:
    w = Watch().resume()
    try:
        x = torch.ones(2, 3, requires_grad=True)
        with pytest.raises(RuntimeError) as caught:
            x.exp() @ x
        w.failed(caught.value)
        x.exp().sum()
        w.flush()
    finally:
        w.stop()
    assert [node["operation"] for node in shown(w)["nodes"] if node["expression"]] == ["exp", "sum"]


INSTEAD = "has no derivative, so compute the loss from what goes into it."


@pytest.mark.parametrize(
    ("compute", "advice"),
    [
        (lambda x: x.detach().sum(), "compute with the tensor itself, without detach()."),
        (lambda x: torch.tensor(x.tolist()), "compute with the tensor itself, without .tolist()."),
        (lambda x: x.argmax(), f"argmax {INSTEAD}"),
        (lambda x: (x > 0).sum(), f"gt {INSTEAD}"),
        (torch.no_grad()(lambda x: x.sum()), "compute it outside of no_grad()."),
    ],
    ids=["detach", "tolist", "argmax", "gt", "no_grad"],
)
def test_a_cut_history_says_how_to_go_on(compute: Callable[[Any], Any], advice: str) -> None:
    x = torch.tensor([1.0, -2.0], requires_grad=True) * 3
    error = step_through(compute(x).sum()).recorded.data["error"]
    assert error["text"].splitlines()[-1] == f"{CUT}: {advice}"
