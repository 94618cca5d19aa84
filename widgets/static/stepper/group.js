// A group of the graph: one box with its name while it is closed, a frame around its inside while open.

import { cut, draw, setText } from "../shared/dom.js";
import { countUpTo } from "./folding.js";

const SIDE = 12;
const STACK = 6; // px that the sheets below a closed group show
const TITLE = 17 * 0.61; // px per character; as in widgets/layout/sizes.py
const HANDLE = 14 * 0.61;
const KINDS = { module: "module", function: "function", loop: "loop", iteration: "iteration", run: "part of the graph" };

/**
 * @param {string} id @param {any} group @param {import("./unfold.js").Box} box
 * @param {boolean} open @param {{forward: number[], backward: number[]}} steps
 */
export function drawGroup(id, group, box, open, steps) {
  const [x, y, width, height] = box;
  const element = draw("g", { class: open ? "mg-frame-group" : "mg-group", role: "button", tabindex: 0, "aria-expanded": String(open) });
  element.dataset.group = id;
  element.setAttribute("transform", `translate(${x - width / 2} ${y - height / 2})`);
  const count = `${group.operations} operations`;
  element.setAttribute("aria-label", `${group.name}, ${KINDS[group.kind]} of ${count}`);
  const about = draw("title");
  about.textContent = `${group.name}\n${KINDS[group.kind]}, ${count}\nclick or Enter: ${open ? "close" : "open"}`;
  const room = width - 2 * SIDE - 20;
  const name = draw("text", { class: "mg-name", x: SIDE + 18, y: open ? 20 : 24 });
  name.textContent = cut(group.name, Math.floor(room / (open ? HANDLE : TITLE)));
  element.append(about);
  if (open) {
    element.append(
      draw("rect", { class: "mg-around", width, height, rx: 10 }),
      draw("rect", { class: "mg-handle", x: 3, y: 3, width: Math.min(width - 6, name.textContent.length * HANDLE + 40), height: 26, rx: 7 }),
      sign(16, true), name,
    );
    return { element, show() {} };
  }
  const line = draw("text", { x: SIDE, y: 46 });
  line.textContent = count;
  const state = draw("text", { class: "mg-progress", x: SIDE, y: height - STACK - 9 });
  const sheet = { width: width - STACK, height: height - STACK, rx: 8 };
  for (const shift of [STACK, STACK / 2]) element.append(draw("rect", { class: "mg-sheet", x: shift, y: shift, ...sheet }));
  element.append(draw("rect", { class: "mg-box", ...sheet }), sign(18, false), name, line, state, draw("rect", { class: "mg-outline", ...sheet }));
  return { element, show: (at) => progress(element, state, group, steps, at) };
}

/** A triangle: to the right while closed, down while open. */
function sign(y, open) {
  return draw("path", { class: "mg-sign", d: open ? `M12 ${y - 4}h11l-5.5 8z` : `M13 ${y - 5}v11l8-5.5z` });
}

/** How far the passes have come in it. */
function progress(element, line, group, steps, at) {
  const done = countUpTo(steps.forward, at);
  const back = countUpTo(steps.backward, at);
  const state = done ? "done" : "waiting";
  if (element.dataset.state !== state) element.dataset.state = state;
  let text = done && done < steps.forward.length ? `computed ${done} of ${steps.forward.length}` : "";
  if (back) text = back < steps.backward.length ? `backward ${back} of ${steps.backward.length}` : "passed";
  setText(line, text);
}
