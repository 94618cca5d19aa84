// The widget of jacobian(f, x): the matrix between its vectors, the passes, the chain's factors.
//
// Everything is in the page; a slider asks nobody. No state outside of `render`.

import { makeAnnouncer } from "../shared/announcer.js";
import { make } from "../shared/dom.js";
import { tellEnd } from "../shared/kernel.js";
import { keepKeys } from "../shared/keys.js";
import { unpacked } from "../shared/packing.js";
import { reachScrolled } from "../shared/scrolling.js";
import { followTheme } from "../shared/theme.js";
import { makeChain } from "./chain.js";
import { makeHeat, makePicture } from "./heat.js";
import { passesPart } from "./passes.js";
import { makeTable } from "./table.js";
import { makeVectors } from "./vectors.js";

const ROWS = 10; // up to which the entries are written into a table
const COLUMNS = 8;

/**
 * anywidget's entry. Reads the trait `data`, JSON, packed if it is long; see widgets/jacobians/data.py.
 * @param {{model: {get: Function, on: Function, off: Function}, el: HTMLElement}} host
 * @returns {Promise<() => void>} called when the widget goes
 */
export async function render({ model, el }) {
  const shown = new AbortController();
  const data = await unpacked(model.get("data"));
  el.replaceChildren(makeJacobian(data, model, shown.signal));
  return () => {
    shown.abort();
    el.replaceChildren();
  };
}

function makeJacobian(data, model, signal) {
  const announcer = makeAnnouncer();
  const frame = make("div", "mg-frame mg-jacobian", "", headPart(data));
  const vectors = data.cells ? makeVectors(data) : null;
  if (vectors) {
    const small = data.rows <= ROWS && data.columns <= COLUMNS;
    frame.append((small ? makeTable : makeHeat)(data, vectors, announcer.say));
  } else if (data.pooled) frame.append(makePicture(data, announcer.say));
  frame.append(passesPart(data));
  if (data.chain) frame.append(makeChain(data, vectors, announcer.say));
  frame.append(announcer.element);
  const root = make("div", "mg", "", frame);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `Jacobian of ${data.out.label} with respect to ${data.x.label}`);
  keepKeys(root, () => {}, signal);
  followTheme(root, signal);
  reachScrolled(root, signal);
  tellEnd(model, frame, announcer.say, signal);
  if (vectors) vectors.tell();
  return root;
}

/** What it is, how large, what its zeros say. */
function headPart({ out, x, rows, columns, structure, notes }) {
  const title = make("h2", "mg-title", "J = ", make("span", "mg-mono", `∂${out.label}/∂${x.label}`));
  const size = `${rows}×${columns}`;
  const zeros = structure?.zeros ? `, ${structure.zeros} of ${rows * columns} entries are 0` : "";
  const line = make("p", "", "", make("strong", "", structure ? `${size}, ${structure.name}.` : `${size}.`));
  if (structure) line.append(` ${structure.meaning}`);
  const entries = `Row i is entry i of ${out.label}, column j is entry j of ${x.label}${zeros}.`;
  const remarks = notes.map((note) => make("p", "mg-warning", note));
  return make("div", "mg-part", "", title, line, make("p", "mg-quiet", entries), ...remarks);
}
