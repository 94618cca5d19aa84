// Arrays and local Jacobians as matrices. The brackets are CSS borders; what is too large is abbreviated.

import { make } from "./dom.js";
import { heatMap, heatOf } from "./heatmap.js";
import { brief, entryText, flat, isBad, rounded, shapeText } from "./numbers.js";
import { GAP, pageBehind, startFor, windowed } from "./window.js";

const MOST = 6; // rows or columns that are written out
const WIDEST = 310; // px that a matrix may take; the step panel is never narrower
const CHARACTER = 9.1;
const COLUMN_GAP = 12;
const CORNER = 4; // entries per axis that are known of a large array
const windows = new WeakMap(); // a matrix, as it is drawn → what moves its window

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
  const inPlane = windows.get(matrix);
  windows.set(noted, {
    ...inPlane,
    show(row, column) {
      const wanted = Math.floor(row / rows);
      if (wanted !== plane) {
        plane = wanted;
        note.textContent = which();
        inPlane.paint();
      }
      inPlane.show(row % rows, column);
    },
    named: (row, column) => `${row % rows},${column}`,
  });
  return noted;
}

/**
 * The cell of an entry, after the window has moved there; null if it is not written out. The planes
 * of an array of more than two axes stand below each other.
 * @param {HTMLElement} element as it was made here
 */
export function cellAt(element, row, column) {
  const view = windows.get(element);
  view?.show(row, column);
  const name = view?.named?.(row, column) ?? `${row},${column}`;
  return element.dataset.at === name ? element : element.querySelector(`[data-at="${name}"]`);
}

/** Calls `painted()` whenever the cells of a matrix are others, as its window has moved. */
export function onMove(element, painted) {
  windows.get(element)?.listeners.push(painted);
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

/** The numbers in columns. What does not fit stands behind a gap, which moves the window. */
function grid(rows, columns, at, corner = false) {
  const matrix = make("span", "mg-matrix");
  matrix.setAttribute("role", "img");
  const most = corner ? CORNER : MOST;
  const listeners = [];
  let top = 0;
  let start = 0;
  let shown;
  const paint = () => {
    const rowsShown = corner ? known(rows, CORNER) : windowed(rows, MOST, top);
    const few = (count) => (corner ? known(columns, count) : windowed(columns, count, start));
    shown = [rowsShown, fitting(rowsShown, few, at, most)];
    fill(matrix, ...shown, [rows, columns], at);
    for (const listener of listeners) listener();
  };
  const move = (above, before) => {
    if (corner || (above === top && before === start)) return;
    [top, start] = [above, before];
    paint();
  };
  const show = (row, column) => {
    move(startFor(row, rows, shown[0].length, top), startFor(column, columns, shown[1].length, start));
    if (!shown[1].includes(column)) move(top, column); // wider numbers: fewer fit
  };
  matrix.addEventListener("click", (event) => {
    const gap = event.target.closest(".mg-gap");
    if (gap) move(Number(gap.dataset.top ?? top), Number(gap.dataset.start ?? start));
  });
  windows.set(matrix, { show, paint, listeners });
  paint();
  return matrix;
}

/** The first indices of a large array, of which no others are known, and a gap. */
function known(count, most) {
  const first = Array.from({ length: Math.min(count, most) }, (_, k) => k);
  return count > most ? [...first, GAP] : first;
}

/** As many columns as are not too wide. few: the columns that are shown in so many places. */
function fitting(down, few, at, most) {
  for (let count = most; ; count -= 1) {
    const across = few(count);
    if (count <= 3 || widthOf(textsOf(down, across, at)) <= WIDEST) return across;
  }
}

/** Dots that a click follows. top, start: where the window is then; false: where it is now. */
function gapCell(cell, top, start) {
  cell.classList.add("mg-gap");
  if (top !== false) cell.dataset.top = top;
  if (start !== false) cell.dataset.start = start;
  cell.setAttribute("aria-hidden", "true");
  return cell;
}

function textsOf(down, across, at) {
  const texts = down.map((i) => across.map((j) => (i === GAP || j === GAP ? dots(i, j) : cellText(at(i, j)))));
  alignPoints(texts);
  return texts;
}

function fill(matrix, down, across, [rows, columns], at) {
  const texts = textsOf(down, across, at);
  matrix.style.gridTemplateColumns = `repeat(${across.length}, auto)`;
  const cells = down.flatMap((i, row) =>
    across.map((j, column) => {
      const cell = make("span", "mg-cell", texts[row][column]);
      if (i === GAP || j === GAP) return gapCell(cell, i === GAP && pageBehind(down, row, rows), j === GAP && pageBehind(across, column, columns));
      const value = at(i, j);
      cell.dataset.at = `${i},${j}`;
      if (value === 0) cell.classList.add("mg-zero");
      if (isBad(value)) cell.classList.add("mg-bad");
      return cell;
    }),
  );
  matrix.replaceChildren(...cells);
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
