"""A real backward pass is recorded, and the user's tensors, hooks and graph are as they were."""

from __future__ import annotations

import gc
import random
import warnings
import weakref
from typing import Any

import pytest

import widgets
from tests.widgets.pytorch.programs import numbers
from widgets import engines, step_through

pytestmark = pytest.mark.oracle


def record(out: Any, gradient: Any = None, /, **names: Any) -> dict[str, Any]:
    return engines.record(out, gradient, names, partial=True).data


def test_grads_stay_the_objects_that_they_were(torch: Any) -> None:
    x = torch.tensor(numbers(2, 3), requires_grad=True)
    w = torch.tensor(numbers(3, 2), requires_grad=True)
    h = x @ w
    h.retain_grad()
    out = (h * h).sum()
    x.grad = torch.full((2, 3), 7.0)
    kept, version = x.grad, x.grad._version
    data = record(out, x=x, w=w, h=h, out=out)
    assert x.grad is kept
    assert kept._version == version
    assert kept.tolist() == [[7.0] * 3] * 2
    assert w.grad is None
    assert h.grad is None
    out.backward()  # the graph is still there
    torch.testing.assert_close(x.grad, 7 + 2 * (x @ w @ w.T).detach())
    changes = [step["accumulate"] for step in data["backward"] if step["accumulate"]]
    assert [change["before"] for change in changes][1:] == [
        {"shape": [2, 3], "dtype": "float32", "values": [[7.0] * 3] * 2},
        None,
    ]
    torch.testing.assert_close(torch.tensor(changes[1]["after"]["values"]), x.grad)
    torch.testing.assert_close(torch.tensor(changes[0]["after"]["values"]), h.grad)


