// The picture of one iteration: a window onto its graph, whose groups open and close.
//
// What did not change from one picture to the next is not touched.

import { draw, make } from "../shared/dom.js";
import { drawEdge } from "../stepper/edge.js";
import { makeFolding } from "../stepper/folding.js";
import { drawGroup } from "../stepper/group.js";
import { unfold } from "../stepper/unfold.js";
import { makeViewport } from "../stepper/viewport.js";
import { drawBox } from "./box.js";
import { changesIn, describe } from "./words.js";

const EMPTY_FRAME = { nodes: [], edges: [], layout: { groups: { g0: { boxes: {}, edges: {}, open: true, width: 1, height: 1 } }, copies: {} } };
const NO_STEPS = { forward: [], backward: [] };

/** @param {(text: string) => void} say @param {AbortSignal} signal */
export function makePicture(say, signal) {
  const layers = { edges: draw("g"), frames: draw("g"), boxes: draw("g") };
  const svg = draw("svg", { role: "img" }, ...Object.values(layers));
  const view = makeViewport(svg, signal);
  const empty = make("p", "mg-remark mg-watch-empty", "Nothing has been computed yet. Run something with a tensor that requires grad.");
  const note = make("p", "mg-watch-note");
  const element = make("div", "mg-graph mg-watch-graph", "", note, empty, make("div", "mg-view", "", view.pane));
  const drawn = new Map(); // id → {text, element}, of boxes, groups and edges
  const wishes = new Map(); // the name of a group → whether the reader has opened it
  let frame = EMPTY_FRAME;
  let folding = makeFolding(frame);
  let picture = unfold(folding.groups, folding.opened);
  let count = 0;

  /** @param {any} next what `widgets.watching` made, or null @param {boolean} follow scroll to what is new */
  function show(next, follow) {
    const some = Boolean(next?.nodes.length);
    empty.hidden = some;
    view.pane.hidden = !some;
    note.hidden = !next?.left_out;
    if (next?.left_out) note.textContent = `${next.left_out} earlier operations are not drawn.`;
    if (next !== frame) {
      frame = some ? next : EMPTY_FRAME;
      folding = makeFolding(frame);
      for (const id in folding.groups) {
        const wish = wishes.get(folding.groups[id].name);
        if (wish !== undefined) folding.toggle(id, wish);
      }
    }
    const failed = frame.nodes.find((node) => node.kind === "failed");
    if (failed) folding.reveal(folding.boxesOf.get(failed.id)[0]);
    arrange();
    svg.setAttribute("role", folding.grouped ? "group" : "img");
    svg.setAttribute("aria-label", describe(frame, folding));
    const grown = frame.nodes.length > count;
    count = frame.nodes.length;
    if (follow && (grown || failed)) requestAnimationFrame(() => toNew(failed));
  }

  /** Draw what can be seen, as the groups are. */
  function arrange() {
    picture = unfold(folding.groups, folding.opened);
    const nodes = new Map(frame.nodes.map((node) => [node.id, node]));
    const edges = new Map(frame.edges.map((edge) => [edge.id, edge]));
    const wanted = new Map();
    for (const [id, place] of picture.boxes) wanted.set(id, folding.isGroup(id) ? groupOf(id, place, nodes) : boxOf(id, place, nodes.get(folding.node(id))));
    for (const [id, points] of picture.edges) {
      const mark = folding.carried.get(id).every((edge) => edges.get(edge).mark) ? edges.get(folding.carried.get(id)[0]).mark : "";
      wanted.set(`edge ${id}`, { layer: layers.edges, text: JSON.stringify([points, mark]), create: () => marked(drawEdge(points, id), mark) });
    }
    for (const [id, old] of drawn) {
      if (wanted.has(id)) continue;
      old.element.remove();
      drawn.delete(id);
    }
    for (const [id, what] of wanted) update(id, what);
    view.resize(picture.width, picture.height);
    element.style.setProperty("--mg-height", `${picture.height + 18}px`);
  }

  function boxOf(id, [x, y, width, height], node) {
    return { layer: layers.boxes, text: JSON.stringify([node, width, height]), create: () => drawBox(node, { width, height }), corner: [x, y] };
  }
  function groupOf(id, box, nodes) {
    const [x, y, width, height] = box;
    const open = folding.opened.has(id);
    const changes = open ? "" : changesIn(id, folding, nodes);
    const create = () => {
      const group = drawGroup(id, folding.groups[id], box, open, NO_STEPS).element;
      if (!open) group.querySelector(".mg-progress").textContent = changes;
      return group;
    };
    const text = JSON.stringify([folding.groups[id].name, folding.groups[id].operations, width, height, open, changes]);
    return { layer: open ? layers.frames : layers.boxes, text, create, corner: [x - width / 2, y - height / 2] };
  }

  function update(id, { layer, text, create, corner }) {
    let known = drawn.get(id);
    if (known?.text !== text) {
      const made = create();
      if (known && known.element.parentNode === layer) known.element.replaceWith(made);
      else {
        known?.element.remove();
        layer.append(made);
      }
      drawn.set(id, (known = { text, element: made }));
    }
    const move = corner && `translate(${corner[0]} ${corner[1]})`;
    if (move && known.element.getAttribute("transform") !== move) known.element.setAttribute("transform", move);
  }

  /** Scrolls the picture, and never the page: to what failed, or to the end, where it grows. */
  function toNew(failed) {
    const box = failed && picture.boxes.get(folding.boxesOf.get(failed.id)[0]);
    if (box) view.centre(box, false);
    else view.pane.scrollTo({ top: view.pane.scrollHeight });
  }

  function press(id) {
    const { name } = folding.groups[id];
    folding.toggle(id);
    wishes.set(name, folding.opened.has(id));
    arrange();
    drawn.get(id).element.focus({ preventScroll: true });
    say(`${name} ${folding.opened.has(id) ? "opened" : "closed"}: ${picture.boxes.size} boxes are shown.`);
  }
  svg.addEventListener("click", (event) => {
    const group = event.target.closest?.(".mg-group, .mg-handle, .mg-frame-group .mg-name, .mg-frame-group .mg-sign");
    if (group) press(group.closest("[data-group]").dataset.group);
  }, { signal });

  /** Show a box, whatever it is in, and mark it; null: mark none. */
  function find(box) {
    for (const known of drawn.values()) known.element.removeAttribute("data-found");
    if (box === null) return;
    if (folding.reveal(box)) arrange();
    for (const one of folding.boxesOf.get(folding.node(box)) ?? [box]) drawn.get(one)?.element.setAttribute("data-found", "");
    view.centre(picture.boxes.get(box), false);
  }
  function fold() {
    folding.fold();
    wishes.clear();
    arrange();
    say(`${picture.boxes.size} boxes are shown.`);
  }
  return { element, svg, view, show, press, find, fold, grouped: () => folding.grouped, searched: () => [folding, frame.nodes] };
}

function marked(element, mark) {
  if (mark) element.dataset.mark = mark;
  return element;
}
