"""What all views have in common: one script and one style, a still picture, a page of its own.

    class Stepper(View):
        page = "stepper/stepper.js"            # in static/; exports render({ model, el })
        styles = ("stepper/stepper.css",)      # after shared/base.css and shared/frame.css
        trace = traitlets.Unicode("{}").tag(sync=True)

What the page is to show travels in traits that are texts: `self.text(data)` makes one, and
`unpacked(model.get(name))` in static/shared/packing.js reads it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import anywidget

from . import export
from .packing import module, pack, unpack
from .static_files import script, style


class View(anywidget.AnyWidget):
    """A widget that draws what it was handed, with or without a kernel.

    page: the entry module of the front end, below `static/`.
    styles: style sheets below `static/`, after the shared ones.
    title: of a page of its own.
    still: HTML that says the same without a script: a picture, a table or a sentence.
    """

    page: ClassVar[str]
    styles: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        if "page" in vars(cls):  # anywidget reads both before its own __init_subclass__ ends
            cls._esm = module(export.parts(script(cls.page), style(cls.styles)))
        super().__init_subclass__(**options)

    def __init__(self, *, title: str, still: str, **traits: Any) -> None:
        self.title = title
        self.still = still
        super().__init__(**traits)

    @staticmethod
    def text(data: Any) -> str:
        """Data as a trait carries it: JSON, packed if it is long."""
        return pack(json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False))

    def to_html(self, path: str | Path) -> Path:
        """Write a page that works by itself, offline. Returns its path."""
        path = Path(path)
        shown = {
            name: unpack(getattr(self, name))
            for name in self.trait_names(sync=True)
            if not name.startswith("_") and isinstance(getattr(self, name), str)
        }
        code, sheet = script(self.page), style(self.styles)
        text = export.page(code, sheet, shown, self.title, self.still)
        path.write_text(text, encoding="utf-8")
        return path

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and for a page without its state the still picture and a text."""
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data:
            data["text/plain"] = repr(self)
            data["text/html"] = self.still
        return bundle
