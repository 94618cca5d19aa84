// A larger Jacobian as a picture: a square per entry, v and u as bars at its sides, the products opposite.

import { draw, make, setText } from "../shared/dom.js";
import { arrayMatrix } from "../shared/matrix.js";
import { entryText } from "../shared/numbers.js";
import { presets, textButton, weightControl } from "./controls.js";
import { makeCursor } from "./cursor.js";
import { toNumber, meaning } from "./vectors.js";

const SIDE = 430; // px that the longer side of the matrix takes
const BAR = 34; // px of the longest bar
const BETWEEN = 8;

/**
 * @param {any} data @param {import("./vectors.js").Vectors} vectors @param {(text: string) => void} say
 */
export function makeHeat(data, vectors, say) {
  const { rows, columns, cells, out, x } = data;
  const size = Math.min(26, SIDE / Math.max(rows, columns));
  const start = BAR + BETWEEN;
  const squares = { rows, columns, size, start, entries: cells.values.map((value, k) => [cells.i[k], cells.j[k], value]) };
  const svg = picture(squares, `${data.structure.name}, ${cells.values.length} of ${rows * columns} entries are not 0`);
  const bars = draw("g");
  svg.append(bars);
  const values = new Map(cells.values.map((value, k) => [cells.i[k] * columns + cells.j[k], value]));
  const tell = (i, j) => {
    const entry = `∂${out.entries[i]}/∂${x.entries[j]} = ${entryText(values.get(i * columns + j) ?? 0)}`;
    return `${entry}    vᵀJ here ${entryText(vectors.left()[j])}    J·u here ${entryText(vectors.right()[i])}`;
  };
  const pick = (i, j) => {
    vectors.v = vectors.v.map((_, k) => (k === i ? 1 : 0));
    vectors.onehot("u", j);
  };
  const cursor = makeCursor(svg, squares, tell, pick, say);
  const { v: forV, u: forU } = presets(data, vectors);
  const editors = [editor("v", out.entries, forV), editor("u", x.entries, forU)];
  vectors.listen(() => {
    const left = vectors.left();
    const right = vectors.right();
    const far = start + BETWEEN;
    bars.replaceChildren(
      ...strip(vectors.v, rows, size, start, "mg-v", (k, length) => ({ x: start - BETWEEN / 2 - length, y: k, width: length })),
      ...strip(vectors.u, columns, size, start, "mg-u", (k, length) => ({ x: k, y: start - BETWEEN / 2 - length, height: length })),
      ...strip(right, rows, size, start, "mg-u", (k, length) => ({ x: far + columns * size, y: k, width: length })),
      ...strip(left, columns, size, start, "mg-v", (k, length) => ({ x: k, y: far + rows * size, height: length })),
    );
    for (const one of editors) one.show(left, right);
    cursor.again();
    say(`${forV.said.textContent}. ${forU.said.textContent}.`);
  });
  const sides = make("div", "mg-sides", "", ...editors.map((one) => one.element));
  const hint = make("p", "mg-quiet", "Squares are entries, bars the vectors: v left, u above, J·u right, vᵀJ below. Hollow ones are negative, empty places are 0. A click or Enter picks a row with v and a column with u.");
  const body = make("div", "mg-heat", "", make("div", "mg-picture", "", svg, cursor.line), sides);
  return make("section", "mg-part", "", body, hint);

  /** Which entry, its weight, and the product. */
  function editor(side, names, part) {
    const place = make("input", "mg-number");
    Object.assign(place, { type: "number", min: "0", max: String(names.length - 1), value: "0", step: "1" });
    place.setAttribute("aria-label", `${side}: which entry`);
    const at = () => Math.max(0, Math.min(names.length - 1, Math.round(place.valueAsNumber || 0)));
    const weight = weightControl(`${side}: weight of this entry`, (value) => vectors.set(side, vectors[side].map((old, k) => (k === at() ? value : old))));
    const name = make("span", "mg-mono", names[0]);
    place.addEventListener("input", () => {
      setText(name, names[at()]);
      weight.show(vectors[side][at()]);
    });
    const only = textButton("only this", `${side}: only this entry`, () => vectors.onehot(side, at()));
    const product = make("div", "mg-product-line");
    const element = make("div", "mg-editor", "", part.line, make("div", "mg-buttons", "", "entry ", place, name, weight.element, only), product);
    const show = (left, right) => {
      const result = side === "v" ? left : right;
      setText(part.said, `${side === "v" ? "vᵀJ" : "J·u"} ${meaning(vectors[side], names, side === "v" ? "row" : "column")}`);
      weight.show(vectors[side][at()]);
      const matrix = arrayMatrix({ shape: [result.length], values: result });
      product.replaceChildren(make("strong", `mg-vector mg-${side}`, side === "v" ? "vᵀJ =" : "J·u ="), matrix);
    };
    return { element, show };
  }
}

