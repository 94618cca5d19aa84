"""Operations with several results, hooks, and leaves that come from others: what the trace says."""

from __future__ import annotations

import pytest

import minigrad
import widgets
from widgets import step_through

ENGINES = ["minigrad", pytest.param("torch", marks=pytest.mark.oracle)]


@pytest.fixture(params=ENGINES)
def run(request):
    """A function that runs a program with one engine, and the stepper on its `loss`."""
    engine = minigrad if request.param == "minigrad" else request.getfixturevalue("torch")

    def trace_of(program: str):
        variables = {"torch": engine}
        with widgets.recording():
            exec(program, variables)
        exec(
            "stepper = step_through(loss)", variables | {"step_through": step_through}, found := {}
        )
        return found["stepper"].recorded

    return trace_of


SPLIT = """
x = torch.arange(5.0).requires_grad_()
a, b = x.split([3, 2])
loss = (a**2).sum() + (b**3).sum() + b.sum()
"""


def test_each_result_gathers_its_own_gradient(run):
    trace = run(SPLIT)
    assert trace.data["error"] is None
    sent = [
        (product.get("label"), product["contribution"]["values"], product["before"])
        for step in trace.data["backward"]
        for product in step["products"]
        if product["input"] == "self" and trace.node(product["to"])["label"] == "a"
    ]
    assert [label for label, _, _ in sent] == ["b", "b", None]
    assert sent[2][1] == [0, 2, 4]
    assert sent[2][2] is None
    split = next(s for s in trace.data["backward"] if s["node"] == sent_to(trace, "a"))
    assert split["incoming"]["values"] == [0, 2, 4]
    (product,) = split["products"]
    (other,) = product["more"]
    assert (other["label"], other["incoming"]["values"]) == ("b", [28, 49])
    assert product["contribution"]["values"] == [0, 2, 4, 28, 49]


def test_a_node_is_called_after_its_first_result_whatever_was_bound_first(run):
    trace = run(f"b = 0\n{SPLIT}")
    assert "∂loss/∂a = [0, 2, 4] and ∂loss/∂b = [28, 49]" in str(trace)


def test_the_output_may_be_a_later_result(run):
    text = str(run("x = torch.arange(3.0).requires_grad_()\na, loss = (x*2).split([2, 1])"))
    assert "sends [0, 0, 1] to t1." in text


def sent_to(trace, label):
    return next(node["id"] for node in trace.data["nodes"] if node["label"] == label)


def test_the_text_calls_each_result_by_its_name(run):
    text = str(run(SPLIT))
    assert "∂loss/∂a = [0, 2, 4] and ∂loss/∂b = [28, 49], sends [0, 2, 4, 28, 49] to x." in text
    assert "∂b/∂x: 2×5, [[0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]" in text
    assert "to b (" in text  # two uses of b are added
    assert "to a (" not in text


def test_only_a_later_result_is_used(run):
    text = str(
        run(
            "x = torch.arange(4.0).requires_grad_()\nparts = x.chunk(2)\nloss = (parts[1]**2).sum()"
        )
    )
    assert "∂loss/∂parts[1] = [4, 6], sends [0, 0, 4, 6] to x." in text


def test_a_later_result_that_is_retained_keeps_its_own_gradient(run):
    trace = run(SPLIT.replace("loss =", "b.retain_grad(); loss ="))
    (kept,) = [
        step["accumulate"]
        for step in trace.data["backward"]
        if step["kind"] == "operation" and step["accumulate"]
    ]
    assert kept["after"]["values"] == [28, 49]
    assert kept["text"].startswith("b.grad:")


HOOKED = """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x*3
y.register_hook(lambda g: g*10)
x.register_hook(lambda g: g.clamp(max=5))
loss = (y**2).sum()
"""


def test_a_hook_is_said_where_it_changed_something(run):
    trace = run(HOOKED)
    hooked = [step["hooked"]["values"] for step in trace.data["backward"] if "hooked" in step]
    assert hooked == [[6, 12], [180, 360]]
    assert str(trace).count("A hook changed what was sent") == 2


def test_without_a_hook_nothing_is_said(run):
    quiet = HOOKED.replace("g*10", "None").replace("g.clamp(max=5)", "g + 0")
    sums = "\n".join("loss = loss + (x*0.1).sum().sin()/3" for _ in range(9))
    trace = run(f"{quiet}{sums}")
    assert not any("hooked" in step for step in trace.data["backward"])


def test_a_leaf_that_was_another_tensor_is_drawn(run):
    trace = run("w = torch.ones(3, requires_grad=True)\ny = w.detach().requires_grad_()\n"
                "loss = (y*w).sum()")  # fmt: skip
    assert {node["label"] for node in trace.data["nodes"] if node["kind"] == "leaf"} == {"w", "y"}
    assert "y is a leaf that requires grad. 3 entries, all 1. Here the history ends." in str(trace)


WRITTEN = {
    "torch.stack([x, x*2])": "stack([x, t1], 0)",
    "torch.cat([x, x])": "cat([x, x], 0)",
    "torch.nn.functional.mse_loss(x, torch.zeros(4))": "mse_loss(x, c1)",
    "torch.nn.functional.mse_loss(x, torch.zeros(4), reduction='sum')": "mse_loss(x, c1, 'sum')",
    "torch.nn.functional.layer_norm(x, (4,))": "layer_norm(x, normalized_shape=(4,))",
    "x[torch.tensor([1, 3, 1])]": "x[[1, 3, 1]]",
}


@pytest.mark.parametrize("expression", WRITTEN)
def test_operations_are_written_as_the_reader_would(run, expression):
    trace = run(f"x = torch.arange(4.0).requires_grad_()\nq = {expression}\nloss = q.sum()")
    (node,) = [node for node in trace.data["nodes"] if node["label"] == "q"]
    assert node["expression"] == WRITTEN[expression]
