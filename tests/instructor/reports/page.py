"""The look of every page, and what no page may show."""

from __future__ import annotations

import hashlib
import html
import os
import re
import sys
import tempfile
from pathlib import Path

from launch.places import ROOT
from widgets.still_page import POLICY

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --page: #fff; --text: #1b1b1f; --soft: #5c5f66; --line: #c9ccd3;
  --raised: #f5f6f8; --good: #1a6b2d; --bad: #b00020; --look: #8a4b00; --bar: #0b57b0; }}
@media (prefers-color-scheme: dark) {{ :root {{ --page: #16171a; --text: #ececf0; --soft: #a9adb6;
  --line: #4a4d55; --raised: #22242a; --good: #7fd08f; --bad: #ff8a96; --look: #ffb07a;
  --bar: #86bcff; }} }}
body {{ margin: 0 auto; max-width: 1080px; padding: 16px; background: var(--page);
  color: var(--text); font: 17px/1.5 system-ui, sans-serif; }}
h1 {{ font-size: 1.6em; line-height: 1.2; }} h2 {{ margin-top: 2em; font-size: 1.3em; }}
h3 {{ margin: 1.6em 0 .3em; font-size: 1.1em; }}
a {{ color: var(--bar); }}
code {{ font: .94em ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
table {{ border-collapse: collapse; width: 100%; }}
caption {{ text-align: start; color: var(--soft); padding: 4px 0; }}
th, td {{ padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: start;
  vertical-align: top; overflow-wrap: anywhere; }}
thead th {{ background: var(--raised); }}
.id {{ white-space: nowrap; }}
.number {{ text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }}
.wide {{ overflow-x: auto; }}
.wide th, .wide td {{ overflow-wrap: normal; }}
article {{ border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px;
  margin: 14px 0; }}
article h3 {{ margin-top: 0; }}
article ul {{ list-style: none; padding: 0; margin: .5em 0; }}
article li {{ margin: 4px 0; }}
.good {{ color: var(--good); font-weight: 600; }} .bad {{ color: var(--bad); font-weight: 600; }}
.look {{ color: var(--look); font-weight: 600; }} .soft {{ color: var(--soft); }}
.note {{ border-inline-start: 4px solid var(--look); padding: 4px 14px;
  background: var(--raised); }}
.bar {{ white-space: nowrap; }}
.meter {{ display: inline-block; width: 120px; height: 10px; border: 1px solid var(--soft);
  border-radius: 3px; vertical-align: middle; }}
.meter > span {{ display: block; height: 100%; background: var(--bar); }}
figure {{ margin: 12px 0 4px; overflow-x: auto; }} figure img {{ border-radius: 6px; }}
figcaption {{ color: var(--soft); }}
@media print {{ article {{ break-inside: avoid; }} }}
</style>
</head>
<body><main>
{content}
</main></body>
</html>
"""


def page(title: str, content: str) -> str:
    """A page that fetches nothing and has no script; `content` is HTML."""
    return PAGE.format(policy=html.escape(POLICY), title=html.escape(title), content=content)


def escape(text: object, longest: int = 1500) -> str:
    """A text as HTML; a flood is cut off."""
    shown = str(text)
    shown = shown if len(shown) <= longest else shown[:longest] + "…"
    # Letters that turn the reading direction could make one text look like another.
    safe = html.escape(re.sub(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]", "", shown))
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", safe)


_OURS = sorted(
    {
        str(place)
        for given in (ROOT, Path.home(), Path(sys.prefix), Path(sys.base_prefix), Path.cwd(),
                      Path(tempfile.gettempdir()))
        for place in (given, given.resolve())
        if len(place.parts) > 1
    },
    key=len,
    reverse=True,
)  # fmt: skip
_ROOTS = r"/(?:home|root|tmp|usr|var|opt|etc|proc|dev|mnt|srv|run|work|Users|Library|private)/"
_END = r"[^\s'\"<>,;:)\]]*"
PATHS = re.compile(
    "|".join([*(re.escape(place) + _END for place in _OURS),
              rf"(?<![\w/.]){_ROOTS}{_END}", rf"\b[A-Za-z]:[\\/]{_END}"])
)  # fmt: skip


def for_students(text: object, longest: int = 1500) -> str:
    """A text as HTML, without paths: they are the grading machine's, and of no use elsewhere."""
    return escape(PATHS.sub("(a file)", str(text)), longest)


def table(
    caption: str, head: list[str], rows: list[list[str]], numbers: tuple[int, ...] = ()
) -> str:
    """A table with its headings; the cells are HTML, the first of a row is its heading."""
    kinds = [' class="number"' if k in numbers else "" for k in range(len(head))]
    top = "".join(f'<th scope="col"{kind}>{text}</th>' for kind, text in zip(kinds, head))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row"{kind}>{cell}</th>' if k == 0 else f"<td{kind}>{cell}</td>"
            for k, (kind, cell) in enumerate(zip(kinds, row))
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{html.escape(caption)}"><table>'
        f"<caption>{html.escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def file_name(student: str) -> str:
    """A page's name for a student: safe on every system, and different for different people."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-").lower()[:40] or "student"
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html"


def link(target: str, text: str) -> str:
    """A link to a page beside or below this one."""
    return f'<a href="{html.escape(target.replace(os.sep, "/"))}">{escape(text)}</a>'
