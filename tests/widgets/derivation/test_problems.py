"""The kinds of problem agree: formulas, plain functions, live PyTorch, minigrad's graphs."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

import minigrad
from minigrad import recording
from widgets.derivation import AnswerKey, FormulaProblem, FunctionProblem, build, check
from widgets.derivation.graph_problem import GraphProblem

from .table import DERIVATIONS, RIGHT, WRONG


def notes():
    """The example of the notes, recorded: x, y, z, out."""
    with recording.recording():
        x = minigrad.ones(2, 2, requires_grad=True)
        y = x + 2
        z = y * y * 3
        out = z.mean()
    return {"x": x, "y": y, "z": z, "out": out}


def test_the_notes_example_asks_for_three_factors_and_the_whole():
    names = notes()
    key = build(GraphProblem(names["out"], names["x"], names))
    assert [(q.label, q.kind) for q in key.questions] == [
        ("∂out/∂z", "row"),
        ("∂z/∂y", "element-wise"),
        ("∂y/∂x", "element-wise"),
        ("∂out/∂x", "row"),
    ]
    result = check(
        key, {"∂out/∂z": "1/4", "dz/dy": "6*y", "dy_dx": 1, "dout_dx": "1/4 * 6 * y * 1"}
    )
    assert result.complete
    assert np.all(result["∂out/∂x"].yours == 4.5)
    wrong = check(key, "6*y")
    assert wrong.hint == "Yours is 4 times too large everywhere: what does mean divide by?"
    assert "✗ wrong" in str(wrong)
    assert "4.5 everywhere" in str(wrong)


def test_nothing_of_the_readers_is_touched():
    names = notes()
    names["out"].backward()
    before = names["x"].grad.tolist()
    build(GraphProblem(names["out"], names["x"], names))  # after backward freed the graph
    assert names["x"].grad.tolist() == before
    assert names["y"]._array.dtype == np.float32


def test_tensors_that_cannot_be_derived_say_why():
    names = notes()
    other = minigrad.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="nothing to derive"):
        GraphProblem(names["out"], other, names)
    with pytest.raises(ValueError, match="has no graph"):
        GraphProblem(other, other, names)
    with pytest.raises(TypeError, match="two tensors, but got a float"):
        GraphProblem(1.5, other, names)
    with recording.recording(False):
        out = (other * 2).sum()
    with pytest.raises(ValueError, match="import widgets"):
        GraphProblem(out, other, {"x": other})


def test_a_network_of_the_notes():
    minigrad.manual_seed(0)
    with recording.recording():
        inputs, target = minigrad.randn(5, 4), minigrad.randn(5, 2)
        w1, w2 = minigrad.randn(4, 3, requires_grad=True), minigrad.randn(3, 2, requires_grad=True)
        h = inputs.mm(w1)
        a = h.clamp(min=0)
        d = a.mm(w2) - target
        loss = d.pow(2).sum()
    names = {"X": inputs, "T": target, "w1": w1, "w2": w2, "h": h, "a": a, "d": d, "loss": loss}
    key = build(GraphProblem(loss, w1, names))
    labels = [question.label for question in key.questions]
    assert labels == ["∂loss/∂d", "∂loss/∂a", "∂a/∂h", "∂loss/∂w1"]
    right = {"∂loss/∂d": "2*d", "∂loss/∂a": "2*d @ w2.T", "∂a/∂h": "h > 0"}
    assert check(key, {**right, "∂loss/∂w1": "X.T @ (2*d @ w2.T * (h > 0))"}).complete
    row = check(key, "X.T @ (2*d @ w2.T)")["∂loss/∂w1"]
    assert "where is ∂a/∂h in yours?" in row.cause.hint


def test_a_kink_accepts_both_slopes():
    with recording.recording():
        x = minigrad.tensor([-1.0, 0.0, 2.0], requires_grad=True)
        out = x.clamp(min=0).sum()
    key = build(GraphProblem(out, x, {"x": x, "out": out}))
    assert check(key, "x > 0").ok
    assert check(key, "x >= 0").ok
    assert not check(key, "x < 0").ok


def test_finite_differences_do_not_pass_for_numbers_that_only_hold_here():
    key = build(FormulaProblem({"out": "sum(x**2)"}, "out", "x", {"x": np.array([1.0, 2.0])}))
    row = check(key, "[2, 4]")["∂out/∂x"]
    assert row.right
    assert row.extent == "here"
    coincidence = check(key, "x + [1, 2]")["∂out/∂x"]
    assert coincidence.status == "wrong"
    assert check(key, "2*x")["∂out/∂x"].extent == "everywhere"


def test_a_constant_may_be_written_as_its_value():
    leaves = {"x": np.array([1.0, 2.0]), "t": np.ones(2)}
    key = build(FormulaProblem({"out": "sum(t*x**2)"}, "out", "x", leaves, ("t",)))
    row = check(key, "2*x")["∂out/∂x"]
    assert row.right
    assert any("constants" in note for note in row.notes)
    assert not check(key, "2*x*t")["∂out/∂x"].notes


def test_a_point_that_is_the_only_defined_one_does_not_make_right_answers_wrong():
    with recording.recording():
        x = minigrad.tensor([1.0, float("nan")], requires_grad=True)
        out = (x * x).sum()
    key = build(GraphProblem(out, x, {"x": x, "out": out}))
    assert check(key, "2*x").ok
    assert not check(key, "3*x").ok


def test_views_and_in_place_changes_are_followed():
    with recording.recording():
        x = minigrad.tensor([1.0, 2.0], requires_grad=True)
        y = x * 2
        w = y + 1  # of y before it changes
        y.mul_(5)
        out = (w * y).sum() + y[0]
    key = build(GraphProblem(out, x, {"x": x, "y": y, "w": w, "out": out}))
    assert check(key, "10*w + 2*y + [10, 0]").ok
    assert not check(key, "2*w + 2*y + [10, 0]").ok


def test_a_wrong_backward_is_not_the_readers_fault():
    class Cube(minigrad.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            ctx.save_for_backward(a)
            return a**3

        @staticmethod
        def backward(ctx, grad):
            (a,) = ctx.saved_tensors
            return grad * 2 * a**2

    with recording.recording():
        x = minigrad.tensor([1.0, 2.0], requires_grad=True)
        out = Cube.apply(x).sum()
    result = check(build(GraphProblem(out, x, {"x": x, "out": out})), "3*x**2")
    assert result.ok
    assert "is a backward wrong?" in str(result)


def test_a_large_tensor_takes_a_moment_only():
    with recording.recording():
        x, w = minigrad.randn(64, 300), minigrad.randn(300, 20, requires_grad=True)
        h = x.mm(w)
        out = (h * h).mean()
    key = build(GraphProblem(out, w, {"x": x, "w": w, "h": h, "out": out}))
    assert check(key, "2*x.T @ h/h.numel()").ok
    assert "1280 times too large everywhere" in check(key, "2*x.T @ h").hint


def test_a_key_survives_json_and_threads():
    names = notes()
    key = build(GraphProblem(names["out"], names["x"], names))
    key = AnswerKey.from_dict(json.loads(json.dumps(key.to_dict())))
    told = []
    threads = [
        threading.Thread(target=lambda: told.append(check(key, "6*y/4").ok)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [True] * 8


def test_an_unknown_label_lists_the_questions():
    names = notes()
    key = build(GraphProblem(names["out"], names["x"], names))
    with pytest.raises(KeyError, match="∂out/∂z, ∂z/∂y, ∂y/∂x, ∂out/∂x"):
        check(key, {"∂a/∂b": "1"})


@pytest.mark.oracle
@pytest.mark.parametrize("name", DERIVATIONS)
def test_live_pytorch_gives_the_same_verdicts(name):
    torch = pytest.importorskip("torch")
    steps, wrt, leaves, constants = DERIVATIONS[name]
    compiled = {n: compile(text, name, "eval") for n, text in steps.items()}

    def step(code, inputs):
        return lambda *arrays: eval(code, vars(torch) | dict(zip(inputs, arrays)))

    reference = FormulaProblem(steps, "out", wrt, leaves, constants)

    def gradient(values, of, wrt, cotangent):
        tensors = {n: torch.tensor(v, dtype=torch.float64) for n, v in values.items()}
        tensors[wrt].requires_grad_()
        for n, code in compiled.items():
            inputs = reference.parents[n]
            if n not in tensors and all(i in tensors for i in inputs):
                tensors[n] = step(code, inputs)(*[tensors[i] for i in inputs])
        weight = torch.tensor(np.broadcast_to(cotangent, tensors[of].shape).copy())
        if not tensors[of].requires_grad:
            return np.zeros(values[wrt].shape)
        (grad,) = torch.autograd.grad(tensors[of], tensors[wrt], weight, allow_unused=True)
        return np.zeros(values[wrt].shape) if grad is None else grad.numpy()

    problem = FormulaProblem(steps, "out", wrt, leaves, constants)
    problem.gradient = gradient
    key = build(problem)
    assert not key.disputed
    for question, answers in RIGHT.get(name, {}).items():
        for answer in answers:
            assert check(key, {question: answer}).ok, answer
    for other, question, answer, _ in WRONG:
        if other == name:
            assert not check(key, {question: answer}).ok, answer


def test_plain_functions_are_a_problem_too():
    steps = {"y": lambda x: x + 2, "z": lambda y: y * y * 3, "out": lambda z: np.mean(z)}
    key = build(FunctionProblem(steps, "out", "x", {"x": np.ones((2, 2))}))
    assert check(key, "6*y/4").ok
    assert check(key, "6*y").hint.startswith("Yours is 4 times too large everywhere")
