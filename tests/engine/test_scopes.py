"""Which module, function and loop iteration an operation is said to belong to."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

import minigrad as torch
from minigrad import nn, recording
from minigrad.trace import record
from tests.widgets.large_traces import Recurrent


@pytest.fixture(autouse=True)
def recorded() -> Any:
    with recording.recording():
        yield


def scopes(out: Any, names: dict[str, Any] | None = None) -> list[str]:
    """`grad_fn: kind name #index / …` of every operation, in the order of execution."""
    nodes = record(out, torch.ones_like(out), names).to_dict()["nodes"]
    operations = [node for node in nodes if node["kind"] == "operation"]
    words = [" / ".join(f"{name} #{k}" for _, name, k in node["scope"]) for node in operations]
    return [f"{node['operation']}: {text}" for node, text in zip(operations, words, strict=True)]


def leaf() -> Any:
    return torch.ones(2, requires_grad=True)


def double(x: Any) -> Any:
    return x * 2


def powers(x: Any, count: int) -> Any:
    x = x + 1
    for _ in range(count):
        x = x * x
    return x


def test_functions_and_which_call() -> None:
    x = leaf()
    assert scopes(double(double(x)) + x) == ["mul: double #0", "mul: double #1", "add: "]


def test_what_is_around_everything_is_left_out() -> None:
    assert scopes(powers(leaf(), 0)) == ["add: "]


def test_iterations_of_a_loop() -> None:
    x = leaf()
    for _ in range(3):
        x = x * 2 + 1
    one = "for _ in range(3)"
    assert scopes(x.sum()) == [
        *(f"{name}: {one} #{k}" for k in range(3) for name in ("mul", "add")),
        "sum: ",
    ]


def test_nested_loops_start_again() -> None:
    x = leaf()
    for _ in range(2):
        for _ in range(2):
            x = x * 2
        x = x.exp()
    loop = "for _ in range(2)"
    assert scopes(x + 1) == [
        *(f"{name}: {loop} #{k}{inner}" for k in range(2) for name, inner in (
            ("mul", f" / {loop} #0"), ("mul", f" / {loop} #1"), ("exp", ""))),
        "add: ",
    ]  # fmt: skip


def test_two_loops_that_begin_with_the_same_line() -> None:
    x = leaf()
    for _ in range(1):
        x = x * 2
    for _ in range(1):
        x = x * 3
    first, second, last = scopes(x + 1)
    assert first == "mul: for _ in range(1) #0"
    assert second.startswith("mul: for _ in range(1), line ")
    assert last == "add: "


def test_while_loops_and_comprehensions() -> None:
    x = leaf()
    k = 0
    while k < 2:
        x = double(x)
        k += 1
    parts = [part.exp() for part in [x, x]]
    found = scopes(parts[0] + parts[1])
    assert found[:2] == [f"mul: while k < 2 #{k} / double #0" for k in range(2)]
    assert [text[-2:] for text in found[2:4]] == ["#0", "#1"]


def test_a_function_that_is_called_in_a_loop() -> None:
    x = leaf()
    for count in (2, 1):
        x = powers(x, count)
    one, inner = "for count in (2, 1)", "for _ in range(count)"
    assert scopes(x.sum()) == [
        f"add: {one} #0 / powers #0",
        f"mul: {one} #0 / powers #0 / {inner} #0",
        f"mul: {one} #0 / powers #0 / {inner} #1",
        f"add: {one} #1 / powers #0",
        f"mul: {one} #1 / powers #0 / {inner} #0",
        "sum: ",
    ]


def test_modules_by_the_path_that_leads_to_them() -> None:
    net = Recurrent()
    found = scopes(net(torch.ones(2, 1, 2)).sum(), {"net": net})
    loop = "net Recurrent #0 / for t in range(len(xs))"
    assert found[0] == f"t: {loop} #0 / net.cell Cell #0 / net.cell.fresh Linear #0"
    assert found[5] == f"tanh: {loop} #0 / net.cell Cell #0"
    assert found[6] == f"t: {loop} #1 / net.cell Cell #0 / net.cell.fresh Linear #0"
    assert "relu: net Recurrent #0 / net.head Sequential #0 / net.head.1 ReLU #0" in found
    assert found[-1] == "sum: "


def test_a_module_without_a_name() -> None:
    assert "relu: ReLU #0" in scopes(nn.ReLU()(leaf()) + 1)


def test_a_deep_recursion_has_no_scope() -> None:
    def down(x: Any, depth: int) -> Any:
        return x * 2 if depth == 0 else down(x, depth - 1)

    assert scopes(down(leaf(), 400) + 1)[0] == "mul: "


def test_no_module_is_kept_alive() -> None:
    net = nn.Linear(2, 1)
    out = net(torch.ones(1, 2))
    gone = weakref.ref(net)
    del net
    gc.collect()
    assert gone() is None
    assert scopes(out + 1)[0] == "t: module #0"


def test_without_a_recording_there_is_none() -> None:
    with recording.recording(False):
        out = double(leaf())
    assert scopes(out) == ["mul: "]
