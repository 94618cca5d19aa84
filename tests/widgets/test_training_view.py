"""`training_view`: what it notes, what it draws, and that it stays out of the way."""

from __future__ import annotations

import base64
import math
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import numpy as np
import pytest

import minigrad as torch
from widgets.charts import training_view
from widgets.charts.throttle import NOTING, SHARE, Throttle
from widgets.charts.training import Training


def trained(steps: int = 12, **options: Any) -> tuple[Training, Any, list[float]]:
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    net[0].bias.requires_grad_(False)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    x = torch.randn(16, 4)
    view = training_view(net, steps=steps, **options)
    losses = []
    for _ in view:
        loss = ((net(x) - x.sum(1, keepdim=True)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        view.step(loss)
        losses.append(loss.item())
        optimizer.step()
    return view, net, losses


def all_texts(view: Training) -> str:
    view.png()
    figure = view.figure
    found = [t.get_text() for axes in figure.axes for t in axes.texts]
    found += [axes.get_title(loc=loc) for axes in figure.axes for loc in ("left", "right")]
    return "\n".join(found)


def test_losses_and_norms_are_those_of_the_loop() -> None:
    view, net, losses = trained()
    assert view.losses == losses
    for name, parameter in net.named_parameters():
        if parameter.requires_grad:
            step, norm = view.norms[name][-1]
            assert step == 12
            assert norm == pytest.approx(float(np.linalg.norm(parameter.grad.numpy())))
        else:
            assert view.norms[name] == []


def test_the_last_step_is_measured_whatever_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Throttle, "affordable", lambda self: False)
    view, _, _ = trained()
    assert [step for step, _ in view.norms["0.weight"]] == [12]


def test_the_picture_names_lines_frozen_ones_and_progress() -> None:
    texts = all_texts(trained()[0])
    for wanted in ("0.weight", "2.weight", "2.bias", "step 12 of 12", "100 %", "a step"):
        assert wanted in texts
    assert "frozen (requires_grad=False): 0.bias" in texts


def test_time_left_is_estimated() -> None:
    view = training_view({"w": torch.ones(1, requires_grad=True)}, steps=100)
    for k in range(10):
        view.step(float(10 - k))
    assert "step 10 of 100" in view.where()
    assert "left" in view.where()
    assert "10 %" in all_texts(view)


def test_nan_and_inf_are_marked_where_they_began() -> None:
    w = torch.ones(1, requires_grad=True)
    unused = torch.ones(1, requires_grad=True)
    view = training_view([w, unused])
    for k, scale in enumerate((1.0, 2.0, math.inf, math.nan)):
        w.grad = None
        (w * scale).sum().backward()
        view.step(1.0 if k < 3 else math.nan)
    assert view.bad() == [("w.grad", "inf", 3), ("loss", "nan", 4)]
    texts = all_texts(view)
    assert "✕ nan at step 4" in texts
    assert "✕ w: inf at step 3" in texts
    assert "no gradient yet (.grad is None): unused" in texts
    assert "nan from step 4" in view.words


def test_a_gradient_of_zero_is_said() -> None:
    w = torch.ones(1, requires_grad=True)
    view = training_view({"w": w})
    (w * 0).sum().backward()
    view.step(0.0)
    assert "gradient 0: w" in all_texts(view)


def test_many_parameters_and_long_names() -> None:
    many = {f"layer{'x' * 40}.{k}": torch.ones(2, requires_grad=True) for k in range(30)}
    view = training_view(many, steps=3)
    for _ in range(3):
        sum(w.sum() for w in many.values()).backward()
        view.step(1.0)
    assert "not drawn: " in all_texts(view)


@pytest.mark.parametrize("loss", [2, 2.0, torch.tensor(2.0), torch.ones(1, 1) * 2])
def test_a_loss_is_any_single_number(loss: Any) -> None:
    view = training_view({})
    view.step(loss)
    assert view.losses == [2.0]


def test_what_may_be_watched() -> None:
    weight = torch.ones(2, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    for source in ([weight], weight, {"weight": weight}, [("weight", weight)], optimizer):
        assert list(training_view(source).norms) == ["weight"]
    for wrong in (3, [3], {"a": 3}):
        with pytest.raises(TypeError, match=r"training_view\(model, steps=200\)"):
            training_view(wrong)
    with pytest.raises(TypeError, match="how many steps"):
        next(iter(training_view(weight)))


def test_before_the_first_step(tmp_path: Path) -> None:
    view = training_view({}, steps=5)
    assert "no step yet" in view.words
    assert "no step yet" in all_texts(view)
    assert view.to_html(tmp_path / "page.html").stat().st_size > 5000


def test_a_page_and_a_picture(tmp_path: Path) -> None:
    view, _, losses = trained(theme="dark")
    page = view.to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"{losses[-1]:.4g} now" in page
    assert "Frozen: 0.bias" in page
    view.savefig(tmp_path / "training.svg")
    assert "<svg" in (tmp_path / "training.svg").read_text(encoding="utf-8")


def test_the_throttle_keeps_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    for clock in ("perf_counter", "thread_time"):
        monkeypatch.setattr(f"widgets.charts.throttle.{clock}", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    throttle = Throttle()
    throttle.time(lambda: pass_by(0.2))
    measured = 0
    for _ in range(3000):
        pass_by(0.01)
        with throttle.noting():
            if throttle.affordable():
                measured += 1
                pass_by(0.001)  # a tenth of the step: too much for every step
        if throttle.may_draw():
            with throttle.drawing():
                pass_by(0.2)
    assert throttle.noted + throttle.drawn <= 0.05 * throttle.elapsed()
    assert throttle.pictures >= 1
    assert throttle.drawn <= SHARE * throttle.elapsed()
    assert measured > 3000 * NOTING
    assert measured < 1500


CELL = """
import minigrad as torch
from widgets import training_view
w = torch.ones(3, requires_grad=True)
view = training_view({"w": w}, steps=STEPS)
for step in range(40):
    w.grad = None
    loss = (w * w).sum()
    loss.backward()
    view.step(loss)
    with torch.no_grad():
        w -= 0.1 * w.grad
"""


@pytest.mark.parametrize("steps", ["40", "1000"])
def test_the_last_picture_stays_in_the_notebook(steps: str) -> None:
    book = nbformat.v4.new_notebook()
    book.cells = [
        nbformat.v4.new_code_cell(CELL.replace("STEPS", steps)),
        nbformat.v4.new_code_cell("view.losses[-1]"),
    ]
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
    pictures = [o for o in book.cells[0].outputs if "image/png" in o.get("data", {})]
    assert len(pictures) == 1
    assert base64.b64decode(pictures[0].data["image/png"]).startswith(b"\x89PNG")
    assert "step 40" in pictures[0].data["text/plain"]
    assert pictures[0].metadata["image/png"]["alt"].startswith("Training: step 40")
    assert len(book.cells[1].outputs) == 1  # and no second picture


@pytest.mark.oracle
def test_real_parameters(torch: Any) -> None:
    net = torch.nn.Linear(3, 2)
    net.bias.requires_grad_(False)
    view = training_view(net, steps=2)
    loss = net(torch.ones(4, 3)).square().mean()
    loss.backward()
    view.step(loss)
    assert view.norms["weight"] == [(1, pytest.approx(net.weight.grad.norm().item()))]
    assert "frozen" in all_texts(view)


def test_what_has_no_parameters_is_refused() -> None:
    x = torch.ones(2, requires_grad=True)
    for source in (torch.nn.ReLU(), [x * 2], torch.nn.Sequential()):
        with pytest.raises(TypeError, match="takes a model, an optimizer, or its parameters"):
            training_view(source)
    for steps in (0, -3, "10", 2.5):
        with pytest.raises(ValueError, match="steps is how many there will be, but got"):
            training_view({"x": x}, steps)


def test_a_norm_does_not_overflow_before_its_gradient_does() -> None:
    x = torch.ones(2, requires_grad=True)
    view = training_view({"x": x})
    (x * 1e25).sum().backward()
    view.step(1.0)
    assert view.bad() == []
    assert view.measured("x") == [(1, pytest.approx(2**0.5 * 1e25))]


def test_gradients_that_were_cleared_before_are_told() -> None:
    x = torch.ones(2, requires_grad=True)
    view = training_view({"x": x})
    x.sum().backward()
    x.grad = None
    view.step(1.0)
    assert "No gradient was to be seen" in view.words
    x.sum().backward()
    view.step(1.0)
    assert "to be seen" not in view.words
