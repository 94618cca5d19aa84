// Predicting the numbers of a step before they are shown: what is asked, what counts as right, and why.
// Of an operation its products are asked for, of a leaf what its gradient becomes.
//
// Nothing here touches the page.

import { brief, entryText, flat, isBad } from "../shared/numbers.js";
import { entryName, sumText, termsOf } from "./paths.js";

const NEAR = 0.015; // of the true value: 0.33 is right for a third
const ASKED = 2; // products of a step that are asked for
const FRACTION = /^([+-]?[\d.]+(?:e[+-]?\d+)?)\/([+-]?[\d.]+(?:e[+-]?\d+)?)$/i;

/**
 * @typedef {{rule: string, product?: any, pairs?: any[], change?: any, column: number, truth: any, ask: string, to: string}} Question
 *   of a product, or of a leaf's change {before, contribution, after}; to: the label of the tensor
 */

/** @param {import("./timeline.js").Timeline} timeline */
export function makePrediction(timeline) {
  const tally = { right: 0, asked: 0 };
  const done = new Set(); // steps that were answered or given up
  const state = { on: false };

  /** The questions of a step, if it is to be predicted now; none otherwise. @returns {Question[]} */
  function due(index) {
    return state.on && !done.has(index) ? questionsOf(timeline.steps[index], timeline) : [];
  }
  function answered(index, verdicts) {
    done.add(index);
    tally.asked += verdicts.length;
    tally.right += verdicts.filter((verdict) => verdict.right).length;
  }
  return {
    due, answered, tally,
    isOn: () => state.on,
    /** Switch it on or off; the step that is in sight is not asked for any more. */
    toggle(index) {
      state.on = !state.on;
      done.add(index);
    },
    giveUp: (index) => void done.add(index),
  };
}

/** @returns {Question[]} */
export function questionsOf(step, timeline) {
  if (step.kind === "accumulate") return questionOfLeaf(step, timeline);
  if (step.kind !== "operation") return [];
  const node = timeline.nodes.get(step.node);
  const known = step.products.filter((product) => flat(product.contribution)?.length);
  return known.slice(0, ASKED).map((product) => {
    const entries = flat(product.contribution);
    const { column, which } = asked(entries, product.contribution.shape);
    const to = timeline.nodes.get(product.to).label;
    const twins = known.filter((other) => other.to === product.to);
    const through = twins.length > 1 ? `, by its use number ${twins.indexOf(product) + 1}` : "";
    const ask = `What does ${node.grad_fn} send to ${to}${through}${which}?`;
    const pairs = [{ incoming: step.incoming, jacobian: product.jacobian }, ...(product.more ?? [])];
    return { rule: product.rule, product, pairs, column, truth: entries[column], ask, to };
  });
}

/** @returns {Question[]} */
function questionOfLeaf(step, timeline) {
  const entries = flat(step.accumulate.after);
  if (!entries?.length) return [];
  const { column, which } = asked(entries, step.accumulate.after.shape);
  const to = timeline.nodes.get(step.node).label;
  return [{ rule: step.rule[0], change: step.accumulate, column, truth: entries[column], ask: `What is ${to}.grad afterwards${which}?`, to }];
}

/** Which entry is asked for, and how that is said. */
function asked(entries, shape) {
  const same = entries.every((value) => value === entries[0]);
  const column = same ? 0 : interesting(entries);
  const which = entries.length === 1 ? "" : same ? " (one number: all entries are equal)" : `, ${entryName(column, shape)}`;
  return { column, which };
}

/** The entry to ask for: one that is nan or infinite, else the first that is not 0. */
function interesting(entries) {
  const bad = entries.findIndex(isBad);
  return bad >= 0 ? bad : Math.max(0, entries.findIndex((value) => value !== 0));
}

/** A number as people type it: 0.25, 1/4, -3e-2, nan, ∞. null if it is none. */
export function readNumber(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(/\s*\/\s*/, "/").replace(/^([+-]?\d*),(\d+)$/, "$1.$2");
  if (/^nan$/i.test(plain)) return NaN;
  const infinite = /^([+-]?)(inf|infinity|∞)$/i.exec(plain);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  const fraction = FRACTION.exec(plain);
  if (fraction) return numberOrNull(Number(fraction[1]) / Number(fraction[2]));
  return plain === "" || /[^\d.e+-]/i.test(plain) ? null : numberOrNull(Number(plain));
}

function numberOrNull(value) {
  return Number.isNaN(value) ? null : value;
}

/** @param {number} given @param {Question} question @returns {{right: boolean, words: string}} */
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
