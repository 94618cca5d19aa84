"""watch(): what it notes, how iterations are told apart and compared, and what it never does."""

from __future__ import annotations

import gc
import itertools
import json
import time
import weakref
from typing import Any

import pytest

import minigrad as torch
from minigrad import nn, optim
from widgets import step_through, watch
from widgets.packing import unpack
from widgets.watch import EMPTY, Watch
from widgets.watching.pusher import Pusher


def frame(w: Watch, k: int = -1) -> dict[str, Any]:
    """The picture of a run, as the page gets it."""
    story = json.loads(unpack(w.story))
    return story["frames"][story["runs"][k]["frame"]]


def runs(w: Watch) -> list[tuple[int, int]]:
    return [(run["first"], run["last"]) for run in json.loads(unpack(w.story))["runs"]]


def expressions(w: Watch, k: int = -1) -> list[str]:
    return [f"{n['label']} = {n['expression']}" for n in frame(w, k)["nodes"] if n["expression"]]


def test_operations_under_the_readers_names() -> None:
    with watch() as w:
        x = torch.ones(2, 2, requires_grad=True)
        y = x + 2
        z = y * y * 3
        out = z.mean()
    assert expressions(w) == ["y = x + 2", "t1 = y * y", "z = t1 * 3", "out = mean(z)"]
    nodes = {node["label"]: node for node in frame(w)["nodes"]}
    assert nodes["x"]["kind"] == "leaf"
    assert nodes["z"]["shape"] == [2, 2]
    assert nodes["y"]["text"] == "y = x + 2"
    assert "out = mean(z)" in str(w)
    assert out.item() == 27


def test_nothing_is_noted_before_it_starts_or_after_it_stops() -> None:
    x = torch.ones(2, requires_grad=True)
    w = Watch()
    assert str(w) == EMPTY
    x.exp()
    w.resume()
    x.sin()
    w.stop()
    x.cos()
    assert [n["operation"] for n in frame(w)["nodes"] if n["expression"]] == ["sin"]


def test_what_was_computed_before_is_drawn_when_it_is_used() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x.exp()
    with watch() as w:
        z = y * 2
    assert expressions(w) == ["y = exp(x)", "z = y * 2"]
    assert z.requires_grad


