"""`jacobian`: the right matrix both ways, real counts, honest names, errors that help."""

from __future__ import annotations

import importlib
import json
from typing import Any

import numpy as np
import pytest

import minigrad
import minigrad as torch
from minigrad import nn, recording
from minigrad.autograd.functional import jacobian as by_rows
from widgets.jacobian import Jacobian, jacobian
from widgets.jacobians import chain
from widgets.jacobians.structure import structure
from widgets.packing import unpack


@pytest.fixture(autouse=True)
def recorded():
    with recording.recording():
        minigrad.manual_seed(3)
        yield


def data(widget: Jacobian) -> dict[str, Any]:
    return json.loads(unpack(widget.data))


FUNCTIONS = {
    "entrywise": (lambda x: x.sin() * x, (4,)),
    "sum": (lambda x: (x * x).sum(), (2, 3)),
    "softmax": (lambda x: x.softmax(1), (3, 4)),
    "cumsum": (lambda x: x.cumsum(0).exp(), (5,)),
    "matrix": (lambda x: (x @ x.T).tanh(), (3, 2)),
    "indexing": (lambda x: x[[0, 2, 2]] * 3, (4,)),
    "number": (lambda x: x**3, ()),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_both_modes_give_the_matrix_of_autograd_functional(name: str) -> None:
    f, shape = FUNCTIONS[name]
    x = minigrad.randn(shape)
    widget = jacobian(f, x)
    expected = by_rows(f, x).numpy()
    rows, columns = f(x).numel(), x.numel()
    for mode in widget.modes:
        assert mode.matrix is not None
        np.testing.assert_allclose(mode.matrix, expected.reshape(rows, columns), atol=1e-6)
    assert [mode.run for mode in widget.modes] == [rows, columns]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_output_and_its_graph_give_the_same(name: str) -> None:
    f, shape = FUNCTIONS[name]
    x = minigrad.randn(shape, requires_grad=True)
    y = f(x)
    y.sum().backward()  # frees what the graph saved; it is run again from its records
    before = x.grad.clone()
    widget = jacobian(y, x)
    np.testing.assert_array_equal(widget.matrix, jacobian(f, x).matrix)
    assert [mode.run for mode in widget.modes] == [y.numel(), x.numel()]
    assert minigrad.equal(x.grad, before)
    assert data(widget)["out"]["label"] == "y"


def test_passes_are_counted_where_they_happen() -> None:
    calls = {"forward": 0, "backward": 0}

    class Twice(minigrad.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            calls["forward"] += 1
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            calls["backward"] += 1
            return grad * 2

        @staticmethod
        def jvp(ctx: Any, tangent: Any) -> Any:
            return tangent * 2

    widget = jacobian(lambda x: Twice.apply(x)[:2], minigrad.randn(5))
    reverse, forward = widget.modes
    assert reverse.run == 2
    assert calls["backward"] >= 2 + 1  # one more to warm up
    assert forward.run == 5
    assert calls["forward"] == 1 + 1 + 1 + 5  # the output, its chain, a warm-up, the columns


def test_a_tuple_of_inputs_stands_side_by_side() -> None:
    a, b = minigrad.randn(2), minigrad.randn(3, 2)
    widget = jacobian(lambda a, b: b @ a, (a, b))
    assert data(widget)["x"]["entries"] == [
        "a[0]", "a[1]", "b[0,0]", "b[0,1]", "b[1,0]", "b[1,1]", "b[2,0]", "b[2,1]",
    ]  # fmt: skip
    blocks = by_rows(lambda a, b: b @ a, (a, b))
    expected = np.hstack([block.numpy().reshape(3, -1) for block in blocks])
    np.testing.assert_allclose(widget.matrix, expected, atol=1e-6)


def test_an_inner_tensor_may_be_what_one_differentiates_by() -> None:
    x = minigrad.randn(3, requires_grad=True)
    h = x * 2
    y = (h * h).cumsum(0)
    widget = jacobian(y, h)
    expected = np.tril(np.ones((3, 3))) * 2 * h.detach().numpy()
    np.testing.assert_allclose(widget.matrix, expected, rtol=1e-6)


# ---- the chain -----------------------------------------------------------------------------------


def test_the_factors_multiply_to_the_matrix() -> None:
    x = minigrad.randn(4, requires_grad=True)
    w = minigrad.randn(3, 4)
    h = w @ x
    a = h.tanh()
    y = (a * a).cumsum(0)
    widget = jacobian(y, x)
    factors = data(widget)["chain"]["factors"]
    assert [(f["of"], f["by"]) for f in factors] == [
        ("y", "t1"), ("t1", "a"), ("a", "h"), ("h", "x"),
    ]  # fmt: skip
    product = np.linalg.multi_dot([np.array(f["values"]) for f in factors])
    np.testing.assert_allclose(product, widget.matrix, atol=1e-6)


def test_the_factors_of_a_function_multiply_to_the_matrix_too() -> None:
    weight, x = minigrad.randn(3, 4), minigrad.randn(4)
    shown = data(jacobian(lambda x: (weight @ x).tanh() ** 2, x))
    product = np.linalg.multi_dot([np.array(f["values"]) for f in shown["chain"]["factors"]])
    truth = by_rows(lambda x: (weight @ x).tanh() ** 2, x).numpy()
    np.testing.assert_allclose(product, truth, rtol=1e-4)


def test_a_way_around_a_tensor_keeps_it_out_of_the_chain() -> None:
    x = minigrad.randn(3, requires_grad=True)
    h = x.tanh()
    y = (h + x).exp()
    factors = data(jacobian(y, x))["chain"]["factors"]
    assert [(f["of"], f["by"]) for f in factors] == [("y", "t1"), ("t1", "x")]


def test_a_composition_of_functions_is_a_chain_of_these() -> None:
    layers = [nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2)]
    x = minigrad.randn(4)
    for f in (layers, nn.Sequential(*layers)):
        widget = jacobian(f, x)
        factors = data(widget)["chain"]["factors"]
        assert [f["operation"] for f in factors] == ["Linear", "Tanh", "Linear"]
        product = np.linalg.multi_dot([np.array(f["values"]) for f in factors])
        np.testing.assert_allclose(product, widget.matrix, atol=1e-6)


class Counted:
    """A matrix that counts the multiplications of numbers when it is multiplied."""

    count = 0

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __matmul__(self, other: Counted) -> Counted:
        result = np.zeros((len(self.array), other.array.shape[1]))
        for i, j in np.ndindex(*result.shape):
            for k in range(self.array.shape[1]):
                result[i, j] += self.array[i, k] * other.array[k, j]
                Counted.count += 1
        return Counted(result)


def test_the_costs_are_what_multiplying_takes() -> None:
    random = np.random.default_rng(0)
    shapes = [(2, 5), (5, 3), (3, 7), (7, 4)]
    matrices = [Counted(random.normal(size=shape)) for shape in shapes]
    found = chain.costs(shapes)
    sequences = {
        "row": [Counted(random.normal(size=(1, 2))), *matrices],
        "column": [*matrices, Counted(random.normal(size=(4, 1)))],
        "whole": matrices,
    }
    for goal, sequence in sequences.items():
        for end in ("left", "right"):
            todo, counts = list(sequence), []
            while len(todo) > 1:
                Counted.count = 0
                at = 0 if end == "left" else len(todo) - 2
                todo[at : at + 2] = [todo[at] @ todo[at + 1]]
                counts.append(Counted.count)
            assert found[goal][end] == counts, (goal, end)
    assert sum(found["row"]["left"]) < sum(found["row"]["right"])
    assert sum(found["column"]["right"]) < sum(found["column"]["left"])


def test_a_long_chain_is_taken_together() -> None:
    x = minigrad.randn(3, requires_grad=True)
    y = x
    for _ in range(40):
        y = (y * 1.1).sin()
    factors = data(jacobian(y, x))["chain"]["factors"]
    assert len(factors) == chain.MOST
    product = np.linalg.multi_dot([np.array(f["values"]) for f in factors])
    np.testing.assert_allclose(product, jacobian(y, x).matrix, rtol=1e-4)


# ---- names ---------------------------------------------------------------------------------------

RANDOM = np.random.default_rng(1)
PATTERNS = {
    "all zeros": np.zeros((2, 3)),
    "one number": np.full((1, 1), 3.0),
    "one row": np.ones((1, 4)),
    "one column": np.ones((4, 1)),
    "the identity": np.eye(3),
    "a multiple of the identity": 2.5 * np.eye(3),
    "diagonal": np.diag([1.0, 2.0, 3.0]),
    "a permutation": np.eye(3)[[2, 0, 1]],
    "one entry per row": np.eye(3)[[0, 0, 1, 2]],
    "one entry per column": np.repeat(np.eye(2), 3, axis=1),
    "block diagonal": np.kron(np.eye(3), RANDOM.normal(size=(2, 2))),
    "blocks, interleaved": np.kron(RANDOM.normal(size=(2, 2)), np.eye(3)),
    "banded": np.eye(8) - np.eye(8, k=1),
    "lower triangular": np.tril(np.ones((4, 4))),
    "upper triangular": np.triu(np.ones((4, 4))),
    "all rows equal": np.ones((3, 1)) * np.arange(1, 5),
    "of rank 1": np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0]),
    "dense": RANDOM.normal(size=(3, 3)),
    "dense, with some zeros": np.array([[1.0, 2, 0], [3, 1, 2], [0, 4, 7]]),
    "with nan or infinity": np.array([[1.0, np.nan], [2.0, 3.0]]),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_the_pattern_has_a_name(name: str) -> None:
    found = structure(PATTERNS[name])
    assert found.name == name
    assert found.meaning.endswith(".")


