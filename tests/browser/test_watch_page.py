"""The pages of watch() and versions(): offline, by the keys, readable in both themes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import minigrad as torch
from widgets import recording, step_through, versions, watch

pytestmark = pytest.mark.browser

# Every text that is seen against the nearest background; in the picture, against its box.
CONTRAST = """() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => Object.fromEntries(
    ["r", "g", "b"].map((k) => [k, top[k] * top.a + under[k] * (1 - top.a)]).concat([["a", 1]]));
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => {
      v /= 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.a) layers.push(colour);
      if (colour.a === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255 });
  };
  const fill = (shape) => {
    const found = shape && getComputedStyle(shape).fill;
    return found && found !== "none" ? parse(found) : null;
  };
  const found = [];
  let seen = 0;
  for (const element of document.querySelectorAll(".mg *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || element.closest(".mg-spoken, title") || !element.getClientRects().length) continue;
    const node = element.closest(".mg-node");
    const badge = element.closest(".mg-badge") && fill(node.querySelector(".mg-badge-back"));
    const outer = behind(node ? node.closest(".mg-watch-graph") : element);
    const back = (node && (badge || fill(node.querySelector(".mg-box")))) || outer;
    const style = getComputedStyle(element);
    seen += 1;
    const front = over(parse(node ? style.fill : style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push([element.outerHTML.slice(0, 80), ratio.toFixed(2)].join(" | "));
  }
  return seen > 8 ? [...new Set(found)] : [`only ${seen} texts were looked at`];
}"""


def loop() -> Any:
    """Iterations of three kinds: plain, with an operation more, with another shape."""
    x = torch.ones(3, 3, requires_grad=True)
    with watch() as w:
        for k in range(6):
            y = x @ torch.ones(3, 2 if k < 4 else 4)
            if 2 <= k < 4:
                y = y.sigmoid()
            y.sum().backward()
    return w


def failing() -> Any:
    def program() -> Any:
        a = torch.ones(2, 3, requires_grad=True)
        b = a * 2
        return b @ torch.ones(4, 5)

    return step_through(program)


def stale() -> Any:
    x = torch.arange(6.0).reshape(2, 3).clone().requires_grad_()
    y = x * 2
    view = y[0]
    hidden = y.data
    z = y.exp() * y
    view.mul_(3)
    hidden.add_(1)
    return versions(z)


def of_pytorch() -> Any:
    torch = pytest.importorskip("torch")
    with recording():
        x = torch.ones(2, 3, requires_grad=True)
        return versions((x.exp() * (x + 1)).sum(), x)


PAGES = {"loop": loop, "failing": failing, "stale": stale}
Open = Callable[..., Any]


@pytest.fixture
def opened(opened: Open) -> Open:
    """opened("loop", width=1100) → its page, offline."""
    made = {**PAGES, "of_pytorch": of_pytorch, "long_loop": long_loop}
    return lambda name, *size, **options: opened(made[name](), *size, **options)


def marks(page: Any) -> dict[str, list[str]]:
    """Mark → the labels of the boxes that have it."""
    return page.evaluate("""() => {
        const found = {};
        for (const node of document.querySelectorAll(".mg-node[data-mark]")) {
          (found[node.dataset.mark] ??= []).push(node.querySelector(".mg-name").textContent);
        }
        return found;
      }""")


def test_every_iteration_by_the_keys_with_its_changes(opened: Open) -> None:
    page = opened("loop")
    watched = page.locator(".mg-watch")
    assert watched.get_attribute("data-iteration") == "6"
    assert marks(page)["removed"] == ["y"]
    assert "− removed" in page.locator(".mg-badge").all_text_contents()
    watched.focus()
    page.keyboard.press("ArrowLeft")
    assert watched.get_attribute("data-iteration") == "4"
    assert marks(page) == {"added": ["y"]}
    assert "Added: y = y.sigmoid()" in page.locator(".mg-changes").inner_text()
    assert page.locator(".mg-count").inner_text() == "Iterations 3–4 of 6"
    assert "Added" in page.locator("[aria-live]").text_content()
    page.keyboard.press("Home")
    assert watched.get_attribute("data-iteration") == "2"
    assert marks(page) == {}
    page.get_by_role("button", name="Newest").click()
    assert watched.get_attribute("data-iteration") == "6"
    assert page.get_by_role("button", name="Stop").count() == 0  # there is nobody to stop


def test_the_picture_is_only_touched_where_it_changes(opened: Open) -> None:
    page = opened("loop")
    page.locator(".mg-watch").focus()
    page.keyboard.press("Home")
    page.evaluate("() => (document.querySelector('.mg-node[data-kind=leaf]').kept = true)")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.querySelector('.mg-node[data-kind=leaf]').kept") is True


def test_a_failure_in_words_and_in_the_picture(opened: Open) -> None:
    page = opened("failing")
    assert page.locator(".mg-node[data-kind='failed'] .mg-name").text_content() == "✕ matmul"
    assert page.locator(".mg-node .mg-wrong").all_text_contents() == ["[3]", "[4]"]
    assert page.locator(".mg-operands li").all_inner_texts() == [
        "b: 2×[3], float32",
        "c1: [4]×5, float32",
    ]
    assert "cannot be multiplied" in page.locator("[aria-live]").text_content()


def test_versions_say_which_entries_and_which_writes(opened: Open) -> None:
    page = opened("stale")
    rows = page.locator(".mg-member").all_inner_texts()
    assert [row.split() for row in rows][1] == ["view", "■", "■", "■", "·", "·", "·"]
    assert page.locator(".mg-padlock[data-state='overwritten']").count() == 1
    assert "view.mul_(3)" in page.locator(".mg-story").inner_text()
    assert "2 version counters" in page.locator(".mg-several").inner_text()
    page.wait_for_function("() => document.querySelector('[aria-live]').textContent.length > 20")


@pytest.mark.oracle
def test_code_in_the_footnote_has_no_backquotes(opened: Open) -> None:
    note = opened("of_pytorch").locator(".mg-version-note")
    assert note.locator("code").inner_text() == "with widgets.recording():"
    assert "`" not in note.inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_no_key_leaks(opened: Open, name: str) -> None:
    page = opened(name)
    page.locator(".mg").focus()
    for key in ("x", "a", "d", "ArrowUp", "ArrowDown", "ArrowLeft", "Delete", "Enter"):
        page.keyboard.press(key)
    page.keyboard.press("Control+s")
    assert page.evaluate("window.leaked.filter((key) => key !== 'Control')") == ["s"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_contrast(opened: Open, name: str, theme: str) -> None:
    page = opened(name, color_scheme=theme)
    page.wait_for_selector(f'.mg[data-theme="{theme}"]')
    for _ in range(3):
        assert page.evaluate(CONTRAST) == []
        page.locator(".mg").focus()
        page.keyboard.press("ArrowLeft")


@pytest.mark.parametrize("width", [420, 1100])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_page(opened: Open, name: str, width: int) -> None:
    page = opened(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def long_loop() -> Any:
    """Two iterations of a graph that has to be folded; the second has an operation more."""
    weight = torch.ones(3, requires_grad=True)
    with watch() as w:
        for k in range(2):
            h = torch.ones(3)
            for j in range(120):
                h = torch.tanh(h * weight)
                if k and j == 60:
                    h = h.exp()
            h.sum().backward()
    return w


def test_a_large_graph_folds_and_is_searched(opened: Open) -> None:
    page = opened("long_loop")
    boxes = page.locator(".mg-node, .mg-group")
    few = boxes.count()
    assert few < 45
    changed = page.locator(".mg-group", has_text="+1")
    assert changed.count() == 1
    page.locator(".mg").focus()
    page.keyboard.press("/")
    page.keyboard.type("exp")
    page.keyboard.press("Enter")
    found = page.locator(".mg-node[data-found]")
    assert "exp(" in found.text_content()
    assert found.get_attribute("data-mark") == "added"
    assert boxes.count() > few
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close all groups").click()
    folded = boxes.count()
    assert folded < few + 5
    group = page.locator(".mg-group").first
    name = group.locator(".mg-name").text_content()
    group.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")  # what is opened stays open in the other iteration
    assert page.locator(".mg-watch").get_attribute("data-iteration") == "1"
    assert page.locator(".mg-frame-group .mg-name").first.text_content() == name
    assert page.evaluate("window.leaked.filter((key) => key !== 'Escape')") == []


def test_a_picture_of_watch_zooms(opened: Open) -> None:
    page = opened("loop")
    width = page.locator(".mg-pane svg").bounding_box()["width"]
    page.locator(".mg").focus()
    page.keyboard.press("+")
    assert page.locator(".mg-pane svg").bounding_box()["width"] == pytest.approx(1.25 * width, 0.01)
    page.get_by_role("button", name="Smaller").click()
    assert page.locator(".mg-pane svg").bounding_box()["width"] == pytest.approx(width, 0.01)
    assert page.get_by_role("button", name="Close all groups").count() == 0
    page.keyboard.press("f")
    page.wait_for_selector(".mg[data-full]")
    assert page.locator(".mg-pane").bounding_box()["height"] > 600


@pytest.mark.parametrize("kind", ["SVG", "PNG", "HTML"])
def test_a_picture_of_watch_is_saved(opened: Open, kind: str, tmp_path: Path) -> None:
    page = opened("loop")
    page.locator(".mg").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("s")
    with page.expect_download() as download:
        page.get_by_role("button", name=f": {kind}").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == f"watch-iteration-4.{kind.lower()}"
    if kind == "HTML":
        page.goto(path.as_uri())
        page.wait_for_selector(".mg-watch[data-iteration='6']")
        assert page.locator(".mg-node").count() > 3
    else:
        starts = {"SVG": b"<svg", "PNG": b"\x89PNG"}
        assert path.read_bytes().startswith(starts[kind])
