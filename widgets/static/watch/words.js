// A picture, and a closed group of it, in words.

import { cut } from "../shared/dom.js";

const SIGNS = { added: "+", removed: "−", changed: "≠" };

/** The graph in words. */
export function describe(frame, folding) {
  const parts = frame.nodes.slice(0, 200).map((node) => {
    const what = node.kind === "operation" ? `${node.label} = ${node.expression}` : `${node.kind} ${node.label}`;
    const mark = node.mark === "changed" ? "changed shape" : node.mark;
    return mark ? `${what} (${mark})` : what;
  });
  const folded = folding.grouped ? `, in ${Object.keys(folding.groups).length - 1} groups that open and close` : "";
  return `Graph of ${frame.nodes.length} nodes${folded}: ${cut(parts.join(", "), 2000)}`;
}

/** How much changed in a closed group: `+2 −1`, with the signs that the boxes have. */
export function changesIn(group, folding, nodes) {
  const counts = {};
  const look = (id) => {
    for (const box in folding.groups[id].boxes) {
      if (folding.isGroup(box)) look(box);
      else {
        const mark = nodes.get(folding.node(box)).mark;
        if (mark) counts[mark] = (counts[mark] ?? 0) + 1;
      }
    }
  };
  look(group);
  return Object.keys(SIGNS).filter((mark) => counts[mark]).map((mark) => `${SIGNS[mark]}${counts[mark]}`).join(" ");
}
