// The table of a small Jacobian as a drawing, for a file: names, entries, and the products at its sides.

import { draw } from "../shared/dom.js";
import { entryText } from "../shared/numbers.js";
import { dense } from "./table.js";
import { toNumber } from "./vectors.js";

const COLUMN = 92; // px
const LINE = 34;
const CHARACTERS = 9.2; // px of one

/** @param {any} data @param {import("./vectors.js").Vectors} vectors @returns {SVGElement} */
export function drawMatrix(data, vectors) {
  const { rows, columns, out, x } = data;
  const matrix = dense(data);
  const most = Math.max(...matrix.flat().map((value) => Math.abs(toNumber(value))).filter(Number.isFinite), 0) || 1;
  const left = CHARACTERS * Math.max(4, ...out.entries.map((name) => name.length)) + 24;
  const weights = 64; // for v, before the names
  const at = (j) => weights + left + j * COLUMN;
  const line = (i) => LINE * (i + 3);
  const width = at(columns) + COLUMN + 16;
  const height = line(rows + 1) + 12;
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, class: "mg-drawn" });
  const write = (text, right, base, name = "") => {
    const element = draw("text", { x: right, y: base, class: `mg-drawn-text ${name}` });
    element.textContent = text;
    svg.append(element);
  };
  write(`J = ∂${out.label}/∂${x.label}`, width - 16, 24, "mg-drawn-head");
  x.entries.forEach((name, j) => {
    write(entryText(vectors.u[j]), at(j) + COLUMN - 10, line(-1) + 4, "mg-u");
    write(name, at(j) + COLUMN - 10, line(0) - 4, "mg-drawn-name");
  });
  write("u", at(0) - 14, line(-1) + 4, "mg-u");
  write("v", weights - 14, line(0) - 4, "mg-v");
  write("J·u", at(columns) + COLUMN - 4, line(0) - 4, "mg-u");
  matrix.forEach((values, i) => {
    write(entryText(vectors.v[i]), weights - 14, line(i) + 22, "mg-v");
    write(out.entries[i], at(0) - 14, line(i) + 22, "mg-drawn-name");
    values.forEach((value, j) => {
      const share = Math.min(1, Math.abs(toNumber(value)) / most) || 0;
      const kind = value < 0 ? "mg-square mg-negative" : "mg-square";
      svg.append(
        draw("rect", { x: at(j), y: line(i), width: COLUMN, height: LINE, class: kind, "fill-opacity": (0.34 * share).toFixed(3) }),
        draw("rect", { x: at(j), y: line(i), width: COLUMN, height: LINE, class: "mg-drawn-line" }),
      );
      write(entryText(value), at(j) + COLUMN - 10, line(i) + 22);
    });
    write(entryText(vectors.right()[i]), at(columns) + COLUMN - 4, line(i) + 22, "mg-u");
  });
  write("vᵀJ", at(0) - 14, line(rows) + 24, "mg-v");
  vectors.left().forEach((value, j) => write(entryText(value), at(j) + COLUMN - 10, line(rows) + 24, "mg-v"));
  return svg;
}
