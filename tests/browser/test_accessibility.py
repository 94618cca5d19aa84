"""Every view's page before axe-core, in both themes: no violations, whatever state it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import minigrad as torch
from minigrad import autograd, nn, optim, recording
from tests.browser.axe import violations
from tests.browser.test_jacobian_page import larger, small
from tests.browser.test_watch_page import failing, loop, stale
from tests.widgets import example_traces as examples
from tests.widgets import large_traces
from widgets import Stepper, derive, draw, jacobian, profile_chart, training_view

pytestmark = pytest.mark.browser


def verdicts() -> Any:
    """A derivation with a right answer, a wrong one, one that cannot be read, and one to come."""
    with recording.recording():
        x = torch.ones(2, 2, requires_grad=True)
        y = x + 2
        z = y * y * 3
        out = z.mean()
    widget = derive(out, x, names={"x": x, "y": y, "z": z, "out": out})
    widget.check({"∂out/∂z": "1/4", "∂z/∂y": "3*y", "∂y/∂x": "1 +"})
    return widget


def wide() -> Any:
    """A Jacobian that is shown as a heat map."""
    with recording.recording():
        torch.manual_seed(0)
        return jacobian(lambda x: (x @ torch.randn(12, 40)).tanh(), torch.randn(12))


def trained() -> Any:
    torch.manual_seed(0)
    model = nn.Linear(3, 1)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    view = training_view(model, steps=4)
    for _ in view:
        loss = (model(torch.ones(2, 3)) ** 2).mean()
        loss.backward()
        view.step(loss)
        optimizer.step()
        optimizer.zero_grad()
    return view


def profiled() -> Any:
    x = torch.ones(30, 30, requires_grad=True)
    with autograd.profiler.profile() as prof:
        (x @ x).sum().backward()
    return profile_chart(prof)


def traced(name: str) -> Callable[[], Any]:
    return lambda: Stepper(getattr(examples, name)())


def every_step(page: Any) -> Iterator[str]:
    last = int(page.locator(".mg-slider").get_attribute("max"))
    for step in range(last + 1):
        page.locator(".mg-slider").fill(str(step))
        yield f"step {step}"


def a_few_steps(page: Any) -> Iterator[str]:
    last = int(page.locator(".mg-slider").get_attribute("max"))
    for step in sorted({0, last // 3, 2 * last // 3, last}):
        page.locator(".mg-slider").fill(str(step))
        yield f"step {step}"


def folded(page: Any) -> Iterator[str]:
    """A large picture; then with its groups closed, its search and its saving open."""
    yield from a_few_steps(page)
    page.locator(".mg").press("g")
    page.locator(".mg").press("s")
    page.locator(".mg").press("/")
    page.locator(".mg-input").fill("t")
    yield "closed, searched, about to be saved"


def predicting(page: Any) -> Iterator[str]:
    """While it asks, when an answer is wrong, and when it cannot be read."""
    page.locator(".mg-predict").click()
    page.locator(".mg").press("End")
    page.keyboard.press("ArrowLeft")
    page.locator(".mg-answer").first.wait_for()
    yield "asked"
    for answer in ("what", "77"):
        page.locator(".mg-answer").first.fill(answer)
        page.keyboard.press("Enter")
        yield f"answered {answer}"


def as_it_opens(page: Any) -> Iterator[str]:
    yield "opened"


STEPPERS = (
    *("branchy", "not_finite", "severed", "overwritten"),
    *("dead_branch", "hostile", "large", "odd"),
)
VIEWS: dict[str, tuple[Callable[[], Any], Callable[[Any], Iterator[str]]]] = {
    "stepper": (traced("worked"), every_step),
    **{f"stepper, {name}": (traced(name), a_few_steps) for name in STEPPERS},
    "stepper, predict": (traced("worked"), predicting),
    "stepper, folded": (lambda: Stepper(large_traces.modules()), folded),
    "watch": (loop, as_it_opens),
    "watch, failed": (failing, as_it_opens),
    "jacobian, small": (small, as_it_opens),
    "jacobian, table": (larger, as_it_opens),
    "jacobian, heat map": (wide, as_it_opens),
    "derive": (verdicts, as_it_opens),
    "versions": (stale, as_it_opens),
    "training_view": (trained, as_it_opens),
    "profile_chart": (profiled, as_it_opens),
    "draw": (lambda: draw(examples.severed()), as_it_opens),
}


@pytest.mark.parametrize("theme, width", [("light", 1100), ("dark", 1100), ("light", 420)])
def test_no_violations(opened: Any, theme: str, width: int) -> None:
    found: dict[str, str] = {}  # what axe says → where it said so first
    for name, (make, states) in VIEWS.items():
        page = opened(make(), width, color_scheme=theme)
        for state in states(page) if width > 1000 else as_it_opens(page):
            for said in violations(page):
                found.setdefault(said, f"{name}, {state}")
        page.context.close()
    assert not found, "\n".join(f"{where}: {said}" for said, where in found.items())


def test_the_checker_sees_what_is_wrong(opened: Any) -> None:
    page = opened(Stepper(examples.worked()))
    page.evaluate("document.querySelector('.mg-next').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.mg-next').replaceChildren()")
    page.evaluate("document.querySelector('.mg-next').title = ''")
    assert any(said.startswith("button-name") for said in violations(page))


def test_what_is_too_wide_is_reached_by_the_keys(opened: Any) -> None:
    page = opened(larger(), 420)
    page.wait_for_selector(".mg-scroll[tabindex='0']")
    page.set_viewport_size({"width": 1800, "height": 900})
    page.wait_for_selector(".mg-scroll:not([tabindex])")
