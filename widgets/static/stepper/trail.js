// Pointing at one entry of a product lights the entries that it was made of, path by path.

import { make } from "../shared/dom.js";
import { cellAt, onMove } from "../shared/grid.js";
import { entryText, flat } from "../shared/numbers.js";
import { entryName, sumText, termsOf } from "./paths.js";

const HINT = "Point at an entry of what is sent, or Tab to it and use the arrows: it shows what it was made of.";
const MORE = " A click on ⋯, or the arrows, go on to those that are left out.";
const PAGE = 4; // entries that PageDown goes on

/**
 * @typedef {{incoming: any, jacobian: any, row: HTMLElement, matrix: HTMLElement}} Pair
 *   an incoming gradient and a local Jacobian, as data and as they are drawn
 */

/**
 * Makes the entries of `product` answer to pointer and keys.
 * @param {Pair[]} pairs @param {any} contribution the product as data
 * @param {HTMLElement} product as it is drawn; its entries have data-at="0,column"
 * @param {{element: HTMLElement, shape: number[]}[]} alike arrays of the product's shape, lit with it
 * @returns {HTMLElement|null} the line that says it in numbers; null if there is nothing to point at
 */
export function makeTrail(pairs, contribution, product, alike, hint) {
  const entries = flat(contribution);
  if (!entries?.length || !termsOf(pairs, 0)) return null;
  const count = entries.length;
  const list = product.dataset.at ? make("span", "mg-pointable", "", product) : product;
  const line = make("div", "mg-trail", hint ? HINT + (list.querySelector(".mg-gap") ? MORE : "") : "");
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-orientation", "horizontal");
  if (list !== product) list.setAttribute("aria-label", "What is sent");
  let reached = 0; // the entry that Tab leads to
  let lit = [];

  const words = (column) => sum(termsOf(pairs, column), entries[column], place(column, contribution.shape));
  function light(column) {
    dark();
    line.textContent = words(column);
    const cell = cellAt(product, 0, column);
    cell.setAttribute("aria-label", line.textContent);
    cell.setAttribute("aria-selected", "true");
    lit = [cell];
    for (const [index, pair] of pairs.entries()) lit.push(...sources(pair, termsOf(pairs, column).filter((one) => one.pair === index), column));
    for (const { element, shape } of alike) lit.push(cellAt(element, ...inPlanes(shape, column)));
    lit = lit.filter(Boolean);
    for (const one of lit) one.classList.add("mg-lit");
    for (const { matrix, jacobian } of pairs) markColumn(matrix, column, jacobian.shape[1]);
  }
  function dark() {
    for (const one of lit) one.classList.remove("mg-lit");
    for (const cell of list.querySelectorAll('[aria-selected="true"]')) cell.setAttribute("aria-selected", "false");
    for (const { matrix } of pairs) markColumn(matrix, -1, 1);
    lit = [];
  }
  /** The entries that are shown become options; one of them is in the tab order. */
  function name() {
    const cells = [...list.querySelectorAll("[data-at]")];
    if (!cells.some((cell) => columnOf(cell) === reached)) reached = columnOf(cells[0]);
    for (const cell of cells) {
      const column = columnOf(cell);
      cell.setAttribute("role", "option");
      cell.tabIndex = column === reached ? 0 : -1;
      cell.setAttribute("aria-selected", "false");
      cell.setAttribute("aria-setsize", String(count));
      cell.setAttribute("aria-posinset", String(column + 1));
      cell.setAttribute("aria-label", column === reached ? words(column) : entryText(entries[column]));
    }
  }
  function go(column) {
    const before = cellAt(product, 0, reached);
    reached = column;
    if (before) before.tabIndex = -1;
    light(column); // its words are there before a reader asks for them
    const cell = cellAt(product, 0, column);
    cell.tabIndex = 0;
    cell.focus();
  }
  name();
  onMove(product, name);
  const cellOf = (event) => event.target.closest("[data-at]");
  list.addEventListener("pointerover", (event) => cellOf(event) && light(columnOf(cellOf(event))));
  list.addEventListener("pointerleave", () => (list.contains(document.activeElement) ? 0 : dark()));
  list.addEventListener("focusin", (event) => light(columnOf(cellOf(event))));
  list.addEventListener("focusout", dark);
  list.addEventListener("keydown", (event) => moved(event, count, go));
  return { list, line };
}

function columnOf(cell) {
  return Number(cell.dataset.at.split(",")[1]);
}

/** The cells of an incoming gradient and of a local Jacobian that one entry was made of. */
function sources({ row, matrix }, terms, column) {
  const [first] = terms; // the windows move to it; of the others those are lit that are in sight
  if (first) cellAt(row, 0, first.at), cellAt(matrix, first.at, column);
  return terms.flatMap(({ at }) => [inSight(row, 0, at), inSight(matrix, at, column)]);
}

/** Arrows, Home and End go from entry to entry; no other part of the widget hears of them. */
function moved(event, count, go) {
  const cell = event.target.closest("[data-at]");
  if (!cell) return;
  const at = columnOf(cell);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1, PageDown: at + PAGE, PageUp: at - PAGE }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  go(Math.max(0, Math.min(count - 1, to)));
}

/** `Entry [1, 0]: 0.25 × 6 + 0.5 × 2 = 2.5` */
function sum(terms, value, where) {
  return `${where}: ${sumText(terms, value)}`;
}

/** What an entry is called, by its place in C order. */
function place(column, shape) {
  const name = entryName(column, shape);
  return name ? name[0].toUpperCase() + name.slice(1) : "The number sent";
}

/** A cell, if it is written out where the window is now. */
function inSight(element, i, j) {
  const name = `${i},${j}`;
  return element.dataset.at === name ? element : element.querySelector(`[data-at="${name}"]`);
}

/** Row and column of an entry in an array drawn in its own shape, its planes below each other. */
function inPlanes(shape, column) {
  const columns = shape.at(-1) ?? 1;
  return [Math.floor(column / columns), column % columns];
}

/** In a heat map a column is marked; -1: none. */
function markColumn(matrix, column, count) {
  const frame = matrix.querySelector(".mg-frame-line");
  if (!frame) return;
  frame.querySelector(".mg-heat-mark")?.remove();
  if (column < 0) return;
  const mark = make("span", "mg-heat-mark");
  mark.style.left = `${(100 * column) / count}%`;
  mark.style.width = `${100 / count}%`;
  frame.append(mark);
}
