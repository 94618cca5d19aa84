"""The front end's files, as the two texts that anywidget and an exported page take."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .modules import join

STATIC = Path(__file__).parent / "static"
STYLES = ("shared/base.css", "stepper/stepper.css", "stepper/graph.css", "stepper/panel.css")


@cache
def script() -> str:
    """The stepper's modules, joined; `render` is then a function of their one scope."""
    return join(STATIC / "stepper" / "stepper.js")


@cache
def style() -> str:
    """The style sheets, without comments and needless white space: each widget saves a copy."""
    text = "".join((STATIC / name).read_text(encoding="utf-8") for name in STYLES)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip()
