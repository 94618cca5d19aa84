// Graph and step panel beside each other, or one above the other; and a panel that does not jump.

import { SMALLEST } from "./viewport.js";

const PANEL = 420; // px that the step panel needs beside the graph
const STACKED = 620; // px: a narrower column always has the graph above the panel
const WIDE = 800; // px: a wider one never has, and a wide graph is scrolled
const MOST_HELD = 900; // px of height that the panel holds on to

/**
 * @param {HTMLElement} root @param {HTMLElement} panel
 * @param {number} graphWidth px, unscaled @param {AbortSignal} signal
 */
export function keepShape(root, panel, graphWidth, signal) {
  let width = 0;
  let tallest = 0;
  const observer = new ResizeObserver(() => {
    if (root.clientWidth !== width) {
      width = root.clientWidth;
      const fits = graphWidth * SMALLEST <= width - PANEL;
      root.toggleAttribute("data-stacked", width < STACKED || (width < WIDE && !fits));
      tallest = 0;
    }
    // What is below the widget should stay in place while one steps.
    const beside = !root.hasAttribute("data-stacked");
    tallest = beside ? Math.max(tallest, Math.min(panel.firstElementChild.offsetHeight, MOST_HELD)) : 0;
    const height = `${tallest}px`;
    if (panel.style.minHeight !== height) panel.style.minHeight = height;
  });
  observer.observe(root);
  observer.observe(panel.firstElementChild);
  signal.addEventListener("abort", () => observer.disconnect());
}
