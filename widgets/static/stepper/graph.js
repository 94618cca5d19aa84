// The graph: boxes and curves where the layout puts them, brought up to date step by step.

import { cut, draw, make } from "../shared/dom.js";
import { brief, hasBad } from "../shared/numbers.js";
import { drawEdge, halfway, severedTag } from "./edge.js";
import { drawNode } from "./node.js";
import { lookAt } from "./timeline.js";

/** A wide graph shrinks by this much at most; then it is scrolled. */
export const SMALLEST = 0.86;

/**
 * @param {import("./timeline.js").Timeline} timeline @param {AbortSignal} signal
 * @returns {{element: HTMLElement, show: (step: number) => void}} show changes only what differs
 */
export function makeGraph(timeline, signal) {
  const { trace, looks, steps } = timeline;
  const { width, height } = trace.layout;
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  svg.style.width = `${width}px`;
  svg.style.minWidth = `${Math.round(width * SMALLEST)}px`;
  svg.setAttribute("aria-label", describe(trace));
  const edges = new Map(trace.edges.map((edge) => [edge.id, drawEdge(trace.layout.edges[edge.id], edge.id)]));
  const boxes = new Map(
    trace.nodes.map((node) => [node.id, drawNode(node, trace.layout.nodes[node.id], timeline.output, node.id === trace.error?.node)]),
  );
  for (const edge of trace.edges) {
    if (edge.severed) edges.get(edge.id).dataset.severed = "";
    else if (!timeline.nodes.get(edge.from).requires_grad) edges.get(edge.id).dataset.quiet = "";
  }
  const cuts = trace.edges.filter((edge) => edge.severed).map((edge) => severedTag(edge, trace.layout));
  const labels = draw("g");
  svg.append(...edges.values(), ...[...boxes.values()].map((box) => box.element), ...cuts, labels);
  const pane = make("div", "mg-pane", "", svg);
  pane.tabIndex = 0;
  pane.setAttribute("role", "group");
  pane.setAttribute("aria-label", "The graph");
  const element = make("div", "mg-graph", "", pane);
  element.style.setProperty("--mg-width", `${width + 14}px`);
  element.style.setProperty("--mg-height", `${height + 12}px`);
  const shown = new Map(); // node → its look in the page
  let current = null;
  let active = [];
  let followed = ""; // the node that was scrolled to last

  function show(index) {
    const step = steps[index];
    for (const [id, box] of boxes) {
      const look = lookAt(looks.get(id), index);
      if (shown.get(id) === look) continue;
      box.show(look);
      shown.set(id, look);
    }
    if (current) delete current.dataset.now;
    current = boxes.get(step.node)?.element ?? null;
    if (current) current.dataset.now = step.kind === "error" ? "error" : step.phase;
    showEdges(step, index);
    if (current) follow(step.node);
  }

  function showEdges(step, index) {
    for (const [id, at] of timeline.carried) setFlag(edges.get(id), "went", at < index);
    for (const edge of active) delete edge.dataset.now;
    const carrying = step.products ?? [];
    active =
      step.phase === "forward" || step.kind === "error"
        ? trace.edges.filter((edge) => edge.to === step.node).map((edge) => edges.get(edge.id))
        : carrying.map((product) => edges.get(product.edge));
    for (const edge of active) edge.dataset.now = step.kind === "error" ? "forward" : step.phase;
    labels.replaceChildren(...carrying.map((product) => tag(product, carrying)));
  }

  /** The number that an edge carries, beside it; of two parallel edges, on the outer side. */
  function tag(product, all) {
    const [x, y] = halfway(trace.layout.edges[product.edge]);
    const others = all.filter((other) => other !== product).map((other) => halfway(trace.layout.edges[other.edge]));
    const near = others.find(([ox, oy]) => Math.abs(ox - x) < 120 && Math.abs(oy - y) < 20);
    const text = cut(brief(product.contribution, 14), 18);
    const wide = text.length * 8.6 + 12;
    const start = near && (near[0] > x || (near[0] === x && product === all[0])) ? x - 8 - wide : x + 8;
    const left = Math.max(1, Math.min(start, width - wide - 1));
    const label = draw("text", { x: left + wide / 2, y: y + 5 });
    label.textContent = text;
    return draw("g", { class: hasBad(product.contribution) ? "mg-tag mg-bad" : "mg-tag" }, draw("rect", { x: left, y: y - 11, width: wide, height: 22, rx: 11 }), label);
  }

  /** Scrolls the graph, and never the page, until the node is seen. */
  function follow(id) {
    const first = !followed;
    followed = id;
    requestAnimationFrame(() => centre(!first));
  }

  /** Glides for a short way; jumps at first, and where gliding would leave the node out of sight. */
  function centre(glide) {
    const place = trace.layout.nodes[followed];
    const scale = svg.clientWidth / width || 1;
    const left = place.x * scale - pane.clientWidth / 2;
    const top = place.y * scale - pane.clientHeight / 2;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const far = Math.abs(top - pane.scrollTop) > pane.clientHeight;
    pane.scrollTo({ left, top, behavior: !glide || calm || far ? "auto" : "smooth" });
  }

  const observer = new ResizeObserver(() => followed && centre(false));
  observer.observe(pane);
  signal.addEventListener("abort", () => observer.disconnect());

  return { element, show };
}

function setFlag(element, name, on) {
  if (on && element.dataset[name] === undefined) element.dataset[name] = "";
  if (!on && element.dataset[name] !== undefined) delete element.dataset[name];
}

/** The graph in words. */
function describe(trace) {
  const parts = trace.nodes.map((node) => (node.kind === "operation" ? `${node.label} = ${node.expression}` : `${node.kind} ${node.label}`));
  const cuts = trace.edges.filter((edge) => edge.severed).map((edge) => {
    const end = trace.nodes.find((node) => node.id === edge.to);
    return ` The history ends before ${end.label}: ${edge.severed.reason}.`;
  });
  return `Graph of ${trace.nodes.length} nodes: ${cut(parts.join(", "), 2000)}.${cut(cuts.join(""), 500)}`;
}
