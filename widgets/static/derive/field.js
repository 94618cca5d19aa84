// One question: its label, its input, its verdict, and a hint.

import { make, setText } from "../shared/dom.js";
import { formula } from "../shared/formula.js";

const LONGEST_PLACE = 100; // characters of an answer in which the place of a mistake is marked

/**
 * @param {import("./derive.js").Question} question @param {string} typed what was answered before
 * @param {(() => void)|null} check null: there is nobody who would check
 */
export function makeField(question, typed, check) {
  const id = `dv-${Math.random().toString(36).slice(2)}`;
  const input = make("input", "dv-input");
  Object.assign(input, { id, type: "text", autocomplete: "off", spellcheck: false, maxLength: 4000, value: typed });
  input.setAttribute("autocapitalize", "off");
  input.placeholder = check ? (question.whole ? "the whole derivative" : "this factor") : "not answered";
  input.readOnly = !check;
  const verdict = make("span", "dv-verdict");
  verdict.id = `${id}-verdict`;
  const hint = make("div", "dv-hint");
  hint.id = `${id}-hint`;
  hint.hidden = true;
  input.setAttribute("aria-describedby", `${verdict.id} ${hint.id}`);
  input.setAttribute("aria-label", `${question.label} equals`);
  const label = make("label", "dv-label", "", formula(question.formula, `${question.label} =`));
  label.htmlFor = id;
  const line = make("div", "dv-line", "", label, input);
  if (check) line.append(checkButton(question, check));
  line.append(verdict);
  const element = make("div", question.whole ? "dv-field dv-whole" : "dv-field", "", line, hint);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !check) return;
    event.preventDefault();
    check();
  });
  input.addEventListener("input", forget);

  /** An edited answer has no verdict any more. */
  function forget() {
    element.dataset.status = "";
    setText(verdict, "");
    hint.hidden = true;
    input.removeAttribute("aria-invalid");
  }
  /** @param {import("./derive.js").Row|undefined} row */
  function show(row) {
    forget();
    if (!row || row.answer !== input.value) return;
    element.dataset.status = row.status;
    setText(verdict, row.word);
    input.setAttribute("aria-invalid", String(row.status !== "right"));
    hint.replaceChildren(...(row.hint ? [row.hint] : row.notes).map(sentence));
    if (row.hint && row.at !== null && row.answer.length <= LONGEST_PLACE) hint.append(place(row));
    hint.hidden = hint.childElementCount === 0;
  }
  return { element, label: question.label, text: () => input.value, show };
}

function checkButton(question, check) {
  const button = make("button", "mg-button dv-check", "Check");
  button.type = "button";
  button.setAttribute("aria-label", `Check ${question.label}`);
  button.addEventListener("click", check);
  return button;
}

/** The answer with the mistake marked in it. */
function place({ answer, at, end }) {
  const last = Math.min(Math.max(end ?? 0, at + 1), answer.length);
  const code = make("code", "dv-place", answer.slice(0, at));
  code.append(make("mark", "", answer.slice(at, last) || " "), answer.slice(last));
  return code;
}

/** A sentence in which `names` between backticks are code. */
function sentence(text) {
  const parts = text.split("\u0060");
  const balanced = parts.length % 2 === 1;
  const line = make("p", "", balanced ? "" : text);
  if (balanced) parts.forEach((part, index) => line.append(index % 2 ? make("code", "", part) : part));
  return line;
}
