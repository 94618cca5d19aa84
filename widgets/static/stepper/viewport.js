// The window onto the graph: drag to pan, Ctrl and the wheel or two fingers to zoom.
//
// It scrolls natively. The plain wheel belongs to the page, until the graph has the focus.

import { make } from "../shared/dom.js";
import { dragging, pinching } from "./gestures.js";

/** A wide graph shrinks by this much at most by itself; then it is scrolled. */
export const SMALLEST = 0.86;
const LARGEST = 1.5; // to which a small graph grows on the whole screen
const SCALES = [0.05, 4];
const ZOOM = 1.25;
const PAN = 80; // px per key
const FRINGE = 12; // px of padding, left and right together

/** @param {SVGElement} svg @param {AbortSignal} signal */
export function makeViewport(svg, signal) {
  const pane = make("div", "mg-pane", "", svg);
  pane.tabIndex = 0;
  pane.setAttribute("role", "group");
  pane.setAttribute("aria-label", "The graph");
  const size = { width: 1, height: 1 };
  let scale = 1;
  let chosen = ""; // "zoom": a resize leaves the scale alone; "whole": the whole graph stays in sight
  let full = false; // on the whole screen?
  let before = { scale, chosen }; // as it was in the page

  const bounded = (value) => Math.min(SCALES[1], Math.max(SCALES[0], value));
  const room = () => [pane.clientWidth - FRINGE, pane.clientHeight - FRINGE];
  const inWidth = () => Math.min(1, Math.max(SMALLEST, room()[0] / size.width || 1));
  const whole = () => Math.min(full ? LARGEST : 1, room()[0] / size.width, room()[1] / size.height);
  const byItself = () => (chosen === "whole" ? whole() : Math.max(inWidth(), whole()));

  function apply(value) {
    scale = bounded(value);
    svg.style.width = `${size.width * scale}px`;
    svg.style.height = `${size.height * scale}px`;
  }

  /** The graph's new size; the point (x, y) of it, if given, stays where it was on the screen. */
  function resize(width, height, from, to) {
    const seen = from && [from[0] * scale - pane.scrollLeft, from[1] * scale - pane.scrollTop];
    Object.assign(size, { width, height });
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    apply(chosen === "zoom" ? scale : byItself());
    if (seen) jump(to[0] * scale - seen[0], to[1] * scale - seen[1]);
  }

  /** Zoom about a point of the pane, by default its middle. */
  function zoomTo(value, at = [pane.clientWidth / 2, pane.clientHeight / 2]) {
    const x = (pane.scrollLeft + at[0]) / scale;
    const y = (pane.scrollTop + at[1]) / scale;
    chosen = "zoom";
    apply(value);
    jump(x * scale - at[0], y * scale - at[1]);
  }
  const jump = (left, top) => pane.scrollTo({ left, top, behavior: "auto" });

  /** Glides for a short way; jumps where gliding would leave the place out of sight. */
  function centre([x, y], glide) {
    const left = x * scale - pane.clientWidth / 2;
    const top = y * scale - pane.clientHeight / 2;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const far = Math.abs(top - pane.scrollTop) > pane.clientHeight;
    pane.scrollTo({ left, top, behavior: !glide || calm || far ? "auto" : "smooth" });
  }

  /** Of some places, that which is nearest to the middle of what is seen. */
  function nearest(places) {
    const x = (pane.scrollLeft + pane.clientWidth / 2) / scale;
    const y = (pane.scrollTop + pane.clientHeight / 2) / scale;
    const far = (place) => Math.hypot(place[0] - x, place[1] - y);
    return places.reduce((a, b) => (far(b) < far(a) ? b : a));
  }

  const at = (event) => {
    const box = pane.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  pane.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 20 : 1;
      zoomTo(scale * Math.exp(-Math.max(-60, Math.min(60, event.deltaY * lines)) * 0.005), at(event));
    },
    { signal, passive: false },
  );
  dragging(pane, signal);
  pinching(pane, (factor, middle) => zoomTo(scale * factor, at(middle)), signal);

  /** The pane has another size. On the whole screen the graph begins anew; back in the page it is as
   *  it was. */
  function adapt() {
    const isFull = Boolean(pane.closest("[data-full]"));
    if (isFull && !full) [before, chosen] = [{ scale, chosen }, ""];
    if (!isFull && full) ({ scale, chosen } = before);
    full = isFull;
    apply(chosen === "zoom" ? scale : byItself());
  }
  const observer = new ResizeObserver(adapt);
  observer.observe(pane);
  signal.addEventListener("abort", () => observer.disconnect());

  const keys = {
    "+": () => zoomTo(scale * ZOOM),
    "=": () => zoomTo(scale * ZOOM),
    "-": () => zoomTo(scale / ZOOM),
    0: () => zoomTo(1),
    1: () => {
      zoomTo(whole());
      chosen = "whole";
    },
    "Shift+ArrowLeft": () => pane.scrollBy({ left: -PAN }),
    "Shift+ArrowRight": () => pane.scrollBy({ left: PAN }),
    "Shift+ArrowUp": () => pane.scrollBy({ top: -PAN }),
    "Shift+ArrowDown": () => pane.scrollBy({ top: PAN }),
  };
  return { pane, resize, centre, nearest, keys };
}
