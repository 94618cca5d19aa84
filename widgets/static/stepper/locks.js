// What a node keeps for its backward pass: a padlock for each saved tensor, with its version.
//
// A padlock opens and empties when the tensor is freed. One whose tensor was overwritten since it was
// saved is marked with both versions, a sign and a box, not by colour alone.

import { draw } from "../shared/dom.js";

// As in widgets/layout/sizes.py:
const LOCK_TEXT = 13;
const LOCK_WIDTH = 16; // px for the padlock itself
const LOCK_GAP = 10;
const LOCK_ADVANCE = 0.61;

/** The different tensors among what a node saved: `y * y` keeps y once. */
export function distinct(saved) {
  return [...new Map(saved.map((item) => [`${item.label} ${item.version}`, item])).values()];
}

/** `y v0`, or `y v0≠v1` for one that was overwritten. */
export function lockText({ label, version, now }) {
  const name = label.length > 10 ? `${label.slice(0, 9)}…` : label;
  const was = version === null || version === undefined ? " freed" : ` v${version}`;
  return isStale({ version, now }) ? `${name}${was}≠v${now}` : name + was;
}

/** Was it overwritten after it was saved? */
export function isStale({ version, now }) {
  return now !== undefined && now !== version;
}

/** In words, for a tooltip and the panel. */
export function lockWords(item) {
  if (item.freed) return `${item.label} was saved, and is freed already`;
  if (!isStale(item)) return `${item.label} is saved at version ${item.version}`;
  const by = item.writer ? `: overwritten by ${item.writer}` : "";
  return `${item.label} is saved at version ${item.version} but is at version ${item.now} now${by}`;
}

/** The line of padlocks of a box, its upper left corner at x, y; null if nothing is saved. */
export function drawLocks(node, x, y, room) {
  if (!node.saved.length) return null;
  const line = draw("g", { class: "mg-locks" });
  const items = distinct(node.saved);
  let at = x;
  for (const [k, item] of items.entries()) {
    const text = lockText(item);
    const width = LOCK_WIDTH + text.length * LOCK_TEXT * LOCK_ADVANCE;
    const left = items.length - k;
    if (at + width > x + room + 1) {
      line.append(word(`+${left}`, at, y));
      break;
    }
    line.append(lock(item, text, at, y, width));
    at += width + LOCK_GAP;
  }
  return line;
}

function lock(item, text, x, y, width) {
  const stale = isStale(item);
  const group = draw("g", { class: stale ? "mg-lock mg-stale" : "mg-lock" });
  if (item.freed) group.dataset.freed = "";
  if (stale) group.append(draw("rect", { class: "mg-lock-back", x: x - 3, y, width: width + 6, height: 19, rx: 4 }));
  group.append(
    draw("path", { class: "mg-shackle mg-shut", d: `M${x + 2.5} ${y + 9}v-2.5a3.5 3.5 0 0 1 7 0v2.5` }),
    draw("path", { class: "mg-shackle mg-open", d: `M${x + 2.5} ${y + 9}v-3.5a3.5 3.5 0 0 1 7 0` }),
    draw("rect", { class: "mg-lock-body", x, y: y + 8.5, width: 12, height: 8.5, rx: 1.5 }),
    word(text, x + LOCK_WIDTH, y),
  );
  return group;
}

function word(text, x, y) {
  const element = draw("text", { class: "mg-lock-text", x, y: y + 14.5 });
  element.textContent = text;
  return element;
}
