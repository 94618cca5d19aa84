"""Pointing at one entry of what is sent lights what it was made of, also where it is left out."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad import recording
from minigrad.trace import record
from tests.browser.test_stepper_page import step
from tests.widgets import example_traces as examples
from widgets import Stepper

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def at(page: Any, name: str) -> Any:
    """The first product of the step of a node."""
    while name not in page.locator(".mg-kicker").inner_text():
        page.locator(".mg-next").click()
    return page.locator(".mg-product").first


def entries(*shape: int) -> tuple[Any, Any]:
    """A stepper through `exp` of so many entries, and what it sends back."""
    with recording.recording():
        x = torch.randn(*shape, requires_grad=True)
        y = x.exp()
        out = (y * y).sum()
    widget = Stepper(record(out, None, {"x": x, "y": y, "out": out}))
    return widget, (2 * np.exp(x.detach().numpy()) ** 2).ravel()


def said(page: Any) -> float:
    return float(page.locator(".mg-trail").first.inner_text().rpartition("= ")[2])


def test_pointing_at_an_entry_lights_what_it_was_made_of(opened: Open) -> None:
    page = opened(Stepper(examples.product()))
    while "MmBackward0" not in page.locator(".mg-kicker").inner_text():
        page.locator(".mg-next").click()
    product = page.locator(".mg-product").first
    entries = product.get_by_role("option")
    assert entries.count() == 4
    entries.nth(1).hover()
    assert product.locator(".mg-trail").inner_text() == "Entry [0, 1]: -2 × (-1) + 9 × 2 = 20"
    assert product.locator(".mg-lit").all_inner_texts() == ["-2", "9", "-1", "2", "20"]
    page.mouse.move(0, 0)
    assert product.locator(".mg-lit").count() == 0
    page.locator(".mg-speed").focus()
    at = step(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "option":
            break
    for key, entry in (("ArrowRight", "[0, 1]"), ("End", "[1, 1]"), ("ArrowUp", "[1, 0]"),
                       ("Home", "[0, 0]"), ("ArrowLeft", "[0, 0]")):  # fmt: skip
        page.keyboard.press(key)
        said = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert said.startswith(f"Entry {entry}: ")
        assert product.locator('[aria-selected="true"]').count() == 1
    assert said.endswith("= 2.5")
    assert step(page) == at
    assert page.evaluate("window.leaked.filter((key) => key !== 'Tab')") == []


def test_zero_times_infinity_is_named_and_lit(opened: Open) -> None:
    page = opened(Stepper(examples.dead_branch()))
    while "SqrtBackward0" not in page.locator(".mg-kicker").inner_text():
        page.locator(".mg-next").click()
    assert page.locator(".mg-warning").inner_text().startswith("Entry 0: 0 × ∞ = nan")
    page.locator('[role="option"]').first.hover()
    assert "0 × ∞ = nan, as 0 × ∞ is nan" in page.locator(".mg-trail").inner_text()
    assert page.locator(".mg-cell.mg-bad.mg-lit").all_inner_texts() == ["inf", "nan"]


@pytest.mark.parametrize("shape", [(40,), (8, 8), (3, 4, 4)])
def test_every_entry_can_be_reached_by_keys(opened: Open, shape: tuple[int, ...]) -> None:
    widget, sent = entries(*shape)
    page = opened(widget)
    product = at(page, "ExpBackward0")
    product.get_by_role("option").first.focus()
    for k, value in enumerate(sent):
        assert said(page) == pytest.approx(value, abs=1e-3, rel=1e-3)
        option = product.locator('[aria-selected="true"]')
        assert option.get_attribute("aria-posinset") == str(k + 1)
        assert option.get_attribute("aria-setsize") == str(len(sent))
        lit = product.locator(".mg-lit").all_inner_texts()
        factors = [float(text.replace("\xa0", "")) for text in lit]
        assert factors[0] * factors[1] == pytest.approx(factors[2], abs=0.01, rel=0.01)
        page.keyboard.press("ArrowRight")
    for key, k in (("Home", 0), ("End", len(sent) - 1), ("PageUp", len(sent) - 5)):
        page.keyboard.press(key)
        assert said(page) == pytest.approx(sent[k], abs=1e-3, rel=1e-3)
        assert page.evaluate("document.activeElement.getAttribute('role')") == "option"


def test_every_entry_can_be_reached_by_the_pointer(opened: Open) -> None:
    widget, sent = entries(40)
    page = opened(widget)
    row = at(page, "ExpBackward0").get_by_role("listbox")
    seen: set[int] = set()
    for _ in range(len(sent)):
        shown = row.locator("[data-at]").all()
        places = [int(cell.get_attribute("aria-posinset")) - 1 for cell in shown]
        one = random.randrange(len(shown))
        shown[one].hover()
        assert said(page) == pytest.approx(sent[places[one]], abs=1e-3, rel=1e-3)
        seen |= set(places)
        if len(sent) - 1 in places and seen == set(range(len(sent))):
            return
        row.locator(".mg-gap").last.click()
    raise AssertionError(f"only {sorted(seen)} were shown")


def test_what_a_sum_was_made_of_moves_into_sight(opened: Open) -> None:
    """The one term that is not zero stands far behind in the incoming row."""
    with recording.recording():
        x = torch.randn(4, requires_grad=True)
        places = torch.tensor([0] * 30 + [1, 2, 3])
        y = x[places]
        out = (y * torch.arange(33.0)).sum()
    page = opened(Stepper(record(out, None, {"x": x, "y": y})))
    product = at(page, "IndexBackward0")
    product.get_by_role("option").nth(3).hover()
    assert "32" in [text.strip("\xa0") for text in product.locator(".mg-lit").all_inner_texts()]
