"""A stand-alone page: the same script as in the notebook, the data, and a model that only reads.

The page steps from a file with no network: a policy in it forbids any other source.
"""

from __future__ import annotations

import html
import json
from typing import Any

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

POLICY_TEXT = html.escape(POLICY)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0 auto; max-width: 1180px; padding: 12px; background: #fff; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #16171a; }} }}
{style}
</style>
</head>
<body>
<main><h1 class="mg-spoken">{title}</h1><div id="widget">{still}</div></main>
<script type="application/json" id="traits">{traits}</script>
<script type="module">
{script}
const traits = JSON.parse(document.getElementById("traits").textContent);
const nothing = () => {{}};
const get = (name) => traits[name];
const model = {{ get, set: nothing, save_changes: nothing, on: nothing, off: nothing }};
const again = (data) => {{
  const copy = document.documentElement.cloneNode(true);
  copy.querySelector("#widget").replaceChildren();
  copy.querySelector("#traits").textContent = data;
  return "<!doctype html>\\n" + copy.outerHTML;
}};
render({{ model, el: document.getElementById("widget"), parts: {{ again }} }});
</script>
</body>
</html>
"""


def parts(script: str, style: str) -> dict[str, str]:
    """What a page is made of, for a page that makes one: `page` has marks such as `@style@`."""
    names = ("title", "style", "script", "traits", "still")
    marks = {name: f"@{name}@" for name in names}
    return {"code": script, "style": style, "page": PAGE.format(policy=POLICY_TEXT, **marks)}


def page(script: str, style: str, traits: dict[str, Any], title: str, still: str = "") -> str:
    """The page as text. `still` is HTML that is shown until (or unless) the script runs."""
    # In a script element only "<" could end it early or open a comment.
    data = json.dumps(traits, ensure_ascii=False).replace("<", "\\u003c")
    return PAGE.format(
        policy=POLICY_TEXT,
        title=html.escape(title),
        style=style,
        script=script,
        traits=data,
        still=still,
    )
