// The graph, step by step: what is lit, what is in sight, what is open.

import { cut, draw, make } from "../shared/dom.js";
import { makeFolding } from "./folding.js";
import { makeScene } from "./scene.js";
import { drawTags } from "./tags.js";
import { makeViewport } from "./viewport.js";

const HANDLES = ".mg-group, .mg-frame-group .mg-handle, .mg-frame-group .mg-name, .mg-frame-group .mg-sign";

/**
 * @param {import("./timeline.js").Timeline} timeline @param {(text: string) => void} say
 * @param {AbortSignal} signal
 */
export function makeGraph(timeline, say, signal) {
  const { trace, steps } = timeline;
  const folding = makeFolding(trace);
  const { groups, boxesOf } = folding;
  const svg = draw("svg", { role: folding.grouped ? "group" : "img", "aria-label": describe(trace, folding) });
  const scene = makeScene(timeline, folding, svg);
  const { boxes, edges } = scene;
  const view = makeViewport(svg, signal);
  const element = make("div", "mg-graph", "", make("div", "mg-view", "", view.pane));
  let index = 0;
  let asked = false;
  let current = [];
  let active = [];
  let followed = []; // the boxes of the node that was scrolled to last

  /** hidden: what this step sends is to be predicted, so it is not shown yet */
  function show(at, moving = true, hidden = false) {
    index = at;
    asked = hidden;
    const step = steps[at];
    for (const box of boxes.values()) box.update(hidden ? at - 1 : at);
    for (const box of current) delete box.dataset.now;
    const seen = step.node ? [...new Set(boxesOf.get(step.node).map(folding.seenAs))] : [];
    current = seen.map((box) => boxes.get(box).element);
    for (const box of current) box.dataset.now = step.kind === "error" ? "error" : step.phase;
    showEdges(step, at);
    if (seen.length && moving) follow(boxesOf.get(step.node));
  }

  function showEdges(step, at) {
    for (const edge of edges.values()) {
      const went = edge.since < at;
      if (went !== edge.went) edge.element.toggleAttribute("data-went", (edge.went = went));
    }
    for (const edge of active) delete edge.dataset.now;
    const forward = step.phase === "forward";
    const products = step.products ?? [];
    const lit = forward ? (timeline.inputs.get(step.node) ?? []) : products.map((product) => product.edge);
    const drawn = new Set(lit.flatMap((edge) => folding.drawnAs.get(edge)).filter((edge) => edges.has(edge)));
    active = [...drawn].map((edge) => edges.get(edge).element);
    for (const edge of active) edge.dataset.now = forward ? "forward" : step.phase;
    const curve = (product) => scene.picture.edges.get(folding.drawnAs.get(product.edge).find((edge) => edges.has(edge)));
    scene.layers.labels.replaceChildren(...drawTags(products, curve, scene.picture.width, scene.taken(), asked));
  }

  /** Scrolls the graph, and never the page, until one of the boxes is seen. */
  function follow(boxes) {
    const first = !followed.length;
    followed = boxes;
    requestAnimationFrame(() => toFollowed(!first));
  }
  function toFollowed(glide) {
    const places = followed.map((box) => scene.picture.boxes.get(folding.seenAs(box))).filter(Boolean);
    if (places.length) view.centre(view.nearest(places), glide);
  }

  /** Draw anew; the upper edge of `anchor` stays where it was on the screen. */
  function arrange(anchor) {
    const before = scene.picture;
    scene.arrange();
    const top = (picture) => {
      const box = picture?.boxes.get(anchor);
      return box && [box[0], box[1] - box[3] / 2];
    };
    view.resize(scene.picture.width, scene.picture.height, top(before), top(scene.picture));
    if (before) show(index, false, asked);
  }
  function toggle(name, open) {
    folding.toggle(name, open);
    arrange(name);
    say(`${groups[name].name} ${folding.opened.has(name) ? "opened" : "closed"}: ${boxes.size} boxes are shown.`);
  }
  function press(name) {
    toggle(name);
    boxes.get(name).element.focus({ preventScroll: true });
  }
  svg.addEventListener("click", (event) => {
    const handle = event.target.closest?.(HANDLES);
    if (handle) press(handle.closest("[data-group]").dataset.group);
  }, { signal });

  /** Enter on a group; o opens what hides the current node, c closes what is around it. */
  function pressed(key, target) {
    const name = target.dataset?.group;
    if (key === "Enter" && name) press(name);
    else if (key === "o") {
      for (const group of folding.closedAround(steps[index].node)) toggle(group, true);
      toFollowed(false);
    } else if (key === "c") {
      const open = followed.length ? folding.around(followed[0]).filter((group) => folding.opened.has(group)) : [];
      if (open.length) toggle(open.at(-1), false);
    } else return false;
    return true;
  }

  /** Show a box, whatever it is in, and mark it; null: mark none. */
  function find(box) {
    for (const { element } of boxes.values()) element.removeAttribute("data-found");
    if (box === null) return;
    if (folding.reveal(box)) arrange();
    for (const one of boxesOf.get(folding.node(box)) ?? [box]) boxes.get(one)?.element.setAttribute("data-found", "");
    view.centre(scene.picture.boxes.get(box), false);
  }
  function fold() {
    folding.fold();
    arrange();
    toFollowed(false);
    say(`${boxes.size} boxes are shown.`);
  }

  let same = []; // the boxes of the tensor that is pointed at, where it is drawn more than once
  svg.addEventListener("pointerover", (event) => {
    for (const box of same) box.removeAttribute("data-same");
    const all = boxesOf.get(event.target.closest?.(".mg-node")?.dataset.node) ?? [];
    same = all.length > 1 ? all.map((box) => boxes.get(box)?.element).filter(Boolean) : [];
    for (const box of same) box.setAttribute("data-same", "");
  }, { signal });

  const observer = new ResizeObserver(() => toFollowed(false));
  observer.observe(view.pane);
  signal.addEventListener("abort", () => observer.disconnect());
  arrange();
  const { width, height } = scene.picture;
  element.style.setProperty("--mg-width", `${Math.max(width, folding.grouped ? 252 : 218) + 14}px`);
  element.style.setProperty("--mg-height", `${height + 12}px`);
  return { element, svg, view, folding, grouped: () => folding.grouped, show, pressed, find, fold, width };
}

/** The graph in words. */
function describe(trace, folding) {
  const parts = trace.nodes.slice(0, 200).map((node) => (node.kind === "operation" ? `${node.label} = ${node.expression}` : `${node.kind} ${node.label}`));
  const labels = new Map(trace.nodes.map((node) => [node.id, node.label]));
  const cuts = trace.edges.filter((edge) => edge.severed).map((edge) => ` The history ends before ${labels.get(edge.to)}: ${edge.severed.reason}.`);
  const folded = folding.grouped ? `, in ${Object.keys(folding.groups).length - 1} groups that open and close` : "";
  return `Graph of ${trace.nodes.length} nodes${folded}: ${cut(parts.join(", "), 2000)}.${cut(cuts.join(""), 500)}`;
}
