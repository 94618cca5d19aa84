"""The trace against the engine: what it shows is what happened."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad import recording
from minigrad.autograd import Function
from minigrad.trace import Trace, record, replay


@pytest.fixture(autouse=True)
def recorded() -> Any:
    with recording.recording():
        yield


class Cube(Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x * x * x

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        (x,) = ctx.saved_tensors
        return grad * 3 * x * x


class Both(Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x * 2, x * 3

    @staticmethod
    def backward(ctx: Any, a: Any, b: Any) -> Any:
        return a * 2 + b * 3


def values(*shape: int, seed: int = 3) -> Any:
    return np.random.default_rng(seed).uniform(0.3, 2, shape)


def worked() -> dict[str, Any]:
    x = torch.ones(2, 2, requires_grad=True)
    y = x + 2
    z = y * y * 3
    out = z.mean()
    return locals()


def broadcast() -> dict[str, Any]:
    a = torch.tensor(values(2, 1), requires_grad=True)
    b = torch.tensor(values(3), requires_grad=True)
    out = ((a * b - a) / b).sum()
    return locals()


def network() -> dict[str, Any]:
    X = torch.tensor(values(3, 4))  # noqa: N806
    w1 = torch.tensor(values(4, 3), requires_grad=True)
    w2 = torch.tensor(values(3, 2), requires_grad=True)
    hidden = X.mm(w1).clamp(min=3)
    out = (hidden.mm(w2) - 1).pow(2).sum()
    return locals()


def functions() -> dict[str, Any]:
    x = torch.tensor(values(3), requires_grad=True)
    out = (x.exp() * x.log() + x.sqrt() / (x.sigmoid() + x.tanh()) - 2**x + x**1.5).mean()
    return locals()


def shapes() -> dict[str, Any]:
    x = torch.tensor(values(2, 3), requires_grad=True)
    out = (x.t()[0] * x.reshape(3, 2)[1, :] + x.sum(0)[:2] * x[[1, 1], [0, 2]]).sum()
    return locals()


def custom() -> dict[str, Any]:
    x = torch.tensor(values(3), requires_grad=True)
    out = (Cube.apply(x) * x).sum()
    return locals()


def ladder() -> dict[str, Any]:
    x = torch.tensor(1.25, dtype=torch.float64, requires_grad=True)
    out = x
    for _ in range(5):
        out = out + out
    return locals()


def leaf_only() -> dict[str, Any]:
    out = torch.tensor(2.0, requires_grad=True)
    return locals()


def nameless() -> dict[str, Any]:
    out = (torch.tensor(values(2), requires_grad=True) * torch.tensor(values(2))).sum()
    return {"out": out}


RUNS = [worked, broadcast, network, functions, shapes, custom, ladder, leaf_only, nameless]


def array(data: Any) -> np.ndarray:
    return np.array(data["values"], dtype=np.float64).reshape(data["shape"])


def matrix(jacobian: Any) -> np.ndarray:
    entries = np.array(jacobian["values"], dtype=np.float64)
    if jacobian["kind"] == "diagonal":
        return np.diag(entries)
    return entries.reshape(jacobian["shape"])


def leaves(out: Any) -> list[Any]:
    """The leaves of a graph."""
    found, unseen, seen = [], [out.grad_fn], set()
    if out.grad_fn is None:
        return [out]
    while unseen:
        node = unseen.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            found.append(node.variable)
        unseen.extend(following for following, _ in node.next_functions)
    return found


@pytest.mark.parametrize("run", RUNS)
def test_each_contribution_is_incoming_times_jacobian(run: Any) -> None:
    names = run()
    trace = record(names["out"], names=names).data
    for step in trace["backward"]:
        incoming = array(step["incoming"]).ravel()
        for product in step["products"]:
            contribution = array(product["contribution"])
            expected = incoming @ matrix(product["jacobian"])
            np.testing.assert_allclose(contribution.ravel(), expected, 1e-6)
            before = 0 if product["before"] is None else array(product["before"])
            np.testing.assert_allclose(array(product["after"]), before + contribution, 1e-6)


@pytest.mark.parametrize("run", RUNS)
def test_accumulate_is_what_backward_does(run: Any) -> None:
    names = run()
    out = names["out"]
    for leaf in leaves(out):
        leaf.grad = torch.tensor(values(*leaf.shape, seed=9), dtype=leaf.dtype)
    before = [leaf.grad.detach().clone() for leaf in leaves(out)]
    objects = [leaf.grad for leaf in leaves(out)]
    trace = record(out, names=names).data
    for leaf, was, object_ in zip(leaves(out), before, objects):
        assert leaf.grad is object_
        assert leaf.grad._version == 0
        np.testing.assert_array_equal(leaf.grad.numpy(), was.numpy())
    out.backward()  # the graph is still there
    steps = [s for s in trace["backward"] if s["kind"] == "accumulate"]
    assert len(steps) == len(leaves(out))
    after = sorted((array(s["accumulate"]["after"]).tolist() for s in steps), key=str)
    ours = sorted((leaf.grad.numpy().astype(np.float64).tolist() for leaf in leaves(out)), key=str)
    for a, b in zip(after, ours):
        np.testing.assert_allclose(a, b, 1e-6)


@pytest.mark.parametrize("run", RUNS)
def test_sum_of_contributions_is_the_gradient(run: Any) -> None:
    names = run()
    out = names["out"]
    trace = record(out, names=names).data
    sums: dict[str, Any] = {}
    for step in trace["backward"]:
        for product in step["products"]:
            sums[product["to"]] = sums.get(product["to"], 0) + array(product["contribution"])
    for step in trace["backward"]:
        if step["kind"] == "accumulate" and sums:
            arrived = array(step["accumulate"]["contribution"])
            np.testing.assert_allclose(sums[step["node"]], arrived, 1e-6)
        elif step["kind"] == "operation" and step["node"] in sums:
            np.testing.assert_allclose(sums[step["node"]], array(step["incoming"]), 1e-6)
    if len(leaves(out)) == 1:
        (expected,) = torch.autograd.grad(out, leaves(out))
        arrived = trace["backward"][-1]["accumulate"]["contribution"]
        np.testing.assert_allclose(array(arrived), expected.numpy(), 1e-6)


@pytest.mark.parametrize("run", RUNS)
def test_data_is_json_and_comes_back(run: Any) -> None:
    names = run()
    trace = record(names["out"], names=names)
    text = trace.to_json()
    assert trace.data["schema"] == 1
    assert "NaN" not in text
    assert "Infinity" not in text
    again = Trace.from_json(text)
    assert again.data == trace.data
    assert again.to_dict() == json.loads(text)
    assert str(again) == str(trace)
    ids = [node["id"] for node in trace.data["nodes"]]
    assert len(ids) == len(set(ids))
    assert trace.data["output"] in ids
    edges = {edge["id"]: edge for edge in trace.data["edges"]}
    assert all(e["from"] in ids and e["to"] in ids for e in edges.values())
    for step in trace.data["backward"]:
        assert step["node"] in ids
        used = [product["edge"] for product in step["products"]]
        assert len(used) == len(set(used))
        for product in step["products"]:
            assert edges[product["edge"]]["to"] == step["node"]
            assert edges[product["edge"]]["from"] == product["to"]
            assert edges[product["edge"]]["input"] == product["input"]
    with pytest.raises(ValueError, match="schema 2"):
        Trace.from_dict(trace.data | {"schema": 2})


def test_labels_and_source_lines() -> None:
    names = worked()
    trace = record(names["out"], names=names).data
    by_label = {node["label"]: node for node in trace["nodes"]}
    assert {"x", "y", "z", "out"} <= set(by_label)
    assert by_label["x"]["kind"] == "leaf"
    assert by_label["y"]["expression"] == "x + 2"
    assert by_label["y"]["source"]["text"] == "y = x + 2"
    assert by_label["out"]["source"]["text"] == "out = z.mean()"
    assert by_label["z"]["grad_fn"] == "MulBackward0"
    assert by_label["z"]["name"] == "z"
    unnamed = [node for node in trace["nodes"] if node["name"] is None]
    assert [node["label"] for node in unnamed] == ["t1"]
    assert unnamed[0]["expression"] == "y * y"


def test_made_up_labels_avoid_names_in_use() -> None:
    names = worked() | {"t1": 5, "t2": "text", "unused": torch.ones(3), "_hidden": 1}
    trace = record(names["out"], names=names).data
    labels = [node["label"] for node in trace["nodes"]]
    assert "t3" in labels
    assert "t1" not in labels
    assert "unused" not in labels


def test_parallel_edges() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    out = x * x
    trace = record(out, names={"x": x, "out": out}).data
    assert len(trace["edges"]) == 2
    (step,) = [s for s in trace["backward"] if s["kind"] == "operation"]
    assert [p["input"] for p in step["products"]] == ["self", "other"]
    assert [array(p["contribution"]).item() for p in step["products"]] == [3, 3]
    assert step["products"][0]["before"] is None
    assert array(step["products"][1]["before"]).item() == 3
    assert array(step["products"][1]["after"]).item() == 6


def test_print_of_the_worked_example() -> None:
    names = worked()
    text = str(record(names["out"], names=names))
    for sentence in (
        "x is a leaf that requires grad. Shape 2×2, all entries 1.",
        "y = x + 2 = all 3.",
        "t1 = y * y = all 9. It saves y for the backward pass.",
        "z = t1 * 3 = all 27.",
        "out = mean(z) = 27.",
        "The backward pass starts at out with ∂out/∂out = 1.",
        "MeanBackward0 receives ∂out/∂out = 1, sends all 0.25 to z.",
        "sends all 2.25 to y, and all 2.25 to y (2.25 + 2.25 = 4.5).",
        "It frees the saved y.",
        "AccumulateGrad adds to the leaf: x.grad: 0 + 4.5 = 4.5.",
        "∂out/∂z: 1×4, a row, all 0.25",
        "∂z/∂t1: 4×4, diagonal, all 3",
    ):
        assert sentence in text, f"{sentence!r} is not in\n{text}"


def test_large_arrays_are_summarised() -> None:
    x = torch.tensor(np.arange(10_000.0).reshape(100, 100), requires_grad=True)
    out = (x * 2).sum()
    trace = record(out, names={"x": x, "out": out})
    assert len(trace.to_json()) < 20_000
    node = next(n for n in trace.data["nodes"] if n["label"] == "x")
    assert "values" not in node["value"]
    assert node["value"]["min"] == 0
    assert node["value"]["max"] == 9999
    assert node["value"]["corner"][1][1] == 101
    kinds = {p["jacobian"]["kind"] for s in trace.data["backward"] for p in s["products"]}
    assert "large" in kinds


def test_nan_and_infinity() -> None:
    x = torch.tensor([0.0, 1.0, -1.0], requires_grad=True)
    out = (x.log() + x.sqrt() / x).sum()
    trace = record(out, names={"x": x, "out": out})
    text = trace.to_json()
    assert '"nan"' in text
    assert '"-inf"' in text
    json.loads(text, parse_constant=pytest.fail)
    assert str(trace)


def test_custom_function_and_several_outputs() -> None:
    names = custom()
    trace = record(names["out"], names=names).data
    node = next(n for n in trace["nodes"] if n["operation"] == "Cube")
    assert node["grad_fn"] == "CubeBackward"
    assert node["expression"] == "Cube.apply(x)"
    assert node["saved"][0]["label"] == "x"
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    p, q = Both.apply(x)
    out = (p * q).sum()
    trace = record(out, names={"x": x, "p": p, "q": q, "out": out}).data
    json.dumps(trace)
    assert [node["expression"] for node in trace["nodes"]] == ["x", "Both.apply(x)", "p * q",
                                                               "sum(t1)"]  # fmt: skip
    (step,) = [s for s in trace["backward"] if s["node"] == "n1"]
    (product,) = step["products"]
    incoming = array(step["incoming"]) @ matrix(product["jacobian"])
    (more,) = product["more"]
    assert more["output"] == 1
    incoming = incoming + array(more["incoming"]) @ matrix(more["jacobian"])
    assert incoming.tolist() == array(product["contribution"]).tolist()
    (step,) = [s for s in trace["backward"] if s["kind"] == "accumulate"]
    assert array(step["accumulate"]["after"]).tolist() == [12.0, 24.0]


class Scaled(Function):
    @staticmethod
    def forward(ctx: Any, x: Any, k: float, y: Any) -> Any:
        ctx.save_for_backward(x, y)
        ctx.k = k
        return x * k * y

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        x, y = ctx.saved_tensors
        return grad * ctx.k * y, None, grad * ctx.k * x


def test_custom_function_with_a_number() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    y = torch.tensor(5.0, requires_grad=True)
    out = Scaled.apply(x, 3.0, y)
    names = {"x": x, "y": y, "out": out}
    trace = record(out, names=names).data
    (node,) = [n for n in trace["nodes"] if n["kind"] == "operation"]
    assert node["expression"] == "Scaled.apply(x, 3, y)"
    (step,) = [s for s in trace["backward"] if s["kind"] == "operation"]
    labels = {n["id"]: n["label"] for n in trace["nodes"]}
    arrived = {labels[p["to"]]: array(p["contribution"]).item() for p in step["products"]}
    assert arrived == {"x": 15, "y": 6}
    assert replay(out, {x: np.array(4.0)}, names)["out"].item() == 60


def test_in_place_and_views() -> None:
    x = torch.tensor(values(2, 2), requires_grad=True)
    y = x * 2
    y.mul_(x)
    y[0].add_(x[1])
    out = y.sum()
    names = {"x": x, "y": y, "out": out}
    trace = record(out, names=names)
    (step,) = [s for s in trace.data["backward"] if s["kind"] == "accumulate"]
    out.backward()
    np.testing.assert_allclose(array(step["accumulate"]["after"]), x.grad.numpy(), 1e-6)
    assert str(trace)


def test_gradient_and_retained() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.retain_grad()
    out = y * y
    v = torch.tensor([1.0, 10.0])
    trace = record(out, v, names={"x": x, "y": y, "out": out}).data
    assert y.grad is None
    kept = [s for s in trace["backward"] if s["accumulate"] and s["kind"] == "operation"]
    assert [array(s["accumulate"]["after"]).tolist() for s in kept] == [[6.0, 120.0]]
    assert next(n for n in trace["nodes"] if n["label"] == "y")["retains_grad"]
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar"):
        record(out)
    with pytest.raises(RuntimeError, match="does not require grad"):
        record(torch.ones(1))
    out.backward(v)
    with pytest.raises(RuntimeError, match="second time"):
        record(out, v)


def test_without_a_recording() -> None:
    with recording.recording(False):
        names = worked()
    trace = record(names["out"], names=names)
    assert [n["label"] for n in trace.data["nodes"] if n["kind"] == "leaf"] == ["x"]
    assert "4.5" in str(trace)


def test_html_in_names_stays_text() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    out = x * 3
    trace = record(out, names={"<b>x</b>": x, "out": out})
    assert "<b>x</b>" in [n["label"] for n in trace.data["nodes"]]


@pytest.mark.parametrize("run", [worked, broadcast, network, functions, shapes, custom])
def test_replay_in_float64(run: Any) -> None:
    names = run()
    out = names["out"]
    again = replay(out, names=names)
    label = next(n["label"] for n in record(out, names=names).data["nodes"]
                 if n["id"] == record(out, names=names).data["output"])  # fmt: skip
    assert again[label].dtype is torch.float64
    np.testing.assert_allclose(again[label].item(), out.item(), 1e-6)
    for name in ("x", "a", "w1"):
        if name in names:
            leaf = names[name]
            (expected,) = torch.autograd.grad(out, leaf)
            again[label].backward()
            np.testing.assert_allclose(again[name].grad.numpy(), expected.numpy(), 1e-5)
            assert leaf.grad is None
            moved = replay(out, {leaf: leaf.detach().numpy() + 0.125}, names)
            with torch.no_grad():
                leaf += 0.125
            np.testing.assert_allclose(moved[name].detach().numpy(), leaf.detach().numpy(), 1e-6)


class Wrong(Function):
    """Sends one gradient too many."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x * 2

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return grad * 2, grad


