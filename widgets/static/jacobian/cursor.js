// Pointing at one entry of a picture of a matrix, by pointer or by keys.

import { draw, make, setText } from "../shared/dom.js";

/**
 * @param {SVGElement} svg @param {{rows: number, columns: number, size: number, start: number}} squares
 * @param {(i: number, j: number) => string} tell @param {(i: number, j: number) => void} pick
 * @param {(text: string) => void} say
 * @returns {{line: HTMLElement, again: () => void}} where the entry is written out; writes it again
 */
export function makeCursor(svg, { rows, columns, size, start }, tell, pick, say) {
  const line = make("p", "mg-readout mg-mono");
  const mark = draw("rect", { class: "mg-cursor", width: size + 3, height: size + 3 });
  svg.append(mark);
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "application");
  let at = [0, 0];
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));
  function move(i, j, spoken) {
    at = [within(i, rows), within(j, columns)];
    mark.setAttribute("x", start + at[1] * size - 1.5);
    mark.setAttribute("y", start + at[0] * size - 1.5);
    setText(line, tell(...at));
    if (spoken) say(line.textContent);
  }
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -columns], End: [0, columns] };
  svg.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (step) move(at[0] + step[0], at[1] + step[1], true);
    else if (event.key === "Enter" || event.key === " ") pick(...at);
    else return;
    event.preventDefault();
  });
  const under = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = svg.viewBox.baseVal.width / box.width;
    const place = (value) => Math.floor((value * scale - start) / size);
    return [place(event.clientY - box.top), place(event.clientX - box.left)];
  };
  svg.addEventListener("pointermove", (event) => move(...under(event), false));
  svg.addEventListener("click", (event) => {
    move(...under(event), false);
    pick(...at);
  });
  move(0, 0, false);
  return { line, again: () => move(...at, false) };
}
