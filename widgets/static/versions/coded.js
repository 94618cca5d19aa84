// A sentence with what stands between backquotes set as code.

import { make } from "../shared/dom.js";

const QUOTE = "\u0060";

/** @param {string} sentence @returns {(string|HTMLElement)[]} */
export function coded(sentence) {
  return sentence.split(QUOTE).map((part, k) => (k % 2 ? make("code", "mg-code", part) : part));
}
