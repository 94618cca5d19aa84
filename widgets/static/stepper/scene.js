// What is drawn of the graph: boxes, groups and curves, put where they belong whenever a group opens.

import { draw } from "../shared/dom.js";
import { drawEdge, severedTag } from "./edge.js";
import { groupSteps } from "./folding.js";
import { drawGroup } from "./group.js";
import { drawNode, failedPlace } from "./node.js";
import { lookAt } from "./timeline.js";
import { unfold } from "./unfold.js";

/**
 * @param {import("./timeline.js").Timeline} timeline @param {import("./folding.js").Folding} folding
 * @param {SVGElement} svg
 */
export function makeScene(timeline, folding, svg) {
  const { trace, looks } = timeline;
  const { groups, boxesOf } = folding;
  const inside = groupSteps(timeline, folding);
  // A group's title lies over the edges that pass it.
  const layers = { edges: draw("g"), frames: draw("g"), boxes: draw("g"), cuts: draw("g"), labels: draw("g") };
  svg.append(...Object.values(layers));
  const boxes = new Map(); // box → what is drawn of it
  const edges = new Map(); // drawn edge → its element, and since which step it has carried something
  const severed = trace.edges.filter((edge) => edge.severed);
  const scene = { boxes, edges, layers, picture: null, arrange, taken };

  /** What labels must not hide: [left, top, width, height] of each box that is no frame around others. */
  function taken() {
    const closed = [...scene.picture.boxes].filter(([id]) => !folding.opened.has(id));
    const rectangles = closed.map(([, [x, y, width, height]]) => [x - width / 2, y - height / 2, width, height]);
    const failing = closed.findIndex(([id]) => id === trace.error?.node);
    return failing < 0 ? rectangles : [...rectangles, failedPlace(...rectangles[failing])];
  }

  /** Draw what can be seen, as the groups are; what was there already stays. */
  function arrange() {
    const picture = (scene.picture = unfold(groups, folding.opened));
    for (const [id, box] of [...boxes]) {
      const place = picture.boxes.get(id);
      const same = place && box.place[2] === place[2] && box.place[3] === place[3];
      if (!same || box.open !== folding.opened.has(id)) remove(boxes, id);
    }
    for (const [id, place] of picture.boxes) {
      if (!boxes.has(id)) boxes.set(id, folding.isGroup(id) ? newGroup(id, place) : newNode(id, place));
      else move(boxes.get(id), place);
    }
    for (const [id, edge] of [...edges]) if (edge.points !== String(picture.edges.get(id))) remove(edges, id);
    for (const [id, points] of picture.edges) if (!edges.has(id)) edges.set(id, newEdge(id, points));
    layers.cuts.replaceChildren(...severed.flatMap(cutTag));
  }

  function newNode(id, place) {
    const node = timeline.nodes.get(folding.node(id));
    const [x, y, width, height] = place;
    const box = drawNode(node, { x, y, width, height }, timeline.output, { longest: longest(node), fails: node.id === trace.error?.node });
    const copies = boxesOf.get(node.id).length;
    if (copies > 1) used(box.element, place, copies);
    layers.boxes.append(box.element);
    const list = looks.get(node.id);
    let shown = null;
    const update = (at) => {
      const look = lookAt(list, at);
      if (shown !== look) box.show((shown = look));
    };
    return { element: box.element, place, open: false, update };
  }

  /** The longest text that the node's gradient will be. */
  function longest(node) {
    return Math.max(...looks.get(node.id).map((look) => look.text.length));
  }

  function newGroup(id, place) {
    const open = folding.opened.has(id);
    const group = drawGroup(id, groups[id], place, open, inside.get(id));
    (open ? layers.frames : layers.boxes).append(group.element);
    return { element: group.element, place, open, update: group.show };
  }

  function newEdge(id, points) {
    const element = drawEdge(points, id);
    const carried = folding.carried.get(id);
    const real = carried.map((edge) => timeline.edges.get(edge));
    const [start, end] = folding.ends.get(id);
    const meets = (box) => boxes.has(box) && !folding.opened.has(box);
    if (!meets(end)) element.dataset.on = "";
    if (!meets(start)) element.dataset.off = "";
    if (real.every((edge) => edge.severed)) element.dataset.severed = "";
    else if (real.every((edge) => !timeline.nodes.get(edge.from).requires_grad)) element.dataset.quiet = "";
    layers.edges.append(element);
    const since = Math.min(...carried.map((edge) => timeline.carried.get(edge) ?? Infinity));
    return { element, points: String(points), since, went: false };
  }

  /** Why a history ends, on the edge that stands for it. */
  function cutTag(edge) {
    const id = folding.drawnAs.get(edge.id).find((drawn) => edges.has(drawn));
    return id ? [severedTag(edge, scene.picture.edges.get(id), scene.picture.width, scene.taken())] : [];
  }
  return scene;
}

function remove(map, id) {
  map.get(id).element.remove();
  map.delete(id);
}

function move(box, place) {
  if (box.place[0] === place[0] && box.place[1] === place[1]) return;
  const corner = box.element.dataset.group !== undefined; // a group is drawn from its corner
  const [x, y] = corner ? [place[0] - place[2] / 2, place[1] - place[3] / 2] : place;
  box.element.setAttribute("transform", `translate(${x} ${y})`);
  box.place = place;
}

/** A tensor that is drawn at each of its uses says so. */
function used(box, [, , width, height], copies) {
  const text = draw("text", { class: "mg-used", x: width / 2 - 6, y: 14 - height / 2 });
  text.textContent = `×${copies}`;
  box.append(text);
  box.querySelector("title").textContent += `\nused in ${copies} places, and drawn in each`;
}
