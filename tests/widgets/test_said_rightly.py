"""What pictures say of indexing, of writes through views, of several results: on both engines."""

import contextlib
import importlib

import pytest

from widgets import engines, jacobian, recording, step_through


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


@pytest.mark.parametrize(
    ("run", "written"),
    [
        (lambda t, x, i: t.zeros(4).scatter_add(0, i, x), "scatter_add(c1, 0, [0, 2], x)"),
        (lambda t, x, i: t.zeros(4).scatter(0, i, x), "scatter(c1, 0, [0, 2], x)"),
        (lambda t, x, i: t.zeros(4).index_add(0, i, x), "index_add(c1, 0, [0, 2], x)"),
        (
            lambda t, x, i: t.zeros(4).index_add(0, i, x, alpha=2),
            "index_add(c1, 0, [0, 2], x, 2)",
        ),
        (lambda t, x, i: t.zeros(4).index_copy(0, i, x), "index_copy(c1, 0, [0, 2], x)"),
        (lambda t, x, i: x.view(1, 2).norm(dim=0), "norm(t1, 2, 0)"),
        (lambda t, x, i: t.zeros(4).index_put((i,), x), "index_put(c1, [0, 2], x)"),
    ],
)
def test_a_call_is_written_as_pytorch_takes_it(torch, run, written):
    with recording():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        out = run(torch, x, torch.tensor([0, 2])).sum()
    assert expressions(out, x=x)[-2] == written


@pytest.mark.parametrize("by", [lambda s: s.item(), lambda s: float(s.detach())])
def test_a_number_equal_to_the_tensor_beside_it(torch, by):
    with recording():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        s = x.sum()
        out = s / by(s)
    data = engines.record(out, None, {"x": x, "s": s}, partial=True).data
    assert data["error"] is None
    (node,) = [n for n in data["nodes"] if n["id"] == data["output"]]
    number = node["expression"].removeprefix("s / ")
    (read,) = [n for n in data["nodes"] if n["label"] == number]
    assert (read["is_leaf"], read["value"]["values"]) == (True, 3)
    assert data["backward"][-1]["accumulate"]["after"]["values"] == pytest.approx([1 / 3] * 2)


def test_what_was_written_over_with_numbers_without_a_history(torch):
    with recording():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        out = (torch.zeros(2).copy_(x.detach()) * x).sum()
    data = engines.record(out, None, {"x": x}, partial=True).data
    written = [n["expression"] for n in data["nodes"]]
    assert written == ["c1", "x", "x.detach()", "t1", "t2 * x", "sum(t3)"]
    assert data["backward"][-1]["accumulate"]["after"]["values"] == [1, 2]


def test_a_cast_after_the_cut_does_not_lose_it(torch):
    with recording():
        x = torch.tensor([1.0, 3.0], requires_grad=True)
        out = (x > 2).float().mean()
    data = engines.record(out, None, {"x": x}, partial=True).data
    (cut,) = [edge["severed"]["reason"] for edge in data["edges"] if "severed" in edge]
    assert cut == "gt"
    assert data["error"]["text"].startswith("element 0 of tensors does not require grad")


@pytest.mark.parametrize("recorded", [True, False])
@pytest.mark.parametrize("use_reentrant", [True, False])
def test_a_checkpoint_is_no_failure(torch, use_reentrant, recorded):
    checkpoint = importlib.import_module(f"{torch.__name__}.utils.checkpoint").checkpoint
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    w = torch.tensor([[1.0, 2.0], [0.25, -0.5]], requires_grad=True)

    def run():
        return checkpoint(lambda x: (w @ x).tanh() * 2, x, use_reentrant=use_reentrant).sum()

    with recording() if recorded else contextlib.nullcontext():
        out = run()
    data = engines.record(out, None, {"x": x, "w": w}, partial=True).data
    assert data["error"] is None
    out.backward()
    ends = [step for step in data["backward"] if step["kind"] == "accumulate"]
    sent = {step["node"]: step["incoming"]["values"] for step in ends}
    (leaf,) = [n["id"] for n in data["nodes"] if n["label"] == "x"]
    assert sent[leaf] == pytest.approx(x.grad.tolist())


