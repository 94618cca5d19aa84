"""axe-core, the accessibility checker, looks at a page; what it finds is told in a line each."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe


def violations(page: Any, within: str | None = None) -> list[str]:
    """What axe finds in the page, or in what a CSS selector names; its best practices too."""
    found = Axe().run(page, within, {"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]} ({node['failureSummary'][:300]})"
        for rule in found
        for node in rule["nodes"]
    ]