def test_iterations_that_are_alike_are_one_run_and_a_change_is_told() -> None:
    weight = torch.ones(3, 3, requires_grad=True)
    with watch() as w:
        for k in range(6):
            h = torch.ones(2 if k < 5 else 4, 3)
            for _ in range(1 + k // 3):
                h = torch.tanh(h @ weight)
            loss = h.sum()
            loss.backward()
    assert runs(w) == [(1, 3), (4, 5), (6, 6)]
    (more,) = frame(w, 1)["words"]
    assert more.startswith("Changed: `h = torch.tanh(h @ weight)`")
    assert more.endswith("4 operations instead of 2.")
    marks = [node["label"] for node in frame(w, 1)["nodes"] if node.get("mark") == "added"]
    assert marks == ["t2", "h"]
    assert any("shape 4×3 instead of 2×3" in word for word in frame(w, 2)["words"])
    changed = [n["note"] for n in frame(w, 2)["nodes"] if n.get("mark") == "changed"]
    assert changed == ["≠ was 2×3"] * 5


def test_a_branch_that_is_not_taken_is_marked_as_removed() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch() as w:
        for k in range(2):
            y = x * 2
            if k == 0:
                y = y.sigmoid()
            y.sum().backward()
    (removed,) = [node for node in frame(w)["nodes"] if node.get("mark") == "removed"]
    assert removed["expression"] == "sigmoid(y)"
    assert removed["note"] == "− removed"
    ids = {node["id"] for node in frame(w)["nodes"]}
    assert all({edge["from"], edge["to"]} <= ids for edge in frame(w)["edges"])
    assert any(word.startswith("Removed: `y = y.sigmoid()`") for word in frame(w)["words"])


def test_a_learning_rate_that_changes_is_no_other_graph() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch() as w:
        for k in range(3):
            (x * (0.5 + k)).sum().backward()
    assert runs(w) == [(1, 3)]


def test_a_second_loss_on_the_same_graph_is_the_same_iteration() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch() as w:
        for _ in range(2):
            h = x.exp()
            h.sum().backward(retain_graph=True)
            h.mean().backward()
    assert runs(w) == [(1, 2)]
    assert len(expressions(w)) == 3


def test_a_gradient_penalty_does_not_end_an_iteration() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch() as w:
        for _ in range(2):
            (slope,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
            (slope * slope).sum().backward()
    assert len(runs(w)) == 1
    assert runs(w)[0][1] == 2


def test_the_reader_says_where_an_iteration_begins() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch() as w:
        for k in range(3):
            w.iteration()
            x.exp().sum().backward()
            if k == 2:
                x.sin().sum().backward()
    assert runs(w) == [(1, 2), (3, 3)]
    assert len(expressions(w)) == 4


def test_last_only_keeps_one_iteration() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch(last_only=True) as w:
        for k in range(4):
            y = x.exp() if k % 2 else x.sin()
            y.sum().backward()
    assert runs(w) == [(4, 4)]
    assert expressions(w)[0] == "y = exp(x)"


def test_parameters_have_the_names_of_their_module() -> None:
    net = nn.Sequential(nn.Linear(4, 3), nn.ReLU())
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    with watch() as w:
        for _ in range(3):
            optimizer.zero_grad()
            net(torch.ones(5, 4)).sum().backward()
            optimizer.step()
    assert runs(w) == [(1, 3)]
    labels = {node["label"] for node in frame(w)["nodes"] if node["kind"] == "leaf"}
    assert labels == {"net.0.weight", "net.0.bias"}


def test_in_place_operations_go_on_from_what_was_written_to() -> None:
    with watch() as w:
        x = torch.ones(3, requires_grad=True)
        y = x * 2
        y.add_(1)
        y[0] = 5.0
        out = y.sum()
    assert expressions(w)[:2] == ["y = x * 2", "y = y + 1"]
    assert "y = CopySlices(y, t2)" in expressions(w)
    joined = {edge["from"] for edge in frame(w)["edges"]}
    ids = [node["id"] for node in frame(w)["nodes"] if node["kind"] == "operation"]
    assert joined >= set(ids[:-1]), "every operation leads on to the next"
    assert out.requires_grad


def test_it_changes_no_result_and_keeps_nothing_alive() -> None:
    def train() -> list[float]:
        torch.manual_seed(3)
        weight = torch.randn(4, 4, requires_grad=True)
        for _ in range(3):
            loss = torch.tanh(torch.randn(2, 4) @ weight).sum()
            loss.backward()
        return weight.grad.tolist()

    plain = train()
    with watch() as w:
        assert train() == plain
        x = torch.ones(1000, requires_grad=True)
        y = x.exp()
        (x * torch.ones(1000)).sum().backward()
        gone = [weakref.ref(value) for value in (x, y)]
        del x, y
        gc.collect()
        assert [reference() for reference in gone] == [None, None]
    assert len(runs(w)) >= 1


def test_a_second_bare_watch_takes_over() -> None:
    first = watch()
    second = watch()
    try:
        assert not first.running
        assert second.running
    finally:
        second.stop()


def test_a_long_iteration_shows_its_last_operations() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch() as w:
        y = x
        for _ in range(1060):
            y = y * 1.001
    shown = frame(w)
    drawn = sum(node["kind"] == "operation" for node in shown["nodes"])
    assert drawn == 1001  # with the one that the first of them builds on
    assert shown["left_out"] == 1060 - drawn
    groups = shown["layout"]["groups"].values()
    assert sum(len(group["boxes"]) for group in groups if group["open"]) < 50  # it starts folded


def test_names_with_markup_stay_text(tmp_path: Any) -> None:
    names = {"<b>evil</b>": torch.ones(2, requires_grad=True)}
    with watch() as w:
        w.sources[0].bindings.match(names)
        (names["<b>evil</b>"] * 2).sum()
        w.sources[0].bindings.match(names)
    assert "<b>evil" in str(w)
    assert "<b>evil" not in w.to_html(tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_page_hears_at_most_thirty_times_a_second_and_always_of_the_last() -> None:
    seen: list[float] = []
    pusher = Pusher(lambda: seen.append(time.perf_counter()))
    pusher.start()
    deadline = time.perf_counter() + 30
    while len(seen) < 5 and time.perf_counter() < deadline:
        pusher.changed()
        time.sleep(0.001)
    last = time.perf_counter()
    pusher.changed()
    while seen[-1] < last and time.perf_counter() < deadline:
        time.sleep(0.01)
    pusher.stop()
    gaps = [b - a for a, b in itertools.pairwise(seen)]
    assert min(gaps) >= 1 / 30
    assert seen[-1] >= last


def test_stop_and_resume_by_the_page() -> None:
    w = Watch().resume()
    try:
        w.wish = "stop 1"
        assert not w.running
        assert json.loads(w.now)["state"] == "stopped"
        w.wish = "resume 2"
        assert w.running
        assert json.loads(w.now)["state"] == "watching"
    finally:
        w.stop()


@pytest.mark.parametrize("shape", [(), (0, 3)])
def test_numbers_and_empty_tensors(shape: tuple[int, ...]) -> None:
    with watch() as w:
        x = (
            torch.ones(*shape, requires_grad=True)
            if shape
            else torch.tensor(1.0, requires_grad=True)
        )
        y = x * 2
    assert [node["shape"] for node in frame(w)["nodes"]] == [list(shape)] * 2
    assert y.requires_grad


def test_the_history_is_bounded() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch() as w:
        for k in range(80):
            y = x
            for _ in range(1 + k):
                y = y * 2.0
            y.sum().backward()
    kept = runs(w)
    nodes = [len(f["nodes"]) for f in json.loads(unpack(w.story))["frames"].values()]
    assert kept[-1] == (80, 80)
    assert 20 < len(kept) == len(nodes)
    assert 2500 < sum(nodes) <= 3000


def test_another_program_is_not_compared() -> None:
    x = torch.ones(3, requires_grad=True)
    with watch() as w:
        x.exp().sum().backward()
        y = x.sin()
        y.cos().mean().backward()
    assert frame(w)["words"] == ["Other operations altogether: they are not compared."]
    assert not any("mark" in node for node in frame(w)["nodes"])


def test_an_iteration_that_fails_is_compared_as_far_as_it_came() -> None:
    x = torch.ones(3, requires_grad=True)

    def program() -> None:
        for k in range(2):
            y = x * torch.ones(2 + 2 * k, 3)
            z = y @ torch.ones(3, 3 - k)
            (z @ torch.ones(3, 1)).sum().backward()

    w = step_through(program)
    assert isinstance(w, Watch)
    assert [n["note"] for n in frame(w)["nodes"] if n.get("mark") == "changed"][:2] == [
        "≠ was 2×3",
        "≠ was 2×3",
    ]
    assert not any(word.startswith("Removed") for word in frame(w)["words"])
    assert not any(node.get("mark") == "removed" for node in frame(w)["nodes"])
    assert frame(w)["failure"]["operation"] == "matmul"


def test_what_is_new_in_a_later_iteration_has_its_name_as_well() -> None:
    weight = torch.ones(3, 3, requires_grad=True)
    with watch() as w:
        for k in range(3):
            h = torch.ones(2, 3)
            for _ in range(1 + k):
                h = torch.tanh(h @ weight)
            if k:
                h = h * 0.5
            h.sum().backward()
    assert expressions(w) == [
        "t1 = h @ weight", "h = tanh(t1)",
        "t2 = h @ weight", "h = tanh(t2)",
        "t3 = h @ weight", "h = tanh(t3)",
        "h = h * 0.5", "t4 = sum(h)",
    ]  # fmt: skip


def test_a_leaf_that_was_detached_keeps_its_own_name() -> None:
    with watch() as w:
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        for k in range(3):
            y = x * x
            if k == 1:
                y = y.detach().requires_grad_()
            loss = y.sum()
            loss.backward()
    assert expressions(w, 1) == ["y = x * x", "loss = sum(y)"]
    assert [n["label"] for n in frame(w, 1)["nodes"] if n["kind"] == "leaf"] == ["x", "y"]


def test_graphs_that_are_held_from_iteration_to_iteration_are_told() -> None:
    x, total = torch.ones(2, requires_grad=True), 0.0
    with watch() as w:
        for _ in range(3):
            loss = (x**2).sum()
            total = total + loss
            loss.backward()
    assert "Held: 3 of its 6 operations were computed in iterations before" in str(w)
    assert "Held: 6 of its 9 operations were computed in iterations before" in str(w)
    total = 0.0
    with watch() as w:
        for _ in range(3):
            loss = (x**2).sum()
            total = total + loss.item()
            loss.backward()
    assert "Held" not in str(w)


def test_a_watch_inside_another() -> None:
    x = torch.ones(2, requires_grad=True)
    with watch() as outer:
        y = x * 3
        with watch() as inner:
            z = y * 2
        q = z + 1
    assert expressions(outer) == ["y = x * 3", "z = y * 2", "q = z + 1"]
    assert expressions(inner) == ["y = x * 3", "z = y * 2"]
    assert q.grad_fn is not None
