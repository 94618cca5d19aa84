// The numbers that edges carry, beside them.

import { cut, draw } from "../shared/dom.js";
import { brief, hasBad } from "../shared/numbers.js";
import { along, freePlace } from "./edge.js";

/**
 * @param {any[]} products of a step @param {(product: any) => number[][]|undefined} curve undefined: not seen
 * @param {number} width of the picture @param {number[][]} taken what else is there
 * @param {boolean} hidden is it to be predicted?
 */
export function drawTags(products, curve, width, taken, hidden = false) {
  const at = new Map();
  for (const product of products) {
    const points = curve(product);
    if (points) at.set(points, [...(at.get(points) ?? []), product]);
  }
  const curves = [...at.keys()];
  const places = curves.map((points) => along(points, 0.5));
  return [...at.values()].map((same, k) => tag(same, curves[k], places.filter((_, other) => other !== k), k, width, taken, hidden));
}

/** Of two parallel edges, on the outer side. */
function tag(same, points, others, k, width, taken, hidden) {
  const [x, y] = along(points, 0.5);
  const near = others.find(([ox, oy]) => Math.abs(ox - x) < 120 && Math.abs(oy - y) < 20);
  const text = hidden ? "?" : same.length > 1 ? `${same.length} gradients` : cut(brief(same[0].contribution, 14), 18);
  const wide = text.length * 8.6 + 12;
  const shift = near && (near[0] > x || (near[0] === x && k === 0)) ? -8 - wide : 8;
  const place = freePlace(points, taken, (px, py) => [Math.max(1, Math.min(px + shift, width - wide - 1)), py - 11, wide, 22]);
  const [left, top] = place;
  taken.push(place);
  const label = draw("text", { x: left + wide / 2, y: top + 16 });
  label.textContent = text;
  const bad = !hidden && same.some((product) => hasBad(product.contribution));
  return draw("g", { class: bad ? "mg-tag mg-bad" : "mg-tag" }, draw("rect", { x: left, y: top, width: wide, height: 22, rx: 11 }), label);
}
