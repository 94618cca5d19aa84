// The steps of a trace as one list, and how every node and edge looks at each of them.
//
// Nothing here touches the page: a trace goes in, plain data comes out.

import { brief } from "../shared/numbers.js";

/**
 * @typedef {{at: number, waiting: boolean, slot: string, text: string, freed?: boolean}} Look
 *   how a node looks from step `at` on. slot: "none" | "empty" | "gathering" | "complete" | "passed" | "kept" | "unreached"
 * @typedef {{phase: "forward"|"backward", kind: string, node: string|null, text: string}} Step
 *   node: null at an error that belongs to no node
 * @typedef {{trace: any, steps: Step[], looks: Map<string, Look[]>,
 *            carried: Map<string, number>, nodes: Map<string, any>, edges: Map<string, any>,
 *            inputs: Map<string, string[]>,
 *            output: string}} Timeline
 */

// As in widgets/layout/sizes.py:
const LONGEST = 14; // characters of a gradient in a box
const SHORT_NAME = 8; // characters of a name that its gradient's line repeats

/** @returns {Timeline} */
export function makeTimeline(trace) {
  const forward = trace.forward.map((step) => ({ phase: "forward", kind: "compute", ...step }));
  const backward = trace.backward.map((step) => ({ phase: "backward", ...step }));
  const steps = [...forward, ...backward];
  if (trace.error) steps.push({ products: [], ...trace.error, kind: "error", rule: [] });
  const nodes = new Map(trace.nodes.map((node) => [node.id, node]));
  const computed = new Set(trace.forward.map((step) => step.node));
  const sums = new Map(trace.backward.filter((step) => step.accumulate).map((step) => [step.node, step.accumulate]));
  const start = (node) => atTheStart(node, computed.has(node.id), sums.get(node.id)?.before);
  const looks = new Map(trace.nodes.map((node) => [node.id, [start(node)]]));
  const carried = new Map();
  const due = countArrivals(trace);
  const change = (id, at, news) => {
    const list = looks.get(id);
    const last = list[list.length - 1];
    if (last.at === at) Object.assign(last, news);
    else list.push({ ...last, ...news, at });
  };
  steps.forEach((step, at) => {
    const node = nodes.get(step.node);
    if (step.kind === "error") return failing(step, node, at, change);
    if (step.phase === "forward") return change(step.node, at, { waiting: false });
    if (step.kind === "seed") return change(step.node, at, { slot: "complete", text: brief(step.incoming, LONGEST) });
    if (step.accumulate) change(step.node, at, { slot: "kept", text: brief(step.accumulate.after, LONGEST) });
    else change(step.node, at, { slot: "complete", text: brief(step.incoming, LONGEST) });
    for (const product of step.products ?? []) {
      carried.set(product.edge, at);
      due.set(product.to, due.get(product.to) - 1);
      change(product.to, at, arriving(nodes.get(product.to), product, due.get(product.to)));
    }
    if (!step.accumulate && !node.is_leaf) change(step.node, at + 1, { slot: "passed", text: "passed" });
    if (step.freed?.length) change(step.node, at, { freed: true });
  });
  return {
    trace, steps, looks, carried, nodes,
    edges: new Map(trace.edges.map((edge) => [edge.id, edge])),
    inputs: edgesInto(trace),
    output: nodes.get(trace.output).label,
  };
}

/** Node → the edges that end at it. */
function edgesInto(trace) {
  const found = new Map();
  for (const edge of trace.edges) found.set(edge.to, [...(found.get(edge.to) ?? []), edge.id]);
  return found;
}

/** The look of a node at a step: the last change at or before it. */
export function lookAt(list, step) {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (list[middle].at <= step) low = middle;
    else high = middle - 1;
  }
  return list[low];
}

/** x.grad for what keeps its gradient, ∂out/∂y for what passes it on. */
export function slotLabel(node, output) {
  if (!keeps(node)) return `∂${output}/∂${node.label}`;
  return node.label.length <= SHORT_NAME ? `${node.label}.grad` : ".grad";
}

function keeps(node) {
  return node.is_leaf || node.retains_grad;
}

function atTheStart(node, waiting, before) {
  if (!node.requires_grad) return { at: 0, waiting, slot: "none", text: "" };
  if (node.reached === false) return { at: 0, waiting, slot: "unreached", text: "not reached" };
  const text = !keeps(node) ? "" : before ? brief(before, LONGEST) : "None";
  return { at: 0, waiting, slot: "empty", text };
}

/** The last step of a run that failed: in a forward pass the node has no value. */
function failing(step, node, at, change) {
  if (!node) return;
  if (step.phase === "forward") change(step.node, at, { waiting: false });
  else if (step.incoming && node.requires_grad) change(step.node, at, { slot: "complete", text: brief(step.incoming, LONGEST) });
}

/** Node → how many contributions will arrive at it. */
function countArrivals(trace) {
  const due = new Map(trace.nodes.map((node) => [node.id, 0]));
  for (const step of trace.backward) {
    for (const product of step.products ?? []) due.set(product.to, due.get(product.to) + 1);
  }
  return due;
}

/** What a contribution changes at its node. A gradient that is kept is not touched yet. */
function arriving(node, { after, label }, due) {
  const sum = (label ? `${label}: ` : "") + brief(after, LONGEST) + (due ? " + …" : "");
  const slot = due ? "gathering" : "complete";
  return { slot, text: keeps(node) ? `← ${sum}` : sum };
}
