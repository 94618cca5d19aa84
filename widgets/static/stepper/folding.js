// Which groups of the graph are open, and what of it can be seen. Nothing here touches the page.

/** @typedef {ReturnType<typeof makeFolding>} Folding */

/** @param {any} trace with its layout */
export function makeFolding(trace) {
  const { groups, copies } = trace.layout;
  const [root] = Object.keys(groups);
  const parent = new Map(); // box or group → the group around it
  const boxesOf = new Map(trace.nodes.map((node) => [node.id, []]));
  const carried = new Map(); // drawn edge → edges of the trace
  const ends = new Map(); // drawn edge → the boxes or ports that it joins
  const drawnAs = new Map(trace.edges.map((edge) => [edge.id, []]));
  for (const name in groups) {
    const { boxes, edges, carries } = groups[name];
    for (const box in boxes) {
      parent.set(box, name);
      if (!groups[box]) boxesOf.get(copies[box] ?? box).push(box);
    }
    for (const edge in edges) {
      carried.set(edge, carries[edge] ?? [edge]);
      ends.set(edge, edges[edge]);
      for (const id of carried.get(edge)) drawnAs.get(id).push(edge);
    }
  }
  const start = Object.keys(groups).filter((name) => groups[name].open);
  const opened = new Set(start);

  /** The groups around a box, the outermost first, without the graph itself. */
  function around(box) {
    const found = [];
    for (let at = parent.get(box); at !== undefined && at !== root; at = parent.get(at)) found.unshift(at);
    return found;
  }
  /** What is seen of a box: itself, or the closed group that it is in. */
  const seenAs = (box) => around(box).find((name) => !opened.has(name)) ?? box;
  const closedAround = (node) => [...new Set(boxesOf.get(node).map(seenAs))].filter((box) => groups[box]);

  function toggle(name, open = !opened.has(name)) {
    if (open) opened.add(name);
    else opened.delete(name);
  }
  /** Open what hides a box. @returns {boolean} was anything closed? */
  function reveal(box) {
    const closed = around(box).filter((name) => !opened.has(name));
    for (const name of closed) opened.add(name);
    return closed.length > 0;
  }
  /** Close all groups; or, if they all are, back to those that were open at first. */
  function fold() {
    const none = opened.size === 1;
    opened.clear();
    for (const name of none ? start : [root]) opened.add(name);
  }
  return {
    groups, copies, opened, boxesOf, carried, ends, drawnAs, around, seenAs, closedAround, toggle, reveal, fold,
    isGroup: (box) => groups[box] !== undefined,
    grouped: Object.keys(groups).length > 1,
    node: (box) => copies[box] ?? box,
  };
}

/**
 * Group → the steps at which its operations are computed, and those at which gradients go through them.
 * @param {import("./timeline.js").Timeline} timeline @param {Folding} folding
 */
export function groupSteps(timeline, folding) {
  const found = new Map(Object.keys(folding.groups).map((name) => [name, { forward: [], backward: [] }]));
  timeline.steps.forEach((step, at) => {
    const node = timeline.nodes.get(step.node);
    if (node?.kind !== "operation" || step.kind === "seed") return;
    for (const name of folding.around(folding.boxesOf.get(step.node)[0])) found.get(name)[step.phase].push(at);
  });
  return found;
}

/** How many of the sorted steps are at or before one. */
export function countUpTo(steps, at) {
  let low = 0;
  for (let high = steps.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