def test_hooks_run_once_and_none_is_left(torch: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    seen = []
    y.register_hook(lambda grad: seen.append("tensor") or grad * 10)
    x.register_post_accumulate_grad_hook(lambda leaf: seen.append("after"))
    y.grad_fn.register_hook(lambda outgoing, incoming: seen.append("node"))
    out = (y * y).sum()
    data = record(out, x=x, y=y, out=out)
    assert seen == ["tensor", "node"]  # a look at the pass lets no optimizer step
    (change,) = [step["accumulate"] for step in data["backward"] if step["accumulate"]]
    out.backward()
    assert seen == ["tensor", "node", "tensor", "node", "after"]
    assert change["after"]["values"] == x.grad.tolist()


def test_an_error_midway_is_drawn_and_leaves_nothing_behind(torch: Any) -> None:
    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            raise ArithmeticError("no derivative today")

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    b = torch.tensor([1.0, 2.0], requires_grad=True)
    z = Broken.apply(x)
    out = (z * b).sum()
    data = record(out, x=x, b=b, z=z, out=out)
    assert data["error"]["type"] == "ArithmeticError"
    labels = {node["id"]: node["label"] for node in data["nodes"]}
    assert labels[data["error"]["node"]] == "z"
    assert data["error"]["incoming"]["values"] == [1.0, 2.0]
    assert (x.grad, b.grad) == (None, None)
    with pytest.raises(ArithmeticError):
        out.backward()
    assert b.grad.tolist() == [2.0, 4.0]  # as always; our hooks are gone


def test_a_tensor_overwritten_after_it_was_saved(torch: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    out = (y * y).sum()
    with torch.no_grad():
        y.add_(1)
    data = record(out, x=x, y=y, out=out)
    assert "modified by an inplace operation" in data["error"]["text"]


@pytest.mark.parametrize(
    "make, gradient, text, advice",
    [
        ("torch.ones(2).sum()", "None", "does not require grad", "requires_grad=True"),
        ("x * 2", "None", "only for scalar outputs", "step_through(out.sum())"),
        ("x * 2", "torch.ones(3)", "Mismatch in shape", "the shape of the tensor"),
        ("x * 2", "[1, 1]", "either Tensors or None", "gradient=torch.tensor"),
    ],
)
def test_what_cannot_be_walked(
    make: str, gradient: str, text: str, advice: str, torch: Any
) -> None:
    x = torch.ones(2, requires_grad=True)
    scope = {"torch": torch, "x": x}
    with pytest.raises((RuntimeError, TypeError), match=text) as caught:
        step_through(eval(make, scope), eval(gradient, scope))
    assert advice in str(caught.value)


def test_a_freed_graph(torch: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    out = (x.exp() * x).sum()
    out.backward()
    widget = step_through(out)
    error = widget.recorded.data["error"]
    assert "backward through the graph a second time" in error["text"]
    assert "Run the forward pass again" in error["text"]


@pytest.mark.parametrize(
    "make, text",
    [
        ("torch.ones(2, device='meta', requires_grad=True) * 2", "on the device meta"),
        ("torch.ones(2, dtype=torch.complex64, requires_grad=True) * 2", "is complex"),
        ("torch.eye(2).to_sparse().requires_grad_() * 2", "is sparse"),
    ],
)
def test_what_cannot_be_drawn(make: str, text: str, torch: Any) -> None:
    with pytest.raises(TypeError, match=text):
        step_through(eval(make, {"torch": torch}))


def test_other_dtypes(torch: Any) -> None:
    x = torch.tensor([1.0, 2.0], dtype=torch.bfloat16, requires_grad=True)
    y = x.double() * torch.tensor([1, 2])
    data = record(y.sum(), x=x, y=y)
    (change,) = [step["accumulate"] for step in data["backward"] if step["accumulate"]]
    assert change["after"]["values"] == [1.0, 2.0]


def test_a_gradient_and_inputs(torch: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    b = torch.tensor([3.0, 4.0], requires_grad=True)
    y = x * b
    widget = step_through(y, gradient=torch.tensor([1.0, 10.0]), inputs=x)
    steps = widget.recorded.data["backward"]
    arrived = [step["accumulate"]["after"]["values"] for step in steps if step["accumulate"]]
    assert arrived == [[3.0, 40.0]]


class Mark:
    """Put into a node's metadata: nodes themselves have no weak references."""


def test_a_recording_keeps_nothing_alive_and_changes_nothing(torch: Any) -> None:
    apply = torch.autograd.Function.__dict__["apply"]
    with widgets.recording():
        x = torch.ones(300, requires_grad=True)
        y = x * 2
        y.mul_(x)  # refers to a tensor that refers to it
        inner, last = Mark(), Mark()
        y.grad_fn.metadata["mark"] = inner
        out = y.sum()
        out.grad_fn.metadata["mark"] = last
    assert torch.autograd.Function.__dict__["apply"] is apply
    marks = [weakref.ref(inner), weakref.ref(last)]
    del inner, last, y, out
    gc.collect()
    assert [mark() for mark in marks] == [None, None]


def test_what_is_computed_under_no_grad_makes_no_records(torch: Any) -> None:
    with widgets.recording():
        x = torch.ones(2, requires_grad=True)
        y = x * 2
        with torch.no_grad():
            x * 3
        out = y.sum()
        out.backward()
        data = record(out, x=x, y=y)
    assert [n["expression"] for n in data["nodes"]] == ["x", "x * 2", "sum(y)"]


def test_parameters_are_called_as_in_their_module(torch: Any) -> None:
    net = torch.nn.Linear(2, 1)
    out = net(torch.ones(1, 2)).sum()
    labels = [node["label"] for node in step_through(out).recorded.data["nodes"]]
    assert {"net.weight", "net.bias"} <= set(labels)


def test_a_function_is_run_under_recording(torch: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)

    def loss() -> Any:
        inner = x * 3
        return (inner * inner).sum()

    data = step_through(loss).recorded.data
    assert [(n["label"], n["expression"]) for n in data["nodes"]] == [
        ("x", "x"), ("inner", "x * 3"), ("t1", "inner * inner"), ("t2", "sum(t1)"),
    ]  # fmt: skip
    assert data["nodes"][2]["value"]["values"] == [9.0, 36.0]
    with pytest.raises(TypeError, match="got int"):
        step_through(lambda: 3)


def test_a_graph_that_minigrad_does_not_know(torch: Any) -> None:
    image = torch.rand(4, 3)
    weight = torch.rand(4, 3, requires_grad=True)
    with widgets.recording():
        out = torch.logaddexp2(image, weight).sum()
    data = record(out, image=image, weight=weight)
    node = data["nodes"][2]
    assert node["grad_fn"] == "Logaddexp2Backward0"
    assert node["expression"] == "logaddexp2(image, weight)"
    step = data["backward"][2]
    assert step["products"][0]["rule"] == (
        r"\frac{\partial t_{2}}{\partial \text{weight}} \mathrel{+}= \frac{\partial t_{2}}{"
        r"\partial t_{1}} \cdot \frac{\partial t_{1}}{\partial \text{weight}}"
    )
    (change,) = [step["accumulate"] for step in data["backward"] if step["accumulate"]]
    (expected,) = torch.autograd.grad(out, weight)
    torch.testing.assert_close(torch.tensor(change["after"]["values"]), expected)


def test_an_input_that_was_not_given_is_left_out(torch: Any) -> None:
    image, weight = torch.rand(1, 2, 5, 5), torch.rand(1, 2, 3, 3, requires_grad=True)
    with widgets.recording():
        out = torch.nn.functional.conv2d(image, weight, padding=1)
    data = record(out, torch.rand(1, 1, 5, 5), image=image, weight=weight)
    assert data["nodes"][2]["grad_fn"] == "ConvolutionBackward0"
    assert data["nodes"][2]["expression"] == "convolution(image, weight, padding=1)"


def test_a_cut_history_holds_no_graph_alive(torch: Any) -> None:
    kept = []
    with widgets.recording():
        x = torch.ones(3, requires_grad=True)
        loss = (x * 2).sum()
        mark = Mark()
        loss.grad_fn.metadata["mark"] = mark
        kept.append(loss.detach())
    alive = weakref.ref(mark)
    del loss, mark
    gc.collect()
    assert alive() is None
    out = x.sum() * kept[0]
    data = record(out, x=x)
    assert [edge["severed"]["reason"] for edge in data["edges"] if "severed" in edge] == [
        "detach()"
    ]


@pytest.mark.parametrize(
    "make, written",
    [
        ("x + k", "x + {}"),
        ("x - k", "x - {}"),
        ("k - x", "{} - x"),
        ("torch.where(x > 1, x, k)", "where(c1, x, {})"),
        ("torch.where(x > 1, k, x)", "where(c1, {}, x)"),
        ("x.masked_fill(x > 1, k)", "masked_fill(x, [True, False], {})"),
        ("torch.nn.functional.threshold(x, 1, k)", "threshold(x, 1, {})"),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_number_that_was_not_recorded(make: str, written: str, dtype: str, torch: Any) -> None:
    k = round(random.uniform(-9, 9), random.randint(1, 4))
    x = torch.tensor([1.75, 0.3], dtype=getattr(torch, dtype), requires_grad=True)
    y = eval(make, {"torch": torch, "x": x, "k": k})
    data = record(y.sum(), x=x, y=y)
    (expression,) = [node["expression"] for node in data["nodes"] if node["label"] == "y"]
    assert expression == written.format(f"{k:g}" if k == int(k) else k)


def test_a_number_that_nobody_can_know_is_a_question_mark(torch: Any) -> None:
    x = torch.tensor([1.75, 0.3], requires_grad=True)
    constant = torch.tensor([1.0, 2.0])
    y = x + constant
    z = x % 0.7
    shown = {n["label"]: n["expression"] for n in record((y * z).sum(), x=x, y=y, z=z)["nodes"]}
    assert (shown["y"], shown["z"]) == ("x + ?", "x % ?")


def test_a_constant_of_equal_entries_is_shown_as_a_number(torch: Any) -> None:
    x = torch.tensor([1.75, 0.3], requires_grad=True)
    y = x + torch.tensor([2.5, 2.5])
    assert [n["expression"] for n in record(y.sum(), x=x, y=y)["nodes"]][1] == "x + 2.5"


def test_sizes_and_dtypes_are_told_by_the_result(torch: Any) -> None:
    x = torch.tensor([1.75, 0.3], requires_grad=True)
    out = x.view(2, 1).expand(2, 3).double().sum()
    assert [n["expression"] for n in record(out, x=x)["nodes"]] == [
        "x", "x.view((2, 1))", "t1.expand((2, 3))", "t2.to(torch.float64)", "sum(t3)"
    ]  # fmt: skip


def test_recording_never_raises_into_the_program(torch: Any) -> None:
    x = torch.ones(3, 4, requires_grad=True)
    w = torch.ones(4, requires_grad=True)
    with widgets.recording():
        out = torch.func.vmap(lambda a: (a * w).sum())(x).sum()
    assert record(out, x=x, w=w)["error"] is None


def test_complex_numbers_inside_are_refused_by_name(torch: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(TypeError, match=r"Only real tensors can be drawn, but \w+Backward0 has"):
        step_through(torch.view_as_real(x.cfloat() * 1j).sum())


def test_a_sparse_gradient_is_shown_dense(torch: Any) -> None:
    layer = torch.nn.Embedding(4, 2, sparse=True)
    with widgets.recording():
        out = layer(torch.tensor([1, 1, 3])).sum()
    last = record(out, layer=layer)["backward"][-1]
    assert last["accumulate"]["after"]["values"] == [[0, 0], [2, 2], [0, 0], [1, 1]]


def test_attention_is_written_with_its_arguments(torch: Any) -> None:
    q, k, v = (torch.rand(1, 1, 3, 4, requires_grad=True) for _ in range(3))
    with widgets.recording():
        out = torch.nn.functional.scaled_dot_product_attention(q, k, v)
    (node,) = [n for n in record(out.sum(), q=q, k=k, v=v)["nodes"] if "scaled" in n["expression"]]
    assert node["expression"].endswith("attention_for_cpu(q, k, v)")


def test_a_warning_names_the_readers_line(torch: Any) -> None:
    x = torch.ones(3, 1, requires_grad=True)
    with warnings.catch_warnings(record=True) as caught, widgets.recording():
        warnings.simplefilter("always")
        torch.nn.functional.mse_loss(x, torch.ones(3))
    (warning,) = caught
    assert "target size" in str(warning.message)
    assert warning.filename == __file__
    shown = warnings.showwarning
    with widgets.recording():
        pass
    assert warnings.showwarning is shown


def test_a_call_without_its_own_name_has_no_objects_in_it(torch: Any) -> None:
    x = torch.rand(1, 4, 3, requires_grad=True)
    with widgets.recording():
        out = torch.nn.functional.group_norm(x, 2).sum()
    node = record(out, x=x)["nodes"][-2]
    assert node["expression"] == "native_group_norm(x, ?, ?, 1, 4, 3, 2, 1e-05)"


def test_what_was_packed_is_told(torch: Any) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with torch.autograd.graph.save_on_cpu():
        out = (x.exp() * x).sum()
    data = record(out, x=x)
    assert [node.get("packed", False) for node in data["nodes"]] == [False, True, True, False]
    assert "What it saves went through a hook" in data["forward"][1]["text"]


def test_only_frames_that_lead_to_an_operation_are_in_its_path(torch: Any) -> None:
    """PyTorch calls a recording through frames of its own, new ones for each operation: two at one
    place would be taken for a loop that went round.
    """
    x = torch.tensor(numbers(2, 3), requires_grad=True)
    with widgets.recording():
        loss = torch.nn.functional.cross_entropy(x, torch.tensor([0, 2]))  # two operations
    records = [widgets.pytorch.recording.of(node) for node in (
        loss.grad_fn, loss.grad_fn.next_functions[0][0])]  # fmt: skip
    for record in records:
        names = [call.code.co_name for call in record.path]
        assert names[-2:] == ["cross_entropy", "__torch_function__"]
        assert {"_fn", "inner"}.isdisjoint(names)