# ---- large, and not finite -----------------------------------------------------------------------


@pytest.mark.parametrize("size", [10, 40, 100, 400])
def test_what_travels_is_bounded(size: int) -> None:
    widget = jacobian(lambda x: x[:, None] * x[None, :], minigrad.randn(size))
    assert len(widget.data) < 60_000
    described = data(widget)
    assert (described["cells"] is None) == (size > 40 or described["rows"] > 512)


def test_a_huge_one_is_sampled_and_says_so() -> None:
    x = minigrad.randn(2000)
    widget = jacobian(lambda x: x * 2, x)
    assert widget.matrix is None
    assert [mode.run < mode.needed for mode in widget.modes] == [True, True]
    assert "Too large to compute here" in repr(widget)
    assert widget.to_html  # it can still be drawn
    assert "<table" not in widget.still


def test_infinite_slopes_are_said() -> None:
    widget = jacobian(lambda x: x.log(), minigrad.tensor([0.0, 1.0]))
    assert "nan or infinite" in repr(widget)
    assert "NaN" not in widget.data


def test_random_functions_are_found_out() -> None:
    widget = jacobian(lambda x: nn.functional.dropout(x, 0.5), minigrad.ones(64))
    assert "disagree" in repr(widget)


def test_without_records_forward_mode_says_why() -> None:
    with recording.recording(False):
        x = minigrad.randn(3, requires_grad=True)
        y = x * 2
    reverse, forward = jacobian(y, x).modes
    assert reverse.run == 3
    assert "not recorded" in forward.problem


