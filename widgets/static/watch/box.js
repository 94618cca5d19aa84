// One box: its name, what computed it, its shape, and a line for what changed or failed.

import { cut, draw } from "../shared/dom.js";

// As in widgets/layout/sizes.py, where the box is made large enough for its texts.
const BOX_PADDING = 12;
const LABEL = 17;
const SMALLER = 13;
const WIDE = 0.61; // width of a character, in font sizes

/** @param {any} node @param {{width: number, height: number}} place */
export function drawBox(node, { width, height }) {
  const left = -width / 2;
  const top = -height / 2;
  const group = draw("g", { class: "mg-node" });
  group.dataset.kind = node.kind;
  group.dataset.node = node.id;
  if (node.mark) group.dataset.mark = node.mark;
  const box = { x: left, y: top, width, height, rx: node.kind === "leaf" ? 14 : 6 };
  const hint = draw("title");
  hint.textContent = hintOf(node);
  group.append(hint, draw("rect", { class: "mg-box", ...box }));

  const room = width - 2 * BOX_PADDING;
  const failed = node.kind === "failed" ? "✕ " : "";
  const name = cut(failed + node.label, Math.floor(room / (LABEL * WIDE)));
  const first = draw("text", { x: left + BOX_PADDING, y: top + 24 }, span("mg-name", name));
  const left_over = Math.floor((room - name.length * LABEL * WIDE) / (SMALLER * WIDE)) - 1;
  if (node.expression && left_over > 3) {
    first.append(span("mg-expression", cut((failed ? "" : "= ") + node.expression, left_over), BOX_PADDING * 0.7));
  }
  const size = draw("text", { x: left + BOX_PADDING, y: top + 45 });
  if (node.shape) size.append(...shapeSpans(node.shape, node.axes ?? []));
  const kind = draw("text", { class: "mg-shape", x: -left - BOX_PADDING, y: top + 45 });
  kind.textContent = node.uses ? `used ${node.uses}×` : node.dtype;
  group.append(first, size, kind);

  const said = node.fault ?? node.note;
  if (said) {
    const line = draw("text", { class: "mg-badge", x: left + BOX_PADDING, y: top + height - 9 });
    line.textContent = cut((node.fault ? "✕ " : "") + said, Math.floor(room / (14 * WIDE)));
    group.append(draw("path", { class: "mg-badge-back", d: footer(left, top + height, width, box.rx - 1) }), line);
  }
  group.append(draw("rect", { class: "mg-outline", ...box }));
  return group;
}

/** 2×3, with what does not fit in brackets. */
function shapeSpans(shape, axes) {
  if (!shape.length) return [span("", "one number")];
  if (shape.length === 1 && !axes.length) return [span("", `${shape[0]} ${shape[0] === 1 ? "entry" : "entries"}`)];
  return shape.flatMap((n, axis) => {
    const wrong = axes.includes(axis);
    const size = span(wrong ? "mg-wrong" : "", wrong ? `[${n}]` : String(n));
    return axis ? [span("", "×"), size] : [size];
  });
}

function footer(left, bottom, width, r) {
  return (
    `M${left + 1} ${bottom - 27}h${width - 2}v${26 - r}a${r} ${r} 0 0 1 ${-r} ${r}` +
    `h${-(width - 2 - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${-r}z`
  );
}

/** What pointing at the box tells. */
function hintOf(node) {
  const parts = [node.expression ? `${node.label} = ${node.expression}` : `${node.kind} ${node.label}`];
  if (node.shape) parts.push(`${node.shape.join("×") || "one number"}, ${node.dtype}`);
  if (node.note || node.fault) parts.push(node.note ?? node.fault);
  if (node.where) parts.push(`${node.where}: ${cut(node.text, 200)}`);
  return parts.join("\n");
}

function span(name, text, dx = 0) {
  const element = draw("tspan", { ...(name && { class: name }), ...(dx && { dx }) });
  element.textContent = text;
  return element;
}
