"""A page without a script: a picture or a chart, its words, and nothing that is fetched."""

from __future__ import annotations

import html
from pathlib import Path

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0 auto; max-width: 1180px; padding: 12px; font: 16px/1.5 system-ui, sans-serif; }}
img {{ max-width: 100%; }}
.unseen {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
</style>
</head>
<body><main><h1{unseen}>{title}</h1>{content}</main></body>
</html>
"""


def write(path: str | Path, title: str, content: str, pictured: bool = False) -> Path:
    """Write the page; `content` is HTML. Returns its path.

    pictured: the title stands in the picture, and above it only for those who hear the page.
    """
    path = Path(path)
    text = PAGE.format(
        policy=html.escape(POLICY), title=html.escape(title), content=content,
        unseen=' class="unseen"' if pictured else "",
    )  # fmt: skip
    path.write_text(text, encoding="utf-8")
    return path
