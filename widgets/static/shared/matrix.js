// Arrays and local Jacobians as matrices. The brackets are CSS borders; what is too large is abbreviated.

import { make } from "./dom.js";
import { heatMap, heatOf } from "./heatmap.js";
import { brief, entryText, flat, isBad, rounded, shapeText } from "./numbers.js";

const MOST = 6; // rows or columns that are written out
const WIDEST = 310; // px that a matrix may take; the step panel is never narrower
const CHARACTER = 9.1;
const COLUMN_GAP = 12;
const CORNER = 4; // entries per axis that are known of a large array
const GAP = -1; // stands for the rows or columns that are left out

/**
 * An array as a matrix in its own shape: a number bare, a vector as a row.
 * @param {import("./numbers.js").TraceArray} array
 */
export function arrayMatrix(array) {
  const shape = array.shape;
  if (shape.includes(0)) return make("span", "mg-bare", "empty");
  if (!shape.length) return number(array.values);
  const source = array.values ?? array.corner;
  const plane = firstPlane(source, array.values ? shape.length : depth(source));
  const [rows, columns] = shape.length > 1 ? shape.slice(-2) : [1, shape[0]];
  const matrix = grid(rows, columns, (i, j) => plane[i]?.[j], !array.values);
  matrix.setAttribute("aria-label", `${shapeText(array)} array, ${brief(array, 200)}`);
  const notes = [];
  if (shape.length > 2) notes.push(`first of ${shape.slice(0, -2).join("×")}`);
  if (!array.values) notes.push(`mean ${rounded(array.mean)}, ${brief(array, 20)}`);
  return notes.length ? make("span", "mg-noted", "", matrix, make("span", "mg-note", notes.join("; "))) : matrix;
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

/** The first two-dimensional slice, as rows. */
function firstPlane(nested, dimensions) {
  if (dimensions === 1) return [nested];
  return dimensions === 2 ? nested : firstPlane(nested[0], dimensions - 1);
}

/** Which indices of `count` are shown: all, or the first few, a gap, and the last (if it is known). */
function shown(count, most, corner) {
  const first = (length) => Array.from({ length }, (_, k) => k);
  if (count <= most) return first(count);
  return corner ? [...first(most), GAP] : [...first(most - 2), GAP, count - 1];
}

function grid(rows, columns, at, corner = false) {
  const most = corner ? CORNER : MOST;
  const down = shown(rows, most, corner);
  let across;
  let texts;
  for (let count = most; ; count -= 1) {
    across = shown(columns, count, corner);
    texts = down.map((i) => across.map((j) => (i === GAP || j === GAP ? dots(i, j) : cellText(at(i, j)))));
    alignPoints(texts);
    if (count <= 3 || widthOf(texts) <= WIDEST) break;
  }
  const matrix = make("span", "mg-matrix");
  matrix.setAttribute("role", "img");
  matrix.style.gridTemplateColumns = `repeat(${across.length}, auto)`;
  down.forEach((i, row) =>
    across.forEach((j, column) => {
      const cell = make("span", "mg-cell", texts[row][column]);
      const value = i === GAP || j === GAP ? undefined : at(i, j);
      if (i !== GAP && j !== GAP) cell.dataset.at = `${i},${j}`;
      if (value === 0) cell.classList.add("mg-zero");
      if (isBad(value)) cell.classList.add("mg-bad");
      matrix.append(cell);
    }),
  );
  return matrix;
}

function widthOf(texts) {
  const widest = texts[0].map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  return widest.reduce((sum, characters) => sum + characters * CHARACTER + COLUMN_GAP, 0);
}

function cellText(value) {
  return value === undefined ? "·" : entryText(value);
}

function dots(i, j) {
  return i === GAP && j === GAP ? "⋱" : i === GAP ? "⋮" : "⋯";
}

/** Pads the numbers of each column so that their points stand below each other. */
function alignPoints(texts) {
  for (let column = 0; column < texts[0].length; column += 1) {
    const tails = texts.map((row) => (/^-?\d+(\.\d+)?$/.test(row[column]) ? (row[column].split(".")[1] ?? "").length : -1));
    const longest = Math.max(...tails);
    if (longest <= 0) continue;
    texts.forEach((row, k) => {
      if (tails[k] >= 0) row[column] += "\u00a0".repeat(longest - tails[k] + (tails[k] === 0 ? 1 : 0));
    });
  }
}
