"""The front end's files, as the two texts that anywidget and an exported page take."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .modules import join

STATIC = Path(__file__).parent / "static"
SHARED = ("shared/base.css", "shared/frame.css")


@cache
def script(page: str) -> str:
    """The modules of a page, joined; `render` is then a function of their one scope."""
    return join(STATIC / page)


@cache
def style(names: tuple[str, ...]) -> str:
    """The shared style sheets and those of a page, without comments and needless white space:
    each widget saves a copy.
    """
    text = "".join((STATIC / name).read_text(encoding="utf-8") for name in (*SHARED, *names))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", text).strip()
