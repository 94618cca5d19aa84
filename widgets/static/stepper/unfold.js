// Putting a nested layout together, for any choice of open groups; widgets/layout/unfold.py does the
// same, and says why nothing overlaps.

/**
 * @typedef {[number, number, number, number]} Box centre x, centre y, width, height
 * @typedef {{width: number, height: number, boxes: Map<string, Box>, edges: Map<string, number[][]>}} Picture
 */

/**
 * @param {Record<string, any>} groups of the layout @param {Set<string>} opened
 * @returns {Picture} an open group's box comes before what is in it
 */
export function unfold(groups, opened) {
  const boxes = new Map();
  const edges = new Map();
  const maps = new Map();
  const isOpen = (box) => opened.has(box) && groups[box] !== undefined;

  function measure(name) {
    const group = groups[name];
    const across = [];
    const down = [];
    for (const child in group.boxes) {
      if (!isOpen(child)) continue;
      const [x, y, width, height] = group.boxes[child];
      const [wide, high] = measure(child);
      across.push([x - width / 2, x + width / 2, wide]);
      down.push([y - height / 2, y + height / 2, high]);
    }
    const made = [stretched(across, group.width), stretched(down, group.height)];
    maps.set(name, made);
    return made.map((map) => map.total);
  }

  function put(name, left, top) {
    const group = groups[name];
    const [across, down] = maps.get(name);
    for (const child in group.boxes) {
      const [x, y, width, height] = group.boxes[child];
      const centre = [
        left + (across.at(x - width / 2) + across.at(x + width / 2)) / 2,
        top + (down.at(y - height / 2) + down.at(y + height / 2)) / 2,
      ];
      const size = isOpen(child) ? maps.get(child).map((map) => map.total) : [width, height];
      boxes.set(child, [...centre, ...size]);
      if (isOpen(child)) put(child, centre[0] - size[0] / 2, centre[1] - size[1] / 2);
    }
    for (const edge in group.edges) {
      const [start, end, points] = group.edges[edge];
      const moved = points.map(([x, y]) => [left + across.at(x), top + down.at(y)]);
      const last = points.length - 1;
      for (const [box, tip, next] of [[start, 0, 1], [end, last, last - 1]]) {
        const aim = group.boxes[box] ? endAt(edge, box, group.boxes[box], points[tip]) : [moved[tip][0], top + (tip ? down.total : 0)];
        const shift = [aim[0] - moved[tip][0], aim[1] - moved[tip][1]];
        for (const k of [tip, next]) moved[k] = [moved[k][0] + shift[0], moved[k][1] + shift[1]];
      }
      edges.set(edge, moved);
    }
  }

  /** Where an edge meets a box: where it did, or at the port of an open group. */
  function endAt(edge, box, before, point) {
    const [x, y, width, height] = boxes.get(box);
    if (!isOpen(box)) return [x + point[0] - before[0], y + point[1] - before[1]];
    const port = maps.get(box)[0].at(groups[box].ports[edge]);
    return [x - width / 2 + port, y + (point[1] > before[1] ? height / 2 : -height / 2)];
  }

  const root = Object.keys(groups)[0];
  const [width, height] = measure(root);
  put(root, 0, 0);
  return { width, height, boxes, edges };
}

/** A stretched axis: each [start, end, size] is given at least that size, and nothing shrinks. */
function stretched(wanted, length) {
  if (!wanted.length) return { total: length, at: (value) => value };
  const stops = [...new Set([0, length, ...wanted.flatMap(([a, b]) => [a, b])])].sort((a, b) => a - b);
  const forward = packed(stops, wanted);
  const turned = wanted.map(([a, b, size]) => [length - b, length - a, size]);
  const mirrored = packed(stops.map((stop) => length - stop).reverse(), turned).reverse();
  const total = Math.max(forward[stops.length - 1], mirrored[0]);
  const places = forward.map((left, k) => (left + total - mirrored[k]) / 2);
  const at = (value) => {
    let k = 1;
    for (let high = stops.length - 1; k < high; ) {
      const middle = (k + high) >> 1;
      if (stops[middle] < value) k = middle + 1;
      else high = middle;
    }
    const share = (value - stops[k - 1]) / (stops[k] - stops[k - 1] || 1);
    return places[k - 1] + share * (places[k] - places[k - 1]);
  };
  return { total, at };
}

/** The leftmost place of each stop. */
function packed(stops, wanted) {
  const place = new Map([[stops[0], 0]]);
  const ending = new Map();
  for (const [start, end, size] of wanted) ending.set(end, [...(ending.get(end) ?? []), [start, size]]);
  for (let k = 1; k < stops.length; k += 1) {
    const least = (ending.get(stops[k]) ?? []).map(([start, size]) => place.get(start) + size);
    place.set(stops[k], Math.max(place.get(stops[k - 1]) + stops[k] - stops[k - 1], ...least));
  }
  return stops.map((stop) => place.get(stop));
}