# ---- errors --------------------------------------------------------------------------------------


def leaf(*shape: int) -> Any:
    return minigrad.randn(shape, requires_grad=True)


def no_graph() -> Any:
    x = leaf(3)
    return jacobian((x * 2).detach(), x)


ERRORS = {
    "no graph": (no_graph, RuntimeError, "does not have a grad_fn", "Make x with requires_grad"),
    "not asked": (
        lambda: jacobian(leaf(3) * 2, minigrad.ones(3)), RuntimeError,
        "does not require grad", "needs requires_grad=True",
    ),
    "elsewhere": (
        lambda: jacobian(leaf(3) * 2, leaf(3)), RuntimeError,
        "appears to not have been used in the graph", "very tensor",
    ),
    "integers": (
        lambda: jacobian(lambda x: x, minigrad.ones(3).long()), RuntimeError,
        "only Tensors of floating point", "Use x.float()",
    ),
    "argmax": (
        lambda: jacobian(lambda x: x.argmax(), leaf(3)), RuntimeError,
        "only Tensors of floating point", "argmax",
    ),
    "item": (
        lambda: jacobian(lambda x: x.sum().item(), leaf(3)), TypeError,
        "must be either a Tensor or a tuple of Tensors", "leave the graph",
    ),
    "several": (
        lambda: jacobian(lambda x: (x, x.sum()), leaf(3)), ValueError,
        "returned 2 outputs: 0 of shape (3,), 1 of shape ()", "output=0",
    ),
    "which": (
        lambda: jacobian(lambda x: {"a": x, "b": x}, leaf(3), output="c"), ValueError,
        "There is no output 'c'", "output='a'",
    ),
    "no entries": (lambda: jacobian(lambda x: x, leaf(0, 2)), ValueError, "(0, 2)", "at least one"),
    "nothing out": (lambda: jacobian(lambda x: x[:0], leaf(2)), ValueError, "(0,)", "no entry"),
    "a number": (lambda: jacobian(3, leaf(2)), TypeError, "got int", "jacobian(f, x)"),
    "a list": (lambda: jacobian(lambda x: x, [1.0]), TypeError, "got float", "torch.tensor"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_says_what_happened_and_what_to_do(name: str) -> None:
    run, kind, happened, todo = ERRORS[name]
    with pytest.raises(kind) as caught:
        run()
    assert happened in str(caught.value)
    assert todo in str(caught.value)


def test_one_of_several_outputs() -> None:
    widget = jacobian(lambda x: (x, x * 3), minigrad.ones(2), output=1)
    np.testing.assert_array_equal(widget.matrix, 3 * np.eye(2))


def test_nothing_is_left_behind() -> None:
    x = leaf(3)
    y = x.exp()
    jacobian(y, x)
    assert x.grad is None
    assert not y._hooks
    y.sum().backward()
    assert minigrad.allclose(x.grad, y.detach())


@pytest.mark.oracle
def test_real_pytorch(torch: Any) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(3, 4, generator=generator, requires_grad=True)
    for f in (lambda x: x.softmax(1), lambda x: (x @ x.T).tanh().sum(0)):
        expected = torch.autograd.functional.jacobian(f, x).numpy()
        widget = jacobian(f, x)
        for mode in widget.modes:
            np.testing.assert_allclose(mode.matrix, expected.reshape(-1, 12), atol=1e-6)
        out = f(x)
        np.testing.assert_allclose(jacobian(out, x).matrix, expected.reshape(-1, 12), atol=1e-6)
    net = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 2))
    widget = jacobian(net, x.detach()[0])
    product = np.linalg.multi_dot([np.array(f["values"]) for f in data(widget)["chain"]["factors"]])
    np.testing.assert_allclose(product, widget.matrix, atol=1e-6)
    assert x.grad is None


