// A forward step: the inputs, the result, and what is kept for the way back.

import { make } from "../shared/dom.js";
import { arrayMatrix } from "../shared/matrix.js";
import { distinct, isStale, lockText, lockWords } from "./locks.js";
import { equation, heading, term } from "./terms.js";

export function forwardPanel(step, node, timeline) {
  const title = node.kind === "operation" ? heading("", `${called(node)} = ${node.expression}`) : heading("A leaf: ", node.label);
  const body = [];
  if (node.value) body.push(values(node, timeline));
  else body.push(make("p", "mg-remark", notKept(timeline.trace.engine)));
  for (const edge of timeline.trace.edges) {
    if (edge.to !== node.id || !edge.held) continue;
    const label = timeline.nodes.get(edge.from).label;
    body.push(make("p", "mg-warning", `${label} had been overwritten since${edge.writer && `, by ${edge.writer}`}: its box shows what it was at first.`));
  }
  const sources = timeline.trace.edges.filter((edge) => edge.to === node.id).map((edge) => timeline.nodes.get(edge.from));
  for (const changed of new Set([node, ...sources])) if (changed.now) body.push(changedSince(changed));
  const severed = timeline.trace.edges.find((edge) => edge.to === node.id && edge.severed)?.severed;
  if (severed) body.push(make("div", "mg-error", "", make("strong", "", `History cut: ${severed.reason}.`))); // why, says the text above
  else if (node.kind === "operation" && !node.requires_grad) body.push(make("p", "mg-remark", `${node.label} requires no grad: its inputs have no history.`));
  if (node.reached === false) body.push(make("p", "mg-remark", `No way back leads from ${timeline.output} to ${node.label}: it is not reached.`));
  if (node.kind === "leaf") body.push(make("p", "mg-remark", `No operation made it: ${node.label}.grad_fn is None.`));
  const saved = distinct(node.saved);
  if (saved.some((item) => isStale(item) || item.freed)) {
    body.push(...saved.filter((item) => isStale(item) || item.freed).map((item) => make("p", "mg-warning", `${lockWords(item)}.`)));
  } else if (saved.length) body.push(make("p", "mg-saved", `Saved for the backward pass: ${saved.map(lockText).join(", ")}`));
  return { title, body };
}

/** A leaf or a constant that somebody has written to after it was used. */
function changedSince({ label, now, writer }) {
  const words = `${label} has been overwritten since${writer && `, by ${writer}`}. Now it is:`;
  return make("div", "mg-warning", "", make("p", "", words), equation(term(arrayMatrix(now), label)));
}

/** Why there is no value, and how to have one next time. */
function notKept(engine) {
  return engine === "torch"
    ? "PyTorch does not keep this value. Compute it inside “with widgets.recording():” to see every value, number and line of code."
    : "The value was not kept.";
}

const MOST_RESULTS = 6;

/** What a node computed, [label, value] each: most compute one tensor, some several. */
function results(node) {
  return [[node.label, node.value], ...(node.more ?? []).map((other) => [other.label, other.value])].slice(0, MOST_RESULTS);
}

/** "a, b" for what computes two. */
export function called(node) {
  const labels = results(node).map(([label]) => label);
  return [...labels, ...(node.more?.length >= MOST_RESULTS ? ["…"] : [])].join(", ");
}

/** [label, value] of each input whose value is known, once. */
export function given(node, timeline) {
  const found = timeline.trace.edges.filter((edge) => edge.to === node.id).map((edge) => {
    const from = timeline.nodes.get(edge.from);
    const other = from.more?.find((result) => result.output === edge.output);
    return [other?.label ?? from.label, edge.held ?? (other ?? from).value];
  });
  return [...new Map(found.filter(([, value]) => value))];
}

/** The inputs → the results. */
function values(node, timeline) {
  const inputs = given(node, timeline);
  const [first, ...found] = results(node).map(([label, value]) => term(arrayMatrix(value), label));
  const [before, ...others] = inputs.map(([label, value]) => term(arrayMatrix(value), label));
  const after = found.map((other) => [",", other]);
  if (!before) return equation(first, ...after);
  return equation(before, ...others.map((other) => [",", other]), ["→", first], ...after);
}
