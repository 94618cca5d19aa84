"""Long texts made short for a saved notebook, which keeps them once per widget.

A short text travels as it is, and can be read in the notebook file. A trace of 50 nodes is mostly
repetition: deflated it takes a ninth, and the page inflates it in a millisecond.
"""

from __future__ import annotations

import base64
import zlib

MARK = "deflate:"
SHORT = 12_000  # characters that travel as they are


def pack(text: str) -> str:
    """The text as it travels; static/shared/packing.js reads it."""
    if len(text) <= SHORT:
        return text
    return MARK + base64.b64encode(zlib.compress(text.encode(), 9)).decode()


LOADER = """const packed = "{packed}";
const load = async () => {{
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const text = await new Response(stream).text();
  const url = URL.createObjectURL(new Blob([text], {{ type: "text/javascript" }}));
  try {{
    return await import(url);
  }} finally {{
    URL.revokeObjectURL(url);
  }}
}};
const loaded = load();
export default {{ render: async (host) => (await loaded).render(host) }};
"""


def module(script: str) -> str:
    """An ES module that unpacks `script`, which declares `render`, and hands it on.

    Each widget saves its module in the notebook: unpacked it would be most of what is saved. It is
    imported as anywidget imports a module itself, from a blob.
    """
    text = script + "\nexport { render };"
    return LOADER.format(packed=base64.b64encode(zlib.compress(text.encode(), 9)).decode())


def unpack(packed: str) -> str:
    """The text again."""
    if not packed.startswith(MARK):
        return packed
    return zlib.decompress(base64.b64decode(packed[len(MARK) :])).decode()
