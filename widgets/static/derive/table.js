// The numbers behind the verdicts: yours, autograd, finite differences, and how far apart they are.

import { make } from "../shared/dom.js";

const FOOT = "* over all entries, at your values and at random ones, in float64";

/** @param {any} asked @param {import("./derive.js").Verdict} verdict @returns {HTMLElement[]} */
export function numbersTable(asked, verdict) {
  const heads = [
    ["yours", "yours"],
    ["autograd", asked.oracle],
    ["differences", "finite differences"],
    ["difference", `yours − ${asked.oracle}`],
    ["deviation", "largest deviation*"],
  ];
  const rows = asked.questions.filter(({ label }) => verdict.rows?.[label]?.cells.yours);
  if (!rows.length) return [];
  const header = make("tr", "", "", make("td"));
  for (const [key, text] of heads) {
    const cell = make("th", `dv-${key}`, text);
    cell.scope = "col";
    header.append(cell);
  }
  const body = make("tbody");
  for (const { label } of rows) {
    const row = verdict.rows[label];
    const head = make("th", "", `${row.word[0]} ${label}`);
    head.scope = "row";
    body.append(make("tr", "", "", head, ...heads.map(([key]) => make("td", `dv-${key}`, row.cells[key]))));
  }
  const caption = make("caption", "", "The numbers at your own values");
  const table = make("table", "dv-table", "", caption, make("thead", "", "", header), body);
  return [make("div", "dv-scroll", "", table), make("p", "dv-foot", FOOT)];
}
