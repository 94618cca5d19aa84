"""What the charts have in common: a Matplotlib figure that shows itself, and a page of its own.

Figures are made without pyplot: nothing is global, and nothing is shown twice. Matplotlib is
imported when the first chart is made, not before.
"""

from __future__ import annotations

import base64
import html
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import colours, still_page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 110


class Palette(NamedTuple):
    """Colours of one theme; every text and line has at least 4.5 to 1 on the page's colour."""

    page: str
    text: str
    soft: str
    grid: str
    forward: str
    back: str
    bad: str
    lines: tuple[str, ...]


LIGHT = Palette(
    colours.BOX, colours.TEXT, colours.SOFT, colours.LINE, colours.FORWARD, colours.BACK,
    colours.BAD,
    (colours.FORWARD, colours.BACK, "#00695c", "#6a1b9a", "#7a5c00", "#37474f", "#ad1457",
     "#33691e"),
)  # fmt: skip
DARK = Palette(
    "#16171a", "#ececf0", "#a9adb6", "#4a4d55", "#86bcff", "#ffb07a", "#ff8a94",
    ("#86bcff", "#ffb07a", "#6fd3c3", "#d5a6f0", "#e3c65b", "#b4c3cc", "#f59ac0", "#a9d68a"),
)  # fmt: skip
PALETTES = {"page": LIGHT, "light": LIGHT, "dark": DARK}
INVERTED = 0.933
"""So that white becomes #111, JupyterLab's dark page."""
TURNED = f"{{filter:invert({INVERTED}) hue-rotate(180deg)}}"
"""What a dark page makes of a light picture: light and dark change places, hues stay."""
IN_NOTEBOOK = (
    f'<style>[data-jp-theme-light="false"] .mg-turned,.vscode-dark .mg-turned{TURNED}</style>'
)
ON_PAGE = f"<style>@media (prefers-color-scheme:dark){{.mg-turned{TURNED}}}</style>"


def palette(theme: str) -> Palette:
    """The colours for "page", "light" or "dark". Raises ValueError for another name."""
    if theme not in PALETTES:
        raise ValueError(f'theme must be "page", "light" or "dark", not {theme!r}')
    return PALETTES[theme]


class Chart:
    """A chart as the last line of a cell: a picture, with its words for those who do not see it.

    figure: the Matplotlib figure. words: what it shows, in sentences. theme: "light" or "dark", or
    "page": as the page around it is, when it is looked at.
    """

    title = "a chart"

    def __init__(
        self, width: float, height: float, theme: str, layout: Any = "constrained"
    ) -> None:
        from matplotlib.figure import Figure

        self.colours = palette(theme)
        self.turns = theme == "page"
        self.figure: Figure = Figure(
            (width, height), dpi=DPI, facecolor=self.colours.page, layout=layout
        )

    @property
    def words(self) -> str:
        """The chart in words."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Bring the figure up to date, before it is shown or written."""

    def png(self) -> bytes:
        """The picture."""
        self.prepare()
        file = io.BytesIO()
        self.figure.savefig(file, format="png", facecolor=self.colours.page)
        return file.getvalue()

    def savefig(self, path: str | Path, **options: Any) -> None:
        """Write the figure: PNG, SVG or PDF by the ending of the name."""
        self.prepare()
        self.figure.savefig(path, facecolor=self.colours.page, **options)

    def to_html(self, path: str | Path) -> Path:
        """Write a page with the picture and its words, offline. Returns its path."""
        picture = self._image(self.png(), ON_PAGE)
        content = f"{picture}<p>{html.escape(self.words)}</p>"
        return still_page.write(path, self.title, content, pictured=True)

    def _image(self, png: bytes, style: str) -> str:
        """The picture as HTML. style: when it is turned, if it is to look like the page."""
        picture = base64.b64encode(png).decode()
        image = f'<img alt="{html.escape(self.words)}" src="data:image/png;base64,{picture}"'
        return f'{style}{image} class="mg-turned">' if self.turns else f"{image}>"

    def bundle(self) -> dict[str, Any]:
        """What a notebook shows and saves; in the HTML the picture has its words in JupyterLab."""
        png = self.png()
        image = self._image(png, IN_NOTEBOOK)
        return {"text/html": image, "image/png": png, "text/plain": repr(self)}

    def _repr_mimebundle_(self, **_: Any) -> Any:
        return self.bundle(), {"image/png": {"alt": self.words}}

    def __repr__(self) -> str:
        return self.words

    def plain(self, axes: Any) -> None:
        """Axes without a box, in the colours of the theme."""
        axes.set_facecolor(self.colours.page)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            axes.spines[side].set_color(self.colours.soft)
        axes.tick_params(colors=self.colours.text, labelsize=10)
        axes.xaxis.label.set_color(self.colours.text)
        axes.yaxis.label.set_color(self.colours.text)
        axes.title.set_color(self.colours.text)
