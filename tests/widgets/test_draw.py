"""`draw`: a Graphviz graph with the stepper's names and colours; shown without Graphviz as well."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphviz
import pytest

import minigrad as torch
from minigrad import recording
from minigrad.trace import record
from tests.widgets.example_traces import ALL, HOSTILE, long, worked
from tests.widgets.saved import picture
from widgets import colours, still
from widgets.draw import Drawing, draw
from widgets.static_files import STATIC

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")


@pytest.fixture
def out() -> Iterator[Any]:
    with recording.recording():
        x = torch.ones(2, 2, requires_grad=True)
        y = x + 2
        z = y * y * 3
        yield z.mean()


def texts(drawing: Drawing) -> list[str]:
    """What the boxes say, from the SVG that needs no Graphviz."""
    tree = ET.fromstring(drawing.svg)
    found = tree.iter("{http://www.w3.org/2000/svg}text")
    return ["".join(element.itertext()) for element in found]


def labels(drawing: Drawing) -> str:
    """What the boxes say, from the source for Graphviz."""
    return re.sub(r"</?[A-Z][^>]*>", "|", drawing.source)


def test_it_is_a_digraph_with_the_callers_names() -> None:
    with recording.recording():
        weights = torch.ones(3, requires_grad=True)
        loss = (weights * 2).sum()
    drawing = draw(loss)
    assert isinstance(drawing, graphviz.Digraph)
    assert "weights" in labels(drawing)
    assert "loss" in texts(drawing)[-2]
    named = draw(loss, params={"net.w": weights})
    assert "net.w" in labels(named)
    assert "net.w" in labels(draw(loss, params=[("net.w", weights)]))


def test_what_is_shown_is_asked_for(out: Any) -> None:
    plain, full = draw(out), draw(out, gradients=True, saved=True)
    assert "all 27" in labels(plain)
    assert "4.5" not in labels(plain)
    assert "4.5" in labels(full)
    assert "4.5" in " ".join(texts(full))
    assert labels(full).count("|saved ") == 1  # y, twice the same
    bare = draw(out, values=False, shapes=False)
    assert "27" not in labels(bare)
    assert "2×2" not in labels(bare)
    assert "2×2" not in " ".join(texts(bare))
    shapes = draw(out, values=False)
    assert "27" not in " ".join(texts(shapes))
    assert "2×2" in " ".join(texts(shapes))


def test_leaves_are_round_and_constants_are_not(out: Any) -> None:
    source = draw(out).source
    leaf = next(line for line in source.splitlines() if ">leaf1<" in line)
    assert 'style="rounded,filled"' in leaf
    assert source.count("rounded") == 1


def test_a_severed_edge_is_red_and_says_why(tmp_path: Path) -> None:
    with recording.recording():
        x = torch.ones(2, requires_grad=True)
        y = x * 2
        loss = (y.detach() * x).sum()
    source = draw(loss).source
    cut = [line for line in source.splitlines() if "->" in line and colours.BAD in line]
    assert len(cut) == 1
    assert "detach" in cut[0]
    drawn = draw(loss).to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "cut: detach()" in "".join(ET.fromstring(picture(drawn)).itertext())


def test_nobodys_grad_is_touched_and_backward_still_works(out: Any) -> None:
    draw(out, gradients=True)
    leaf = out.grad_fn
    assert leaf is not None
    out.backward()


def test_a_tensor_of_many_entries_needs_a_gradient_only_for_gradients() -> None:
    with recording.recording():
        x = torch.ones(3, requires_grad=True)
        y = x * 2
    assert "y" in draw(y).words
    with pytest.raises(RuntimeError, match=r"only for scalar outputs.*\n.*draw"):
        draw(y, gradients=True)
    assert "7" in labels(draw(y, gradients=True, gradient=torch.full((3,), 3.5)))


@pytest.mark.parametrize("example", ALL)
def test_every_trace_is_drawn(example: str) -> None:
    drawing = draw(ALL[example](), gradients=True, saved=True)
    tree = ET.fromstring(drawing.svg)
    assert {element.tag.split("}")[1] for element in tree.iter()} <= {
        "svg", "style", "marker", "path", "rect", "text", "tspan",
    }  # fmt: skip
    assert len(drawing.words) > 20


@needs_dot
@pytest.mark.parametrize("example", ALL)
def test_graphviz_reads_every_source(example: str) -> None:
    data = ALL[example]().to_dict()
    svg = draw(ALL[example](), gradients=True, saved=True).pipe(format="svg", encoding="utf-8")
    tree = ET.fromstring(svg)
    groups = [g for g in tree.iter("{http://www.w3.org/2000/svg}g") if g.get("class") == "node"]
    assert len(groups) >= len(data["nodes"])
    assert not list(tree.iter("{http://www.w3.org/2000/svg}img"))
    if example == "hostile":
        assert "onerror" in svg  # as text
        assert HOSTILE not in svg


@needs_dot
def test_pdf(out: Any, tmp_path: Path) -> None:
    path = draw(out, gradients=True).render(tmp_path / "graph", format="pdf")
    assert Path(path).read_bytes().startswith(b"%PDF")


def test_without_graphviz_it_shows_itself(
    out: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("dot") is None
    drawing = draw(out, gradients=True)
    bundle = drawing._repr_mimebundle_()
    assert bundle["text/html"].startswith("<img alt=")
    assert "text/plain" in bundle
    assert "image/svg+xml" in drawing._repr_mimebundle_(include=["image/svg+xml"])
    page = drawing.to_html(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "leaf1.grad: 0 + 4.5 = 4.5" in page
    assert "<script" not in page
    with pytest.raises(graphviz.ExecutableNotFound):
        drawing.pipe(format="pdf")


def test_a_large_graph_is_cut_and_says_so() -> None:
    trace = long(100)
    drawing = draw(trace, limit=50)
    assert "more nodes" in " ".join(texts(drawing))
    assert len(texts(drawing)) < 150
    whole = draw(trace, limit=None)
    assert "more nodes" not in " ".join(texts(whole))


def test_control_characters_do_not_break_the_picture(out: Any) -> None:
    data = worked().to_dict()
    data["nodes"][0]["label"] = "a\x00\x08b\ud800"
    drawing = draw(type(worked())(data))
    assert "\x00" not in drawing.source


def test_errors_say_what_to_do(out: Any) -> None:
    with pytest.raises(TypeError, match=r"draw\(loss\)"):
        draw(3)
    with pytest.raises(RuntimeError, match=r"does not have a grad_fn\n.*requires_grad=True"):
        draw(torch.ones(2))


def test_a_copy_is_still_a_digraph(out: Any) -> None:
    copy = draw(out).copy()
    copy.node("mine")
    assert "mine" in copy.source


@pytest.mark.oracle
def test_a_real_tensor(torch: Any) -> None:
    x = torch.ones(2, 2, requires_grad=True)
    y = x + 2
    out = (y * y * 3).mean()
    drawing = draw(out, gradients=True)
    assert "4.5" in labels(drawing)
    assert "out" in drawing.title
    assert x.grad is None
    model = torch.nn.Linear(2, 1)
    assert "w.weight" in labels(draw(model(x).sum(), params={"w.weight": model.weight}))


def test_colours_are_those_of_the_widgets() -> None:
    css = (STATIC / "shared" / "base.css").read_text(encoding="utf-8")
    light = css[: css.index("data-theme")].replace("#fff;", "#ffffff;")
    dark_text = vars(colours)
    for name, value in dark_text.items():
        if isinstance(value, str) and value.startswith("#") and name != "TEXT":
            assert value in light, name
    for value in re.findall(r"#[0-9a-f]{6}", still.STYLE):
        assert value in dark_text.values(), value


def test_a_trace_is_drawn_as_its_tensor_is(out: Any) -> None:
    names = {"out": out}
    assert draw(record(out, None, names)).source == draw(out, params=names).source
