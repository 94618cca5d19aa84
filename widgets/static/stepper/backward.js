// Backward steps: the seed, an operation (incoming × local Jacobian = product), a leaf that accumulates.

import { make } from "../shared/dom.js";
import { formula } from "../shared/formula.js";
import { arrayMatrix, jacobianMatrix, rowMatrix } from "../shared/matrix.js";
import { shapeText, withoutLists } from "../shared/numbers.js";
import { called } from "./forward.js";
import { notes } from "./notes.js";
import { equation, heading, term } from "./terms.js";
import { makeTrail } from "./trail.js";

const SEED =
  "The forward pass is done. Backward walks the arrows the other way: each box multiplies the gradient that " +
  "arrives by its local Jacobian and passes the product on. What reaches a leaf is added to its .grad.";
const LONGEST_SUM = 90; // characters; the numbers also stand below as matrices
const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const OMITTED =
  "The local Jacobians of this step are left out: of a graph this large only the first 1,000 steps back keep theirs. " +
  "To see them, step through from an inner tensor.";
const LEAF = "A leaf keeps its gradient. A second backward would add to it, not replace it.";

export function seedPanel(step, node, timeline, formulas) {
  const body = step.rule.map((latex) => rule(latex, formulas));
  if (step.incoming.shape.length) body.push(equation(term(arrayMatrix(step.incoming), "the gradient it starts with")));
  body.push(make("p", "mg-remark", SEED));
  return { title: heading("Backward starts at ", node.label), body };
}

export function accumulatePanel(step, node, timeline, formulas) {
  const body = [...hook(step), ...accumulation(step, node, timeline, formulas), make("p", "mg-remark", LEAF)];
  return { title: heading("Arriving at the leaf ", node.label), body };
}

export function operationPanel(step, node, timeline, formulas) {
  const body = [...hook(step), ...step.products.map((product, k) => productPart(product, k, step, node, timeline, formulas))];
  if (step.accumulate) body.push(...accumulation(step, node, timeline, {}));
  const freed = freedLabels(step, node);
  const gone = [];
  if (!step.accumulate) gone.push(`∂${timeline.output}/∂${node.label} is not kept: ${node.label} is no leaf, so ${node.label}.grad stays None.`);
  if (freed.length) gone.push(`Freed, no longer needed: the saved ${freed.join(", ")}.`);
  if (step.products.some((product) => product.jacobian.kind === "omitted")) gone.push(OMITTED);
  if (gone.length) body.push(make("p", "mg-saved", gone.join(" ")));
  return { title: heading("", `${called(node)} = ${node.expression}`, ", backward"), body };
}

/** What had been sent, before a hook of the reader's changed it. */
function hook(step) {
  if (!step.hooked) return [];
  const changed = equation(term(arrayMatrix(step.hooked), "was sent"), ["→", term(arrayMatrix(step.incoming), "arrives")]);
  return [make("p", "mg-remark", "A hook changed the gradient on its way here:"), changed];
}

/** One input's share: the rule, incoming · Jacobian = product, and the sum at the input. */
function productPart(product, k, step, node, timeline, formulas) {
  const to = timeline.nodes.get(product.to);
  const { jacobian, contribution, before, after } = product;
  const count = step.products.length;
  const called = product.label ?? to.label;
  const through = throughWhich(product, step.products, called);
  const way = (count > 1 ? `${k + 1} of ${count}: ` : "") + `to ${called}${through && `, ${through}`}`;
  const head = make("div", "mg-head-line", "", rule(product.rule, formulas), make("div", "mg-way", way));
  const part = make("div", "mg-product", "", head);
  const pairs = [{ incoming: step.incoming, jacobian, label: step.label }, ...(product.more ?? [])].map((pair) => ({
    ...pair,
    row: rowMatrix(pair.incoming),
    matrix: jacobianMatrix(pair.jacobian),
  }));
  const factors = pairs.flatMap(({ incoming, jacobian: local, row, matrix, label }, index) => {
    const of = label ?? node.label;
    const left = term(row, `∂${timeline.output}/∂${of}`, asRow(incoming));
    const right = ["×", term(matrix, through || `∂${of}/∂${called}`, sizeOf(local))];
    return index ? [["+", left], right] : [left, right];
  });
  const own = product.alone ?? contribution;
  const sent = rowMatrix(own);
  const sums = before ? [before, contribution, after].map((array) => ({ element: arrayMatrix(array), shape: array.shape })) : [];
  const trail = makeTrail(pairs, own, sent, product.alone ? [] : sums, k === 0);
  const [first, ...rest] = factors;
  part.append(equation(first, ...rest, ["=", term(trail?.list ?? sent, product.alone ? "by itself" : `sent to ${called}`, asRow(own))]));
  if (trail) part.append(trail.line);
  if (product.alone) {
    part.append(make("p", "mg-remark", `A hook on ${node.grad_fn} changed what it sends:`));
    part.append(equation(term(arrayMatrix(own), "by itself"), ["→", term(arrayMatrix(contribution), `sent to ${called}`)]));
  }
  part.append(...notes(product, pairs, { ...to, label: called }, node));
  if (before) {
    const name = `∂${timeline.output}/∂${called}`;
    const [was, now, is] = sums.map(({ element }) => element);
    part.append(
      make("div", "mg-way", `${called} is used more than once: what arrives is added`),
      equation(term(was, `${name} so far`), ["+", term(now, "sent now")], ["=", term(is, name)]),
    );
  }
  return part;
}

function sizeOf({ kind, shape }) {
  const [rows, columns] = shape;
  return rows * columns > 1 ? `${rows}×${columns}${kind === "diagonal" ? ", diagonal" : ""}` : "";
}

/** In y * y each y has a factor of its own; neither is the whole ∂t1/∂y. */
function throughWhich(product, all, label) {
  const same = all.filter((other) => other.to === product.to && other.label === product.label);
  if (same.length === 1) return "";
  const place = same.indexOf(product);
  return `through the ${ORDINALS[place] ?? `${place + 1}th`} ${label}`;
}

/** x.grad: 0 + 4.5 = 4.5, in large, and with all its numbers. */
function accumulation(step, node, timeline, formulas) {
  const { before, contribution, after, text } = step.accumulate;
  const parts = Object.keys(formulas).length ? step.rule.map((latex) => rule(latex, formulas)) : [];
  const line = make("div", "mg-sum", text.length > LONGEST_SUM ? withoutLists(text) : text);
  if (text.length > 40) line.classList.add("mg-long");
  const zero = make("span", "mg-bare", "0");
  const detail = equation(
    term(before ? arrayMatrix(before) : zero, `${node.label}.grad before`, before ? "" : "it was None"),
    ["+", term(arrayMatrix(contribution), `∂${timeline.output}/∂${node.label}`)],
    ["=", term(arrayMatrix(after), `${node.label}.grad after`)],
  );
  return [...parts, line, detail];
}

function rule(latex, formulas) {
  return make("div", "mg-rule", "", formula(formulas[latex], latex));
}

function asRow(array) {
  return array.shape.length > 1 && array.values !== undefined ? `${shapeText(array)}, as a row` : "";
}

function freedLabels(step, node) {
  const names = new Set(step.freed);
  const saved = node.saved.filter((item) => names.has(item.name));
  return [...new Set(saved.length ? saved.map((item) => item.label) : step.freed)];
}
