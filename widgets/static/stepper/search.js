// Finding variables, operations, grad_fns, modules and functions by name.

import { make, setText } from "../shared/dom.js";

/**
 * @typedef {{box: string, name: string, text: string, words: string}} Entry
 * @param {{find: (box: string|null) => void, view: {pane: HTMLElement}}} graph
 * @param {() => Entry[]} entries what can be found now; asked for when somebody searches
 * @param {(text: string) => void} say @param {AbortSignal} signal
 */
export function makeSearch(graph, entries, say, signal) {
  const input = make("input", "mg-input");
  input.type = "search";
  input.placeholder = "name or operation";
  input.spellcheck = false;
  input.setAttribute("aria-label", "Find a variable, operation, grad_fn, module or function");
  const count = make("span", "mg-hits");
  const element = make("div", "mg-row mg-search", "", input, count);
  element.hidden = true;
  let hits = [];
  let at = -1;
  let back = null; // where the focus was

  function open() {
    if (element.hidden) back = input.getRootNode().activeElement;
    element.hidden = false;
    input.focus();
    input.select();
  }
  function close() {
    element.hidden = true;
    input.value = "";
    search();
    (back?.isConnected ? back : graph.view.pane).focus({ preventScroll: true });
  }
  function search() {
    const words = input.value.trim().toLowerCase();
    hits = words ? entries().filter((entry) => entry.text.includes(words)) : [];
    const exact = hits.filter((entry) => entry.name === words);
    hits = [...exact, ...hits.filter((entry) => entry.name !== words)];
    at = -1;
    graph.find(null);
    setText(count, words ? (hits.length ? `${hits.length} found` : "none found") : "");
    if (words) say(hits.length ? `${hits.length} found. Enter goes to the first.` : "None found.");
  }
  function go(by) {
    if (!hits.length) return;
    at = (at + by + hits.length) % hits.length;
    graph.find(hits[at].box);
    setText(count, `${at + 1} of ${hits.length}`);
    say(`${at + 1} of ${hits.length}: ${hits[at].words}`);
  }

  input.addEventListener("input", search, { signal });
  input.addEventListener("keydown", (event) => {
    const acts = { Enter: () => go(1), ArrowDown: () => go(1), ArrowUp: () => go(at < 0 ? 0 : -1), Escape: close };
    const act = event.shiftKey ? null : acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
    // What is typed is the input's; Escape closes it and does not leave the cell.
    if (event.key === "Escape" || !(event.ctrlKey || event.metaKey || event.altKey)) {
      if (event.key !== "Tab" && !(event.key === "Enter" && event.shiftKey)) event.stopPropagation();
    }
  }, { signal });
  return { element, open, close };
}

/** The groups and nodes of a graph. @param {import("./folding.js").Folding} folding @returns {Entry[]} */
export function searchEntries(folding, nodes) {
  return [...groupEntries(folding), ...nodeEntries(folding, nodes)];
}

function groupEntries(folding) {
  const names = Object.keys(folding.groups).slice(1);
  return names.map((box) => {
    const { name, kind } = folding.groups[box];
    return { box, name: name.toLowerCase(), text: `${kind} ${name}`.toLowerCase(), words: `${kind} ${name}` };
  });
}

function nodeEntries(folding, nodes) {
  return nodes.map((node) => {
    const scope = (node.scope ?? []).map((part) => part[1]).join(" ");
    const text = [node.label, node.expression, node.operation, node.grad_fn, scope].filter(Boolean).join(" ");
    const words = node.kind === "operation" ? `${node.label} = ${node.expression}` : `${node.kind} ${node.label}`;
    return { box: folding.boxesOf.get(node.id)[0], name: node.label.toLowerCase(), text: text.toLowerCase(), words };
  });
}