class Broken(Wrong):
    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        raise ValueError("no such thing")


def overwritten() -> tuple[Any, dict[str, Any]]:
    x = torch.tensor(values(2), requires_grad=True)
    y = x.exp()
    out = (y * y).sum()
    y.add_(1)
    return out, locals()


def second_time() -> tuple[Any, dict[str, Any]]:
    x = torch.tensor(values(2), requires_grad=True)
    y = x * x
    out = y.sum()
    out.backward()
    return out, locals()


def wrong_count() -> tuple[Any, dict[str, Any]]:
    x = torch.tensor(values(2), requires_grad=True)
    y = Wrong.apply(x)
    out = y.sum()
    return out, locals()


def raising() -> tuple[Any, dict[str, Any]]:
    x = torch.tensor(values(2), requires_grad=True)
    y = Broken.apply(x)
    out = y.sum()
    return out, locals()


@pytest.mark.parametrize(
    ("run", "expression", "kind", "text"),
    [
        (overwritten, "y * y", "RuntimeError", r"is at version 1; expected version 0.*add_ at"),
        (second_time, "x * x", "RuntimeError", "second time"),
        (wrong_count, "Wrong.apply(x)", "RuntimeError", r"expected 1, got 2\)"),
        (raising, "Broken.apply(x)", "ValueError", "^no such thing$"),
    ],
)
def test_a_walk_that_fails_ends_at_the_failing_node(
    run: Any, expression: str, kind: str, text: str
) -> None:
    out, names = run()
    trace = record(out, names=names, partial=True)
    error = trace.data["error"]
    assert error["phase"] == "backward"
    assert trace.node(error["node"])["expression"] == expression
    assert error["type"] == kind
    assert re.search(text, error["text"], re.DOTALL)
    assert all(given["shape"] == [2] for given in error["operands"])
    assert array(error["incoming"]).tolist() == [1, 1]
    assert [step["kind"] for step in trace.data["backward"]] == ["seed", "operation"]
    assert f"failed at y with {kind}" in str(trace) or "failed at t1" in str(trace)
    assert Trace.from_json(trace.to_json()).data == trace.data
    assert names["x"].grad is None or run is second_time
    with pytest.raises((RuntimeError, ValueError)) as raised:
        record(out, names=names)
    assert str(raised.value) == error["text"]


