// A version counter: a card per version, the write that led to it, and a padlock for all that is kept at it.

import { draw, make } from "../shared/dom.js";

const LOCK = "M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3";
const BROKEN = "M5 9h10v8H5zM7 9V6a3 3 0 0 1 5.6-1.5M8 11l4 4M12 11l-4 4";

export function counterPart(counter) {
  const now = counter.version === null ? "none: tensors of inference mode keep no version" : `version ${counter.version}`;
  const title = make("h3", "mg-subtitle", "", "Version counter of ", make("span", "mg-mono", counter.label), `: ${now}`);
  const part = make("div", "mg-counter", "", title);
  const cards = counter.steps.map((step) => card(step, step.version === counter.version));
  const list = make("ol", "mg-steps", "", ...cards);
  list.setAttribute("aria-label", "Versions");
  part.append(list);
  return part;
}

function card(step, last) {
  const title = make("div", "mg-card-title", `version ${step.version}${last ? ", now" : ""}`);
  const parts = [title];
  if (step.operation) {
    const write = make("div", "mg-write", "", make("span", "mg-write-word", "written by "), make("span", "mg-mono", step.operation));
    parts.push(write, ...codeOf(step));
  } else if (step.version > 0) parts.push(make("div", "mg-write", "", make("span", "mg-write-word", "written by somebody")));
  parts.push(...step.saved.map(padlock));
  const element = make("li", "mg-card", "", ...parts);
  if (last) element.dataset.now = "";
  return element;
}

/** Who keeps the tensor as it was at this version. */
function padlock(saved) {
  const overwritten = saved.state === "overwritten";
  const icon = draw("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, draw("path", { d: overwritten ? BROKEN : LOCK }));
  const who = make("div", "", "", make("span", "mg-mono", saved.node), " keeps it as ", make("span", "mg-mono", saved.name));
  const text = make("div", "mg-padlock-text", "", who);
  if (saved.what) text.append(make("div", "mg-mono mg-padlock-what", saved.what));
  if (overwritten) text.append(make("div", "mg-padlock-bad", "✕ overwritten since: backward fails"));
  const element = make("div", "mg-padlock", "", icon, text);
  element.dataset.state = saved.state;
  return element;
}

function codeOf(step) {
  if (!step.text) return step.where ? [make("div", "mg-where", step.where)] : [];
  return [make("div", "mg-code", step.text), make("div", "mg-where", step.where.split(/[\\/]/).pop())];
}