@pytest.mark.parametrize("name", ["minigrad", pytest.param("torch", marks=pytest.mark.oracle)])
def test_a_module_counts_one_run(name: str) -> None:
    engine = importlib.import_module(name)
    nn = importlib.import_module(f"{name}.nn")
    layer, x = nn.BatchNorm1d(2), engine.tensor([[1.0, 2.0], [3.0, 5.0]])
    jacobian(layer, x)
    assert layer.num_batches_tracked.item() == 1
    assert layer.running_mean.tolist() == pytest.approx([0.2, 0.35])
    both = nn.Sequential(nn.Linear(2, 2), layer)
    assert jacobian(both, x).matrix.shape == (4, 4)
    assert layer.num_batches_tracked.item() == 2


def test_a_cut_history_and_wrong_dtypes_are_told_apart() -> None:
    x = torch.tensor([1.0, 2.0])
    assert "something cut the history" in str(jacobian(lambda a: a.detach() * 2, x))
    with pytest.raises(RuntimeError, match="or leave an index out of the inputs"):
        jacobian(lambda a, b: a[b], (x, torch.tensor([0, 1])))

    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return grad * 2

    assert "∂Twice/∂x" in str(jacobian(Twice.apply, x))


def test_one_modes_nan_is_the_others_number() -> None:
    found = jacobian(torch.sqrt, torch.tensor([0.0, 1.0, 4.0]))
    assert np.array_equal(found.matrix, np.diag([np.inf, 0.5, 0.25]))
    assert "shown is the one that has a number there" in str(found)
