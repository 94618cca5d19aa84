"""step_through: what travels to the page, what is saved, and what is said when it cannot work."""

from __future__ import annotations

import base64
import json
import re
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import pytest

import minigrad as torch
from minigrad import recording
from tests.widgets import large_traces
from tests.widgets.example_traces import ALL, HOSTILE, branchy, hostile, long, worked
from tests.widgets.saved import picture, saved_bytes
from widgets import Stepper, packing, step_through, still
from widgets.layout import place, unfold
from widgets.numbers import brief
from widgets.static_files import script, style


@pytest.fixture(autouse=True)
def _recording():
    with recording.recording():
        yield


def example():
    x = torch.ones(2, 2, requires_grad=True)
    y = x + 2
    return x, y, (y * y * 3).mean()


def test_names_are_the_callers() -> None:
    weight, shifted, result = example()
    trace = step_through(result).recorded.to_dict()
    assert shifted.grad_fn is not None
    assert [node["name"] for node in trace["nodes"]] == ["weight", "shifted", None, None, "result"]
    assert trace["backward"][-1]["accumulate"]["text"] == "weight.grad: 0 + 4.5 = 4.5"
    assert weight.grad is None


def test_the_page_gets_the_whole_trace_with_its_layout() -> None:
    _, _, out = example()
    sent = json.loads(packing.unpack(step_through(out).trace))
    assert sent["schema"] == 1
    assert set(unfold(sent["layout"])["boxes"]) == {node["id"] for node in sent["nodes"]}
    assert len(sent["forward"]) + len(sent["backward"]) == 11


def test_a_recorded_trace_is_drawn_and_left_as_it_is() -> None:
    trace = worked()
    assert isinstance(step_through(trace), Stepper)
    assert trace.data["layout"] is None


def test_only_the_way_to_the_inputs() -> None:
    a = torch.ones(2, requires_grad=True)
    b = torch.ones(2, requires_grad=True)
    out = (a * b + b).sum()
    data = step_through(out, inputs=[a]).recorded.to_dict()
    labels = {node["id"]: node["label"] for node in data["nodes"]}
    assert {labels[p["to"]] for step in data["backward"] for p in step["products"]}.isdisjoint("b")
    sums = [step["accumulate"]["text"] for step in data["backward"] if step["accumulate"]]
    assert sums == ["a.grad: 0 + 1 = 1"]
    assert step_through(out, inputs=a).recorded.to_dict() == data
    c = torch.ones(2, requires_grad=True)
    data = step_through(out, inputs=[c]).recorded.to_dict()
    unreached = [node["label"] for node in data["nodes"] if node.get("reached") is False]
    assert unreached == ["c"]
    assert [step["kind"] for step in data["backward"]] == ["seed"]
    with pytest.raises(ValueError, match="must be leaves"):
        step_through(out, inputs=[a * 2])
    with pytest.raises(TypeError, match="inputs must be tensors"):
        step_through(out, inputs=[3])


@pytest.mark.parametrize("value", [3.5, None, "loss", [1, 2]])
def test_not_a_tensor(value: object) -> None:
    with pytest.raises(TypeError, match=r"needs a Tensor.*step_through\(loss\)"):
        step_through(value)


def test_no_graph() -> None:
    with pytest.raises(RuntimeError, match="does not have a grad_fn\nThere is no graph"):
        step_through(torch.ones(2).sum())


def test_not_a_scalar() -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="only for scalar outputs\nStep through one number"):
        step_through(x * 2)
    widget = step_through(x * 2, gradient=torch.tensor([1.0, 0.0]))
    assert widget.recorded.to_dict()["backward"][-1]["accumulate"]["after"]["values"] == [2, 0]
    with pytest.raises(RuntimeError, match=r"Mismatch in shape.*\n.*must have the shape"):
        step_through(x * 2, gradient=torch.ones(3))


def test_a_freed_graph() -> None:
    x = torch.ones(2, requires_grad=True)
    out = (x * x).sum()
    out.backward()
    trace = step_through(out).recorded
    error = trace.data["error"]
    assert trace.node(error["node"])["expression"] == "x * x"
    assert re.search(
        r"(?s)through the graph a second time.*Run the forward pass again", error["text"]
    )
    assert [step["kind"] for step in trace.data["backward"]] == ["seed", "operation"]


@pytest.mark.parametrize("name", ALL)
def test_the_still_picture(name: str) -> None:
    shown = Stepper(ALL[name]()).still
    tree = ET.fromstring(picture(shown))
    assert {element.tag.split("}")[1] for element in tree.iter()} <= {
        "svg", "style", "marker", "path", "rect", "text", "tspan",
    }  # fmt: skip
    assert HOSTILE not in shown


