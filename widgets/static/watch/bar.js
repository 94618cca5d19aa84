// Whether it watches, the buttons that stop and resume, and the slider over earlier iterations.

import { make, setText } from "../shared/dom.js";

/**
 * @param {{go: (index: number) => void, newest: () => void, wish: (word: string) => void}} acts
 * @param {boolean} live is there a kernel to ask?
 * @param {AbortSignal} signal
 */
export function makeBar(acts, live, signal) {
  const word = make("span", "mg-watch-state");
  const toggle = barButton("Stop", () => acts.wish(word.dataset.state === "watching" ? "stop" : "resume"));
  const back = barButton("‹", () => acts.go(Number(slider.value) - 1), "Earlier iteration");
  const next = barButton("›", () => acts.go(Number(slider.value) + 1), "Later iteration");
  const last = barButton("Newest", acts.newest);
  const slider = make("input", "mg-watch-slider");
  slider.type = "range";
  slider.min = "0";
  slider.setAttribute("aria-label", "Iteration");
  slider.addEventListener("input", () => acts.go(Number(slider.value)), { signal });
  const count = make("span", "mg-count");
  const history = make("div", "mg-buttons mg-history", "", back, slider, next, last);
  const buttons = make("div", "mg-buttons", "", word, ...(live ? [toggle] : []), history, count);
  const element = make("div", "mg-watch-bar", "", buttons);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Watching");

  function show(runs, at, state, following) {
    if (word.dataset.state !== state) {
      word.dataset.state = state;
      setText(word, state === "watching" && live ? "● Watching" : state === "gone" ? "■ The kernel has ended" : "■ Stopped");
      setText(toggle, state === "watching" ? "Stop" : "Resume");
      toggle.hidden = state === "gone";
    }
    word.hidden = !live;
    history.hidden = runs.length < 2;
    const run = runs[at];
    const final = runs[runs.length - 1];
    setText(count, run ? `${named(run)} of ${final.last}` : "");
    slider.max = String(Math.max(0, runs.length - 1));
    if (slider.value !== String(at)) slider.value = String(at);
    slider.setAttribute("aria-valuetext", run ? `${named(run)}, ${run.operations} operations` : "");
    dim(back, at === 0);
    dim(next, at >= runs.length - 1);
    dim(last, following);
  }
  return { element, show };
}

/** Iteration 3, or Iterations 3–7. */
export function named(run) {
  return run.first === run.last ? `Iteration ${run.first}` : `Iterations ${run.first}–${run.last}`;
}

function barButton(text, act, label = text) {
  const element = make("button", "mg-button", text);
  element.type = "button";
  if (label !== text) {
    element.setAttribute("aria-label", label);
    element.title = label;
  }
  element.addEventListener("click", act);
  return element;
}

/** Not `disabled`: that would drop the focus, and the next key would reach the notebook. */
function dim(element, off) {
  if (element.getAttribute("aria-disabled") !== String(off)) element.setAttribute("aria-disabled", String(off));
}
