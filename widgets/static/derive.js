// The page of derive(out, x): a field per factor, a verdict per answer, one hint.
//
// The kernel judges. What is typed goes out in the trait `answers`, what is said about it comes back in
// `verdict`, both JSON; the two are matched by a serial number. Text is only ever set as textContent.

/**
 * @typedef {{label: string, of: string, wrt: string, whole: boolean}} Question
 * @typedef {{status: string, word: string, answer: string, hint: string, notes: string[],
 *            cells: Record<string, string>, at: number|null, end: number|null}} Row
 * @typedef {{serial: number, rows: Record<string, Row>, right: number, of: number,
 *            hint: {label: string, text: string}|null, problem?: string}} Verdict
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";
const PATIENCE = 4000; // ms until the page says that the kernel has not answered

/** An HTML element with a class, a text and children. */
function make(tag, name = "", text = "", ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

/** A MathML element. */
function math(tag, ...content) {
  const element = document.createElementNS(MATHML, tag);
  for (const part of content) {
    if (typeof part === "string") element.textContent = part;
    else element.append(part);
  }
  return element;
}

/** A sentence in which `names` between backticks are code. */
function sentence(text) {
  const parts = text.split("`");
  const balanced = parts.length % 2 === 1;
  const line = make("p", "", balanced ? "" : text);
  if (balanced) parts.forEach((part, index) => line.append(index % 2 ? make("code", "", part) : part));
  return line;
}

/** ∂of/∂wrt as a fraction. */
function fraction({ of, wrt }) {
  const side = (name) => math("mrow", math("mi", "∂"), math("mi", name));
  const whole = math("mstyle", math("mfrac", side(of), side(wrt)));
  whole.setAttribute("displaystyle", "true");
  return whole;
}

/** The chain rule for this problem: ∂out/∂x = ∂out/∂z · ∂z/∂y · ∂y/∂x. */
function chainRule(asked) {
  const row = math("mrow", fraction({ of: asked.out, wrt: asked.wrt }));
  if (asked.chain) {
    const factors = asked.questions.filter((question) => !question.whole);
    factors.forEach((factor, index) => {
      row.append(math("mo", index ? "·" : "="), fraction(factor));
    });
  }
  const formula = math("math", row);
  formula.setAttribute("display", "block");
  return formula;
}

/** Keys typed here are ours: JupyterLab must not take an x for "cut this cell". */
function keepKeys(root) {
  root.dataset.lmSuppressShortcuts = "true";
  const guard = (event) => {
    const command = event.ctrlKey || event.metaKey || event.altKey;
    const leaves = event.key === "Escape" || event.key === "Tab";
    const runs = event.key === "Enter" && event.shiftKey;
    if (!command && !leaves && !runs) event.stopPropagation();
  };
  for (const kind of ["keydown", "keypress", "keyup"]) root.addEventListener(kind, guard);
}

/** "x (2×2), out (a number)" */
function namesLine(asked) {
  const line = make("p", "dv-names", "In terms of ");
  asked.names.forEach(({ name, shape }, index) => {
    const size = shape.length ? shape.join("×") : "a number";
    if (index) line.append(", ");
    line.append(make("code", "", name), ` (${size})`);
  });
  line.append(". Type formulas, such as 2*t, 2t, t^3, exp(t), W.T @ t, t.sum(0), or numbers.");
  if (asked.cotangent) {
    line.append(" ", make("code", "", asked.cotangent), ` is the cotangent of ${asked.out}.`);
  }
  return line;
}

class Field {
  /** One question: its label, its input, its verdict. */
  constructor(question, check) {
    this.question = question;
    const id = `dv-${Math.random().toString(36).slice(2)}`;
    this.input = make("input", "dv-input");
    Object.assign(this.input, { id, type: "text", autocomplete: "off", spellcheck: false });
    this.input.setAttribute("autocapitalize", "off");
    this.input.maxLength = 4000;
    this.input.placeholder = question.whole ? "the whole derivative" : "this factor";
    this.verdict = make("span", "dv-verdict");
    this.verdict.id = `${id}-verdict`;
    this.hint = make("div", "dv-hint");
    this.hint.id = `${id}-hint`;
    this.hint.hidden = true;
    this.input.setAttribute("aria-describedby", `${this.verdict.id} ${this.hint.id}`);
    const label = make("label", "dv-label");
    label.htmlFor = id;
    label.append(math("math", math("mrow", fraction(question), math("mo", "="))));
    this.input.setAttribute("aria-label", `${question.label} equals`);
    this.button = make("button", "dv-check", "Check");
    this.button.type = "button";
    this.button.setAttribute("aria-label", `Check ${question.label}`);
    this.button.addEventListener("click", check);
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        check();
      }
    });
    this.input.addEventListener("input", () => this.forget());
    const line = make("div", "dv-line", "", label, this.input, this.button, this.verdict);
    this.root = make("div", question.whole ? "dv-field dv-whole" : "dv-field", "", line, this.hint);
  }

  /** An edited answer has no verdict any more. */
  forget() {
    this.root.dataset.status = "";
    this.verdict.textContent = "";
    this.hint.hidden = true;
    this.input.removeAttribute("aria-invalid");
  }

  /** @param {Row|undefined} row @param {Verdict} verdict */
  show(row, verdict) {
    this.forget();
    if (!row || row.answer !== this.input.value) return;
    this.root.dataset.status = row.status;
    this.verdict.textContent = row.word;
    this.input.setAttribute("aria-invalid", String(row.status !== "right"));
    const texts = row.hint ? [row.hint] : row.notes;
    this.hint.replaceChildren(...texts.map(sentence));
    if (row.hint && row.at !== null && row.answer.length <= 100) {
      const end = Math.min(Math.max(row.end ?? 0, row.at + 1), row.answer.length);
      const place = make("code", "dv-place", row.answer.slice(0, row.at));
      place.append(make("mark", "", row.answer.slice(row.at, end) || " "), row.answer.slice(end));
      this.hint.append(place);
    }
    this.hint.hidden = this.hint.childElementCount === 0;
  }
}