def test_nan_in_anomaly_mode_is_an_error() -> None:
    x = torch.tensor([0.0, 1.0], requires_grad=True)
    out = (x.sqrt() * 0).sum()
    with np.errstate(all="ignore"):
        assert record(out, partial=True).data["error"] is None
    torch.autograd.anomaly_mode.set_mode(True)
    try:
        with (
            np.errstate(all="ignore"),
            pytest.warns(UserWarning, match="Error detected in SqrtBackward0"),
        ):
            error = record(out, partial=True).data["error"]
    finally:
        torch.autograd.anomaly_mode.set_mode(False)
    assert error["text"] == "Function 'SqrtBackward0' returned nan values in its 0th output."


def test_a_result_that_is_not_the_first() -> None:
    x = torch.tensor([[3.0, 1.0], [2.0, 5.0]], requires_grad=True)
    first, second = x.unbind(0)
    data = record(second.sum(), None, {"x": x, "first": first, "second": second}).data
    assert [node["expression"] for node in data["nodes"]][-1] == "sum(second)"
    (step,) = [s for s in data["backward"] if s["node"] == "n1"]
    assert step["output"] == 1
    (product,) = step["products"]
    assert array(product["contribution"]).tolist() == [[0, 0], [1, 1]]
    assert (array(step["incoming"]) @ matrix(product["jacobian"])).tolist() == [0, 0, 1, 1]


