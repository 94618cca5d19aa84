"""The two outputs of a view in a notebook: the widget, and a still picture for when it is missing.

JupyterLab draws a widget wherever an output has one. If the notebook was saved without its state it
writes "Error displaying widget: model not found", and does not look at what else the output has. So
the picture is an output of its own. A style in it hides it wherever the widget is in the page, and
hides the error where it is not. Where styles are not let in (a notebook that is not trusted, a web
site) widgets are not drawn either.
"""

from __future__ import annotations

import re
from typing import Any

NOTE = "This is a still picture. Run the cell to work with it."
STYLE = (
    ":root:has([data-live='{name}']) [data-still='{name}'],"
    ".jp-OutputArea:has([data-live='{name}']) .jp-OutputArea-child:has([data-still='{name}']),"
    ".jp-OutputArea-child:has(>.jupyter-widgets):has(+* [data-still='{name}'])"
    "{{display:none}}"
)
STILL = re.compile(r"<div data-still='(\w+)'>")


def show(bundle: Any, title: str) -> None:
    """Display a widget, whose mime bundle this is; its title where there are no widgets."""
    from IPython.display import display

    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    display({**data, "text/plain": title}, metadata=metadata, raw=True)


def show_still(name: str, content: str, text: str, again: bool = False) -> None:
    """Display the still picture of the view of that name; again: in the place of the last one."""
    from IPython.display import display

    data = {"text/html": wrapped(name, content), "text/plain": text}
    display(data, raw=True, display_id=f"still-{name}", update=again)


def wrapped(name: str, content: str) -> str:
    """The still picture as an output of its own."""
    style = f"<style>{STYLE.format(name=name)}</style>"
    return f"<div data-still='{name}'>{style}{content}<p>{NOTE}</p></div>"
