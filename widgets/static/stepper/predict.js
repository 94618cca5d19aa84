// Predicting the numbers of a step before they are shown: what is asked, and how an answer is read.
// Of an operation its products are asked for, of a leaf what its gradient becomes.
//
// Nothing here touches the page.

import { flat, isBad } from "../shared/numbers.js";
import { entryName } from "./paths.js";

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
    const to = product.label ?? timeline.nodes.get(product.to).label;
    const twins = known.filter((other) => other.to === product.to && other.label === product.label);
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
