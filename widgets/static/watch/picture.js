// The picture of one iteration. What did not change is not touched.

import { cut, draw, make } from "../shared/dom.js";
import { drawEdge } from "../stepper/edge.js";
import { drawBox } from "./box.js";

const LEAST = 0.72; // a wide graph shrinks by this much at most; then it is scrolled

export function makePicture() {
  const edges = draw("g");
  const boxes = draw("g");
  const svg = draw("svg", { role: "img" }, edges, boxes);
  const empty = make("p", "mg-remark mg-watch-empty", "Nothing has been computed yet. Run something with a tensor that requires grad.");
  const note = make("p", "mg-watch-note");
  const pane = make("div", "mg-watch-pane", "", empty, note, svg);
  pane.tabIndex = 0;
  pane.setAttribute("role", "group");
  pane.setAttribute("aria-label", "The graph");
  const element = make("div", "mg-watch-graph", "", pane);
  const drawn = new Map(); // id → {text, element}, of boxes and edges
  let count = 0;

  /** @param {any} frame what `widgets.watching` made, or null @param {boolean} follow scroll to what is new */
  function show(frame, follow) {
    const some = Boolean(frame?.nodes.length);
    empty.hidden = some;
    svg.style.display = some ? "" : "none";
    note.hidden = !frame?.left_out;
    if (frame?.left_out) note.textContent = `${frame.left_out} earlier operations are not drawn.`;
    const wanted = new Map();
    for (const node of frame?.nodes ?? []) {
      const place = frame.layout.nodes[node.id];
      wanted.set(node.id, [boxes, JSON.stringify([node, place.width, place.height]), () => drawBox(node, place), place]);
    }
    for (const edge of frame?.edges ?? []) {
      const points = frame.layout.edges[edge.id];
      wanted.set(`edge ${edge.id}`, [edges, JSON.stringify([edge, points]), () => marked(drawEdge(points, edge.id), edge), null]);
    }
    for (const [id, old] of drawn) {
      if (!wanted.has(id)) {
        old.element.remove();
        drawn.delete(id);
      }
    }
    for (const [id, [layer, text, create, place]] of wanted) update(id, layer, text, create, place);
    if (!some) return;
    const { width, height } = frame.layout;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.style.width = `${width}px`;
    svg.style.minWidth = `${Math.round(width * LEAST)}px`;
    svg.setAttribute("aria-label", describe(frame));
    const grown = frame.nodes.length > count;
    count = frame.nodes.length;
    element.style.setProperty("--mg-height", `${height + 18}px`);
    const failed = frame.nodes.find((node) => node.kind === "failed");
    if (follow && (grown || failed)) requestAnimationFrame(() => scroll(failed && frame.layout.nodes[failed.id], width));
  }

  function update(id, layer, text, create, place) {
    let known = drawn.get(id);
    if (!known || known.text !== text) {
      const made = create();
      if (known) known.element.replaceWith(made);
      else layer.append(made);
      known = { text, element: made };
      drawn.set(id, known);
    }
    if (!place) return;
    const move = `translate(${place.x} ${place.y})`;
    if (known.element.getAttribute("transform") !== move) known.element.setAttribute("transform", move);
  }

  /** Scrolls the picture, and never the page: to what failed, or to the end, where it grows. */
  function scroll(place, width) {
    const scale = svg.clientWidth / width || 1;
    const top = place ? place.y * scale - pane.clientHeight / 2 : pane.scrollHeight;
    pane.scrollTo({ top, left: place ? place.x * scale - pane.clientWidth / 2 : pane.scrollLeft });
  }

  return { element, show };
}

function marked(element, edge) {
  if (edge.mark) element.dataset.mark = edge.mark;
  return element;
}

/** The graph in words. */
function describe(frame) {
  const words = { added: "added", removed: "removed", changed: "changed shape" };
  const parts = frame.nodes.map((node) => {
    const what = node.kind === "operation" ? `${node.label} = ${node.expression}` : `${node.kind} ${node.label}`;
    return node.mark ? `${what} (${words[node.mark]})` : what;
  });
  return `Graph of ${frame.nodes.length} nodes: ${cut(parts.join(", "), 2000)}`;
}
