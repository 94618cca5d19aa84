"""What a notebook has of a view: the outputs of its cell, its state, its still picture."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import unquote

import pytest


def outputs(view: Any) -> list[dict[str, Any]]:
    """The data of what a cell displays that ends with the view."""
    shown: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.display.display", lambda data, **options: shown.append(data))
        view._ipython_display_()
    return shown


def saved_bytes(view: Any) -> int:
    """What a view adds to a notebook that keeps its state."""
    return len(json.dumps(view.get_state())) + len(json.dumps(outputs(view)))


def picture(page: str) -> str:
    """The SVG of the only `<img>` that has one, as a browser reads it."""
    (source,) = re.findall(r'src="data:image/svg\+xml,([^"]+)"', page)
    return unquote(html.unescape(source))
