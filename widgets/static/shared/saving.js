// The button that saves a picture, and the row of kinds that it opens.

import { iconButton } from "./button.js";
import { make } from "./dom.js";

const SAVE_ICON = "M10 3v9M6 8.5l4 4 4-4M4 16.5h12";
const SAVED_AS = [["SVG", "as a drawing"], ["PNG", "as an image"], ["HTML", "as a page of its own"]];

/** @param {(kind: string) => void} save */
export function makeSaving(save) {
  const row = make("div", "mg-row mg-saving");
  row.hidden = true;
  const button = iconButton("tool mg-save", SAVE_ICON, "Save the picture (s)", "", () => toggle());
  button.setAttribute("aria-expanded", "false");
  for (const [kind, what] of SAVED_AS) {
    const choice = make("button", "mg-button mg-kind", kind);
    choice.type = "button";
    choice.title = `Save ${what}`;
    choice.setAttribute("aria-label", `Save ${what}: ${kind}`);
    choice.addEventListener("click", () => save(kind));
    row.append(choice);
  }

  function toggle() {
    row.hidden = !row.hidden;
    button.setAttribute("aria-expanded", String(!row.hidden));
    if (!row.hidden) row.firstElementChild.focus();
  }
  return { button, row, toggle };
}
