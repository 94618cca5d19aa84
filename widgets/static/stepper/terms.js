// Pieces of an equation: matrices with a caption, joined by signs; a line wraps before a sign.

import { make } from "../shared/dom.js";

/** A matrix with what it is called above it. */
export function term(matrix, caption, note = "") {
  const above = make("span", "mg-caption", caption);
  const below = make("span", "mg-below", note);
  return make("span", "mg-term", "", above, matrix, below);
}

/** first, then pairs of a sign and a term: equation(a, ["+", b], ["=", c]). */
export function equation(first, ...rest) {
  const line = make("div", "mg-equation", "", first);
  for (const [sign, next] of rest) line.append(make("span", "mg-join", "", make("span", "mg-sign", sign), next));
  return line;
}

/** A heading of a step, in the reader's own code. */
export function heading(before, code, after = "") {
  return make("h2", "mg-title", "", before, code ? make("span", "mg-mono", code) : "", after);
}
