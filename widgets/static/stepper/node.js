// One node of the graph: a box with its name, expression, value, and a line for its gradient.

import { cut, draw, setText } from "../shared/dom.js";
import { brief, hasBad, shapeText } from "../shared/numbers.js";
import { distinct, drawLocks, lockWords } from "./locks.js";
import { slotLabel } from "./timeline.js";

// The same numbers as in widgets/layout/sizes.py, where the box is made large enough for its texts.
const PADDING = 12;
const NAME = 17;
const TEXT = 14;
const SMALL = 13;
const ADVANCE = 0.61;
const HEAD = 54;
const SLOT = 28;
const LONGEST_VALUE = 20;
const LONGEST_CONSTANT = 10;
const BEFORE_VALUE = 8; // px between a gradient's label and the gradient
const LEAST_VALUE = 7; // characters of a gradient before which its label gives way

/**
 * Draws a node around its centre.
 * @param {any} node @param {{x: number, y: number, width: number, height: number}} place
 * @param {string} output the label of the tensor that backward starts from
 * @param {{longest: number, fails: boolean}} what how long the text of its gradient becomes, and
 *   whether the run fails at it
 */
export function drawNode(node, place, output, { longest, fails }) {
  const { width, height } = place;
  const left = -width / 2;
  const top = -height / 2;
  const group = draw("g", { class: "mg-node", transform: `translate(${place.x} ${place.y})` });
  group.dataset.kind = node.kind;
  group.dataset.node = node.id;
  if (node.kind === "operation" && !node.requires_grad) group.dataset.grad = "none";
  if (node.reached === false) group.dataset.reached = "no";
  const box = { x: left, y: top, width, height, rx: node.kind === "leaf" ? 14 : 6 };
  group.append(title(node), draw("rect", { class: "mg-box", ...box }));

  const room = width - 2 * PADDING;
  const name = cut(node.label, Math.floor(room / (NAME * ADVANCE)));
  const rest = room - name.length * NAME * ADVANCE;
  const first = draw("text", { x: left + PADDING, y: top + 24 }, tspan("mg-name", name));
  const characters = Math.floor(rest / (SMALL * ADVANCE)) - 1;
  if (node.kind === "operation" && characters > 3) {
    const expression = cut(`= ${node.expression}`, characters);
    first.append(tspan("mg-expression", expression, PADDING * 0.7));
  }
  group.append(first);

  const value = draw("text", { class: "mg-value", x: left + PADDING, y: top + 46 });
  const shape = draw("text", { class: "mg-shape", x: -left - PADDING, y: top + 46 });
  if (node.value) shape.textContent = cut(shapeText(node.value), 14);
  group.append(value, shape);
  const locks = drawLocks(node, left + PADDING, top + HEAD - 2, room);
  if (locks) group.append(locks);
  const slot = node.requires_grad ? drawSlot(node, output, longest, left, top, width, height, box.rx) : null;
  if (slot) group.append(slot.element);
  group.append(draw("rect", { class: "mg-outline", ...box }), ...(fails ? failedTag(left, top, width) : []));
  if (node.retains_grad) group.append(pin(left, top, width));
  return { element: group, show: (look) => showLook(node, group, value, slot, look, room) };
}

/** A pin on the upper edge of a box whose gradient is retained. */
function pin(left, top, width) {
  const about = draw("title");
  about.textContent = "retain_grad(): its gradient is kept";
  const x = left + width - 16;
  const y = top - 7;
  return draw("g", {}, about, draw("path", { class: "mg-pin", d: `M${x - 5} ${y}h10l-2 3v5l3 3h-5l-1 7-1-7h-5l3-3v-5z` }));
}

/** Words on the upper edge of the box, seen where a run fails. */
function failedTag(left, top, width) {
  const [x, y, wide, high] = failedPlace(left, top, width);
  const text = draw("text", { class: "mg-failed", x: x + 9, y: y + 14 });
  text.textContent = "fails";
  return [draw("rect", { class: "mg-failed-back", x, y, width: wide, height: high, rx: 4 }), text];
}

/** Where those words lie: [left, top, width, height]. */
export function failedPlace(left, top, width) {
  return [left + width - 54, top - 12, 48, 20];
}

function drawSlot(node, output, longest, left, top, width, height, radius) {
  const y = top + height - SLOT;
  const r = radius - 1;
  const shape =
    `M${left + 1} ${y}h${width - 2}v${SLOT - 1 - r}a${r} ${r} 0 0 1 ${-r} ${r}` +
    `h${-(width - 2 - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${-r}z`;
  const characters = Math.floor((width - 2 * PADDING - BEFORE_VALUE) / (TEXT * ADVANCE));
  const label = cut(slotLabel(node, output), characters - Math.min(longest, LEAST_VALUE));
  const value = tspan("mg-gradient", "", BEFORE_VALUE);
  const text = draw("text", { x: left + PADDING, y: y + 19 }, tspan("mg-slot-label", label), value);
  return { element: draw("g", { class: "mg-slot" }, draw("path", { d: shape }), text), value, room: characters - label.length };
}

function showLook(node, group, value, slot, look, room) {
  const state = look.waiting ? "waiting" : "done";
  if (group.dataset.state !== state) {
    group.dataset.state = state;
    const characters = Math.floor(room / (TEXT * ADVANCE)) - (node.value ? shapeText(node.value).length + 1 : 0);
    setText(value, look.waiting ? "" : node.value ? cut(valueText(node, characters), characters) : "value not kept");
    value.classList.toggle("mg-bad", Boolean(node.value && !look.waiting && hasBad(node.value)));
  }
  const locks = look.freed ? "open" : "shut";
  if (node.saved.length && group.dataset.locks !== locks) group.dataset.locks = locks;
  if (!slot) return;
  if (group.dataset.slot !== look.slot) group.dataset.slot = look.slot;
  setText(slot.value, cut(look.text, Math.max(4, slot.room)));
  slot.value.classList.toggle("mg-bad", /nan|inf/.test(look.text));
}

/** Constants are the quiet ones: they show few numbers, or none. */
function valueText(node, characters) {
  const text = brief(node.value, Math.min(LONGEST_VALUE, characters));
  return node.kind === "constant" && text.length > LONGEST_CONSTANT ? "" : text;
}

/** What pointing at the box tells: everything that may have been cut. */
function title(node) {
  const about = draw("title");
  const parts = [node.kind === "operation" ? `${node.label} = ${node.expression}` : node.label];
  if (node.kind === "constant") parts.push("a constant: it requires no grad");
  if (node.value) parts.push(`${shapeText(node.value) || "a number"}, ${node.value.dtype}: ${brief(node.value, 120)}`);
  if (node.grad_fn) parts.push(`grad_fn: ${node.grad_fn}`);
  if (node.kind === "operation" && !node.requires_grad) parts.push("it has no history: it requires no grad");
  parts.push(...distinct(node.saved).map(lockWords));
  if (node.reached === false) parts.push("not reached: no way back leads here");
  if (node.source) parts.push(`${node.source.where}: ${cut(node.source.text, 200)}`);
  about.textContent = parts.join("\n");
  return about;
}

function tspan(name, text, dx = 0) {
  const span = draw("tspan", dx ? { class: name, dx } : { class: name });
  span.textContent = text;
  return span;
}
