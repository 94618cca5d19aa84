// The widget of watch(): the picture of an iteration, what changed in it, and the way back to earlier ones.
//
// All kept iterations are in the page; looking at them asks nobody. While cells run the kernel sends
// the newest one, and only what differs from what is shown is drawn again.

import { makeAnnouncer } from "../shared/announcer.js";
import { make } from "../shared/dom.js";
import { makeFullScreen } from "../shared/fullscreen.js";
import { keepKeys } from "../shared/keys.js";
import { unpacked } from "../shared/packing.js";
import { pageText } from "../shared/page.js";
import { reachScrolled } from "../shared/scrolling.js";
import { followTheme } from "../shared/theme.js";
import { saveAs } from "../shared/save.js";
import { searchEntries } from "../stepper/search.js";
import { makeTools } from "../stepper/tools.js";
import { makeBar } from "./bar.js";
import { makePicture } from "./picture.js";
import { makeSide, runWords } from "./side.js";

/**
 * anywidget's entry. Reads the traits `story` (all that is kept) and `now` (the newest), and sets `wish`.
 * @param {{model: any, el: HTMLElement, parts: any}} host parts: what a page of its own is made of
 * @returns {Promise<() => void>} called when the widget goes
 */
export async function render({ model, el, parts }) {
  const controller = new AbortController();
  const { signal } = controller;
  const page = () => pageText({ story: model.get("story"), now: model.get("now") }, parts, "minigrad: watched");
  const view = makeWatch(model, page, signal);
  const turn = { story: 0, now: 0 }; // a long text takes longer to unpack than a short one after it
  const take = async (name) => {
    const mine = (turn[name] += 1);
    const data = await unpacked(model.get(name));
    if (!signal.aborted && mine === turn[name]) view.take(data, name === "story");
  };
  const handlers = {
    "change:story": () => take("story"), "change:now": () => take("now"),
    comm_live_update: view.lost, // JupyterLab: the kernel's end of the line
  };
  for (const name in handlers) model.on(name, handlers[name]);
  el.replaceChildren(view.element);
  await take("story");
  await take("now");
  return () => {
    for (const name in handlers) model.off(name, handlers[name]);
    controller.abort();
    el.replaceChildren();
  };
}

/** @param {() => string} page a stand-alone page with all that is kept */
function makeWatch(model, page, signal) {
  const live = typeof model.send === "function"; // a page of its own has no kernel
  const frames = new Map();
  let runs = [];
  let state = "stopped";
  let at = 0;
  let following = true; // the newest iteration is shown, whichever it is
  let held = false; // stopped here, before the kernel has heard of it: it may be busy with a cell
  let announced = "";
  const side = makeSide();
  const announcer = makeAnnouncer();
  const picture = makePicture(announcer.say, signal);
  const bar = makeBar({ go, newest, wish }, live, signal);
  const body = make("div", "mg-watch-body", "", picture.element, side.element);
  const frame = make("div", "mg-frame", "", bar.element, body, announcer.element);
  const element = make("div", "mg mg-watch", "", frame);
  const full = makeFullScreen(element, announcer.say, signal);
  const tools = makeTools(picture, () => searchEntries(...picture.searched()), { full, save, say: announcer.say }, signal);
  picture.element.prepend(tools.element);
  element.tabIndex = -1;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Watched operations");

  function take(data, whole) {
    if (!data.runs) return show();
    if (held && data.state === "watching") return;
    held = false;
    if (whole) frames.clear();
    for (const key in data.frames) frames.set(key, data.frames[key]);
    runs = data.runs.filter((run) => frames.has(run.frame));
    state = data.state;
    if (following || at >= runs.length) at = Math.max(0, runs.length - 1);
    show();
  }

  function show() {
    const run = runs[at];
    const shown = run ? frames.get(run.frame) : null;
    element.dataset.state = state;
    element.dataset.iteration = run ? String(run.last) : "";
    bar.show(runs, at, state, following);
    picture.show(shown, following);
    tools.update();
    side.show(run, shown, state);
    const words = run ? runWords(run, shown) : "";
    // A new operation is not read out, a new iteration is: a loop would never let a reader finish.
    const key = run ? `${run.first} ${run.frame.slice(0, 1)} ${shown.words.join()} ${shown.failure?.error}` : "";
    if (key !== announced) announcer.say(words);
    announced = key;
  }

  function go(index) {
    if (!runs.length) return;
    at = Math.max(0, Math.min(runs.length - 1, index));
    following = at === runs.length - 1;
    show();
  }
  function newest() {
    go(runs.length - 1);
  }
  /** Asks the kernel for something; the count makes the same wish a new one. */
  function wish(word) {
    held = word === "stop";
    if (held) state = "stopped";
    show();
    model.set("wish", `${word} ${Date.now()}`);
    model.save_changes();
  }

  async function save(kind) {
    await saveAs(kind, `watch-iteration-${runs[at]?.last ?? 0}`, picture.svg, page);
    announcer.say(`Saved as ${kind}.`);
  }

  const moves = { ArrowLeft: () => go(at - 1), ArrowRight: () => go(at + 1), Home: () => go(0), End: newest };
  const pressed = (event) => {
    const move = event.shiftKey || runs.length < 2 ? null : moves[event.key];
    const key = (event.shiftKey && event.key.startsWith("Arrow") ? "Shift+" : "") + event.key;
    const group = event.key === "Enter" ? event.target.dataset?.group : "";
    const typing = event.target.matches?.("input:not([type=range])");
    if (move) move();
    else if (group) picture.press(group);
    else if (typing || !tools.pressed(key)) return;
    event.preventDefault();
  };
  keepKeys(element, pressed, signal);
  followTheme(element, signal);
  reachScrolled(element, signal);
  /** Nothing will come any more. What was seen stays, and can be looked through. */
  function lost() {
    state = "gone";
    show();
    announcer.say("The kernel has ended. What was watched stays.");
  }
  return { element, take, lost };
}
