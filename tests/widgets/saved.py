"""What a notebook has of a view: the outputs of its cell, and its state."""

from __future__ import annotations

import json
from typing import Any

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
