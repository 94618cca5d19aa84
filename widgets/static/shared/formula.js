// MathML that the kernel made of LaTeX, as elements.

import { make } from "./dom.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * A `<math>` element. Parsed as XML and looked through: MathML elements only, no attribute that acts.
 * @param {string|undefined} inside the MathML between <math> and </math>
 * @param {string} latex shown as it is if there is no MathML
 */
export function formula(inside, latex) {
  const text = `<math xmlns="${MATHML}" display="block">${inside ?? ""}</math>`;
  const root = new DOMParser().parseFromString(text, "application/xml").documentElement;
  const safe = [root, ...root.querySelectorAll("*")].every(isHarmless);
  if (inside === undefined || !safe) return make("span", "mg-mono", latex);
  return document.importNode(root, true);
}

function isHarmless(element) {
  const names = element.getAttributeNames();
  return element.namespaceURI === MATHML && !names.some((name) => /^on|href|^style$/i.test(name));
}