def test_a_large_graph_leaves_details_out_and_says_so() -> None:
    x = torch.ones(3, 4, requires_grad=True)
    y = x
    for _ in range(600):
        y = y * 0.5 + 1
    trace = record(y.sum(), None, {"x": x})
    steps = [step for step in trace.to_dict()["backward"] if step["kind"] == "operation"]
    kinds = [product["jacobian"]["kind"] for step in steps for product in step["products"]]
    assert kinds[:1000].count("omitted") == 0
    assert set(kinds[1000:]) == {"omitted"}
    assert steps[-1]["products"][0]["jacobian"]["shape"] == [12, 12]
    assert "values" not in steps[0]["incoming"] or steps[0]["incoming"]["shape"] == []
    assert "values" not in steps[1]["incoming"]  # 12 entries: summarised in a graph this large
    assert "12×12, left out: the graph is large" in str(trace)
    assert trace.to_dict()["backward"][-1]["accumulate"]["after"]["mean"] == pytest.approx(0.5**600)


def test_saved_tensors_say_what_became_of_them() -> None:
    out, names = overwritten()
    trace = record(out, names=names, partial=True)
    saved = {node["label"]: node["saved"] for node in trace.data["nodes"]}
    assert [(item["label"], item["version"], item["now"]) for item in saved["y"]] == [("y", 0, 1)]
    assert "add_ at" in saved["t1"][0]["writer"]
    out, names = second_time()
    trace = record(out, names=names, partial=True)
    saved = {node["label"]: node["saved"] for node in trace.data["nodes"]}
    assert {(item["label"], item["version"], item["freed"]) for item in saved["y"]} == {
        ("x", None, True)
    }
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    assert "now" not in record(y.sum()).data["nodes"][1]["saved"][0]
