"""The page of `jacobian`: both products live, the chain multiplied, from a file and offline."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad
from minigrad import nn, recording
from tests.browser.test_stepper_contrast import MEASURE
from widgets.jacobian import Jacobian, jacobian

pytestmark = pytest.mark.browser

NUMBERS = """(name) => [...document.querySelectorAll(`.mg-table td.mg-result.${name}`)]
    .map((cell) => Number(cell.textContent))"""


def small() -> Jacobian:
    with recording.recording():
        minigrad.manual_seed(0)
        x = minigrad.tensor([1.0, 2.0, -0.5], requires_grad=True)
        w = minigrad.tensor([[1.0, -0.2, 0.0], [0.0, 0.1, -1.0]])
        h = w @ x
        y = h.tanh()
        return jacobian(y, x)


def larger() -> Jacobian:
    with recording.recording():
        minigrad.manual_seed(0)
        return jacobian(lambda x: x.softmax(1), minigrad.randn(4, 5))


def put(page: Any, label: str, value: float) -> None:
    page.get_by_label(label, exact=True).fill(str(value))


def test_a_row_and_a_column_are_picked_and_ones_add_the_rows(opened: Any) -> None:
    widget = small()
    page = opened(widget)
    matrix = widget.matrix
    page.get_by_role("button", name="v picks the row y[1]").click()
    np.testing.assert_allclose(page.evaluate(NUMBERS, "mg-v"), matrix[1], atol=1e-4)
    page.get_by_role("button", name="u picks the column x[2]").click()
    np.testing.assert_allclose(page.evaluate(NUMBERS, "mg-u"), matrix[:, 2], atol=1e-4)
    assert "picks the row y[1]" in page.locator(".mg-said").first.inner_text()
    page.get_by_role("button", name="v: ones, adds the rows").click()
    np.testing.assert_allclose(page.evaluate(NUMBERS, "mg-v"), matrix.sum(0), atol=1e-4)
    assert "adds all 2 rows" in page.locator("[aria-live]").text_content()


def test_random_weights_by_field_and_by_slider(opened: Any) -> None:
    widget = small()
    page = opened(widget)
    random = np.random.default_rng(4)
    v, u = random.normal(size=2).round(2), random.normal(size=3).round(2)
    for i, weight in enumerate(v):
        put(page, f"v, weight of y[{i}]", weight)
    for j, weight in enumerate(u):
        put(page, f"u, weight of x[{j}]", weight)
    np.testing.assert_allclose(page.evaluate(NUMBERS, "mg-v"), v @ widget.matrix, atol=1e-4)
    np.testing.assert_allclose(page.evaluate(NUMBERS, "mg-u"), widget.matrix @ u, atol=1e-4)
    slider = page.get_by_label("v, weight of y[0], slider")
    slider.focus()
    page.keyboard.press("Home")
    v[0] = -2
    np.testing.assert_allclose(page.evaluate(NUMBERS, "mg-v"), v @ widget.matrix, atol=1e-4)


def test_the_chain_is_multiplied_from_either_end(opened: Any) -> None:
    with recording.recording():
        minigrad.manual_seed(1)
        layers = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
        widget = jacobian(layers, minigrad.randn(3))
    page = opened(widget)
    chain = widget.described["chain"]
    for goal in ("row", "column", "whole"):
        page.get_by_label("What to compute").select_option(goal)
        for end in ("left", "right"):
            page.get_by_role("button", name=f"multiply from the {end}").click()
            counts = chain["costs"][goal][end]
            for k in range(len(counts)):
                page.get_by_role("button", name="multiply the next two").click()
                said = page.locator(".mg-cost-line").inner_text()
                assert f"= {counts[k]} multiplications" in said
                assert f"So far {sum(counts[: k + 1])} of {sum(counts)}" in said
            assert page.locator(".mg-sequence .mg-term").count() == 1
            numbers = [
                float(text) for text in page.locator(".mg-sequence .mg-cell").all_inner_texts()
            ]
            expected = {"row": widget.matrix[0], "column": widget.matrix[:, 0]}.get(goal)
            expected = widget.matrix.ravel() if expected is None else expected
            np.testing.assert_allclose(numbers, expected, atol=1e-4)


def test_a_picture_is_walked_through_by_keys(opened: Any) -> None:
    widget = larger()
    page = opened(widget)
    page.locator(".mg-squares").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    entry = widget.matrix[2, 1]
    assert f"∂f[0,2]/∂x[0,1] = {entry:.4f}" in page.locator(".mg-readout").inner_text()
    page.keyboard.press("Enter")
    first, second = page.locator(".mg-said").all_inner_texts()
    assert first.endswith("picks the row f[0,2]")
    assert second.endswith("picks the column x[0,1]")
    assert not set(page.evaluate("window.leaked")) & {"ArrowDown", "ArrowRight", "Enter"}


def test_one_weight_of_a_larger_one(opened: Any) -> None:
    widget = larger()
    page = opened(widget)
    page.get_by_label("v: which entry").fill("7")
    page.get_by_role("button", name="v: only this entry").click()
    put(page, "v: weight of this entry", 2)
    page.locator(".mg-squares").focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    assert f"vᵀJ here {2 * widget.matrix[7, 6]:.4f}" in page.locator(".mg-readout").inner_text()


def test_no_key_leaks(opened: Any) -> None:
    page = opened(small())
    page.get_by_label("v, weight of y[0]", exact=True).click()
    page.keyboard.type("1x2")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="u: zeros").focus()
    page.keyboard.press("d")
    assert page.evaluate("window.leaked") == []
    page.keyboard.press("Control+s")
    assert "s" in page.evaluate("window.leaked")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("make", [small, larger])
def test_contrast(opened: Any, theme: str, make: Callable[[], Jacobian]) -> None:
    page = opened(make(), color_scheme=theme, bypass_csp=True)
    assert page.evaluate(MEASURE) == []
    page.get_by_role("button", name="v: ones").click()
    assert page.evaluate(MEASURE) == []


@pytest.mark.parametrize("width", [480, 800, 1100])
@pytest.mark.parametrize("make", [small, larger])
def test_nothing_is_cut_off(opened: Any, width: int, make: Callable[[], Jacobian]) -> None:
    page = opened(make(), width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_control_has_a_name(opened: Any) -> None:
    for make in (small, larger):
        page = opened(make())
        unnamed = page.locator("button, input, select, [tabindex='0']").evaluate_all(
            "all => all.filter((e) => !(e.ariaLabel || e.textContent.trim())).length"
        )
        assert unnamed == 0


@pytest.mark.parametrize("make", [small, larger])
def test_it_is_saved(opened: Any, make: Any, tmp_path: Path) -> None:
    page = opened(make())
    page.locator(".mg h2").first.click()
    page.keyboard.press("s")
    paths = {}
    for kind in ("SVG", "PNG", "HTML"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f": {kind}").click()
        paths[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(paths[kind])
    text = paths["SVG"].read_text(encoding="utf-8")
    assert "var(" not in text
    assert paths["PNG"].read_bytes().startswith(b"\x89PNG")
    assert page.locator(".mg-drawn").count() == 0
    assert page.evaluate("window.leaked") == []


def test_the_drawing_of_a_table_has_its_numbers(opened: Any, tmp_path: Path) -> None:
    widget = small()
    page = opened(widget)
    page.get_by_role("button", name="v picks the row y[1]").click()
    page.get_by_role("button", name="Save the picture").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=": SVG").click()
    download.value.save_as(tmp_path / "drawn.svg")
    root = ET.parse(tmp_path / "drawn.svg").getroot()
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    written = [f"{value:.4f}".rstrip("0").rstrip(".") for value in widget.matrix.ravel()]
    assert set(written) <= set(texts)
    assert {"y[0]", "y[1]", "x[0]", "x[2]", "vᵀJ", "J·u"} <= set(texts)


def test_a_saved_page_has_the_same_vectors(opened: Any, tmp_path: Path) -> None:
    page = opened(small())
    put(page, "v, weight of y[1]", 0.75)
    page.get_by_role("button", name="Save the picture").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=": HTML").click()
    download.value.save_as(tmp_path / "again.html")
    before = page.evaluate(NUMBERS, "mg-v")
    page.goto((tmp_path / "again.html").as_uri())
    page.wait_for_selector(".mg-table")
    assert page.evaluate(NUMBERS, "mg-v") == before
