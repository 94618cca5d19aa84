// The step panel while a number is to be predicted: what is known, a field per number, and the answer.

import { make } from "../shared/dom.js";
import { formula } from "../shared/formula.js";
import { arrayMatrix } from "../shared/matrix.js";
import { given } from "./forward.js";
import { judge } from "./judge.js";
import { readNumber } from "./predict.js";
import { equation, heading, term } from "./terms.js";

const HOW = "A number: 0.25, 1/4 or -3e-2. Enter checks it.";

/**
 * @param {import("./predict.js").Question[]} questions
 * @param {{done: (verdicts: {right: boolean, words: string}[]) => void, skip: () => void}} act
 */
export function questionPanel(step, node, timeline, formulas, questions, act) {
  const rules = [...new Set(questions.map(({ rule }) => rule))];
  const fields = questions.map((question) => field(question));
  const trouble = make("p", "mg-trouble");
  trouble.setAttribute("role", "alert");
  const check = wordButton("mg-primary", "Check", answer);
  const skip = wordButton("", "Skip", act.skip);
  const form = make("div", "mg-question", "", ...fields.map(({ element }) => element), make("p", "mg-how", HOW), trouble, make("div", "mg-answers", "", check, skip));
  form.addEventListener("keydown", (event) => pressedInQuestion(event, answer));

  function answer() {
    const given = fields.map(({ input }) => readNumber(input.value));
    const missing = given.indexOf(null);
    if (missing < 0) return act.done(given.map((value, k) => judge(value, questions[k])));
    trouble.textContent = fields[missing].input.value.trim() ? "That is not a number that can be read." : "Type a number, or skip.";
    fields[missing].input.focus();
  }
  const known = [term(arrayMatrix(step.incoming), `∂${timeline.output}/∂${step.label ?? node.label} arrived`)];
  for (const [label, value] of given(node, timeline)) known.push([",", term(arrayMatrix(value), label)]);
  const leaf = step.kind === "accumulate";
  if (leaf) known.push([",", term(before(step.accumulate), `${node.label}.grad before`)]);
  const title = leaf ? heading("Predict: ", `${node.label}.grad`) : heading("Predict: ", `${node.label} = ${node.expression}`, ", backward");
  const body = [
    ...rules.map((latex) => make("div", "mg-rule", "", formula(formulas[latex], latex))),
    equation(known[0], ...known.slice(1)),
    form,
  ];
  return { title, body, focus: () => fields[0].input.focus({ preventScroll: true }) };
}

function before(change) {
  return change.before ? arrayMatrix(change.before) : make("span", "mg-mono", "None");
}

/** The verdicts, above the step as it is. */
export function verdictLines(verdicts) {
  return verdicts.map(({ right, words }) => make("div", `mg-verdict ${right ? "mg-right" : "mg-wrong"}`, "", make("strong", "", right ? "✓ " : "✗ "), words));
}

/** The switch, and beside it how many were right. */
export function predictButton(prediction, act) {
  const tally = make("span", "mg-tally");
  const element = wordButton("mg-predict", "Predict", act);
  element.append(tally);
  element.title = "Ask for the numbers of each step of the way back before they are shown";
  function update() {
    const { right, asked } = prediction.tally;
    element.setAttribute("aria-pressed", String(prediction.isOn()));
    tally.textContent = asked ? `${right} of ${asked} right` : "";
  }
  update();
  return { element, update };
}

/** Keys belong to the field, but for those of the host; in an empty one the arrows step on. */
function pressedInQuestion(event, answer) {
  const host = event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape" || event.key === "Tab" || (event.key === "Enter" && event.shiftKey);
  if (host) return;
  const inField = event.target.tagName === "INPUT";
  const steps = event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
  if (steps && !(inField && event.target.value)) return;
  event.stopPropagation();
  if (event.key !== "Enter" || !inField) return;
  event.preventDefault();
  answer();
}

function field(question) {
  const input = make("input", "mg-answer");
  input.type = "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  return { input, element: make("label", "mg-ask", "", make("span", "", question.ask), input) };
}

function wordButton(name, text, act) {
  const element = make("button", `mg-button ${name}`, text);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}
