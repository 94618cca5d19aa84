r"""A notebook as one page that steps from a file, with no network:

    python -m widgets.offline notebook.ipynb page.html
    python -m widgets.offline notebook.ipynb page.html --run

The widgets are drawn from the state that the notebook was saved with; `--run` runs it first.
`jupyter nbconvert --to html` alone shows no widget offline: its page fetches the widgets' code.
Here the code that is saved with each widget is put into the page, once for each kind of view, and
a policy in the page forbids to fetch anything. Formulas of the text become MathML.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .export import POLICY_TEXT
from .formula import mathml
from .outputs import STILL
from .packing import unpacked_parts

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`\n]*`)", re.DOTALL)
MATH = re.compile(
    r"\$\$(?P<block>.+?)\$\$|(?<![\\$\w])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$])?)\$", re.DOTALL
)

MARK, MARKED = "\ue000{}\ue001", re.compile("\ue000(\\d+)\ue001")  # nothing else has these

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --page: #fff; --text: #1b1b1f; --code: #f5f6f8;
  --line: #c9ccd3; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --page: #16171a; --text: #ececf0; --code: #22242a; --line: #4a4d55; }}
}}
body {{ margin: 0 auto; max-width: 1180px; padding: 12px; color: var(--text);
  background: var(--page); font: 16px/1.5 system-ui, sans-serif; }}
pre, code {{ font: 15px/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
pre {{ margin: 0; padding: 8px 12px; overflow-x: auto; background: var(--code); }}
.output pre {{ background: none; }}
.prompt {{ display: none; }}
.cell {{ margin: 12px 0; }}
.anchor-link {{ display: none; }}
a {{ color: inherit; }}
img {{ max-width: 100%; background: #fff; }}
table {{ border-collapse: collapse; }}
td, th {{ padding: 3px 9px; border: 1px solid var(--line); text-align: start; }}
</style>
{styles}
</head>
<body><main>
{body}
</main>
<script type="application/json" id="views">{data}</script>
{scripts}
</body>
</html>
"""

SCRIPT = """<script type="module">
{code}
const {{ kinds, traits }} = JSON.parse(document.getElementById("views").textContent);
const nothing = () => {{}};
for (const el of document.querySelectorAll('[data-kind="{kind}"]')) {{
  const own = traits[el.dataset.view];
  const get = (name) => own[name];
  const model = {{ get, set: nothing, save_changes: nothing, on: nothing, off: nothing }};
  render({{ model, el, parts: kinds[{kind}] }});
}}
</script>"""


def page(notebook: Any, folder: Path, title: str) -> tuple[str, int, int]:
    """The page of a notebook (of nbformat), how many views step in it, and how many do not.

    folder: where the notebook lies; pictures that its text names are looked for there.
    """
    from nbconvert import HTMLExporter

    saved = notebook.metadata.pop("widgets", {}).get(STATE, {}).get("state", {})
    views, formulas = Views(saved), Formulas()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = formulas.marked(cell.source)
        if "outputs" in cell:
            cell.outputs = views.put_into(cell.outputs)
    exporter = HTMLExporter(template_name="basic", embed_images=True)
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"path": str(folder)}})
    # A part that is scrolled sideways has to be reached by the keys.
    body = formulas.put_into(body).replace("<pre>", '<pre tabindex="0">')
    data = json.dumps({"kinds": views.kinds, "traits": views.traits}, ensure_ascii=False)
    text = PAGE.format(
        policy=POLICY_TEXT,
        title=html.escape(title),
        styles="\n".join(f"<style>{kind['style']}</style>" for kind in views.kinds),
        body=body,
        data=data.replace("<", "\\u003c"),
        scripts="\n".join(
            SCRIPT.format(code=kind["code"], kind=k) for k, kind in enumerate(views.kinds)
        ),
    )
    return text, len(views.traits), len(views.pictures)


class Views:
    """The views of a notebook. kinds: their code, each once. traits: what each shows.

    pictures: which have no saved state, and stay still pictures.
    """

    def __init__(self, saved: dict[str, Any]) -> None:
        self.saved = saved
        self.kinds: list[dict[str, str]] = []
        self.traits: dict[str, dict[str, str]] = {}
        self.pictures: set[str] = set()

    def put_into(self, outputs: list[Any]) -> list[Any]:
        """The outputs of a cell with a place for each widget, and its still picture inside."""
        places: dict[str, Any] = {}
        found = []
        for output in outputs:
            data = output.get("data", {})
            content = "".join(data.get("text/html", ""))
            still = STILL.match(content)
            name = still[1] if still else data.pop(VIEW, {}).get("model_id")
            if still and name in places:
                self._fill(places[name], name, content)
            else:
                found.append(output)
                if name and not still:
                    places[name] = data
                    self._fill(data, name, content)
        return found

    def _fill(self, data: Any, name: str, still: str) -> None:
        """Make an output the place of a widget, or of its still picture where it has no state."""
        state = self.saved.get(name, {}).get("state", {})
        if "_code" not in state:  # nothing saved, or a widget of somebody else's
            self.pictures.add(name)
            if still:
                data["text/html"] = still
            return
        parts = unpacked_parts(state["_code"])
        if parts not in self.kinds:
            self.kinds.append(parts)
        self.traits[name] = {
            key: value
            for key, value in state.items()
            if isinstance(value, str) and not key.startswith("_")
        }
        data.clear()
        data["text/html"] = (
            f'<div data-kind="{self.kinds.index(parts)}" data-view="{html.escape(name)}">'
            f"{still}</div>"
        )


class Formulas:
    """The formulas of the text: marks in the Markdown, MathML in the page made of it."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def marked(self, text: str) -> str:
        """Markdown with a mark for each formula; code stays as it is."""
        pieces = CODE.split(text)
        return "".join(
            piece if k % 2 else MATH.sub(self._mark, piece) for k, piece in enumerate(pieces)
        )

    def _mark(self, found: re.Match[str]) -> str:
        latex = found["block"] or found["inline"]
        display = ' display="block"' if found["block"] else ""
        self.found.append(f"<math{display}>{mathml(' '.join(latex.split()))}</math>")
        return MARK.format(len(self.found) - 1)

    def put_into(self, body: str) -> str:
        """The page with the formulas in the places of their marks."""
        return MARKED.sub(lambda mark: self.found[int(mark[1])], body)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns 1, and says why, if a view has no saved state."""
    parser = argparse.ArgumentParser(
        "python -m widgets.offline", description="A notebook as a page."
    )
    parser.add_argument("notebook", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--run", action="store_true", help="run the notebook first")
    given = parser.parse_args(arguments)
    import nbformat

    notebook = nbformat.read(given.notebook, as_version=4)
    folder = given.notebook.resolve().parent
    if given.run:
        from nbclient import NotebookClient

        NotebookClient(notebook, resources={"metadata": {"path": str(folder)}}).execute()
    text, steps, still = page(notebook, folder, given.notebook.stem)
    given.page.write_text(text, encoding="utf-8")
    print(
        f"{given.page}: {steps} views step in it"
        + (f", {still} are still pictures." if still else ".")
    )
    if still:
        print(
            "The notebook has no saved state of them. Run it with --run, or run it in JupyterLab "
            "and save it, and try again.",
            file=sys.stderr,
        )
    return 1 if still else 0


if __name__ == "__main__":
    raise SystemExit(main())
