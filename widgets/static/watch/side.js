// Beside the picture: which iteration it is, what changed in it, and what failed.

import { make } from "../shared/dom.js";
import { codeLine } from "../stepper/source.js";
import { named } from "./bar.js";

const DONE = { backward: "backward() was done.", step: "backward() and step() were done." };

const BACKQUOTE = "\u0060";

export function makeSide() {
  const content = make("div", "mg-content");
  const element = make("div", "mg-panel mg-watch-side", "", content);
  element.setAttribute("role", "group"); // no landmark: a page may show it many times
  element.setAttribute("aria-label", "This iteration");
  let shown = "";

  function show(run, frame, state) {
    const text = JSON.stringify([run, frame?.words, frame?.failure, state]);
    if (text === shown) return;
    shown = text;
    content.replaceChildren(...(run ? parts(run, frame) : [make("p", "mg-remark", "Every operation appears here as it runs.")]));
  }
  return { element, show };
}

function parts(run, frame) {
  const alike = run.first === run.last ? "" : ", all alike";
  const count = `${run.operations} operation${run.operations === 1 ? "" : "s"}${alike}. ${DONE[run.done] ?? ""}`;
  const list = [make("h2", "mg-title", named(run)), make("p", "", count)];
  if (frame.failure) list.push(...failure(frame.failure));
  if (frame.words.length) {
    const items = frame.words.map((sentence) => make("li", "", "", ...inCode(sentence)));
    const changes = make("ul", "mg-changes", "", ...items);
    list.push(make("h3", "mg-subtitle", `Compared with iteration ${run.first - 1}`), changes);
  }
  return list;
}

/** The error, where it was raised, and the operands with the axes that do not fit. */
function failure(found) {
  const [first, ...others] = found.error.split("\n");
  const cross = make("span", "mg-cross", "✕ ");
  cross.setAttribute("aria-hidden", "true");
  const where = { forward: "failed", backward: "failed in the backward pass", program: "" }[found.phase];
  const title = found.phase === "program" ? "The program stopped" : `${found.operation} ${where}`;
  const text = make("div", "mg-error", "", make("strong", "", "", cross, title), make("div", "", first));
  for (const line of others) text.append(make("div", "mg-error-more", line));
  const list = [text, ...codeLine(found)];
  if (!found.operands.length) return list;
  const items = found.operands.map((operand) => {
    const sizes = operand.shape.map((n, axis) => {
      const wrong = operand.axes.includes(axis);
      return make("span", wrong ? "mg-wrong" : "", wrong ? `[${n}]` : String(n));
    });
    const shape = sizes.length ? sizes.flatMap((size, k) => (k ? ["×", size] : [size])) : ["one number"];
    return make("li", "mg-mono", "", `${operand.label}: `, ...shape, `, ${operand.dtype}`);
  });
  const operands = make("ul", "mg-operands", "", ...items);
  operands.setAttribute("aria-label", "Operands");
  const fits = found.operands.some((operand) => operand.axes.length);
  return [...list, operands, ...(fits ? [make("p", "mg-remark", "The axes in [brackets] do not fit each other.")] : [])];
}

/** A sentence with what stands between backquotes set as code. */
function inCode(sentence) {
  return sentence.split(BACKQUOTE).map((part, k) => (k % 2 ? make("code", "mg-code", part) : part));
}

/** What a reader hears. */
export function runWords(run, frame) {
  const failed = frame.failure ? ` ${frame.failure.words}` : "";
  const changed = frame.words.length ? ` ${frame.words.join(" ").replaceAll(BACKQUOTE, "")}` : "";
  return `${named(run)}: ${run.operations} operations.${failed}${changed}`;
}
