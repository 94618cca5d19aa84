// A memory as a row of entries, and below it a row per tensor: which of them it shows.

import { make } from "../shared/dom.js";

/** @returns {HTMLElement[]} nothing for a memory without a named tensor */
export function memoryPart(storage) {
  const members = storage.counters.flatMap((counter) => counter.members);
  if (!members.length) return [];
  const shown = storage.values.length;
  const more = storage.entries > shown;
  const head = make("tr", "", "", heading("entry", "col"));
  const values = make("tr", "mg-values", "", heading("value", "row"));
  for (let k = 0; k < shown; k += 1) {
    head.append(heading(String(k), "col"));
    values.append(make("td", "", storage.values[k]));
  }
  if (more) {
    head.append(heading("…", "col"));
    values.append(make("td", "", "…"));
  }
  const rows = members.map((member) => memberRow(member, shown, more));
  const table = make("table", "mg-memory", "", make("thead", "", "", head), make("tbody", "", "", values, ...rows));
  table.setAttribute("aria-label", "Which entries each tensor shows");
  const pane = make("div", "mg-memory-pane", "", table);
  pane.tabIndex = 0;
  pane.setAttribute("role", "group");
  pane.setAttribute("aria-label", `Entries of the memory of ${storage.label}`);
  return [pane, make("ul", "mg-members", "", ...members.map(memberWords))];
}

function memberRow(member, shown, more) {
  const row = make("tr", "mg-member", "", heading(member.label, "row"));
  const covered = new Set(member.covers);
  for (let k = 0; k < shown; k += 1) {
    const cell = make("td", covered.has(k) ? "mg-covered" : "", covered.has(k) ? "■" : "·");
    cell.setAttribute("aria-label", covered.has(k) ? "shown" : "not shown");
    row.append(cell);
  }
  if (more) row.append(make("td", "", ""));
  return row;
}

function memberWords(member) {
  return make("li", "", "", make("span", "mg-mono mg-member-name", member.label), `: ${member.extent}, ${member.how}; ${member.words}.`);
}

function heading(text, scope) {
  const element = make("th", "", text);
  element.scope = scope;
  return element;
}
