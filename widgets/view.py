"""What all views have in common: one script and one style, a still picture, a page of its own.

    class Stepper(View):
        page = "stepper/stepper.js"            # in static/; exports render({ model, el })
        styles = ("stepper/stepper.css",)      # after shared/base.css and shared/frame.css
        trace = traitlets.Unicode("{}").tag(sync=True)

What the page is to show travels in traits that are texts: `self.text(data)` makes one, and
`unpacked(model.get(name))` in static/shared/packing.js reads it.

In a notebook a view has two outputs, the widget and its still picture (widgets/outputs.py); which
traits are saved with the notebook, and when, is told in static/host/saving.js.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from . import export, outputs
from .packing import loader, pack, packed_parts, unpack
from .static_files import script, style

PARTS = ("name", "module", "module_version")
SAVED = (  # with a view's own traits
    *(f"_{kind}_{part}" for kind in ("model", "view") for part in PARTS),
    "_esm", "_anywidget_id", "_code", "_own_id",
)  # fmt: skip


class View(anywidget.AnyWidget):
    """A widget that draws what it was handed, with or without a kernel.

    page: the entry module of the front end, below `static/`.
    styles: style sheets below `static/`, after the shared ones.
    title: of a page of its own.
    still: HTML that says the same without a script: a picture, a table or a sentence.
    """

    page: ClassVar[str]
    styles: ClassVar[tuple[str, ...]] = ()
    _packed: ClassVar[str]
    _code = traitlets.Unicode().tag(sync=True)  # what the page is made of, packed
    _own_id = traitlets.Unicode().tag(sync=True)  # what a notebook calls it
    _shown = False

    def __init_subclass__(cls, **options: Any) -> None:
        if "page" in vars(cls):  # anywidget reads both before its own __init_subclass__ ends
            own = [name for name, trait in vars(cls).items() if _is_synced(trait)]
            parts = export.parts(script(cls.page), style(cls.styles))
            cls._packed = packed_parts(parts, script("host/saving.js"))
            cls._esm = loader([*own, *SAVED])
        super().__init_subclass__(**options)

    def __init__(self, *, title: str, still: str, **traits: Any) -> None:
        self.title = title
        self._still = still
        name = secrets.token_hex(8)
        super().__init__(model_id=name, _own_id=name, _code=self._packed, **traits)

    @property
    def still(self) -> str:
        """HTML that says the same without a script; the notebook's is brought up to date."""
        return self._still

    @still.setter
    def still(self, text: str) -> None:
        changed = text != self._still
        self._still = text
        if changed and self._shown:
            outputs.show_still(self._own_id, text, repr(self), again=True)

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
        """The widget, and for a page that takes one output only the still picture and a text."""
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data:
            data["text/plain"] = repr(self)
            data["text/html"] = self.still
        return bundle

    def _ipython_display_(self, **options: Any) -> None:
        """In a notebook: the widget, and the still picture for when its state is not there."""
        outputs.show(super()._repr_mimebundle_(), self.title)
        outputs.show_still(self._own_id, self.still, repr(self))
        self._shown = True


def _is_synced(trait: Any) -> bool:
    return isinstance(trait, traitlets.TraitType) and bool(trait.metadata.get("sync"))
