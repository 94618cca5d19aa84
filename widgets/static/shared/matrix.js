// Arrays and local Jacobians as matrices. The brackets are CSS borders; what is too large is abbreviated.

import { make } from "./dom.js";
import { grid, stackPlanes, MOST } from "./grid.js";
import { heatMap, heatOf } from "./heatmap.js";
import { brief, entryText, flat, isBad, rounded, shapeText } from "./numbers.js";

/**
 * An array as a matrix in its own shape: a number bare, a vector as a row.
 * @param {import("./numbers.js").TraceArray} array
 */
export function arrayMatrix(array) {
  const shape = array.shape;
  if (shape.includes(0)) return make("span", "mg-bare", "empty");
  if (!shape.length) return number(array.values);
  const source = array.values ?? array.corner;
  const planes = planesOf(source, array.values ? shape.length : depth(source));
  const [rows, columns] = shape.length > 1 ? shape.slice(-2) : [1, shape[0]];
  let plane = 0;
  const matrix = grid(rows, columns, (i, j) => planes[plane][i]?.[j], !array.values);
  matrix.setAttribute("aria-label", `${shapeText(array)} array, ${brief(array, 200)}`);
  const which = () => (plane ? `number ${plane + 1} of ${shape.slice(0, -2).join("×")}` : `first of ${shape.slice(0, -2).join("×")}`);
  const notes = shape.length > 2 ? [which()] : [];
  if (!array.values) notes.push(`mean ${rounded(array.mean)}, ${brief(array, 20)}`);
  if (!notes.length) return matrix;
  const note = make("span", "mg-note", notes.join("; "));
  const noted = make("span", "mg-noted", "", matrix, note);
  stackPlanes(noted, matrix, rows, (wanted) => {
    if (wanted === plane) return;
    plane = wanted;
    note.textContent = which();
  });
  return noted;
}

/** An array as one row, in C order: what stands to the left of a Jacobian. */
export function rowMatrix(array) {
  const entries = flat(array);
  if (!entries || array.shape.includes(0)) return arrayMatrix(array);
  if (!array.shape.length) return number(entries[0]);
  const matrix = grid(1, entries.length, (i, j) => entries[j]);
  matrix.setAttribute("aria-label", `row of ${entries.length}: ${brief(array, 200)}`);
  return matrix;
}

/** A local Jacobian: a diagonal as a diagonal, a row as a row. */
export function jacobianMatrix(jacobian) {
  const { kind, shape, values } = jacobian;
  const [rows, columns] = shape;
  if (!rows || !columns) return make("span", "mg-bare", "empty");
  if (kind === "omitted") return make("span", "mg-large", `${rows}×${columns}`, make("small", "", "left out here"));
  if (kind === "large" && jacobian.map) return heatMap(jacobian);
  if (kind === "dense" && Math.max(rows, columns) > MOST) return heatMap({ shape, structure: null, map: heatOf(values) });
  if (kind === "large") {
    return make("span", "mg-large", `${rows}×${columns}`, make("small", "", "too large to write out"));
  }
  if (rows === 1 && columns === 1) return number(kind === "diagonal" ? values[0] : values[0][0]);
  const diagonal = kind === "diagonal";
  const matrix = grid(rows, columns, diagonal ? (i, j) => (i === j ? values[i] : 0) : (i, j) => values[i][j]);
  const what = diagonal ? `diagonal, ${brief({ shape: [rows], values }, 200)}` : brief({ shape, values }, 200);
  matrix.setAttribute("aria-label", `${rows} by ${columns} Jacobian, ${what}`);
  return matrix;
}

/** Was the input broadcast: every row picks one of its entries, and some entry is picked often? */
export function isBroadcast(jacobian) {
  if (jacobian.structure === "broadcast") return true;
  if (jacobian.kind !== "dense") return false;
  const uses = new Array(jacobian.shape[1]).fill(0);
  for (const row of jacobian.values) {
    const used = row.flatMap((value, column) => (value === 0 ? [] : [column]));
    if (used.length > 1) return false;
    if (used.length) uses[used[0]] += 1;
  }
  return uses.some((count) => count > 1);
}

function number(value) {
  const element = make("span", isBad(value) ? "mg-bare mg-bad" : "mg-bare", entryText(value));
  element.dataset.at = "0,0";
  return element;
}

function depth(nested) {
  return Array.isArray(nested) ? 1 + depth(nested[0]) : 0;
}

/** All two-dimensional slices, each as rows. */
function planesOf(nested, dimensions) {
  if (dimensions === 1) return [[nested]];
  return dimensions === 2 ? [nested] : nested.flatMap((part) => planesOf(part, dimensions - 1));
}
