"""The widget `derive` makes, without a browser: what it asks, and what it answers."""

from __future__ import annotations

import json
import threading

import pytest

import minigrad
from minigrad import recording
from minigrad.readings import Log
from widgets.derive import Derivation, derive


@pytest.fixture
def widget() -> Derivation:
    with recording.recording():
        x = minigrad.ones(2, 2, requires_grad=True)
        y = x + 2
        z = y * y * 3
        out = z.mean()
    return derive(out, x, names={"x": x, "y": y, "z": z, "out": out})


def type_in(widget: Derivation, serial: int = 1, **texts: str) -> dict:
    """What the page does when somebody presses Enter."""
    labels = {label.replace("_d", "/∂").replace("d", "∂", 1): text for label, text in texts.items()}
    widget.answers = json.dumps({"serial": serial, "texts": labels})
    return json.loads(widget.verdict)


def test_names_are_the_callers():
    with recording.recording():
        weights = minigrad.ones(3, requires_grad=True)
        loss = (weights * weights).sum()
    assert [question.label for question in derive(loss, weights).key.questions] == [
        "∂loss/∂weights"
    ]


def test_what_is_tried_is_not_looked_for_in_the_readers_code(monkeypatch):
    asked = []
    monkeypatch.setattr(Log, "call", lambda self: asked.append(self) or ([], ""))
    with recording.recording():
        x = minigrad.ones(2, requires_grad=True)
        minigrad.tensor([1.0])
        assert len(asked) == 1, "what the reader makes is looked for"
        derive((x * x).sum(), x)
        assert len(asked) == 1


def test_the_page_is_told_the_questions_and_no_truth(widget):
    asked = json.loads(widget.questions)
    assert [question["label"] for question in asked["questions"]] == [
        "∂out/∂z",
        "∂z/∂y",
        "∂y/∂x",
        "∂out/∂x",
    ]
    assert asked["latex"].count("cdot") == 2
    assert asked["rule"].count("mfrac") == 8
    assert not any(number in widget.questions for number in ("4.5", "18", "0.25"))
    assert widget.verdict == "{}"


def test_an_answer_comes_back_with_its_numbers(widget):
    said = type_in(widget, 7, dout_dz="1/4", dz_dy="3*y", dy_dx="q")
    assert said["serial"] == 7
    assert (said["right"], said["of"]) == (1, 4)
    assert said["rows"]["∂out/∂z"]["cells"] == {
        "yours": "0.25 everywhere",
        "autograd": "0.25 everywhere",
        "differences": "0.25 everywhere",
        "difference": "0 everywhere",
        "deviation": "0",
    }
    assert said["hint"]["label"] == "∂z/∂y"
    assert said["rows"]["∂y/∂x"]["hint"].startswith("There is no tensor called `q` here")
    assert said["rows"]["∂y/∂x"]["cells"]["autograd"] == ""  # not told before it is tried
    assert "∂out/∂x" not in said["rows"]


def test_only_the_first_wrong_factor_has_its_cause_told(widget):
    said = type_in(widget, dz_dy="3*y", dout_dx="6*y")
    assert said["rows"]["∂z/∂y"]["hint"]
    assert not said["rows"]["∂out/∂x"]["hint"]


def test_the_whole_derivation(widget):
    said = type_in(widget, dout_dz="1/4", dz_dy="6y", dy_dx="1", dout_dx="1/4 * 6 * y * 1")
    assert said["right"] == said["of"] == 4
    assert widget.result.complete
    assert widget.check("6*y/4").ok
    assert "∂out/∂x" in repr(widget)


@pytest.mark.parametrize("message", ["", "[]", '{"texts": {"∂a/∂b": "1"}}', '{"texts": 3}', "null"])
def test_a_message_that_makes_no_sense_is_answered_all_the_same(widget, message):
    widget.answers = message
    assert json.loads(widget.verdict)["problem"]


def test_html_in_an_answer_stays_text(widget):
    said = type_in(widget, dout_dx="<img src=x onerror=alert(1)>")
    assert said["rows"]["∂out/∂x"]["status"] == "unreadable"


def test_answers_may_arrive_on_another_thread(widget):
    threads = [
        threading.Thread(target=type_in, args=(widget, n), kwargs={"dout_dx": "6*y/4"})
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert widget.result.ok
