// The widget of versions(): each memory with the tensors in it, and every counter's writes and padlocks.

import { makeAnnouncer } from "../shared/announcer.js";
import { make } from "../shared/dom.js";
import { tellEnd } from "../shared/kernel.js";
import { keepKeys } from "../shared/keys.js";
import { unpacked } from "../shared/packing.js";
import { reachScrolled } from "../shared/scrolling.js";
import { followTheme } from "../shared/theme.js";
import { counterPart } from "./counter.js";
import { coded } from "./coded.js";
import { memoryPart } from "./memory.js";

/**
 * anywidget's entry. Reads the trait `told`, whose data `widgets.versioning` describes.
 * @param {{model: any, el: HTMLElement}} host
 * @returns {Promise<() => void>} called when the widget goes
 */
export async function render({ model, el }) {
  const controller = new AbortController();
  const data = await unpacked(model.get("told"));
  el.replaceChildren(makeVersions(data, model, controller.signal));
  return () => {
    controller.abort();
    el.replaceChildren();
  };
}

function makeVersions(data, model, signal) {
  const announcer = makeAnnouncer();
  const storages = data.storages.map(storagePart);
  const nothing = make("p", "mg-version-note", "There is no tensor to show: give versions() the tensors whose memory you ask for, such as versions(x, y).");
  const frame = make("div", "mg-frame", "", ...storyPart(data), ...(storages.length ? storages : [nothing]));
  if (data.silent) frame.append(make("p", "mg-version-note", "", ...coded(data.silent)));
  frame.append(announcer.element);
  const element = make("div", "mg mg-versions", "", frame);
  element.tabIndex = -1;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Memory, versions and saved tensors");
  keepKeys(element, () => {}, signal);
  followTheme(element, signal);
  reachScrolled(element, signal);
  tellEnd(model, frame, announcer.say, signal);
  requestAnimationFrame(() => announcer.say(data.story.join(" ") || `${data.storages.length} memories shown`));
  return element;
}

/** Written here, read there; and the error, if there was one. */
function storyPart(data) {
  const parts = [];
  if (data.error) {
    const [first, ...others] = data.error.split("\n");
    const more = others.map((line) => make("div", "mg-error-more", line));
    parts.push(make("div", "mg-error", "", make("div", "", first), ...more));
  }
  if (data.story.length) {
    const items = data.story.map((sentence) => make("li", "", "", ...coded(sentence)));
    parts.push(make("h2", "mg-title", "What happened"), make("ol", "mg-story", "", ...items));
  }
  return parts.length ? [make("section", "mg-version-story", "", ...parts)] : [];
}

function storagePart(storage) {
  const size = `${storage.entries} ${storage.entries === 1 ? "entry" : "entries"}, ${storage.dtype}, ${storage.bytes} bytes`;
  const title = make("h2", "mg-title", "", "Memory of ", make("span", "mg-mono", storage.label));
  const head = make("div", "mg-version-head", "", title, make("span", "mg-version-size", size));
  const counters = storage.counters.map(counterPart);
  const several = counters.length > 1 ? [make("p", "mg-several", `This memory has ${counters.length} version counters: a write through one is not noticed by the others.`)] : [];
  const part = make("div", "mg-storage", "", head, ...memoryPart(storage), ...several, ...counters);
  part.setAttribute("role", "group"); // no landmark: a page may show it many times
  part.setAttribute("aria-label", `Memory of ${storage.label}`);
  return part;
}
