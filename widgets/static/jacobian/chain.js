// The chain's factors, and their product taken step by step from either end.

import { make, setText } from "../shared/dom.js";
import { arrayMatrix } from "../shared/matrix.js";
import { textButton } from "./controls.js";
import { toEntry, toNumber } from "./vectors.js";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const ENDS = { left: "from the left", right: "from the right" };

/**
 * @param {any} data @param {import("./vectors.js").Vectors|null} vectors @param {(text: string) => void} say
 */
export function makeChain(data, vectors, say) {
  const { factors, costs, goals } = data.chain;
  const names = factors.map((_, k) => `J${subscript(factors.length - k)}`);
  let goal = "row";
  let end = "left";
  let step = 0;
  const choice = make("select", "mg-goal");
  choice.setAttribute("aria-label", "What to compute");
  for (const [key, text] of Object.entries(goals)) {
    const option = make("option", "", text);
    option.value = key;
    choice.append(option);
  }
  const from = Object.fromEntries(Object.keys(ENDS).map((key) => [key, textButton(ENDS[key], `multiply ${ENDS[key]}`, () => choose(goal, key))]));
  const back = textButton("Back", "one product back", () => go(step - 1));
  const next = textButton("Multiply", "multiply the next two", () => go(step + 1));
  next.classList.add("mg-primary");
  const line = make("div", "mg-sequence");
  const said = make("p", "mg-cost-line");
  choice.addEventListener("change", () => choose(choice.value, end));
  const { table, mark } = costTable(data.chain, (key, side) => choose(key, side));

  function choose(newGoal, newEnd) {
    [goal, end, step] = [newGoal, newEnd, 0];
    choice.value = goal;
    show(true);
  }
  function go(to) {
    step = Math.max(0, Math.min(costs[goal][end].length, to));
    show(true);
  }
  function start() {
    const matrices = factors.map((factor, k) => ({ name: names[k], shape: factor.shape, values: factor.values }));
    if (goal === "row") matrices.unshift({ name: "vᵀ", shape: [1, data.rows], values: vectors ? [vectors.v] : null });
    if (goal === "column") matrices.push({ name: "u", shape: [data.columns, 1], values: vectors ? vectors.u.map((weight) => [weight]) : null });
    return matrices;
  }
  function show(spoken) {
    const matrices = start();
    const spent = costs[goal][end].slice(0, step);
    for (let k = 0; k < step; k += 1) {
      const at = end === "left" ? 0 : matrices.length - 2;
      matrices.splice(at, 2, multiply(matrices[at], matrices[at + 1]));
    }
    line.replaceChildren(...matrices.flatMap((matrix, k) => (k ? [make("span", "mg-dot", "·"), box(matrix)] : [box(matrix)])));
    const total = costs[goal][end].reduce((sum, count) => sum + count, 0);
    const so = spent.reduce((sum, count) => sum + count, 0);
    const last = step ? `${explained(step)} = ${spent[step - 1]} multiplications. ` : "";
    setText(said, `${last}So far ${so} of ${total}.${step === costs[goal][end].length ? " This is the product." : ""}`);
    back.setAttribute("aria-disabled", String(step === 0));
    next.setAttribute("aria-disabled", String(step === costs[goal][end].length));
    for (const key of Object.keys(ENDS)) from[key].setAttribute("aria-pressed", String(key === end));
    mark(goal, end);
    if (spoken) say(`${ENDS[end]}: ${said.textContent}`);
  }
  /** The shapes of the product of this step: (1×3)(3×2) takes 1·3·2. */
  function explained(which) {
    const shapes = start().map((matrix) => matrix.shape);
    for (let k = 1; ; k += 1) {
      const at = end === "left" ? 0 : shapes.length - 2;
      const [[p, q], [, r]] = shapes.slice(at, at + 2);
      if (k === which) return `(${p}×${q})·(${q}×${r}): ${p}·${q}·${r}`;
      shapes.splice(at, 2, [p, r]);
    }
  }
  vectors?.listen(() => show(false));
  if (!vectors) show(false);
  const title = make("h3", "mg-subtitle", `The chain: J = ${names.join(" ")}`);
  const about = make("p", "mg-quiet", `${factors.map((factor, k) => `${names[k]} = ∂${factor.of}/∂${factor.by} (${factor.operation})`).join(", ")}. The product is the same from either end; the work is not.`);
  const buttons = make("div", "mg-buttons", "", choice, from.left, from.right, back, next);
  return make("section", "mg-part", "", title, about, buttons, make("div", "mg-scroll", "", line), said, make("div", "mg-scroll", "", table));
}

function box({ name, shape, values }) {
  const size = make("span", "mg-below", shape.join("×"));
  const inside = values ? arrayMatrix({ shape, values }) : make("span", "mg-large", shape.join("×"), make("small", "", "not kept"));
  return make("span", "mg-term", "", make("span", "mg-caption", name), inside, size);
}

/** The product of two matrices; without entries where one has none. */
function multiply(a, b) {
  const [rows, inner] = a.shape;
  const columns = b.shape[1];
  const result = { name: `${a.name}${b.name}`, shape: [rows, columns], values: null };
  if (!a.values || !b.values) return result;
  const left = a.values.map((line) => line.map(toNumber));
  const right = b.values.map((line) => line.map(toNumber));
  result.values = left.map((line) =>
    Array.from({ length: columns }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < inner; k += 1) if (line[k] !== 0) sum += line[k] * right[k][j];
      return toEntry(sum);
    }),
  );
  return result;
}

/** Multiplications for each goal from each end; a click shows the steps. */
function costTable({ costs, goals }, choose) {
  const table = make("table", "mg-passes mg-costs", "", make("caption", "", "Multiplications of numbers in all"));
  const heads = ["to compute", ...Object.values(ENDS)].map((text) => {
    const cell = make("th", "", text);
    cell.scope = "col";
    return cell;
  });
  table.append(make("tr", "", "", ...heads));
  const cells = [];
  for (const [goal, text] of Object.entries(goals)) {
    const name = make("th", "", text);
    name.scope = "row";
    const line = make("tr", "", "", name);
    const totals = Object.keys(ENDS).map((end) => costs[goal][end].reduce((sum, count) => sum + count, 0));
    Object.keys(ENDS).forEach((end, k) => {
      const fewer = totals[k] < totals[1 - k] ? " ✓ fewer" : "";
      const button = textButton(`${totals[k].toLocaleString("en")}${fewer}`, `${text}, ${ENDS[end]}: ${totals[k]}${fewer}`, () => choose(goal, end));
      cells.push({ goal, end, button });
      line.append(make("td", "", "", button));
    });
    table.append(line);
  }
  const mark = (goal, end) => {
    for (const cell of cells) cell.button.setAttribute("aria-pressed", String(cell.goal === goal && cell.end === end));
  };
  return { table, mark };
}

function subscript(number) {
  return String(number).replace(/\d/g, (digit) => SUBSCRIPTS[digit]);
}
