// The widget of jacobian(f, x): the matrix between its vectors, the passes, the chain's factors.
//
// Everything is in the page; a slider asks nobody. No state outside of `render`.

import { makeAnnouncer } from "../shared/announcer.js";
import { make } from "../shared/dom.js";
import { tellEnd } from "../shared/kernel.js";
import { keepKeys } from "../shared/keys.js";
import { unpacked } from "../shared/packing.js";
import { pageText } from "../shared/page.js";
import { saveAs } from "../shared/save.js";
import { makeSaving } from "../shared/saving.js";
import { reachScrolled } from "../shared/scrolling.js";
import { followTheme } from "../shared/theme.js";
import { makeChain } from "./chain.js";
import { drawMatrix } from "./drawing.js";
import { makeHeat, makePicture } from "./heat.js";
import { passesPart } from "./passes.js";
import { makeTable } from "./table.js";
import { makeVectors } from "./vectors.js";

const ROWS = 10; // up to which the entries are written into a table
const COLUMNS = 8;

/**
 * anywidget's entry. Reads the trait `data`, JSON, packed if it is long; see widgets/jacobians/data.py.
 * @param {{model: {get: Function, on: Function, off: Function}, el: HTMLElement, parts: any}} host
 *   parts: what a page of its own is made of, see ../shared/page.js
 * @returns {Promise<() => void>} called when the widget goes
 */
export async function render({ model, el, parts }) {
  const shown = new AbortController();
  const data = await unpacked(model.get("data"));
  const page = (weights) => pageText({ data: model.get("data"), weights: JSON.stringify(weights) }, parts, `minigrad: the Jacobian ∂${data.out.label}/∂${data.x.label}`);
  el.replaceChildren(makeJacobian(data, model, page, shown.signal));
  return () => {
    shown.abort();
    el.replaceChildren();
  };
}

/** @param {(weights: any) => string} page a stand-alone page with these vectors */
function makeJacobian(data, model, page, signal) {
  const announcer = makeAnnouncer();
  const saving = makeSaving(save);
  const frame = make("div", "mg-frame mg-jacobian", "", headPart(data, saving));
  const vectors = data.cells ? makeVectors(data) : null;
  if (vectors) Object.assign(vectors, JSON.parse(model.get("weights") ?? "{}"));
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
  root.tabIndex = -1; // a click anywhere in it brings the keys here
  keepKeys(root, (event) => event.key === "s" && event.target.localName !== "input" && saving.toggle(), signal);
  followTheme(root, signal);
  reachScrolled(root, signal);
  tellEnd(model, frame, announcer.say, signal);
  if (vectors) vectors.tell();
  return root;

  /** The picture as it is; of a table a drawing, which is in the page for as long as it is copied. */
  async function save(kind) {
    const name = `jacobian-${data.out.label}-${data.x.label}`.replace(/[^\w.-]+/g, "_");
    const shown = frame.querySelector(".mg-squares");
    const svg = shown ?? frame.appendChild(drawMatrix(data, vectors));
    await saveAs(kind, name, svg, () => page(vectors ? { v: vectors.v, u: vectors.u } : {}));
    if (!shown) svg.remove();
    announcer.say(`Saved as ${kind}.`);
  }
}

/** What it is, how large, what its zeros say. */
function headPart({ out, x, rows, columns, structure, notes }, saving) {
  const title = make("h2", "mg-title", "J = ", make("span", "mg-mono", `∂${out.label}/∂${x.label}`));
  const size = `${rows}×${columns}`;
  const count = structure?.zeros;
  const zeros = count ? ` ${count} of ${rows * columns} entries ${count === 1 ? "is" : "are"} 0.` : "";
  const line = make("p", "", "", make("strong", "", structure ? `${size}, ${structure.name}.` : `${size}.`));
  if (structure) line.append(` ${structure.meaning}`);
  const entries = `Row i is entry i of ${out.label}, column j is entry j of ${x.label}.${zeros}`;
  const remarks = notes.map((note) => make("p", "mg-warning", note));
  const tools = make("div", "mg-jacobian-tools", "", saving.row, saving.button);
  return make("div", "mg-part mg-jacobian-head", "", tools, title, line, make("p", "mg-quiet", entries), ...remarks);
}
