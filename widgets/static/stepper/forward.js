// A forward step: the inputs, the result, and what is kept for the way back.

import { make } from "../shared/dom.js";
import { arrayMatrix } from "../shared/matrix.js";
import { distinct, isStale, lockText, lockWords } from "./locks.js";
import { equation, heading, term } from "./terms.js";

export function forwardPanel(step, node, timeline) {
  const title = node.kind === "operation" ? heading("", `${node.label} = ${node.expression}`) : heading("A leaf: ", node.label);
  const body = [];
  if (node.value) body.push(values(node, timeline));
  else body.push(make("p", "mg-remark", notKept(timeline.trace.engine)));
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

/** Why there is no value, and how to have one next time. */
function notKept(engine) {
  return engine === "torch"
    ? "PyTorch does not keep this value. Compute it inside “with widgets.recording():” to see every value, number and line of code."
    : "The value was not kept.";
}

/** The inputs → the result. */
function values(node, timeline) {
  const result = term(arrayMatrix(node.value), node.label);
  const ids = timeline.trace.edges.filter((edge) => edge.to === node.id).map((edge) => edge.from);
  const inputs = [...new Set(ids)].map((id) => timeline.nodes.get(id)).filter((input) => input.value);
  if (!inputs.length) return equation(result);
  const [first, ...others] = inputs.map((input) => term(arrayMatrix(input.value), input.label));
  return equation(first, ...others.map((other) => [",", other]), ["→", result]);
}
