// The widget of step_through(out): the graph, the step panel and the controls, put together.
//
// The whole trace is in the page; stepping asks nobody. No state outside of `render`: a page may show
// many steppers, and a host may load this module once for all of them or once for each.

import { makeAnnouncer } from "../shared/announcer.js";
import { make } from "../shared/dom.js";
import { keepKeys } from "../shared/keys.js";
import { withoutLists } from "../shared/numbers.js";
import { unpacked } from "../shared/packing.js";
import { followTheme } from "../shared/theme.js";
import { makeControls } from "./controls.js";
import { makeGraph } from "./graph.js";
import { keepShape } from "./shape.js";
import { makePanel } from "./panel.js";
import { makeTimeline } from "./timeline.js";

/**
 * anywidget's entry. Reads the traits `trace` and `formulas`, both JSON, packed if they are long.
 * @param {{model: {get: Function, on: Function, off: Function}, el: HTMLElement}} host
 * @returns {Promise<() => void>} called when the widget goes
 */
export async function render({ model, el }) {
  let shown = new AbortController();
  const redraw = async () => {
    shown.abort();
    const { signal } = (shown = new AbortController());
    const [trace, formulas] = await Promise.all(["trace", "formulas"].map((name) => unpacked(model.get(name))));
    if (!signal.aborted) el.replaceChildren(makeStepper(trace, formulas, signal));
  };
  model.on("change:trace", redraw);
  await redraw();
  return () => {
    model.off("change:trace", redraw);
    shown.abort();
    el.replaceChildren();
  };
}

function makeStepper(trace, formulas, signal) {
  const timeline = makeTimeline(trace);
  const graph = makeGraph(timeline, signal);
  const panel = makePanel(timeline, formulas);
  const announcer = makeAnnouncer();
  const controls = makeControls(timeline, go, signal);
  const body = make("div", "mg-body", "", graph.element, panel.element);
  const frame = make("div", "mg-frame", "", controls.element, body, announcer.element);
  const root = make("div", "mg", "", frame);
  root.tabIndex = -1; // a click anywhere in it brings the keys here
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `Step through ${timeline.output}: forward and backward`);

  function go(step) {
    if (step === controls.position() && root.dataset.ready) return;
    root.dataset.ready = "";
    root.dataset.step = String(step);
    const { phase, text, kind } = timeline.steps[step];
    const failed = kind === "error" ? "The pass fails here. " : "";
    const words = `Step ${step + 1} of ${timeline.steps.length}, ${phase}. ${failed}${withoutLists(text)}`;
    controls.show(step, words);
    graph.show(step);
    panel.show(step);
    announcer.say(words);
  }

  const byPointer = rememberPointer(root, signal);
  keepKeys(root, (event) => pressed(event, controls, byPointer()), signal);
  followTheme(root, signal);
  keepShape(root, panel.element, trace.layout.width, signal);
  go(0); // first the forward pass, then the way back
  return root;
}

/** Arrows, Home and End step; space plays, unless it presses the button that Tab went to. */
function pressed(event, controls, byPointer) {
  const target = event.target;
  if (target === controls.speed) return;
  const onButton = target.closest?.("button") && !byPointer;
  const moves = {
    ArrowRight: () => controls.move(controls.position() + 1),
    ArrowLeft: () => controls.move(controls.position() - 1),
    Home: () => controls.move(0),
    End: () => controls.move(controls.last),
    " ": onButton ? null : controls.toggle,
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  move();
}

/** Did the last action come from a pointer? Then space plays, even right after a click on a button. */
function rememberPointer(root, signal) {
  let pointer = false;
  root.addEventListener("pointerdown", () => (pointer = true), { signal, capture: true });
  root.addEventListener("keydown", (event) => event.key === "Tab" && (pointer = false), { signal, capture: true });
  const swallow = (event) => pointer && event.key === " " && event.preventDefault(); // Firefox presses on keyup
  root.addEventListener("keyup", swallow, { signal, capture: true });
  return () => pointer;
}
