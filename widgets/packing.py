"""Long texts made short for a saved notebook, which keeps them once per widget.

A short text travels as it is, and can be read in the notebook file. A trace of 50 nodes is mostly
repetition: deflated it takes a ninth, and the page inflates it in a millisecond.
"""

from __future__ import annotations

import base64
import json
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


LOADER = """const kinds = (globalThis[Symbol.for("minigrad.kinds")] ??= new Map());
const module = async (code, name) => {{
  const text = code + "\\nexport {{ " + name + " }};";
  const url = URL.createObjectURL(new Blob([text], {{ type: "text/javascript" }}));
  try {{
    return (await import(url))[name];
  }} finally {{
    URL.revokeObjectURL(url);
  }}
}};
const load = async (packed) => {{
  const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const {{ host, ...parts }} = await new Response(stream).json();
  const made = [module(parts.code, "render"), module(host, "saveWithNotebook")];
  const [render, save] = await Promise.all(made);
  return {{ parts, render, save }};
}};
const loaded = (model) => {{
  const packed = model.get("_code");
  if (!kinds.has(packed)) kinds.set(packed, load(packed));
  return kinds.get(packed);
}};
const listen = async (model) => {{
  const own = await model.widget_manager.get_model(model.get("_own_id"));
  const above = Object.getPrototypeOf;
  own.comm.on_msg(above(above(own))._handle_comm_msg.bind(own));
}};
const initialize = ({{ model }}) => {{
  listen(model).catch(() => {{}});
  const saving = loaded(model).then(({{ save }}) => save(model, {kept}));
  return async () => (await saving)();
}};
const render = async ({{ model, el }}) => {{
  const {{ parts, render }} = await loaded(model);
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


def loader(kept: list[str]) -> str:
    """An ES module that unpacks a page's parts from the trait `_code` and calls its `render`.

    A page never forgets a module that it imported, and anywidget imports this one once for each
    widget: so it is small, and what it unpacks is imported once for each kind of view. `render` is
    given the parts, so that it can make a page of its own. kept: the names of the traits that a
    notebook keeps.

    A widget that is not ready after two seconds never hears its kernel again, as anywidget 0.11 has
    it. So `initialize` waits for nothing, and `listen` takes the messages without that condition;
    where there is no kernel, or the host is of another kind, there is nothing to take.
    """
    return LOADER.format(kept=json.dumps(kept))


def packed_parts(parts: dict[str, str], host: str) -> str:
    """The parts of a page (`export.parts`) and the code of static/host/, as one text.

    Each widget saves them in the notebook: unpacked they would be most of what is saved.
    """
    return deflated(json.dumps({**parts, "host": host}, ensure_ascii=False))


def unpacked_parts(packed: str) -> dict[str, str]:
    """The parts again, without what only a host needs."""
    parts = json.loads(zlib.decompress(base64.b64decode(packed)))
    del parts["host"]
    return parts


def unpack(packed: str) -> str:
    """The text again."""
    if not packed.startswith(MARK):
        return packed
    return zlib.decompress(base64.b64decode(packed[len(MARK) :])).decode()
