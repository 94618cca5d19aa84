// Pointing at one entry of a product lights the entries that it was made of, path by path.

import { make } from "../shared/dom.js";
import { entryText, flat } from "../shared/numbers.js";
import { entryName, sumText, termsOf } from "./paths.js";

const HINT = "Point at an entry of what is sent, or Tab to it and use the arrows: it shows what it was made of.";

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
  const cells = product.dataset.at ? [product] : [...product.querySelectorAll("[data-at]")];
  if (!cells.length || !termsOf(pairs, 0)) return null;
  const line = make("div", "mg-trail", hint ? HINT : "");
  const list = cells[0] === product ? make("span", "mg-pointable", "", product) : product;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-orientation", "horizontal");
  if (list !== product) list.setAttribute("aria-label", "What is sent");
  const columnOf = (cell) => Number(cell.dataset.at.split(",")[1]);
  let lit = [];

  function light(cell) {
    dark();
    const column = columnOf(cell);
    const terms = termsOf(pairs, column);
    const words = sum(terms, flat(contribution)[column], place(column, contribution.shape));
    line.textContent = words;
    cell.setAttribute("aria-label", words);
    cell.setAttribute("aria-selected", "true");
    lit = [cell, ...terms.flatMap(({ at, pair }) => [find(pairs[pair].row, 0, at), find(pairs[pair].matrix, at, column)])];
    for (const { element, shape } of alike) lit.push(inPlane(element, shape, column));
    lit = lit.filter(Boolean);
    for (const one of lit) one.classList.add("mg-lit");
    for (const { matrix, jacobian } of pairs) markColumn(matrix, column, jacobian.shape[1]);
  }
  function dark() {
    for (const one of lit) one.classList.remove("mg-lit");
    for (const cell of cells) cell.setAttribute("aria-selected", "false");
    for (const { matrix } of pairs) markColumn(matrix, -1, 1);
    lit = [];
  }
  for (const [k, cell] of cells.entries()) {
    cell.setAttribute("role", "option");
    cell.tabIndex = k ? -1 : 0;
    cell.setAttribute("aria-selected", "false");
    cell.setAttribute("aria-label", k ? entryText(flat(contribution)[columnOf(cell)]) : sum(termsOf(pairs, columnOf(cell)), flat(contribution)[columnOf(cell)], place(columnOf(cell), contribution.shape)));
  }
  const cellOf = (event) => event.target.closest("[data-at]");
  list.addEventListener("pointerover", (event) => cellOf(event) && light(cellOf(event)));
  list.addEventListener("pointerleave", () => (list.contains(document.activeElement) ? 0 : dark()));
  list.addEventListener("focusin", (event) => light(cellOf(event)));
  list.addEventListener("focusout", dark);
  list.addEventListener("keydown", (event) => moved(event, cells, light));
  return { list, line };
}

/** Arrows, Home and End go from entry to entry; no other part of the widget hears of them. */
function moved(event, cells, light) {
  const at = cells.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: cells.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  event.stopPropagation();
  const next = cells[Math.max(0, Math.min(cells.length - 1, to))];
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  light(next); // its words are there before a reader asks for them
  next.focus();
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

function find(element, i, j) {
  const name = `${i},${j}`;
  return element.dataset.at === name ? element : element.querySelector(`[data-at="${name}"]`);
}

/** The cell of an array drawn in its own shape, if it is in the plane that is shown. */
function inPlane(element, shape, column) {
  const [rows, columns] = shape.length > 1 ? shape.slice(-2) : [1, shape[0] ?? 1];
  return column < rows * columns ? find(element, Math.floor(column / columns), column % columns) : null;
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
