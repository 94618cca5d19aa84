"""A page object for a lesson in JupyterLab: its cells, their outputs, its exercises' verdicts."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.lab import PANEL, PATIENCE, RAN, READY

CELLS = f"""() => {PANEL}.content.widgets.map((cell) => ({{
  id: cell.model.id,
  type: cell.model.type,
  count: cell.model.executionCount ?? null,
  grade: cell.model.getMetadata("nbgrader")?.grade_id ?? null,
  errors: [...(cell.model.outputs?.toJSON() ?? [])]
    .filter((output) => output.output_type === "error")
    .map((output) => `${{output.ename}}: ${{output.evalue}}`),
}}))"""
FAILED = f"""() => [...{PANEL}.content.model.cells].some((cell) => cell.type === "code"
  && cell.outputs.toJSON().some((output) => output.output_type === "error"))"""
SHOWN = f"""(id) => {{
  const content = {PANEL}.content;
  const index = content.widgets.findIndex((cell) => cell.model.id === id);
  content.activeCellIndex = index;
  return content.scrollToItem(index, "start");
}}"""
MARKED = f"""(id) => {{
  const cell = {PANEL}.content.widgets.find((cell) => cell.model.id === id);
  cell.node.dataset.cell = id;
  return cell.node.isConnected;
}}"""
SOURCE = f"""(id) => [...{PANEL}.content.model.cells]
  .find((cell) => cell.id === id).sharedModel.source"""
AGAIN = f"""([id, before]) => {{
  const cell = [...{PANEL}.content.model.cells].find((cell) => cell.id === id);
  return cell.executionCount !== null && cell.executionCount > before
    && {PANEL}.sessionContext.session.kernel.status === "idle";
}}"""
HEADINGS = f"""() => [...{PANEL}.content.model.cells].filter((cell) => cell.type === "markdown")
  .flatMap((cell) => cell.sharedModel.source.split("\\n").filter((line) => /^#+ /.test(line)))"""


class LessonPage:
    """A lesson that is open in a page of `Lab`."""

    def __init__(self, lab: Any, notebook: str) -> None:
        self.lab, self.notebook = lab, notebook
        self.page = lab.open(notebook)

    def close(self) -> None:
        """End the kernel, and close the page."""
        self.page.evaluate(f"() => {PANEL}.sessionContext.shutdown()")
        self.page.close()

    def cells(self) -> list[dict[str, Any]]:
        return self.page.evaluate(CELLS)

    def run_all(self) -> None:
        """Run all cells; stops at the first error, with all errors that there are."""
        self.page.evaluate("() => void jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(f"() => ({RAN})() || ({FAILED})()")
        errors = {cell["id"]: cell["errors"] for cell in self.cells() if cell["errors"]}
        assert not errors, f"{self.notebook}: {errors}"
        self.page.wait_for_function(READY)

    def kernel(self) -> str:
        """The name of the kernel that runs the lesson; nothing was asked for it."""
        assert self.page.locator(".jp-Dialog").count() == 0
        return self.page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.name")

    def show(self, cell: str) -> Any:
        """Scroll to a cell; a locator of it."""
        self.page.evaluate(SHOWN, cell)
        self.page.wait_for_function(MARKED, arg=cell)
        return self.page.locator(f'[data-cell="{cell}"]')

    def contents(self) -> None:
        """The table of contents has every heading, and a click leads there."""
        page = self.page
        headings = [re.sub(r"[#`*$]", "", line).strip() for line in page.evaluate(HEADINGS)]
        page.evaluate("() => jupyterapp.shell.activateById('table-of-contents')")
        entries = page.locator(".jp-TableOfContents .jp-tocItem-content:visible")
        page.wait_for_function(
            """(count) => document.querySelectorAll(
                 ".jp-TableOfContents .jp-tocItem-content").length >= count""",
            arg=len(headings),
        )
        listed = [text.replace("$", "").strip() for text in entries.all_inner_texts()]
        assert listed == headings
        entries.filter(has_text=headings[-1]).last.click()
        heading = page.locator(".jp-RenderedMarkdown:visible").get_by_role(
            "heading", name=re.compile(re.escape(headings[-1]))
        )
        heading.last.wait_for()
        page.wait_for_function(
            """(heading) => { const { top } = heading.getBoundingClientRect();
                              return top >= 0 && top < innerHeight; }""",
            arg=heading.last.element_handle(),
        )
        page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")

    def answer(self, exercise: str, code: str) -> str:
        """Type an answer over what is in its cell, run it and its check; the verdict as text."""
        page = self.page
        before = max(cell["count"] or 0 for cell in self.cells())
        ids = {cell["grade"]: cell["id"] for cell in self.cells() if cell["grade"]}
        answer, check = ids[exercise], ids[f"{exercise}-check"]
        editor = self.show(answer).locator(".cm-content")
        editor.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(code)
        assert page.evaluate(SOURCE, answer) == code
        page.keyboard.press("Shift+Enter")
        page.wait_for_function(AGAIN, arg=[answer, before])
        errors = next(cell["errors"] for cell in self.cells() if cell["id"] == answer)
        assert not errors, errors
        self.show(check)
        self.lab.execute(page, "notebook:run-cell")
        page.wait_for_function(AGAIN, arg=[check, before])
        return self.verdict(check)

    def verdict(self, check: str) -> str:
        """What the output of a check says: its summary, and a line for each finding."""
        output = self.show(check).locator(".jp-OutputArea-output").last
        summary = output.get_by_role("status")
        summary.wait_for(timeout=PATIENCE * 1000)
        lines = [summary.inner_text()]
        for row in output.locator("tr").all():
            mark, what, said = row.locator("td").all_inner_texts()
            lines.append(f"{mark[0]} {what}: {said}")
        return "\n".join(lines)
