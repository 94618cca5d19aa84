// What one entry of a product is made of: incoming entries times entries of the local Jacobian.
//
// Nothing here touches the page.

import { entryText, flat, isBad } from "../shared/numbers.js";

const MOST_TERMS = 6; // that are written out

/**
 * @typedef {{at: number, value: number, left: any, right: any, pair: number}} Term
 *   incoming entry `at` times the Jacobian's entry below it
 */

/** The terms whose sum is entry `column` of the product; null if the numbers are not all there. */
export function termsOf(pairs, column) {
  const terms = [];
  for (const [pair, { incoming, jacobian }] of pairs.entries()) {
    const entries = flat(incoming);
    if (!entries || jacobian.values === undefined) return null;
    for (const [at, left] of entries.entries()) {
      const right = jacobian.kind === "diagonal" ? (at === column ? jacobian.values[at] : 0) : jacobian.values[at][column];
      if (right !== 0) terms.push({ at, pair, left, right, value: toNumber(left) * toNumber(right) });
    }
  }
  return terms;
}

/** `0.25 × 6 + 0.5 × 2 = 2.5` */
export function sumText(terms, value) {
  const shown = terms.slice(0, MOST_TERMS).map(({ left, right }, k) => `${factor(left, k === 0)} × ${factor(right)}`);
  if (terms.length > MOST_TERMS) shown.push(`… (${terms.length} terms)`);
  return `${shown.join(" + ") || "every factor is 0, so 0"} = ${entryText(value)}${zeroTimesInfinity(terms) ? ", as 0 × ∞ is nan" : ""}`;
}

/** Does a term multiply nothing with infinity? */
export function zeroTimesInfinity(terms) {
  return terms.some(({ left, right }) => (left === 0 && isBad(right) && right !== "nan") || (right === 0 && isBad(left) && left !== "nan"));
}

function factor(value, first = false) {
  const text = entryText(value).replace("inf", "∞");
  return text.startsWith("-") && !first ? `(${text})` : text;
}

/** `entry [1, 0]`; empty for a single number. */
export function entryName(column, shape) {
  if (!shape.length) return "";
  const index = [];
  for (const length of [...shape].reverse()) {
    index.unshift(column % length);
    column = Math.floor(column / length);
  }
  return `entry [${index.join(", ")}]`;
}

function toNumber(value) {
  return isBad(value) ? Number(value.replace("inf", "Infinity").replace("nan", "NaN")) : Number(value);
}