def test_a_hook_on_a_node_changes_what_it_sends(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    y.grad_fn.register_hook(lambda sent, arrived: tuple(g * 100 for g in sent))
    data = engines.record(y.sum(), None, {"x": x, "y": y}).data
    (step,) = [s for s in data["backward"] if len(s["products"]) == 2]
    for product in step["products"]:
        assert product["alone"]["values"] == [1, 2]
        assert product["contribution"]["values"] == [100, 200]
    assert "A hook on MulBackward0 changed what it sends to x, [1, 2]." in step["text"]
    assert not any("alone" in p for s in data["backward"] if s is not step for p in s["products"])


def test_a_derivative_that_writes_into_what_arrives_is_no_hook(torch):
    class Rude(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 3

        @staticmethod
        def backward(ctx, grad):
            return grad.mul_(3)

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = Rude.apply(x)
    out = (y * torch.tensor([1.0, 5.0])).sum()
    data = engines.record(out, None, {"x": x, "y": y}).data
    (step,) = [s for s in data["backward"] if "Rude" in s["text"]]
    assert step["incoming"]["values"] == [1, 5]
    assert "alone" not in step["products"][0]
    assert step["products"][0]["contribution"]["values"] == [3, 15]


def functions(torch):
    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * 3 * x**2

    class Wrong(Cube):
        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * 2 * x

    class Transposed(torch.autograd.Function):
        @staticmethod
        def forward(ctx, k, a, b):
            ctx.save_for_backward(a, b)
            return a @ b * k

        @staticmethod
        def backward(ctx, grad):
            a, b = ctx.saved_tensors
            return None, grad @ b * 2, a.T @ grad * 2

    class Relu(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x.clamp(min=0)

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * (x >= 0)

    class InPlace(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_dirty(x)
            return x.mul_(2)

        @staticmethod
        def backward(ctx, grad):
            return grad * 2

    class Random(Relu):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * torch.rand(3).to(x.dtype)

    return Cube, Wrong, Transposed, Relu, InPlace, Random


def by_nudging(torch, out, **names):
    found = engines.record(out, None, names).data["backward"]
    return [p["nudged"] for step in found for p in step["products"] if "nudged" in p]


def test_a_backward_that_does_not_fit_its_forward_is_told(torch):
    _, wrong, transposed, *_ = functions(torch)
    with recording():
        x = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
        out = wrong.apply(x).sum()
    (found,) = by_nudging(torch, out, x=x)
    assert found["kind"] == "diagonal"
    assert found["values"] == pytest.approx([3, 12, 0.75], rel=1e-4)
    with recording():
        a = torch.tensor([[1.0, 2.0], [3.0, -1.0]], requires_grad=True)
        b = torch.tensor([[0.5, 2.0], [1.0, -3.0]], requires_grad=True)
        out = transposed.apply(2, a, b).sum()
    (found,) = by_nudging(torch, out, a=a, b=b)  # that to b is right
    assert found["values"] == [[1, 2, 0, 0], [4, -6, 0, 0], [0, 0, 1, 2], [0, 0, 4, -6]]
    text = str(engines.record(out, None, {"a": a, "b": b}))
    assert "; but nudging a, its forward gives 4×4, [[1, 2, 0, 0]" in text


@pytest.mark.parametrize("which", [0, 3, 4, 5], ids=["right", "kink", "in place", "random"])
def test_a_backward_that_fits_is_not_doubted(torch, which):
    function = functions(torch)[which]
    with recording():
        x = torch.tensor([0.0, -2.0, 0.5], requires_grad=True)
        y = x * 1
        out = function.apply(y).sum()
    value, state = y.tolist(), torch.get_rng_state().tolist()
    assert by_nudging(torch, out, x=x) == []
    assert y.tolist() == value
    assert torch.get_rng_state().tolist() == state
    out.backward()


def test_a_view_of_what_was_written_to_is_shown_by_its_strides(torch):
    with recording():
        x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = x * 1
        a = y[1:]
        y.mul_(2)
        out = a.sum()
    assert expressions(out, x=x, y=y, a=a)[-2:] == ["y.as_strided((2,), (1,), 1)", "sum(a)"]


def test_what_was_there_before_a_write_and_has_no_history(torch):
    with recording():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = torch.zeros(3)
        y[1:] = x
        out = y.sum()
    assert "constants, part overwritten" in expressions(out, x=x, y=y)


def test_a_power_has_no_nan_beside_its_diagonal(torch):
    with recording():
        x = torch.zeros(2, requires_grad=True)
        out = (x**0.5).sum()
    step = engines.record(out, None, {"x": x}).data["backward"][2]
    jacobian_of = step["products"][0]["jacobian"]
    assert (jacobian_of["kind"], jacobian_of["values"]) == ("diagonal", ["inf", "inf"])


def test_no_grad_and_no_weight_changes_by_looking(torch):
    nn = importlib.import_module(f"{torch.__name__}.nn")
    optim = importlib.import_module(f"{torch.__name__}.optim")
    checkpoint = importlib.import_module(f"{torch.__name__}.utils.checkpoint").checkpoint
    layer = nn.Linear(2, 2)
    x = torch.ones(1, 2, requires_grad=True)
    inner = checkpoint(lambda h: layer(h).tanh(), x, use_reentrant=True).sum()
    assert engines.record(inner, None, {"x": x}, partial=True).data["error"] is None
    assert layer.weight.grad is None
    before, optimizer = layer.weight.tolist(), optim.SGD(layer.parameters(), lr=0.1)
    for parameter in layer.parameters():
        parameter.register_post_accumulate_grad_hook(lambda _: optimizer.step())
    out = layer(x).sum()
    engines.record(out, None, {"x": x})
    assert layer.weight.tolist() == before
    out.backward()
    assert layer.weight.tolist() != before


@pytest.mark.parametrize("kind", ["index", "embedding", "mask"])
def test_an_index_that_was_written_to_is_shown_as_it_was(torch, kind):
    functional = importlib.import_module(f"{torch.__name__}.nn.functional")
    with recording():
        x = torch.tensor([[0.0], [1.0], [2.0]], requires_grad=True)
        at = torch.tensor([False, True, True]) if kind == "mask" else torch.tensor([0, 1])
        picked = {
            "index": lambda: x[at],
            "embedding": lambda: functional.embedding(at, x),
            "mask": lambda: x.masked_fill(at.view(3, 1), 7.0),
        }[kind]()
        at.fill_(0)
        out = picked.sum()
    data = engines.record(out, None, {"x": x}, partial=True).data
    written = [node["expression"] for node in data["nodes"]][-2]
    expected = {"index": "x[[0, 1]]", "embedding": "embedding(x, [0, 1])"}
    assert written == expected.get(kind, "masked_fill(x, [[False], [True], [True]], 7)")
    assert "modified by an inplace operation" in data["error"]["text"]


def test_leaves_and_constants_are_shown_as_they_were_used(torch):
    with recording():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        k = torch.tensor([1.0, 2.0])
        y = x + k
        k.mul_(10)
        out = (y + k).sum()
        with torch.no_grad():
            x.sub_(1)
    data = engines.record(out, None, {"x": x, "k": k}).data
    found = {n["label"]: n for n in data["nodes"] if n["kind"] != "operation"}
    for label, before, now, by in (("x", [1, 2], [0, 1], "sub_"), ("k", [1, 2], [10, 20], "mul_")):
        assert found[label]["value"]["values"] == before
        assert found[label]["now"]["values"] == now
        assert found[label]["writer"].startswith(f"{by} at ")
    (held,) = [edge["held"]["values"] for edge in data["edges"] if "held" in edge]
    assert held == [10, 20]


class Model:
    def __init__(self, torch):
        self.w = torch.ones(2, requires_grad=True)
        self.layers = [torch.ones(2, requires_grad=True)]


def test_leaves_in_lists_dictionaries_and_objects_have_names(torch):
    xs = [torch.ones(2, requires_grad=True) for _ in range(2)]
    ps = {"a": torch.ones(2, requires_grad=True), 3: (torch.ones(2, requires_grad=True),)}
    net = Model(torch)
    out = (xs[0] * xs[1] * ps["a"] * ps[3][0] * net.w * net.layers[0]).sum()
    found = [n["label"] for n in step_through(out).recorded.data["nodes"] if n["kind"] == "leaf"]
    assert sorted(found) == ["net.layers[0]", "net.w", "ps['a']", "ps[3][0]", "xs[0]", "xs[1]"]


def test_a_hook_that_raises_is_at_its_tensor(torch):
    def refuse(grad):
        raise ValueError("not today")

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.register_hook(refuse)
    out = (y * y).sum()
    data = engines.record(out, None, {"x": x, "y": y}, partial=True).data
    (node,) = [n for n in data["nodes"] if n["id"] == data["error"]["node"]]
    assert (node["label"], data["error"]["text"]) == ("y", "not today")


@pytest.mark.parametrize(
    ("run", "saved"),
    [
        (lambda t, x, i, m: x[i], ["i"]),
        (lambda t, x, i, m: x[m], ["m"]),
        (lambda t, x, i, m: x.masked_fill(m, 0.0), ["m"]),
        (lambda t, x, i, m: x.gather(0, i), ["i", "x"]),
        (lambda t, x, i, m: x[[0, 1]], ["indices[0]"]),
        (lambda t, x, i, m: t.zeros(2).scatter_add(0, i, x), ["i"]),
    ],
)
def test_saved_indices_and_masks_have_padlocks(torch, run, saved):
    with recording():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        i, m = torch.tensor([0, 1]), torch.tensor([True, False])
        out = run(torch, x, i, m).sum()
    found = nodes(out, x=x, i=i, m=m)[-2]["saved"]
    assert [item["label"] for item in found] == saved
    assert {item["version"] for item in found} == {0}
