"""Text against what is behind it: at least 4.5 to 1, in both themes, at every kind of step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.widgets import example_traces as examples
from tests.widgets import large_traces
from widgets import Stepper

pytestmark = pytest.mark.browser

# JupyterLab's own values (4.6, its light and dark themes).
LAB = {
    "light": {"--jp-layout-color1": "white", "--jp-ui-font-color1": "rgba(0, 0, 0, 0.87)"},
    "dark": {"--jp-layout-color1": "#212121", "--jp-ui-font-color1": "rgba(255, 255, 255, 0.87)"},
}

# Every text that is seen, its contrast with the nearest background, blended where translucent.
MEASURE = """() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    const scale = text.startsWith("color(srgb") ? 255 : 1;
    return { r: r * scale, g: g * scale, b: b * scale, a };
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
  const fillOf = (shape) => {
    const fill = shape && getComputedStyle(shape).fill;
    return fill && fill !== "none" ? parse(fill) : null;
  };
  const behindSvg = (text) => text.classList.contains("mg-bad") || text.closest("text.mg-bad")
    ? parse(getComputedStyle(text).stroke)
    : fillOf(text.closest(".mg-tag, .mg-cut")?.querySelector("rect"))
      ?? fillOf(text.closest(".mg-failed")?.parentElement.querySelector(".mg-failed-back"))
      ?? fillOf(text.closest(".mg-stale")?.querySelector(".mg-lock-back"))
      ?? fillOf(text.closest(".mg-slot")?.querySelector("path"))
      ?? fillOf(text.closest(".mg-node, .mg-group")?.querySelector(".mg-box"))
      ?? (text.closest(".mg-frame-group") && parse(getComputedStyle(text).stroke));
  const frames = [...document.querySelectorAll(".mg-around")];
  const tinted = (text, back) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    return frames.filter((frame) => {
      const at = frame.getBoundingClientRect();
      return at.left <= left && right <= at.right && at.top <= top && bottom <= at.bottom;
    }).reduce((under, frame) => over(fillOf(frame), under), back);
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
  const found = [];
  let seen = 0;
  for (const element of document.querySelectorAll(".mg *")) {
    if (element.closest(".mg-spoken, math, title, select")) continue;
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const style = getComputedStyle(element);
    if (!own || style.visibility === "hidden") continue;
    const svg = element.closest("svg") && element.closest(".mg-pane");
    const back = (svg && behindSvg(element))
      || tinted(element, behind(svg ? element.closest(".mg-graph") : element));
    seen += 1;
    const front = over(parse(svg ? style.fill : style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push([element.className.baseVal ?? element.className,
                                 element.textContent.slice(0, 30), ratio.toFixed(2)].join(" | "));
  }
  return seen > 15 ? [...new Set(found)] : [`only ${seen} texts were looked at`];
}"""


@pytest.mark.parametrize("host", ["page", "lab"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(chromium: Any, tmp_path: Path, theme: str, host: str) -> None:
    for name in ("worked", "branchy", "not_finite", "scalars", "dead_branch", "kink", "severed",
                 "distrusted", "no_history", "overwritten"):  # fmt: skip
        path = Stepper(getattr(examples, name)()).to_html(tmp_path / f"{name}.html")
        context = chromium.new_context(color_scheme=theme, bypass_csp=True)
        page = context.new_page()
        if host == "lab":
            rules = "".join(f"{key}:{value};" for key, value in LAB[theme].items())
            page.add_init_script(f"document.documentElement.style.cssText = '{rules}'")
        page.goto(path.as_uri())
        page.wait_for_selector(f'.mg[data-theme="{theme}"]')
        steps = int(page.locator(".mg-slider").get_attribute("max"))
        page.locator(".mg").press("Home")
        for _ in range(steps + 1):
            assert page.evaluate(MEASURE) == [], (name, page.locator(".mg-count").inner_text())
            page.keyboard.press("ArrowRight")
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_of_groups(chromium: Any, tmp_path: Path, theme: str) -> None:
    for name in ("modules", "recurrent", "loop"):
        path = Stepper(large_traces.FOLDED[name]()).to_html(tmp_path / f"{name}.html")
        context = chromium.new_context(color_scheme=theme, bypass_csp=True)
        page = context.new_page()
        page.goto(path.as_uri())
        page.wait_for_selector(f'.mg[data-theme="{theme}"]')
        last = int(page.locator(".mg-slider").get_attribute("max"))
        page.locator(".mg").press("/")
        page.locator(".mg-input").fill("t")
        page.locator(".mg-input").press("Enter")
        page.locator(".mg").press("s")
        for step in (0, 3, last // 2 - 3, last // 2 + 3, last - 3, last):
            page.locator(".mg-slider").fill(str(step))
            assert page.evaluate(MEASURE) == [], (name, step)
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_of_a_prediction(chromium: Any, tmp_path: Path, theme: str) -> None:
    path = Stepper(examples.product()).to_html(tmp_path / "page.html")
    page = chromium.new_page(color_scheme=theme)
    page.goto(path.as_uri())
    page.wait_for_selector(f'.mg[data-theme="{theme}"]')
    page.locator(".mg-predict").click()
    while not page.locator(".mg-ask").count():
        page.locator(".mg-next").click()
    assert page.evaluate(MEASURE) == []
    page.keyboard.press("Enter")  # nothing typed: it asks again
    assert page.locator(".mg-trouble").inner_text()
    assert page.evaluate(MEASURE) == []
    for answer in ("1", "7"):
        for field in page.locator(".mg-answer").all():
            field.fill(answer)
        page.keyboard.press("Enter")
        assert page.locator(".mg-verdict").count()
        page.locator("[role='option']").first.hover()
        assert page.evaluate(MEASURE) == []
        page.locator(".mg-next").click()


def test_the_theme_follows_the_host(chromium: Any, tmp_path: Path) -> None:
    path = Stepper(examples.worked()).to_html(tmp_path / "page.html")
    page: Any = chromium.new_page(color_scheme="light")
    page.goto(path.as_uri())
    page.wait_for_selector('.mg[data-theme="light"]')
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector('.mg[data-theme="dark"]')
    page.evaluate("document.documentElement.style.setProperty('--jp-layout-color1', '#fff')")
    page.wait_for_selector('.mg[data-theme="light"]')


def test_reduced_motion_is_honoured(chromium: Any, tmp_path: Path) -> None:
    path = Stepper(examples.worked()).to_html(tmp_path / "page.html")
    for wish, moving in (("reduce", "none"), ("no-preference", "mg-flow")):
        page = chromium.new_page(reduced_motion=wish)
        page.goto(path.as_uri())
        page.locator(".mg-last").click()
        page.locator(".mg-back").click()  # the last operation of the way back
        curve = page.locator('.mg-edge[data-now="backward"] .mg-curve')
        assert curve.evaluate("e => getComputedStyle(e).animationName") == moving
        page.close()
