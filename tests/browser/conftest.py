"""A Chromium for each file of tests, and pages in it that are closed when their test is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.lab import browser
from tests.browser.offline import offline


@pytest.fixture(scope="module")
def chromium(chrome: str) -> Iterator[Any]:
    with browser(chrome) as started:
        yield started


@pytest.fixture
def opened(chromium: Any) -> Iterator[Callable[..., Any]]:
    """opened(widget, width=1100) → a page with that widget, offline."""
    with offline(chromium) as open_page:
        yield open_page
