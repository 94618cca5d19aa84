// A small Jacobian as a table: v stands at its rows, u at its columns, the products opposite them.

import { make, setText } from "../shared/dom.js";
import { entryText, isBad } from "../shared/numbers.js";
import { presets, textButton, weightControl } from "./controls.js";
import { meaning, toNumber } from "./vectors.js";

/**
 * @param {any} data @param {import("./vectors.js").Vectors} vectors @param {(text: string) => void} say
 */
export function makeTable(data, vectors, say) {
  const { rows, columns, out, x } = data;
  const matrix = dense(data);
  const most = Math.max(...data.cells.values.map((value) => Math.abs(toNumber(value))).filter(Number.isFinite), 0);
  const change = (side, place) => (weight) => vectors.set(side, vectors[side].map((old, k) => (k === place ? weight : old)));
  const v = controls("v", out.entries);
  const u = controls("u", x.entries);
  const left = x.entries.map(() => make("td", "mg-result mg-v"));
  const right = out.entries.map(() => make("td", "mg-result mg-u"));
  const number = make("span");
  const corner = make("td", "mg-result", "", make("small", "", "vᵀJu"), number);
  const table = make("table", "mg-table");
  table.append(make("caption", "mg-spoken", `The Jacobian, ${rows} rows and ${columns} columns, with v at its rows and u at its columns`));
  table.append(
    row(corners("u, a weight for each column", "mg-u"), ...u.map((control) => make("td", "mg-above", "", control.element)), make("td")),
    row(corners("", ""), ...x.entries.map((name, j) => header("col", name, () => vectors.onehot("u", j), `u picks the column ${name}`)), head("J·u", "mg-u")),
  );
  matrix.forEach((values, i) => {
    const name = header("row", out.entries[i], () => vectors.onehot("v", i), `v picks the row ${out.entries[i]}`);
    table.append(row(make("td", "mg-beside", "", v[i].element), name, ...values.map((value) => cell(value, most)), right[i]));
  });
  const sum = head("vᵀJ", "mg-v");
  sum.scope = "row";
  table.append(row(beside("v, a weight for each row"), sum, ...left, corner));
  const { v: forV, u: forU } = presets(data, vectors);
  vectors.listen(() => {
    vectors.v.forEach((weight, i) => v[i].show(weight));
    vectors.u.forEach((weight, j) => u[j].show(weight));
    vectors.left().forEach((value, j) => showEntry(left[j], value));
    vectors.right().forEach((value, i) => showEntry(right[i], value));
    showEntry(number, vectors.both());
    tint(table, vectors);
    setText(forV.said, `vᵀJ ${meaning(vectors.v, out.entries, "row")}`);
    setText(forU.said, `J·u ${meaning(vectors.u, x.entries, "column")}`);
    const spoken = (values) => values.map(entryText).join(", ");
    say(`${forV.said.textContent}: ${spoken(vectors.left())}. ${forU.said.textContent}: ${spoken(vectors.right())}.`);
  });
  return make("section", "mg-part", "", make("div", "mg-scroll", "", table), forV.line, forU.line);

  function controls(side, names) {
    return names.map((name, place) => weightControl(`${side}, weight of ${name}`, change(side, place)));
  }
}

/** The rows of the matrix, zeros among them. */
export function dense({ rows, columns, cells }) {
  const matrix = Array.from({ length: rows }, () => new Array(columns).fill(0));
  cells.values.forEach((value, k) => (matrix[cells.i[k]][cells.j[k]] = value));
  return matrix;
}

function row(...cells) {
  return make("tr", "", "", ...cells);
}

function head(text, name) {
  const cell = make("th", `mg-result-name ${name}`, text);
  cell.scope = "col";
  return cell;
}

function header(scope, name, act, label) {
  const cell = make("th", "", "", textButton(name, label, act));
  cell.scope = scope;
  return cell;
}

function corners(text, name) {
  const cell = make("td", `mg-corner ${name}`, text);
  cell.colSpan = 2;
  return cell;
}

function beside(text) {
  return make("td", "mg-corner mg-v", text);
}

function cell(value, most) {
  const element = make("td", "mg-entry", value === 0 ? "0" : entryText(value));
  if (value === 0) element.classList.add("mg-zero");
  else if (isBad(value)) element.classList.add("mg-bad-cell");
  else if (most) element.style.setProperty("--mg-share", `${Math.round(34 * (Math.abs(value) / most))}%`);
  if (value < 0) element.classList.add("mg-negative");
  return element;
}

function showEntry(element, value) {
  setText(element, entryText(value));
  element.classList.toggle("mg-bad-cell", isBad(value));
}

/** A line along the rows and columns that play a part. */
function tint(table, { v, u }) {
  const lines = [...table.rows].slice(2, -1);
  lines.forEach((line, i) => {
    line.toggleAttribute("data-used", v[i] !== 0);
    u.forEach((weight, j) => line.cells[j + 2].toggleAttribute("data-used", weight !== 0));
  });
}
