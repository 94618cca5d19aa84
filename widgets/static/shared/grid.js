// Numbers in rows and columns. The brackets are CSS borders; what does not fit stands behind a gap, and
// the window on the rest moves: by a click on the gap, or to an entry that is asked for.

import { textsOf, widthOf } from "./aligned.js";
import { make } from "./dom.js";
import { isBad } from "./numbers.js";
import { GAP, pageBehind, startFor, windowed } from "./window.js";

export const MOST = 6; // rows or columns that are written out
const WIDEST = 310; // px that a matrix may take; the step panel is never narrower
const CORNER = 4; // entries per axis that are known of a large array
const windows = new WeakMap(); // a matrix, as it is drawn → what moves its window

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

/**
 * Of planes below each other one is shown, in `matrix`, which is a part of `element`.
 * @param {number} rows of each plane @param {(plane: number) => void} turn shows another plane
 */
export function stackPlanes(element, matrix, rows, turn) {
  const view = windows.get(matrix);
  let plane = 0;
  const show = (row, column) => {
    const wanted = Math.floor(row / rows);
    turn(wanted);
    if (wanted !== plane) view.paint();
    plane = wanted;
    view.show(row % rows, column);
  };
  windows.set(element, { ...view, show, named: (row, column) => `${row % rows},${column}` });
}

/** Calls `painted()` whenever the cells of a matrix are others, as its window has moved. */
export function onMove(element, painted) {
  windows.get(element)?.listeners.push(painted);
}

/**
 * @param {number} rows @param {number} columns @param {(i: number, j: number) => any} at an entry
 * @param {boolean} corner are only the first entries known?
 */
export function grid(rows, columns, at, corner = false) {
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
