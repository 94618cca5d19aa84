// The tools of the graph: find, zoom, fold, full screen, save.

import { iconButton } from "../shared/button.js";
import { make } from "../shared/dom.js";
import { makeSaving } from "../shared/saving.js";
import { makeSearch } from "./search.js";

const TOOL_ICONS = {
  find: "M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM12.5 12.5 17 17",
  out: "M4 10h12",
  in: "M4 10h12M10 4v12",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M7 10h6",
  fold: "M4 3l6 5 6-5M4 17l6-5 6 5",
  full: "M11 3h6v6M17 3l-6 6M9 17H3v-6M3 17l6-6",
};

/**
 * @param {{view: any, grouped: () => boolean, fold: () => void, find: (box: string|null) => void}} graph
 * @param {() => import("./search.js").Entry[]} entries what can be found in it
 * @param {{full: () => void, save: (kind: string) => void, say: (text: string) => void}} acts
 * @param {AbortSignal} signal
 */
export function makeTools(graph, entries, acts, signal) {
  const { keys } = graph.view;
  const search = makeSearch(graph, entries, acts.say, signal);
  const saving = makeSaving(acts.save);
  const find = tool("find", "Find a name (/)", () => search.open());
  const full = tool("full", "Full screen (f)", acts.full);
  const parts = [
    find, tool("out", "Smaller (-)", keys["-"]), tool("in", "Larger (+)", keys["+"]),
    tool("fit", "The whole graph (1); 0: original size", keys[1]),
  ];
  const fold = tool("fold", "Close all groups, or open as at first (g)", graph.fold);
  const element = make("div", "mg-tools", "", make("div", "mg-row", "", ...parts, fold, full, saving.button), search.element, saving.row);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", "Tools of the graph");

  /** @returns {boolean} was it a key of the tools? */
  function pressed(key) {
    const act = { "/": search.open, f: acts.full, s: saving.toggle, g: graph.grouped() && graph.fold, ...keys }[key];
    if (act) act();
    return Boolean(act);
  }
  /** Has the graph groups now? */
  const update = () => void (fold.hidden = !graph.grouped());
  update();
  return { element, pressed, update };
}

function tool(name, label, act) {
  return iconButton(`tool mg-${name}`, TOOL_ICONS[name], label, "", act);
}
