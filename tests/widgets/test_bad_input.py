"""Whatever a view is handed: a picture that is right, or an error that says what to do."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad.trace import record
from widgets import (
    derive,
    draw,
    jacobian,
    profile_chart,
    step_through,
    training_view,
    versions,
    watch,
)
from widgets.view import View

MARKUP = "<img src=x onerror=alert(1)>"


class Hostile:
    def __repr__(self) -> str:
        raise AssertionError("nobody may ask for this")

    __str__ = __repr__


def leaf() -> Any:
    return torch.ones(2, requires_grad=True)


def freed() -> Any:
    x = leaf()
    out = (x * x).sum()
    out.backward()
    return out


def not_finite() -> Any:
    values = torch.tensor([math.nan, math.inf, -math.inf], requires_grad=True)
    return (values * 2).sum()


GIVEN: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "a number": lambda: 3.5,
    "a list": lambda: [1.0, 2.0],
    "a string": lambda: MARKUP,
    "an array": lambda: np.ones(2),
    "no graph": lambda: torch.ones(2),
    "a leaf": leaf,
    "freed": freed,
    "hostile": Hostile,
    "hostile in a list": lambda: [Hostile()],
    "zero-size": lambda: torch.zeros(0, 3, requires_grad=True) * 2,
    "0-d": lambda: torch.tensor(2.0, requires_grad=True) * 3,
    "not finite": not_finite,
    "whole numbers": lambda: torch.tensor([1, 2]),
}
VIEWS: dict[str, Callable[[Any], Any]] = {
    "step_through": step_through,
    "draw": draw,
    "versions": versions,
    "jacobian of": lambda given: jacobian(given, leaf()),
    "jacobian at": lambda given: jacobian(lambda x: x * 2, given),
    "derive of": lambda given: derive(given, leaf()),
    "derive by": lambda given: derive((leaf() * 2).sum(), given),
    "profile_chart": profile_chart,
    "training_view": training_view,
    "watch": watch,
}
TENSORS = {"freed", "0-d", "not finite"}
DRAWN = {
    "step_through": TENSORS,
    "draw": TENSORS | {"a leaf", "zero-size"},
    "versions": TENSORS | {"a leaf", "zero-size", "no graph", "whole numbers"},
    "jacobian at": TENSORS | {"a leaf", "no graph"},
    "training_view": {"a leaf", "no graph", "whole numbers"},
}
"""What each view makes a picture of; all else is refused."""
ADVICE = (
    r"Pass|Give|Write|Make|Use|Choose|needs|swap|Step through|graph|tensor to differentiate|entry"
)


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_or_advice(view: str, given: str, tmp_path: Path) -> None:
    value = GIVEN[given]()
    if given in DRAWN.get(view, ()):
        page = VIEWS[view](value).to_html(tmp_path / "page.html").read_text(encoding="utf-8")
        assert len(page) > 1000
        return
    with pytest.raises((TypeError, ValueError, RuntimeError), match=ADVICE) as raised:
        VIEWS[view](value)
    assert len(str(raised.value)) > 40


@pytest.mark.parametrize("name", ["größe", "重み", "ℓ"])
def test_names_of_any_alphabet(name: str, tmp_path: Path) -> None:
    x = leaf()
    out = (x * 2).sum()
    names = {name: x, "out": out}
    for k, view in enumerate((draw(out, params={name: x}), derive(out, x, names=names))):
        assert name in view.to_html(tmp_path / f"{k}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [MARKUP, 'a"b', "two\nlines", "</script>", "x" * 5000, "`x`"])
def test_names_are_only_ever_text(name: str, tmp_path: Path) -> None:
    x = leaf()
    out = (x * 2).sum()
    named = {name: x}
    views = (
        draw(out, params=named),
        derive(out, x, names={**named, "out": out}),
        step_through(record(out, None, named)),
        training_view(named),
    )
    for k, view in enumerate(views):
        page = view.to_html(tmp_path / f"{k}.html").read_text(encoding="utf-8")
        assert "<img src=x" not in page
        assert page.count("</script>") == (2 if isinstance(view, View) else 0)


def test_a_very_long_line(tmp_path: Path) -> None:
    scope: dict[str, Any] = {"torch": torch, "x": leaf()}
    exec("out = (x * 2" + " + 0 * x" * 40 + ").sum()  # " + "y" * 100_000, scope)
    out = scope["out"]
    for k, view in enumerate((step_through(out), draw(out), versions(out))):
        assert len(view.to_html(tmp_path / f"{k}.html").read_text(encoding="utf-8")) < 900_000
