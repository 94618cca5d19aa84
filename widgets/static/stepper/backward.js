// Backward steps: the seed, an operation (incoming × local Jacobian = product), a leaf that accumulates.

import { make } from "../shared/dom.js";
import { formula } from "../shared/formula.js";
import { arrayMatrix, isBroadcast, jacobianMatrix, rowMatrix } from "../shared/matrix.js";
import { shapeText, withoutLists } from "../shared/numbers.js";
import { equation, heading, term } from "./terms.js";

const SEED =
  "The forward pass is done. Backward walks the arrows the other way: each box multiplies the gradient that " +
  "arrives by its local Jacobian and passes the product on. What reaches a leaf is added to its .grad.";
const LONGEST_SUM = 90; // characters; the numbers also stand below as matrices
const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const LEAF = "A leaf keeps its gradient. A second backward would add to it, not replace it.";

export function seedPanel(step, node, timeline, formulas) {
  const body = step.rule.map((latex) => rule(latex, formulas));
  if (step.incoming.shape.length) body.push(equation(term(arrayMatrix(step.incoming), "the gradient it starts with")));
  body.push(make("p", "mg-remark", SEED));
  return { title: heading("Backward starts at ", node.label), body };
}

export function accumulatePanel(step, node, timeline, formulas) {
  const body = [...accumulation(step, node, timeline, formulas), make("p", "mg-remark", LEAF)];
  return { title: heading("Arriving at the leaf ", node.label), body };
}

export function operationPanel(step, node, timeline, formulas) {
  const body = step.products.map((product, k) => productPart(product, k, step, node, timeline, formulas));
  if (step.accumulate) body.push(...accumulation(step, node, timeline, {}));
  const freed = freedLabels(step, node);
  const gone = [];
  if (!step.accumulate) gone.push(`∂${timeline.output}/∂${node.label} is not kept: ${node.label} is no leaf, so ${node.label}.grad stays None.`);
  if (freed.length) gone.push(`Freed, no longer needed: the saved ${freed.join(", ")}.`);
  if (gone.length) body.push(make("p", "mg-saved", gone.join(" ")));
  return { title: heading("", `${node.label} = ${node.expression}`, ", backward"), body };
}

/** One input's share: the rule, incoming · Jacobian = product, and the sum at the input. */
function productPart(product, k, step, node, timeline, formulas) {
  const to = timeline.nodes.get(product.to);
  const { jacobian, contribution, before, after } = product;
  const count = step.products.length;
  const through = throughWhich(product, step.products, to.label);
  const way = (count > 1 ? `${k + 1} of ${count}: ` : "") + `to ${to.label}${through && `, ${through}`}`;
  const head = make("div", "mg-head-line", "", rule(product.rule, formulas), make("div", "mg-way", way));
  const part = make("div", "mg-product", "", head);
  const [rows, columns] = jacobian.shape;
  const size = rows * columns > 1 ? `${rows}×${columns}${jacobian.kind === "diagonal" ? ", diagonal" : ""}` : "";
  part.append(
    equation(
      term(rowMatrix(step.incoming), `∂${timeline.output}/∂${node.label}`, asRow(step.incoming)),
      ["×", term(jacobianMatrix(jacobian), through || `∂${node.label}/∂${to.label}`, size)],
      ["=", term(rowMatrix(contribution), `sent to ${to.label}`, asRow(contribution))],
    ),
  );
  if (isBroadcast(jacobian)) part.append(make("p", "mg-remark", broadcast(to, node)));
  if (before) {
    const name = `∂${timeline.output}/∂${to.label}`;
    part.append(
      make("div", "mg-way", `${to.label} is used more than once: what arrives is added`),
      equation(
        term(arrayMatrix(before), `${name} so far`),
        ["+", term(arrayMatrix(contribution), "sent now")],
        ["=", term(arrayMatrix(after), name)],
      ),
    );
  }
  return part;
}

/** In y * y each y has a factor of its own; neither is the whole ∂t1/∂y. */
function throughWhich(product, all, label) {
  const same = all.filter((other) => other.to === product.to);
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

function broadcast(to, node) {
  const shape = to.value ? ` (${shapeText(to.value) || "a number"})` : "";
  return `Each entry of ${to.label}${shape} was copied into several entries of ${node.label}: its gradient is their sum.`;
}

function freedLabels(step, node) {
  const names = new Set(step.freed);
  const saved = node.saved.filter((item) => names.has(item.name));
  return [...new Set(saved.length ? saved.map((item) => item.label) : step.freed)];
}
