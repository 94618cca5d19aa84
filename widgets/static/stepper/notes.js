// What is remarkable about a product: a broadcast, 0 × ∞, a kink where the derivative is a choice.

import { make } from "../shared/dom.js";
import { isBroadcast, jacobianMatrix } from "../shared/matrix.js";
import { entryText, flat, isBad, shapeText } from "../shared/numbers.js";
import { termsOf, zeroTimesInfinity } from "./paths.js";
import { equation, term } from "./terms.js";

// Products of matrices: with zeros in a factor their Jacobians look like those of copies.
const MATRIX = /mm|mv|dot|conv/;

/** @returns {HTMLElement[]} */
export function notes(product, pairs, to, node) {
  const found = [];
  const factor = MATRIX.test(node.operation) && !(/add/.test(node.operation) && product.input === "self");
  if (!factor && pairs.some((pair) => isBroadcast(pair.jacobian))) found.push(make("p", "mg-remark", broadcast(to, node)));
  const dead = deadEntries(pairs, product.contribution);
  const masked = maskedEntries(pairs, product.contribution);
  if (masked.length) found.push(make("p", "mg-remark", `${lead(masked)} the local derivative is 0, and 0 is sent, though what arrives is no number: it is left out, not multiplied.`));
  if (dead.length) found.push(make("p", "mg-warning", `${lead(dead)} 0 × ∞ = nan: no gradient arrives there, but the local derivative is infinite. A branch that was not chosen is multiplied with 0, not left out.`));
  if (product.nudged) found.push(disagreement(product, to, node));
  if (product.kinks) found.push(make("p", "mg-kink", kinkText(product.kinks, to)));
  return found;
}

function broadcast(to, node) {
  const shape = to.value ? ` (${shapeText(to.value) || "a number"})` : "";
  return `An entry of ${to.label}${shape} that went into several entries of ${node.label} gets the sum of their gradients.`;
}

/** The entries of a product that are nan as 0 met infinity. */
function deadEntries(pairs, contribution) {
  const entries = flat(contribution) ?? [];
  return entries.flatMap((value, column) => (value === "nan" && zeroTimesInfinity(termsOf(pairs, column) ?? []) ? [column] : []));
}

/** The entries at which nan or infinity arrives, and 0 goes on. */
function maskedEntries(pairs, contribution) {
  if (pairs.length > 1 || pairs[0].jacobian.kind !== "diagonal") return [];
  const [{ incoming, jacobian }] = pairs;
  const arrived = flat(incoming) ?? [];
  const sent = flat(contribution) ?? [];
  return arrived.flatMap((value, k) => (isBad(value) && jacobian.values[k] === 0 && sent[k] === 0 ? [k] : []));
}

function lead(columns) {
  const shown = columns.slice(0, 4).join(", ");
  return `${columns.length === 1 ? "Entry" : "Entries"} ${shown}${columns.length > 4 ? ", …" : ""}:`;
}

/** The Jacobian of a Function's forward, where its backward has another one. */
function disagreement({ jacobian, nudged }, to, node) {
  const name = node.expression.split(".apply(")[0];
  const text =
    `${name}.backward does not fit ${name}.forward: nudging ${to.label} shows another derivative. ` +
    "It may be meant so, as in a straight-through estimator or a reversed gradient.";
  const [rows, columns] = nudged.shape;
  const box = make("div", "mg-warning", "", make("p", "", text));
  const [theirs, right] = [jacobian, nudged].map(jacobianMatrix);
  box.append(equation(term(right, "by nudging", rows * columns > 1 ? `${rows}×${columns}` : ""), ["≠", term(theirs, "by backward")]));
  const [i, j] = firstDifference(jacobian, nudged);
  if (rows * columns > 1) box.append(make("p", "", `First at row ${i}, column ${j}: ${entryText(entryAt(nudged, i, j))} by nudging, ${entryText(entryAt(jacobian, i, j))} by backward.`));
  return box;
}

function firstDifference(a, b) {
  const [rows, columns] = a.shape;
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1) {
      const [x, y] = [entryAt(a, i, j), entryAt(b, i, j)];
      const same = isBad(x) || isBad(y) ? x === y : Math.abs(x - y) <= 1e-3 * Math.max(Math.abs(x), Math.abs(y));
      if (!same) return [i, j];
    }
  }
  return [0, 0];
}

function entryAt({ kind, values }, i, j) {
  if (kind === "diagonal") return i === j ? values[i] : 0;
  return values[i][j];
}

/** At a kink any slope between the two sides is a subgradient; the engine takes one. */
function kinkText({ count, entries }, to) {
  const [{ at, left, right, used }] = entries;
  const [low, high] = [left, right].sort((a, b) => a - b).map(entryText);
  const where = count === 1 ? `at entry ${at} of ${to.label}` : `at ${count} entries of ${to.label}, first at entry ${at}`;
  return `A kink, ${where}: the slope is ${entryText(left)} on the left and ${entryText(right)} on the right. Any value from ${low} to ${high} would do as a derivative; the engine uses ${entryText(used)}.`;
}
