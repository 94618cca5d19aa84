// The numbers that edges carry, beside them.

import { cut, draw } from "../shared/dom.js";
import { brief, hasBad } from "../shared/numbers.js";
import { halfway } from "./edge.js";

/**
 * @param {any[]} products of a step @param {(product: any) => number[][]|undefined} curve undefined: not seen
 * @param {number} width of the picture @param {boolean} hidden is it to be predicted?
 */
export function drawTags(products, curve, width, hidden = false) {
  const at = new Map();
  for (const product of products) {
    const points = curve(product);
    if (points) at.set(points, [...(at.get(points) ?? []), product]);
  }
  const places = [...at.keys()].map(halfway);
  return [...at.values()].map((same, k) => tag(same, places[k], places.filter((_, other) => other !== k), k, width, hidden));
}

/** Of two parallel edges, on the outer side. */
function tag(same, [x, y], others, k, width, hidden) {
  const near = others.find(([ox, oy]) => Math.abs(ox - x) < 120 && Math.abs(oy - y) < 20);
  const text = hidden ? "?" : same.length > 1 ? `${same.length} gradients` : cut(brief(same[0].contribution, 14), 18);
  const wide = text.length * 8.6 + 12;
  const start = near && (near[0] > x || (near[0] === x && k === 0)) ? x - 8 - wide : x + 8;
  const left = Math.max(1, Math.min(start, width - wide - 1));
  const label = draw("text", { x: left + wide / 2, y: y + 5 });
  label.textContent = text;
  const bad = !hidden && same.some((product) => hasBad(product.contribution));
  return draw("g", { class: bad ? "mg-tag mg-bad" : "mg-tag" }, draw("rect", { x: left, y: y - 11, width: wide, height: 22, rx: 11 }), label);
}
