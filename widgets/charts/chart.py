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
PALETTES = {"light": LIGHT, "dark": DARK}


def palette(theme: str) -> Palette:
    """The colours for "light" or "dark". Raises ValueError for another name."""
    if theme not in PALETTES:
        raise ValueError(f'theme must be "light" or "dark", not {theme!r}')
    return PALETTES[theme]


class Chart:
    """A chart as the last line of a cell: a picture, with its words for those who do not see it.

    figure: the Matplotlib figure. words: what it shows, in sentences.
    """

    title = "a chart"

    def __init__(
        self, width: float, height: float, theme: str, layout: Any = "constrained"
    ) -> None:
        from matplotlib.figure import Figure

        self.colours = palette(theme)
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
        content = f"{self._image(self.png())}<p>{html.escape(self.words)}</p>"
        return still_page.write(path, self.title, content)

    def _image(self, png: bytes) -> str:
        picture = base64.b64encode(png).decode()
        return f'<img alt="{html.escape(self.words)}" src="data:image/png;base64,{picture}">'

    def bundle(self) -> dict[str, Any]:
        """What a notebook shows and saves; in the HTML the picture has its words in JupyterLab."""
        png = self.png()
        return {"text/html": self._image(png), "image/png": png, "text/plain": repr(self)}

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
