"""What pictures say of indexing, of writes through views, of several results: on both engines."""

import importlib

import pytest

from widgets import engines, jacobian, recording


@pytest.fixture(params=["minigrad", pytest.param("torch", marks=pytest.mark.oracle)])
def torch(request):
    return importlib.import_module(request.param)


def nodes(out, **names):
    return engines.record(out, None, names).data["nodes"]


def expressions(out, **names):
    return [node["expression"] for node in nodes(out, **names) if node["kind"] == "operation"]


@pytest.mark.parametrize(
    ("picked", "written"),
    [
        (lambda x: x[:, 2], ["x[:, 2]"]),
        (lambda x: x[0, 1:3], ["x[0]", "t1[1:3]"]),
        (lambda x: x[::2, -1], ["x[::2]", "t1[:, -1]"]),
        (lambda x: x[1:], ["x[1:]"]),
        (lambda x: x.sum(1), ["sum(x, 1)"]),
        (lambda x: x.topk(2).values, ["topk(x, 2, 1)"]),
    ],
)
def test_an_index_says_which_axis(torch, picked, written):
    with recording():
        x = torch.ones(3, 4, requires_grad=True)
        out = picked(x).sum()
    assert expressions(out, x=x)[:-1] == written


def test_what_was_written_through_a_view_has_its_value_and_its_line(torch):
    with recording():
        x = torch.ones(2, 2, requires_grad=True)
        y = x * 2
        y[0].mul_(3)
        y[1, 1:] = 7.0
        out = (y * y).sum()
    found = [node for node in nodes(out, x=x, y=y) if "part overwritten" in node["expression"]]
    assert [node["value"]["values"] for node in found] == [[[6, 6], [2, 2]], [[6, 6], [2, 7]]]
    assert [node["source"]["text"] for node in found] == ["y[0].mul_(3)", "y[1, 1:] = 7.0"]


def test_a_function_with_two_results_is_walked(torch):
    class Both(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2, x * 3

        @staticmethod
        def backward(ctx, first, second):
            return first * 2 + second * 3

    with recording():
        x = torch.ones(2, requires_grad=True)
        a, _ = Both.apply(x)
        out = a.sum()
    trace = engines.record(out, None, {"x": x}, partial=True).data
    assert not trace.get("error"), trace["error"]


def test_a_jacobian_is_called_by_the_functions_own_names(torch):
    def layer(v):
        return (v * v).tanh()

    data = jacobian(layer, torch.tensor([0.5, 1.0])).described
    assert (data["out"]["label"], data["x"]["label"]) == ("layer", "v")
