// First, back, next, last, play with its speed, the slider, and where one is.

import { iconButton } from "../shared/button.js";
import { make, setText } from "../shared/dom.js";

const SPEEDS = { slow: 3000, normal: 1500, fast: 500 }; // ms per step
const ICONS = {
  first: "M5 4v12M15 4 7.5 10 15 16z",
  back: "M13.5 4 6 10l7.5 6z",
  next: "M6.5 4 14 10l-7.5 6z",
  last: "M15 4v12M5 4l7.5 6L5 16z",
  play: "M6 3.5 16 10 6 16.5z",
  pause: "M6.5 4v12M13.5 4v12",
};

/**
 * @param {import("./timeline.js").Timeline} timeline
 * @param {(step: number) => void} go called with the step to go to
 * @param {AbortSignal} signal @param {HTMLElement[]} more further controls
 */
export function makeControls(timeline, go, signal, more = []) {
  const last = timeline.steps.length - 1;
  let at = 0;
  let timer = 0;
  let held = false;
  const first = button("first", "First step", "", () => move(0));
  const back = button("back", "Back one step", "Back", () => move(at - 1));
  const next = button("next", "Next step", "Next", () => move(at + 1));
  const end = button("last", "Last step", "", () => move(last));
  const play = button("play", "Play", "Play", () => (timer ? pause() : start()));
  next.classList.add("mg-primary");
  const speed = speedChoice();
  const slider = makeSlider(last);
  const count = make("span", "mg-count");
  const fails = timeline.steps[last].kind === "error" ? [failsButton(last, () => move(last))] : [];
  const buttons = make("div", "mg-buttons", "", first, back, next, end, play, speed, ...more, ...fails, count);
  const element = make("div", "mg-controls", "", buttons, track(timeline, slider));
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Steps");
  slider.addEventListener("input", () => move(Number(slider.value)), { signal });
  signal.addEventListener("abort", pause);

  function move(step) {
    pause();
    go(Math.max(0, Math.min(last, step)));
  }
  function start() {
    setIcon(play, "pause", "Pause");
    if (at === last) go(0);
    const tick = () => {
      held = false;
      if (at < last) go(at + 1);
      if (at === last || held) pause();
      else timer = setTimeout(tick, SPEEDS[speed.value]);
    };
    timer = setTimeout(tick, SPEEDS[speed.value] / 3);
  }
  function pause() {
    clearTimeout(timer);
    if (timer) setIcon(play, "play", "Play");
    timer = 0;
  }
  function show(step, words) {
    at = step;
    setText(count, `Step ${step + 1} of ${last + 1}`);
    if (slider.value !== String(step)) slider.value = String(step);
    slider.setAttribute("aria-valuetext", words);
    // Not `disabled`: that would drop the focus, and the next key would reach the notebook.
    for (const [control, off] of [[first, step === 0], [back, step === 0], [next, step === last], [end, step === last]]) {
      if (control.getAttribute("aria-disabled") !== String(off)) control.setAttribute("aria-disabled", String(off));
    }
  }
  const toggle = () => (timer ? pause() : start());
  const hold = () => void (held = true); // playing waits at this step
  return { element, show, move, toggle, hold, speed, position: () => at, last };
}

function button(icon, label, text, act) {
  return iconButton(icon, ICONS[icon], label, text, act);
}

/** A run that fails says so from the first step on, and where. */
function failsButton(step, act) {
  const element = make("button", "mg-button mg-fails", `✕ Fails at step ${step + 1}`);
  element.type = "button";
  element.title = "Go to the step that fails";
  element.addEventListener("click", act);
  return element;
}

function setIcon(element, icon, text) {
  element.querySelector("path").setAttribute("d", ICONS[icon]);
  element.querySelector("span").textContent = text;
  element.setAttribute("aria-label", text);
  element.title = text;
}

function speedChoice() {
  const select = make("select", "mg-speed");
  select.setAttribute("aria-label", "Speed of playing");
  for (const name in SPEEDS) select.append(make("option", "", name));
  select.value = "normal";
  return select;
}

function makeSlider(last) {
  const slider = make("input", "mg-slider");
  slider.type = "range";
  slider.min = "0";
  slider.max = String(last);
  slider.step = "1";
  slider.setAttribute("aria-label", "Step");
  return slider;
}

/** The slider over two stretches: where it is forward, where backward. */
function track(timeline, slider) {
  const count = timeline.steps.length;
  const forward = timeline.steps.filter((step) => step.phase === "forward").length;
  const share = count > 1 ? Math.max(0, (forward - 0.5) / (count - 1)) : 0;
  const stretch = (name, size) => {
    const part = make("span", `mg-stretch mg-${name}`, name);
    part.style.flexGrow = String(size);
    return part;
  };
  const stretches = make("div", "mg-stretches", "", stretch("forward", share), stretch("backward", 1 - share));
  if (timeline.steps[count - 1].kind === "error") stretches.append(make("span", "mg-fails-mark", "✕"));
  stretches.setAttribute("aria-hidden", "true");
  return make("div", "mg-track", "", slider, stretches);
}
