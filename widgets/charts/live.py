"""A chart's place in a notebook's output, which is written over while a cell runs."""

from __future__ import annotations

import sys
from typing import Any

from .chart import Chart


class Live:
    """Shows a chart where its cell runs; at the end of the cell once more, as it is then.

    shows: False outside of a notebook, where nothing is shown.
    """

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._handle: Any = None
        ipython = sys.modules.get("IPython")
        self._shell: Any = ipython.get_ipython() if ipython is not None else None
        self.shows = self._shell is not None and hasattr(self._shell, "kernel")
        self._begun = False

    def begin(self) -> None:
        """The loop runs in this cell: what is shown is brought up to date when it ends."""
        if self.shows and not self._begun:
            self._begun = True
            self._shell.events.register("post_run_cell", self._ended)

    def update(self) -> None:
        """Show the chart as it is now."""
        if not self.shows:
            return
        from IPython.display import display

        if self._handle is None:
            self._handle = display(self.chart, display_id=True)
        else:
            self._handle.update(self.chart)

    def _ended(self, *_: Any) -> None:
        self._shell.events.unregister("post_run_cell", self._ended)
        self._begun = False
        self.chart.finish()  # type: ignore[attr-defined]
