// The last step of a run that failed: what was raised, at which node, with which operands.

import { make } from "../shared/dom.js";
import { arrayMatrix } from "../shared/matrix.js";
import { shapeText } from "../shared/numbers.js";
import { isStale, lockWords } from "./locks.js";
import { codeLine } from "./source.js";
import { equation, heading, term } from "./terms.js";

export function errorPanel(step, node, timeline) {
  const title = node
    ? heading(`The ${step.phase} pass fails at `, node.kind === "operation" ? `${node.label} = ${node.expression}` : node.label)
    : heading(`The ${step.phase} pass fails`, "");
  const [first, ...others] = step.text.split("\n");
  const raised = make("div", "mg-error", "", make("strong", "", `${step.type ?? "Error"}: `), first);
  for (const line of others) raised.append(make("div", "mg-error-more", line));
  const body = [raised, ...culprits(timeline, node), ...writers(step, node)];
  if (step.operands?.length) body.push(operands(step.operands));
  if (step.incoming && node) {
    body.push(equation(term(arrayMatrix(step.incoming), `∂${timeline.output}/∂${node.label} had arrived`)));
  }
  return { title, body };
}

/** Where the histories ended that led to a result without one. */
function culprits(timeline, node) {
  if (!node || node.requires_grad) return [];
  const cuts = timeline.trace.edges.filter((edge) => edge.severed);
  const ends = [...new Map(cuts.map((edge) => [edge.to, edge.severed]))];
  return ends.map(([id, severed]) => {
    const end = timeline.nodes.get(id);
    const what = make("p", "mg-remark", "The history ended at ", make("span", "mg-mono", `${end.label} = ${end.expression}`), `. ${severed.text}`);
    return make("div", "", "", what, ...codeLine(end.source));
  });
}

/** Who overwrote what the failing operation had saved, where the error does not say it itself. */
function writers(step, node) {
  const unsaid = (node?.saved ?? []).filter((item) => isStale(item) && !(item.writer && step.text.includes(item.writer)));
  return unsaid.map((item) => make("p", "mg-remark", `${lockWords(item)}.`));
}

/** What the failing operation was given. */
function operands(list) {
  const items = list.map((operand) => make("li", "mg-mono", `operand ${operand.label}: ${shapeText(operand) ? `shape ${shapeText(operand)}` : "a number"}, ${operand.dtype}`));
  const element = make("ul", "mg-operands", "", ...items);
  element.setAttribute("aria-label", "Operands");
  return element;
}
