// A prediction judged: what counts as right, and what a wrong answer probably comes from.
//
// Nothing here touches the page.

import { brief, entryText, flat, isBad } from "../shared/numbers.js";
import { sumText, termsOf } from "./paths.js";

const NEAR = 0.015; // of the true value: 0.33 is right for a third

/** @param {number} given @param {import("./predict.js").Question} question @returns {{right: boolean, words: string}} */
export function judge(given, question) {
  const { product, pairs, change, column, truth, to } = question;
  const true_ = asNumber(truth);
  const terms = change ? null : termsOf(pairs, column);
  const sum = change ? added(change, column) : terms ? sumText(terms, truth) : `It is ${entryText(truth)}`;
  const where = change ? `${to}.grad` : `to ${to}`;
  if (near(given, true_)) return { right: true, words: `Right, ${where}: ${sum}.` };
  const why = change ? ideaOfLeaf(given, true_, change, column) : idea(given, true_, terms ?? [], product, column);
  return { right: false, words: `Not quite, ${where}. ${why}${sum}.` };
}

/** `1 + 4.5 = 5.5`, of one entry of a leaf's gradient. */
function added({ before, contribution, after }, column) {
  const [arrived, is] = [contribution, after].map((array) => entryText(flat(array)[column]));
  return before ? `${entryText(flat(before)[column])} + ${arrived} = ${is}` : `It was None and becomes what arrived, ${is}`;
}

function ideaOfLeaf(given, truth, { before, contribution }, column) {
  const [was, arrived] = [before, contribution].map((array) => array && asNumber(flat(array)[column]));
  if (before && near(given, arrived)) return "That is what arrived; it is added to what was there before. ";
  if (before && near(given, was)) return "That is what was there before; what arrives is added to it. ";
  return ratio(given, truth);
}

/** What probably happened, from what the answer equals. */
function idea(given, truth, terms, product, column) {
  const before = product.before && asNumber((flat(product.after) ?? [])[column]);
  const one = terms.length === 1 ? terms[0] : null;
  if (Number.isNaN(truth)) return "0 × ∞ is nan, and nan spreads. ";
  if (truth !== 0 && near(given, -truth)) return ratio(given, truth);
  if (before !== null && before !== undefined && near(given, before)) return "That is the sum with what had arrived before; only this step's share was asked for. ";
  if (one && near(given, asNumber(one.left))) return "That is what arrived; it is still to be multiplied with the local derivative. ";
  if (one && near(given, asNumber(one.right))) return "That is the local derivative; it is still to be multiplied with what arrived. ";
  if (terms.length > 1 && terms.some((term) => near(given, term.value))) return `That is one of ${terms.length} terms: the entry was used ${terms.length} times, and every use counts. `;
  if (truth !== 0 && near(given, 1 / truth)) return "That is one over it. ";
  if (truth === 0) return "Nothing gets through here. ";
  return ratio(given, truth);
}

function ratio(given, truth) {
  if (truth !== 0 && near(given, -truth)) return "The sign is the other way round. ";
  if (!Number.isFinite(truth) || truth === 0) return "";
  return `Yours is ${brief({ shape: [], values: Number((given / truth).toPrecision(3)) }, 12)} times it. `;
}

function near(given, truth) {
  if (Number.isNaN(truth)) return Number.isNaN(given);
  if (!Number.isFinite(truth)) return given === truth;
  return Math.abs(given - truth) <= NEAR * Math.abs(truth) + 1e-9;
}

function asNumber(value) {
  return isBad(value) ? { nan: NaN, inf: Infinity, "-inf": -Infinity }[value] : Number(value);
}
