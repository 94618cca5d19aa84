// How many passes each mode takes for the whole matrix, counted and timed when the widget was made.

import { make } from "../shared/dom.js";
import { rounded } from "../shared/numbers.js";

const ABOUT = {
  reverse: ["reverse mode", "backward", "a row, vᵀJ"],
  forward: ["forward mode", "forward", "a column, J·u"],
};

export function passesPart(data) {
  const head = ["one pass gives", "passes needed", "passes run", "took", "per pass"];
  const table = make("table", "mg-passes", "", make("caption", "mg-spoken", "Passes and times of both modes"));
  table.append(make("tr", "", "", make("td"), ...head.map((text) => column(text))));
  for (const mode of data.modes) {
    const [name, , gives] = ABOUT[mode.name];
    const first = make("th", `mg-mode mg-${mode.name === "reverse" ? "v" : "u"}`, name);
    first.scope = "row";
    const line = make("tr", "", "", first, make("td", "", gives), make("td", "", String(mode.needed)));
    if (mode.problem) {
      const reason = make("td", "mg-reason", `not run: ${mode.problem}`);
      reason.colSpan = 3;
      line.append(reason);
    } else {
      const times = mode.run ? [duration(mode.seconds), duration(mode.seconds / mode.run)] : ["–", "–"];
      line.append(...[String(mode.run), ...times].map((text) => make("td", "", text)));
    }
    table.append(line);
  }
  const title = make("h3", "mg-subtitle", "The whole matrix, pass by pass");
  return make("section", "mg-part", "", title, make("div", "mg-scroll", "", table), make("p", "mg-quiet", conclusion(data)));
}

function column(text) {
  const cell = make("th", "", text);
  cell.scope = "col";
  return cell;
}

/** Which mode needs fewer passes here, and which one was quicker. */
function conclusion({ rows, columns, modes, out }) {
  const [reverse, forward] = modes;
  const passes = (count) => `${count} pass${count === 1 ? "" : "es"}`;
  let text = rows < columns
    ? `Fewer rows than columns: ${passes(rows)} of reverse mode against ${columns} of forward mode.`
    : rows > columns
      ? `Fewer columns than rows: ${passes(columns)} of forward mode against ${rows} of reverse mode.`
      : `As many rows as columns: both modes need ${passes(rows)}.`;
  if (rows === 1) text += ` ${out.label} is one number, as a loss is: one backward pass gives its whole gradient.`;
  const complete = modes.every((mode) => !mode.problem && mode.run === mode.needed && mode.run > 0);
  if (complete) {
    const quick = reverse.seconds < forward.seconds ? "reverse" : "forward";
    text += ` Measured once, here, when this was made: ${quick} mode was quicker. A pass of forward mode computes the function again; reverse mode walks back a graph that is there.`;
  } else if (modes.some((mode) => mode.run && mode.run < mode.needed)) {
    text += " Where fewer passes were run than are needed, that is a sample.";
  }
  return text;
}

function duration(seconds) {
  if (seconds >= 1) return `${rounded(seconds)} s`;
  return seconds >= 1e-3 ? `${rounded(1e3 * seconds)} ms` : `${rounded(1e6 * seconds)} µs`;
}
