// The step panel: what happens at this step, in words, in a formula and in numbers.

import { make } from "../shared/dom.js";
import { withoutLists } from "../shared/numbers.js";
import { accumulatePanel, operationPanel, seedPanel } from "./backward.js";
import { errorPanel } from "./error.js";
import { forwardPanel } from "./forward.js";
import { questionPanel } from "./question.js";
import { codeLine } from "./source.js";

const KEYS = "Keys: ← → Home End, space plays, / finds";
const MORE_KEYS = "+ and - zoom, 0 original size, 1 the whole graph; Shift and arrows move it, or drag. Ctrl and the wheel zoom; the wheel alone scrolls the page, and the graph once it was clicked. o opens the group of this step, c closes it, Enter opens or closes one, g all. f full screen, s saves.";

/**
 * @param {import("./timeline.js").Timeline} timeline
 * @param {Record<string, string>} formulas LaTeX → MathML
 */
export function makePanel(timeline, formulas) {
  const content = make("div", "mg-content");
  const element = make("div", "mg-panel", "", content);
  element.setAttribute("role", "group"); // no landmark: a page may show it many times
  element.setAttribute("aria-label", "This step");
  const keys = make("span", "mg-keys", KEYS);
  keys.title = MORE_KEYS;
  const parts = { forward: forwardPanel, seed: seedPanel, operation: operationPanel, accumulate: accumulatePanel };

  /** @param {HTMLElement[]} first lines above the step @param {any} question {questions, act}, to be predicted */
  function show(index, first = [], question = null) {
    const step = timeline.steps[index];
    const node = timeline.nodes.get(step.node);
    const part = step.kind === "error" ? errorPanel : parts[step.phase === "forward" ? "forward" : step.kind] ?? seedPanel;
    const shown = question
      ? questionPanel(step, node, timeline, formulas, question.questions, question.act)
      : part(step, node, timeline, formulas);
    const { title, body } = shown;
    const phase = make("span", `mg-phase mg-${step.kind === "error" ? "error-phase" : step.phase}`, step.kind === "error" ? `${step.phase} fails` : step.phase);
    const by = ["operation", "accumulate", "error"].includes(step.kind) ? make("span", "mg-mono", node?.grad_fn ?? "") : "";
    content.replaceChildren(
      make("div", "mg-kicker", "", phase, by),
      title,
      ...codeLine(node?.source),
      ...first,
      ...(step.kind === "error" || question ? [] : [make("p", "mg-sentence", withoutLists(step.text))]),
      ...body,
      make("p", "mg-then", "", make("span", "", then(timeline, index)), keys),
    );
    return shown;
  }
  return { element, show };
}

/** What comes next, so that it is clear what the next press of the key does. */
function then(timeline, index) {
  const step = timeline.steps[index + 1];
  if (!step) return "This was the last step.";
  if (step.kind === "error") return `Next: the ${step.phase} pass fails`;
  const node = timeline.nodes.get(step.node);
  const what = {
    compute: node.kind === "operation" ? `${node.label} = ${node.expression}` : `the leaf ${node.label}`,
    seed: `backward starts at ${node.label}`,
    operation: `backward through ${node.label} = ${node.expression}`,
    accumulate: `add to ${node.label}.grad`,
  };
  return `Next: ${what[step.kind]}`;
}
