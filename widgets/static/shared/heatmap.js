// A matrix too large for its numbers: where its entries are not zero, and about how large they are.
//
// A cell is blue where the block's largest entry is positive and orange, with a hole, where it is
// negative; the more, the larger. Colours are translucent, so they suit either theme.

import { make } from "./dom.js";
import { isBad, rounded } from "./numbers.js";

const HEAT_SIDE = 240; // px that the longer side takes
const HEAT_LEVELS = 9;
const HEAT_PLUS = [22, 104, 220];
const HEAT_MINUS = [222, 94, 0];
const HEAT_BAD = [200, 0, 60];

/**
 * @typedef {{rows: number, columns: number, cells: string, max: number, exact: boolean}} CellMap
 * @param {{shape: number[], structure: string|null, map: CellMap}} jacobian
 * @returns {HTMLElement}
 */
export function heatMap({ shape, structure, map }) {
  const diagonal = structure === "diagonal";
  const rows = diagonal ? map.columns : map.rows;
  const { columns } = map;
  const level = diagonal ? (i, j) => (i === j ? map.cells[i] : "0") : (i, j) => map.cells[i * columns + j];
  const size = Math.max(3, Math.min(16, Math.floor(HEAT_SIDE / Math.max(rows, columns))));
  const canvas = make("canvas", "mg-heat");
  const tall = rows === 1 ? 14 : size;
  canvas.width = columns * size;
  canvas.height = rows * tall;
  paintHeat(canvas.getContext("2d"), rows, columns, size, tall, level);
  const words = heatWords(shape, structure, map);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Heat map of a ${shape[0]} by ${shape[1]} matrix. ${words}`);
  const note = make("span", "mg-note", words);
  const tell = (event) => {
    const i = Math.min(rows - 1, Math.floor((event.offsetY / canvas.clientHeight) * rows));
    const j = Math.min(columns - 1, Math.floor((event.offsetX / canvas.clientWidth) * columns));
    note.textContent = heatBlock(i, j, rows, columns, shape, level(i, j), map);
  };
  canvas.addEventListener("pointermove", tell);
  canvas.addEventListener("pointerleave", () => (note.textContent = words));
  return make("span", "mg-noted mg-heated", "", make("span", "mg-frame-line", "", canvas), note);
}

/** The map of a matrix whose entries are all known. */
export function heatOf(values) {
  const numbers = values.flat().map((value) => (isBad(value) ? NaN : Number(value)));
  const max = Math.max(0, ...numbers.filter(Number.isFinite).map(Math.abs));
  const letter = (value) => {
    if (Number.isNaN(value)) return "!";
    if (value === 0) return "0";
    const step = Math.max(1, Math.ceil(HEAT_LEVELS * Math.sqrt(Math.abs(value) / max)));
    return String.fromCharCode((value < 0 ? 64 : 96) + step);
  };
  return { rows: values.length, columns: values[0].length, cells: numbers.map(letter).join(""), max, exact: true };
}

function paintHeat(pen, rows, columns, size, tall, level) {
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1) {
      const cell = level(i, j);
      if (cell === "0") continue;
      const negative = cell < "a" && cell !== "!";
      const [red, green, blue] = cell === "!" ? HEAT_BAD : negative ? HEAT_MINUS : HEAT_PLUS;
      pen.fillStyle = `rgba(${red}, ${green}, ${blue}, ${cell === "!" ? 1 : 0.25 + 0.75 * (heatLevel(cell) / HEAT_LEVELS)})`;
      pen.fillRect(j * size, i * tall, size, tall);
      const hole = Math.max(1, Math.round(size / 3));
      if (negative) pen.clearRect(j * size + hole, i * tall + Math.round(tall / 3), size - 2 * hole, tall - 2 * Math.round(tall / 3));
    }
  }
}

function heatLevel(cell) {
  return cell.toLowerCase().charCodeAt(0) - 96;
}

/** What the whole shows. */
function heatWords(shape, structure, map) {
  const parts = [];
  if (structure === "diagonal") parts.push("Diagonal: each entry comes from the same entry of the input");
  else if (structure === "broadcast") parts.push("A broadcast: each row picks one entry of the input");
  else {
    const filled = [...map.cells].filter((cell) => cell !== "0").length / map.cells.length;
    parts.push(`Not zero in ${Math.round(100 * filled)} % of its ${map.rows}×${map.columns} blocks`);
  }
  const signs = [/[a-i]/.test(map.cells) && "blue: positive", /[A-I]/.test(map.cells) && "orange with a hole: negative"];
  if (!map.exact) parts.push("rows taken together, without signs: the darker, the larger");
  else parts.push(...signs.filter(Boolean));
  if (map.cells.includes("!")) parts.push("red: nan or infinite");
  return `${parts.join("; ")}.${map.exact ? ` Largest ${rounded(map.max)}.` : ""}`;
}

/** What one cell shows, where the pointer is. */
function heatBlock(i, j, rows, columns, shape, cell, map) {
  const span = (k, count, all) => {
    const first = Math.floor((k * all) / count);
    const last = Math.floor(((k + 1) * all) / count) - 1;
    return first >= last ? `${first}` : `${first} to ${last}`;
  };
  const where = `Row ${span(i, rows, shape[0])}, column ${span(j, columns, shape[1])}`;
  if (cell === "0") return `${where}: zero.`;
  if (cell === "!") return `${where}: nan or infinite.`;
  if (!map.exact) return `${where}: not all zero.`;
  const most = rounded(Number((map.max * (heatLevel(cell) / HEAT_LEVELS) ** 2).toPrecision(2)));
  const sign = cell < "a" ? "negative, at least −" : "positive, at most ";
  return `${where}: ${sign}${most}.`;
}
