// The widget of step_through(out): the graph, the step panel and the controls, put together.
//
// The whole trace is in the page; stepping asks nobody. No state outside of `render`: a page may show
// many steppers, and a host may load this module once for all of them or once for each.

import { makeAnnouncer } from "../shared/announcer.js";
import { make } from "../shared/dom.js";
import { makeFullScreen } from "../shared/fullscreen.js";
import { tellEnd } from "../shared/kernel.js";
import { keepKeys } from "../shared/keys.js";
import { withoutLists } from "../shared/numbers.js";
import { unpacked } from "../shared/packing.js";
import { pageText } from "../shared/page.js";
import { reachScrolled } from "../shared/scrolling.js";
import { followTheme } from "../shared/theme.js";
import { makeControls } from "./controls.js";
import { makeGraph } from "./graph.js";
import { pressed, rememberPointer } from "./pressing.js";
import { makePrediction } from "./predict.js";
import { predictButton, verdictLines } from "./question.js";
import { keepShape } from "./shape.js";
import { makePanel } from "./panel.js";
import { saveAs } from "../shared/save.js";
import { searchEntries } from "./search.js";
import { makeTimeline } from "./timeline.js";
import { makeTools } from "./tools.js";

/**
 * anywidget's entry. Reads the traits `trace` and `formulas`, both JSON, packed if they are long.
 * @param {{model: {get: Function, on: Function, off: Function}, el: HTMLElement, parts: any}} host
 *   parts: what a page of its own is made of, see ../shared/page.js
 * @returns {Promise<() => void>} called when the widget goes
 */
export async function render({ model, el, parts }) {
  let shown = new AbortController();
  const redraw = async () => {
    shown.abort();
    const { signal } = (shown = new AbortController());
    const [trace, formulas] = await Promise.all(["trace", "formulas"].map((name) => unpacked(model.get(name))));
    const page = (start) => pageText({ trace: model.get("trace"), formulas: model.get("formulas"), start }, parts, `minigrad: step through ${outputOf(trace)}`);
    if (signal.aborted) return;
    const { root, frame, say } = makeStepper(trace, formulas, Number(model.get("start") ?? 0), page, signal);
    tellEnd(model, frame, say, signal);
    el.replaceChildren(root);
  };
  model.on("change:trace", redraw);
  await redraw();
  return () => {
    model.off("change:trace", redraw);
    shown.abort();
    el.replaceChildren();
  };
}

function outputOf(trace) {
  return trace.nodes.find((node) => node.id === trace.output)?.label ?? "";
}

/**
 * @param {any} trace @param {Record<string, string>} formulas @param {number} start the first step shown
 * @param {(step: number) => string} page a stand-alone page that starts there @param {AbortSignal} signal
 */
function makeStepper(trace, formulas, start, page, signal) {
  const timeline = makeTimeline(trace);
  const announcer = makeAnnouncer();
  const graph = makeGraph(timeline, announcer.say, signal);
  const panel = makePanel(timeline, formulas);
  const prediction = makePrediction(timeline);
  const predict = predictButton(prediction, () => switched());
  const controls = makeControls(timeline, go, signal, [predict.element]);
  const body = make("div", "mg-body", "", graph.element, panel.element);
  const frame = make("div", "mg-frame", "", controls.element, body, announcer.element);
  const root = make("div", "mg", "", frame);
  const full = makeFullScreen(root, announcer.say, signal);
  const tools = makeTools(graph, () => searchEntries(graph.folding, trace.nodes), { full, save, say: announcer.say }, signal);
  graph.element.prepend(tools.element);
  root.tabIndex = -1; // a click anywhere in it brings the keys here
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `Step through ${timeline.output}: forward and backward`);

  function go(step) {
    if (step === controls.position() && root.dataset.ready) return;
    root.dataset.ready = "";
    root.dataset.step = String(step);
    draw(step);
  }

  /** @param {{right: boolean, words: string}[]} verdicts on what was predicted here just now */
  function draw(step, verdicts = []) {
    const { phase, text, kind } = timeline.steps[step];
    const questions = prediction.due(step);
    const failed = kind === "error" ? "The pass fails here. " : "";
    const said = verdicts.map(({ words }) => `${words} `).join("");
    const content = questions.length ? `Predict. ${questions.map(({ ask }) => ask).join(" ")}` : failed + withoutLists(text);
    const words = `Step ${step + 1} of ${timeline.steps.length}, ${phase}. ${said}${content}`;
    controls.show(step, words);
    graph.show(step, true, questions.length > 0);
    const inside = root.contains(root.getRootNode().activeElement);
    const act = { done: (found) => reveal(step, found), skip: () => reveal(step, []) };
    const shown = panel.show(step, verdictLines(verdicts), questions.length ? { questions, act } : null);
    announcer.say(words);
    if (!questions.length) return;
    controls.hold();
    if (inside) shown.focus();
  }

  /** Show what was asked for; the keys go back to stepping. */
  function reveal(step, verdicts) {
    prediction.answered(step, verdicts);
    predict.update();
    root.focus({ preventScroll: true });
    draw(step, verdicts);
  }

  function switched() {
    const at = controls.position();
    const open = prediction.due(at).length > 0;
    prediction.toggle(at);
    predict.update();
    if (open) draw(at);
    announcer.say(prediction.isOn() ? "Predict is on: the steps of the way back ask before they show." : "Predict is off.");
  }

  async function save(kind) {
    const name = `${timeline.output.replace(/[^\w.-]+/g, "_")}-step-${controls.position() + 1}`;
    await saveAs(kind, name, graph.svg, () => page(controls.position()));
    announcer.say(`Saved as ${kind}.`);
  }

  const byPointer = rememberPointer(root, signal);
  keepKeys(root, (event) => pressed(event, controls, byPointer(), graph, tools), signal);
  followTheme(root, signal);
  reachScrolled(root, signal);
  keepShape(root, panel.element, graph.width, signal);
  go(Math.max(0, Math.min(controls.last, start))); // first the forward pass, then the way back
  const fails = timeline.steps[controls.last].kind === "error";
  if (fails) announcer.say(`This run fails at step ${controls.last + 1}. ${announcer.element.textContent}`);
  return { root, frame, say: announcer.say };
}
