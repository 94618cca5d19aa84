// What sets a vector: a slider with a number field, buttons for ones and zeros.

import { make } from "../shared/dom.js";

const REACH = 2; // a slider goes from -REACH to REACH; the field beside it takes any number

/**
 * A slider and a field for one weight. @param {string} label @param {(weight: number) => void} change
 * @returns {{element: HTMLElement, show: (weight: number) => void}}
 */
export function weightControl(label, change) {
  const slider = make("input", "mg-weight");
  Object.assign(slider, { type: "range", min: String(-REACH), max: String(REACH), step: "0.1" });
  slider.setAttribute("aria-label", `${label}, slider`);
  const field = make("input", "mg-number");
  Object.assign(field, { type: "number", step: "any" });
  field.setAttribute("aria-label", label);
  slider.addEventListener("input", () => change(Number(slider.value)));
  field.addEventListener("input", () => Number.isFinite(field.valueAsNumber) && change(field.valueAsNumber));
  const show = (weight) => {
    if (Number(slider.value) !== weight) slider.value = String(weight);
    if (field.valueAsNumber !== weight) field.value = String(weight);
  };
  return { element: make("span", "mg-weighting", "", slider, field), show };
}

/** A button with a text. */
export function textButton(text, label, act) {
  const button = make("button", "mg-button mg-text-button", text);
  button.type = "button";
  if (label) button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  return button;
}

/** ones and zeros for both vectors, and in words what they do now. */
export function presets(data, vectors) {
  const part = (side, what, verb) => {
    const length = vectors[side].length;
    const all = (weight) => vectors.set(side, new Array(length).fill(weight));
    const said = make("span", "mg-said");
    const name = make("strong", `mg-vector mg-${side}`, side);
    const line = make(
      "div", "mg-buttons mg-presets", "", name,
      textButton("ones", `${side}: ones, adds the ${what}s`, () => all(1)),
      textButton("zeros", `${side}: zeros`, () => all(0)),
      textButton(`next ${what}`, `${side}: pick the next ${what}`, () => vectors.onehot(side, (vectors[side].findIndex((weight) => weight !== 0) + 1) % length)),
      said,
    );
    return { line, said, verb };
  };
  return { v: part("v", "row"), u: part("u", "column") };
}