/** The numbers behind the verdicts: yours, autograd, finite differences. */
function numbers(asked, verdict) {
  const heads = [
    ["yours", "yours"],
    ["autograd", asked.oracle],
    ["differences", "finite differences"],
    ["difference", "yours − " + asked.oracle],
    ["deviation", "largest deviation*"],
  ];
  const rows = asked.questions.filter(({ label }) => verdict.rows?.[label]?.cells.yours);
  if (!rows.length) return [];
  const header = make("tr", "", "", make("td"));
  for (const [key, text] of heads) {
    const cell = make("th", `dv-${key}`, text);
    cell.scope = "col";
    header.append(cell);
  }
  const body = make("tbody");
  for (const { label } of rows) {
    const row = verdict.rows[label];
    const head = make("th", "", `${row.word[0]} ${label}`);
    head.scope = "row";
    const line = make("tr", "", "", head, ...heads.map(([key]) => make("td", `dv-${key}`, row.cells[key])));
    line.dataset.status = row.status;
    body.append(line);
  }
  const caption = make("caption", "", "The numbers at your own values");
  const table = make("table", "dv-table", "", caption, make("thead", "", "", header), body);
  const foot = "* over all entries, at your values and at random ones, in float64";
  return [make("div", "dv-scroll", "", table), make("p", "dv-foot", foot)];
}

function render({ model, el }) {
  const asked = JSON.parse(model.get("questions"));
  const root = make("section", "dv");
  root.setAttribute("aria-label", `Derive ∂${asked.out}/∂${asked.wrt} by hand`);
  keepKeys(root);
  const status = make("p", "dv-status");
  status.setAttribute("role", "status");
  status.setAttribute("aria-live", "polite");
  const table = make("div", "dv-numbers");
  let serial = 0;
  let timer = 0;

  const check = () => {
    const texts = {};
    for (const field of fields) texts[field.question.label] = field.input.value;
    serial = Math.max(serial, JSON.parse(model.get("answers")).serial || 0) + 1;
    status.textContent = "Checking…";
    clearTimeout(timer);
    timer = setTimeout(() => {
      status.textContent = "The kernel has not answered yet: it is busy, or it was restarted. "
        + "After a restart, run this cell again.";
    }, PATIENCE);
    model.set("answers", JSON.stringify({ serial, texts }));
    model.save_changes();
  };
  const fields = asked.questions.map((question) => new Field(question, check));

  const show = () => {
    /** @type {Verdict} */
    const verdict = JSON.parse(model.get("verdict"));
    if (!verdict.rows) return;
    clearTimeout(timer);
    for (const field of fields) field.show(verdict.rows[field.question.label], verdict);
    table.replaceChildren(...numbers(asked, verdict));
    const score = `${verdict.right} of ${verdict.of} right.`;
    const done = verdict.right === verdict.of ? " The whole derivation holds." : "";
    const hint = verdict.hint ? ` ${verdict.hint.label}: ${verdict.hint.text}` : "";
    status.textContent = verdict.problem || score + done + hint;
    if (verdict.hint) {
      // Sighted readers have the hint at its field; the whole sentence is for screen readers.
      status.replaceChildren(score, make("span", "dv-spoken", hint));
    }
  };

  // A reopened or second view shows what was typed and said before.
  const typed = JSON.parse(model.get("answers")).texts || {};
  for (const field of fields) field.input.value = typed[field.question.label] || "";

  root.append(chainRule(asked), namesLine(asked), ...fields.map((field) => field.root), status, table);
  el.append(root);
  show();
  model.on("change:verdict", show);
  return () => {
    clearTimeout(timer);
    model.off("change:verdict", show);
  };
}

export default { render };
