// The texts of numbers in rows and columns, their points below each other.

import { entryText } from "./numbers.js";
import { GAP } from "./window.js";

const CHARACTER = 9.1; // px
const COLUMN_GAP = 12;

/** @param {number[]} down @param {number[]} across indices, with gaps @returns {string[][]} */
export function textsOf(down, across, at) {
  const texts = down.map((i) => across.map((j) => (i === GAP || j === GAP ? dots(i, j) : cellText(at(i, j)))));
  alignPoints(texts);
  return texts;
}

/** How wide they are, in px. */
export function widthOf(texts) {
  const widest = texts[0].map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  return widest.reduce((sum, characters) => sum + characters * CHARACTER + COLUMN_GAP, 0);
}

function cellText(value) {
  return value === undefined ? "·" : entryText(value);
}

function dots(i, j) {
  return i === GAP && j === GAP ? "⋱" : i === GAP ? "⋮" : "⋯";
}

/** Pads the numbers of each column so that their points stand below each other. */
function alignPoints(texts) {
  for (let column = 0; column < texts[0].length; column += 1) {
    const tails = texts.map((row) => (/^-?\d+(\.\d+)?$/.test(row[column]) ? (row[column].split(".")[1] ?? "").length : -1));
    const longest = Math.max(...tails);
    if (longest <= 0) continue;
    texts.forEach((row, k) => {
      if (tails[k] >= 0) row[column] += "\u00a0".repeat(longest - tails[k] + (tails[k] === 0 ? 1 : 0));
    });
  }
}
