// The page of derive(out, x): a field per factor, a verdict per answer, one hint.
//
// The kernel judges. What is typed goes out in the trait `answers`, what is said about it comes back in
// `verdict`, both JSON. In a page of its own there is no kernel: it shows what was answered before.

import { make, setText } from "../shared/dom.js";
import { formula } from "../shared/formula.js";
import { keepKeys } from "../shared/keys.js";
import { unpacked } from "../shared/packing.js";
import { reachScrolled } from "../shared/scrolling.js";
import { followTheme } from "../shared/theme.js";
import { makeField } from "./field.js";
import { numbersTable } from "./table.js";

/**
 * @typedef {{label: string, whole: boolean, formula: string}} Question
 * @typedef {{status: string, word: string, answer: string, hint: string, notes: string[],
 *            cells: Record<string, string>, at: number|null, end: number|null}} Row
 * @typedef {{serial: number, rows: Record<string, Row>, right: number, of: number,
 *            hint: {label: string, text: string}|null, problem?: string}} Verdict
 */

const PATIENCE = 4000; // ms until the page says that the kernel has not answered
const SILENT = "The kernel has not answered yet: it is busy, or it was restarted. After a restart, run this cell again.";
const GONE = "The kernel was restarted or has ended: nothing can be checked any more. Run this cell again to go on.";
const ALONE = "This page was saved from a notebook and shows what was answered there. New answers need the notebook: a running kernel checks them.";

/**
 * anywidget's entry. Reads the traits `questions`, `answers` and `verdict`; writes `answers`.
 * @param {{model: any, el: HTMLElement}} host
 * @returns {Promise<() => void>} called when the widget goes
 */
export async function render({ model, el }) {
  const shown = new AbortController();
  const asked = await unpacked(model.get("questions"));
  const alone = typeof model.send !== "function"; // a page of its own has no kernel
  const derivation = makeDerivation(asked, model, alone, shown.signal);
  el.replaceChildren(derivation.root);
  await derivation.show();
  model.on("change:verdict", derivation.show);
  model.on("comm_live_update", derivation.lost); // JupyterLab: the kernel's end of the line
  return () => {
    shown.abort();
    model.off("comm_live_update", derivation.lost);
    model.off("change:verdict", derivation.show);
    el.replaceChildren();
  };
}

function makeDerivation(asked, model, alone, signal) {
  const status = make("p", "dv-status");
  status.setAttribute("role", "status");
  status.setAttribute("aria-live", "polite");
  const table = make("div", "dv-numbers");
  let serial = 0;
  let timer = 0;
  let gone = false;
  signal.addEventListener("abort", () => clearTimeout(timer));

  const check = () => {
    const texts = {};
    for (const field of fields) texts[field.label] = field.text();
    serial = Math.max(serial, JSON.parse(model.get("answers")).serial || 0) + 1;
    clearTimeout(timer);
    if (gone) return setText(status, GONE);
    setText(status, "Checking…");
    timer = setTimeout(() => setText(status, SILENT), PATIENCE);
    model.set("answers", JSON.stringify({ serial, texts }));
    model.save_changes();
  };
  // A reopened or second view shows what was typed and said before.
  const typed = JSON.parse(model.get("answers")).texts || {};
  const fields = asked.questions.map((question) => makeField(question, typed[question.label] || "", alone ? null : check));

  const show = async () => {
    /** @type {Verdict} */
    const verdict = await unpacked(model.get("verdict"));
    if (!verdict.rows || signal.aborted) return;
    clearTimeout(timer);
    for (const field of fields) field.show(verdict.rows[field.label]);
    table.replaceChildren(...numbersTable(asked, verdict));
    const score = `${verdict.right} of ${verdict.of} right.`;
    const done = verdict.right === verdict.of ? " The whole derivation holds." : "";
    setText(status, verdict.problem || score + done);
    // Sighted readers have the hint at its field; the whole sentence is for screen readers.
    if (verdict.hint) status.append(make("span", "mg-spoken", ` ${verdict.hint.label}: ${verdict.hint.text}`));
  };

  const lost = () => {
    gone = true;
    clearTimeout(timer);
    setText(status, GONE);
  };

  const rule = make("div", "dv-rule", "", formula(asked.rule, asked.latex));
  const frame = make("div", "mg-frame dv", "", rule, namesLine(asked));
  if (alone) frame.append(make("p", "dv-alone", ALONE));
  frame.append(...fields.map((field) => field.element), status, table);
  const root = make("div", "mg", "", frame);
  root.setAttribute("role", "group"); // no landmark: a page may show it many times
  root.setAttribute("aria-label", `Derive ∂${asked.out}/∂${asked.wrt} by hand`);
  keepKeys(root, () => {}, signal);
  followTheme(root, signal);
  reachScrolled(root, signal);
  return { root, show, lost };
}

/** "x (2×2), out (a number)" */
function namesLine(asked) {
  const line = make("p", "dv-names", "In terms of ");
  asked.names.forEach(({ name, shape }, index) => {
    if (index) line.append(", ");
    line.append(make("code", "", name), ` (${shape.length ? shape.join("×") : "a number"})`);
  });
  line.append(". Type formulas, such as 2*t, 2t, t^3, exp(t), W.T @ t, t.sum(0), or numbers.");
  if (asked.cotangent) line.append(" ", make("code", "", asked.cotangent), ` is the cotangent of ${asked.out}.`);
  return line;
}
