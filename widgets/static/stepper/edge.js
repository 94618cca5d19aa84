// One edge of the graph: a curve with an arrowhead at either end, one for data and one for gradients.

import { cut, draw } from "../shared/dom.js";

/**
 * @param {number[][]} points 3k + 1 control points
 * @param {string} id
 */
export function drawEdge(points, id) {
  const curve = draw("path", { class: "mg-curve", d: pathOf(points) });
  const last = points.length - 1;
  const down = head(points[last - 1], points[last], "mg-head mg-down");
  const up = head(points[1], points[0], "mg-head mg-up");
  const element = draw("g", { class: "mg-edge" }, curve, down, up);
  element.dataset.edge = id;
  return element;
}

/** The word on an edge along which no gradient goes back: why the history ends there. */
export function severedTag(edge, points, width, taken) {
  const text = cut(`cut: ${edge.severed.reason}`, 26);
  const wide = text.length * 7.9 + 12;
  const shifted = (by) => (x, y) => [Math.max(1, Math.min(x + by, width - wide - 1)), y - 10, wide, 20];
  const [left, top] = freePlace(points, taken, shifted(-wide / 2), shifted(-wide - 8), shifted(8));
  const label = draw("text", { x: left + wide / 2, y: top + 14.5 });
  label.textContent = text;
  const about = draw("title");
  about.textContent = edge.severed.text;
  return draw("g", { class: "mg-cut" }, about, draw("rect", { x: left, y: top, width: wide, height: 20, rx: 4 }), label);
}

const SHARES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];

/**
 * Where along a curve, from its middle outwards, a label lies on nothing that is there already.
 * @param {number[][]} points @param {number[][]} taken [left, top, width, height] each
 * @param {((x: number, y: number) => number[])[]} ways the same of the label, at a point; the first is best
 */
export function freePlace(points, taken, ...ways) {
  const places = ways.flatMap((lie) => SHARES.map((share) => lie(...along(points, share))));
  const free = ([x, y, w, h]) => !taken.some(([ox, oy, ow, oh]) => x < ox + ow && ox < x + w && y < oy + oh && oy < y + h);
  return places.find(free) ?? places[0];
}

/** A point of the curve: halfway at 0.5. */
export function along(points, share) {
  const pieces = (points.length - 1) / 3;
  const piece = Math.min(Math.floor(pieces * share), pieces - 1);
  const t = pieces * share - piece;
  const [a, b, c, d] = points.slice(3 * piece, 3 * piece + 4);
  const s = 1 - t;
  const at = (k) => s ** 3 * a[k] + 3 * s * s * t * b[k] + 3 * s * t * t * c[k] + t ** 3 * d[k];
  return [at(0), at(1)];
}

function pathOf(points) {
  const [start, ...rest] = points;
  const pieces = [];
  for (let k = 0; k < rest.length; k += 3) pieces.push("C" + rest.slice(k, k + 3).join(" "));
  return `M${start} ${pieces.join("")}`;
}

/** A triangle at `tip`, pointing away from `from`. */
function head(from, tip, name) {
  const angle = Math.atan2(tip[1] - from[1], tip[0] - from[0]);
  const corner = (turn) => [tip[0] - 10 * Math.cos(angle + turn), tip[1] - 10 * Math.sin(angle + turn)];
  return draw("path", { class: name, d: `M${tip}L${corner(0.45)}L${corner(-0.45)}z` });
}