/** A picture alone, of a matrix whose entries are too many to travel: the largest of each tile. */
export function makePicture(data, say) {
  const { largest, rows: down, columns: across } = data.pooled;
  const entries = largest.flatMap((line, i) => line.map((value, j) => [i, j, value])).filter(([, , value]) => value !== 0);
  const squares = { rows: largest.length, columns: largest[0].length, size: SIDE / Math.max(largest.length, largest[0].length), start: BETWEEN, entries };
  const svg = picture(squares, `${data.structure.name}; each square stands for ${down}×${across} entries`);
  const range = (k, step, count) => (step === 1 ? `${k}` : `${k * step} to ${Math.min(count, (k + 1) * step) - 1}`);
  const tell = (i, j) => `rows ${range(i, down, data.rows)}, columns ${range(j, across, data.columns)}: largest ${entryText(largest[i][j])}`;
  const cursor = makeCursor(svg, squares, tell, () => {}, say);
  const words = `Each square stands for ${down}×${across} entries and shows the largest of them without its sign. The matrix itself is the widget's .matrix.`;
  return make("section", "mg-part", "", make("div", "mg-picture", "", svg, cursor.line), make("p", "mg-quiet", words));
}

function picture({ rows, columns, size, start, entries }, words) {
  const width = 2 * start + columns * size + BETWEEN;
  const height = 2 * start + rows * size + BETWEEN;
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "mg-squares" });
  svg.setAttribute("aria-label", `The Jacobian as a picture: ${words}. Arrow keys move from entry to entry.`);
  svg.append(draw("rect", { class: "mg-ground", x: start, y: start, width: columns * size, height: rows * size }));
  const most = Math.max(...entries.map(([, , value]) => Math.abs(toNumber(value))).filter(Number.isFinite), 0) || 1;
  for (const [i, j, value] of entries) {
    const place = { x: start + j * size, y: start + i * size, width: size, height: size };
    const share = Math.abs(toNumber(value)) / most;
    const bad = !Number.isFinite(share);
    const opacity = bad ? 1 : 0.2 + 0.8 * share;
    svg.append(draw("rect", { ...place, class: bad ? "mg-square mg-nan" : value < 0 ? "mg-square mg-negative" : "mg-square", "fill-opacity": opacity }));
    if (value < 0 && size >= 6) svg.append(hole(place, size));
  }
  return svg;
}

/** What makes the square of a negative entry hollow, as a negative bar is. */
function hole({ x, y }, size) {
  const wide = size * 0.45;
  return draw("rect", { class: "mg-hole", x: x + (size - wide) / 2, y: y + (size - wide) / 2, width: wide, height: wide });
}

/** A bar per weight. @param {(k: number, length: number) => object} place k in px along the side */
function strip(weights, count, size, start, name, place) {
  const numbers = weights.map(toNumber);
  const most = Math.max(...numbers.map(Math.abs).filter(Number.isFinite), 0) || 1;
  return numbers.flatMap((weight, k) => {
    if (weight === 0) return [];
    const length = Number.isFinite(weight) ? Math.max(2, (BAR * Math.abs(weight)) / most) : BAR;
    const box = { width: Math.max(1, size * 0.7), height: Math.max(1, size * 0.7), ...place(start + k * size + size * 0.15, length) };
    return [draw("rect", { ...box, class: weight < 0 ? `mg-bar ${name} mg-hollow` : `mg-bar ${name}` })];
  });
}
