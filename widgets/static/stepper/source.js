// The line of the reader's code that made a node.

import { cut, make } from "../shared/dom.js";

/** @param {{where: string, line: number, text: string}|null|undefined} source @returns {HTMLElement[]} */
export function codeLine(source) {
  if (!source || !source.text) return [];
  const where = make("span", "mg-where", source.where.split(/[\\/]/).pop());
  where.title = source.where;
  const code = make("span", "mg-code", cut(source.text, 400));
  return [make("div", "mg-source", "", code, where)];
}
