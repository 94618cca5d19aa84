// The graph as one sees it, as a file: SVG, PNG, or a page that steps from the same place on.

import { make } from "./dom.js";

const LOOKS = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "paint-order", "opacity", "font-family",
  "font-size", "font-weight", "font-style", "text-anchor", "visibility",
];
const OF_TEXT = new Set(["font-family", "font-size", "font-weight", "font-style", "text-anchor", "paint-order"]);
const WIDEST_CANVAS = 16000; // px that a canvas may have per side, in all browsers
const SHARP = 2; // pixels per px

/** The SVG as text, with all its looks in it: nothing outside of the file is needed. */
function svgText(svg) {
  const copy = svg.cloneNode(true);
  const [, , width, height] = svg.getAttribute("viewBox").split(" ");
  const originals = svg.querySelectorAll("*");
  const copies = copy.querySelectorAll("*");
  const hidden = [];
  originals.forEach((element, k) => {
    const style = getComputedStyle(element);
    if (style.display === "none") return void hidden.push(copies[k]);
    copyLooks(element, copies[k], style);
  });
  for (const element of hidden) element.remove();
  for (const element of copy.querySelectorAll("*")) {
    for (const name of ["class", "tabindex", "role", "aria-expanded", "aria-label"]) element.removeAttribute(name);
    for (const name of Object.keys(element.dataset)) delete element.dataset[name];
  }
  const page = document.createElementNS(svg.namespaceURI, "rect");
  page.setAttribute("width", "100%");
  page.setAttribute("height", "100%");
  page.setAttribute("fill", getComputedStyle(svg.closest(".mg-graph, .mg-frame")).backgroundColor);
  copy.prepend(page);
  copy.removeAttribute("style");
  for (const [name, value] of [["width", width], ["height", height], ["role", "img"]]) copy.setAttribute(name, value);
  return new XMLSerializer().serializeToString(copy);
}

function copyLooks(element, copy, style) {
  const isText = element.localName === "text" || element.localName === "tspan";
  const drawn = isText || ["path", "rect"].includes(element.localName);
  if (!drawn) return;
  for (const name of LOOKS) {
    if (OF_TEXT.has(name) && !isText) continue;
    copy.style.setProperty(name, style.getPropertyValue(name));
  }
  if (isText) copy.style.whiteSpace = "pre";
}

/** The SVG as an image. */
async function pngBlob(svg) {
  const text = svgText(svg);
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const sharp = Math.min(SHARP, WIDEST_CANVAS / width, WIDEST_CANVAS / height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = make("canvas");
  canvas.width = Math.round(width * sharp);
  canvas.height = Math.round(height * sharp);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/**
 * Saves what one sees. @param {"SVG"|"PNG"|"HTML"} kind @param {string} name of the file, without its end
 * @param {SVGElement} svg @param {() => string} page a stand-alone page
 */
export async function saveAs(kind, name, svg, page) {
  if (kind === "SVG") download(`${name}.svg`, svgText(svg), "image/svg+xml");
  if (kind === "PNG") download(`${name}.png`, await pngBlob(svg));
  if (kind === "HTML") download(`${name}.html`, page(), "text/html");
}

/** Hands a file to the browser's downloads. */
function download(name, content, type = "") {
  const link = make("a");
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