def test_the_still_picture_has_the_final_values_whole() -> None:
    trace = worked()
    place(trace.data)
    shown = "".join(ET.fromstring(still.svg(trace.data)).itertext())
    for text in ("x", "all 1", "x.grad all 4.5", "y = x + 2", "all 3", "out = mean(z)", "27"):
        assert text in shown
    assert "…" not in shown


def test_a_large_still_picture_has_some_groups_closed_and_a_huge_one_is_words() -> None:
    shown = picture(Stepper(long(16)).still)
    for text in ("iteration 0", "iteration 15", "3 operations"):
        assert text in shown
    assert shown.count("<rect") < 40 < len(long(16).data["nodes"])
    assert "<img" not in Stepper(large_traces.chain(150)).still


def test_the_output_has_a_picture_and_a_text_for_pages_without_widgets() -> None:
    bundle = Stepper(worked())._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/html"].startswith('<img alt="Computation graph: y = x + 2')
    assert "x.grad: 0 + 4.5 = 4.5" in data["text/html"]
    assert "Trace of 5 nodes and 11 steps" in data["text/plain"]


def test_a_widget_adds_less_than_100_kb_to_a_saved_notebook() -> None:
    assert saved_bytes(Stepper(worked())) < 72_000
    assert saved_bytes(Stepper(branchy())) < 70_000
    assert len(long(16).data["nodes"]) >= 50
    assert saved_bytes(Stepper(long(16))) < 82_000


def test_long_texts_travel_deflated_and_come_back() -> None:
    for text in ("short", "long" * 10_000):
        assert packing.unpack(packing.pack(text)) == text
    assert len(packing.pack("long" * 10_000)) < 1000


def test_the_script_travels_deflated_and_is_the_joined_one() -> None:
    parts = json.loads(zlib.decompress(base64.b64decode(Stepper(worked())._code)))
    assert parts["code"] == script(Stepper.page)
    assert parts["style"] == style(Stepper.styles)
    assert all(f"@{name}@" in parts["page"] for name in ("style", "script", "traits", "title"))


def test_a_page_of_its_own(tmp_path: Path) -> None:
    path = Stepper(worked()).to_html(tmp_path / "page.html")
    text = path.read_text(encoding="utf-8")
    assert "default-src &#x27;none&#x27;" in text
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)
    assert len(text) < 170_000


def test_markup_cannot_leave_the_data_of_a_page(tmp_path: Path) -> None:
    text = Stepper(hostile()).to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert HOSTILE not in text
    assert text.count("</script>") == 2


@pytest.mark.parametrize(
    ("array", "text"),
    [
        ({"shape": [], "values": 4.5}, "4.5"),
        ({"shape": [2, 2], "values": [[3.0, 3.0], [3.0, 3.0]]}, "all 3"),
        ({"shape": [2], "values": [1.0, 0.25]}, "[1, 0.25]"),
        ({"shape": [3], "values": [0.12345, 1.5, -2000.123]}, "-2e+03 to 1.5"),
        ({"shape": [3], "values": [0.12345, 1.5, "nan"]}, "has nan"),
        ({"shape": [3], "values": [0.12345, 1.5, "inf"]}, "0.123 to inf"),
        ({"shape": [9, 9], "min": -1.0, "max": 2.0, "mean": 0.0, "corner": [[1.0]]}, "-1 to 2"),
        ({"shape": [0], "values": []}, "empty"),
        ({"shape": [], "values": True}, "True"),
    ],
)
def test_an_array_in_a_few_characters(array: dict, text: str) -> None:
    assert brief(array, 14) == text


@pytest.mark.parametrize("gradient", [1.0, [1.0, 2.0]])
def test_a_gradient_that_is_no_tensor(gradient: object) -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(TypeError, match=r"gradient=torch.tensor\("):
        step_through(x * 2, gradient=gradient)


def test_a_line_of_100_000_characters_is_cut(tmp_path: Path) -> None:
    code = "x = torch.ones(2, requires_grad=True); out = (x * 2).sum()  # " + "long " * 20_000
    path = tmp_path / "cell.py"
    path.write_text(code, encoding="utf-8")
    names: dict = {"torch": torch}
    exec(compile(code, str(path), "exec"), names)
    widget = step_through(names["out"])
    (text, *_) = [node["source"]["text"] for node in widget.recorded.data["nodes"][1:]]
    assert text.startswith("x = torch.ones(2")
    assert len(text) <= recording.LONGEST_LINE + 1
    assert saved_bytes(widget) < 100_000
