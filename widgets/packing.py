"""Long texts made short for a saved notebook, which keeps them once per widget.

A short text travels as it is, and can be read in the notebook file. A trace of 50 nodes is mostly
repetition: deflated it takes a ninth, and the page inflates it in a millisecond.
"""

from __future__ import annotations

import base64
import json
import re
import zlib

MARK = "deflate:"
LARGE = 2_000_000
SHORT = 12_000  # characters that travel as they are


def pack(text: str) -> str:
    """The text as it travels; static/shared/packing.js reads it."""
    if len(text) <= SHORT:
        return text
    return MARK + deflated(text)


def deflated(text: str) -> str:
    """The text deflated, in base64."""
    data = text.encode()
    level = 9 if len(data) < LARGE else 6  # a few percent larger, in half of the time
    return base64.b64encode(zlib.compress(data, level)).decode()


LOADER = """const packed = "{packed}";
const module = async (code, name) => {{
  const text = code + "\\nexport {{ " + name + " }};";
  const url = URL.createObjectURL(new Blob([text], {{ type: "text/javascript" }}));
  try {{
    return (await import(url))[name];
  }} finally {{
    URL.revokeObjectURL(url);
  }}
}};
const load = async () => {{
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const {{ host, ...parts }} = await new Response(stream).json();
  const made = [module(parts.code, "render"), module(host, "saveWithNotebook")];
  const [render, saveWithNotebook] = await Promise.all(made);
  return {{ parts, render, saveWithNotebook }};
}};
const loaded = load();
const initialize = async ({{ model }}) => {{
  const {{ saveWithNotebook }} = await loaded;
  saveWithNotebook(model, {kept});
}};
const render = async ({{ model, el }}) => {{
  const {{ parts, render }} = await loaded;
  const sheet = document.createElement("style");
  const inside = document.createElement("div");
  sheet.textContent = parts.style;
  inside.dataset.live = model.get("_own_id");
  el.append(sheet, inside);
  const gone = await render({{ model, el: inside, parts }});
  return () => {{
    gone?.();
    sheet.remove();
    inside.remove();
  }};
}};
export default {{ initialize, render }};
"""
PACKED = re.compile(r'const packed = "([A-Za-z0-9+/=]+)";')


def module(parts: dict[str, str], host: str, kept: list[str]) -> str:
    """An ES module that unpacks the parts of a page (`export.parts`) and calls its `render`.

    Each widget saves its module in the notebook: unpacked it would be most of what is saved. It is
    imported as anywidget imports a module itself, from a blob. `render` is given the parts, so that
    it can make a page of its own. host: the code of static/host/; kept: the names of the traits
    that a notebook keeps.
    """
    packed = deflated(json.dumps({**parts, "host": host}, ensure_ascii=False))
    return LOADER.format(packed=packed, kept=json.dumps(kept))


def packed_parts(code: str) -> dict[str, str] | None:
    """The parts that `module` packed into a module; None for a module of somebody else's."""
    found = PACKED.match(code)
    if found is None:
        return None
    parts = json.loads(zlib.decompress(base64.b64decode(found[1])))
    del parts["host"]  # a page of its own has no host
    return parts


def unpack(packed: str) -> str:
    """The text again."""
    if not packed.startswith(MARK):
        return packed
    return zlib.decompress(base64.b64decode(packed[len(MARK) :])).decode()
