// What a screen reader says when something changes.

import { make } from "./dom.js";

/**
 * A live region, invisible. `say(text)` has it read out once the reader is done with what it says.
 * @returns {{element: HTMLElement, say: (text: string) => void}}
 */
export function makeAnnouncer() {
  const element = make("div", "mg-spoken");
  element.setAttribute("role", "status");
  element.setAttribute("aria-live", "polite");
  element.setAttribute("aria-atomic", "true");
  return { element, say: (text) => void (element.textContent = text) };
}
