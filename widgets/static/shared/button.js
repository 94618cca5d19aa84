// A button with an icon.

import { draw, make } from "./dom.js";

/**
 * @param {string} name of its class @param {string} path of a 20×20 icon @param {string} label
 * @param {string} text beside the icon, or "" @param {() => void} act
 */
export function iconButton(name, path, label, text, act) {
  const element = make("button", `mg-button mg-${name}`);
  element.type = "button";
  element.append(draw("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, draw("path", { d: path })));
  element.setAttribute("aria-label", label);
  if (text) element.append(make("span", "", text));
  element.title = label;
  element.addEventListener("click", act);
  return element;
}
