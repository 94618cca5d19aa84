"""Pages that a view wrote, opened from their file with the network off.

    def test_it(opened):
        page = opened(widget, width=1100)

When a test is over, its pages are closed; it fails if one had an error or asked for anything.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

WATCH = """
window.leaked = [];
document.addEventListener("keydown", (event) => window.leaked.push(event.key));
window.alert = () => { window.alarmed = true; };
"""


@contextlib.contextmanager
def offline(chromium: Any) -> Iterator[Callable[..., Any]]:
    """A function that opens the page of a widget (anything with `to_html`)."""
    problems: list[str] = []
    requests: list[str] = []
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as contexts:

        def opened(widget: Any, width: int = 1100, **options: Any) -> Any:
            path = widget.to_html(Path(folder) / f"{id(widget)}.html")
            context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
            contexts.callback(context.close)
            context.set_offline(True)
            page = context.new_page()
            page.add_init_script(WATCH)
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
            page.on("request", lambda request: requests.append(request.url))
            page.goto(path.as_uri())
            page.wait_for_selector(".mg[data-theme], main > h1")  # a chart has no script
            return page

        yield opened
    assert problems == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
