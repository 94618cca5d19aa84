// Making elements. Text from a trace only ever enters the page here, as textContent.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element with a class, a text and children.
 * @param {string} tag @param {string} [name] @param {string} [text] @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function make(tag, name = "", text = "", ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== "") element.textContent = text;
  element.append(...children);
  return element;
}

/**
 * An SVG element with attributes and children.
 * @param {string} tag @param {Record<string, string|number>} [attributes] @param {...Node} children
 * @returns {SVGElement}
 */
export function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

/** Sets a text if it is another one: an unchanged page costs nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A text cut to a number of characters, with an ellipsis. */
export function cut(text, longest) {
  return text.length <= longest ? text : text.slice(0, Math.max(1, longest - 1)) + "…";
}
