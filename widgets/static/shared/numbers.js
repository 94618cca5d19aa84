// Numbers and arrays of a trace as short texts; widgets/numbers.py does the same for the still picture.

/**
 * @typedef {number|boolean|"nan"|"inf"|"-inf"} Entry
 * @typedef {{shape: number[], dtype: string, values?: any, min?: Entry, max?: Entry, mean?: Entry,
 *            corner?: any}} TraceArray
 */

const LONGEST_LIST = 36;

/** One number with up to four digits after the point: 4.5, 0.3333, 1.2e-05. */
export function entryText(value) {
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return value;
  if (value === 0) return "0"; // -0 as well
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e6 || size < 1e-4)) return significant(value, 4);
  return trimmed(value.toFixed(4));
}

/** A number to about three digits, for a range. */
export function rounded(value) {
  if (typeof value === "string") return value;
  const small = value !== 0 && Math.abs(value) < 1e-4;
  return small ? exponent(value.toExponential(2)) : significant(value, 3);
}

function significant(value, digits) {
  return exponent(value.toPrecision(digits));
}

/** 1.20e-5 as PyTorch writes it: 1.2e-05. */
function exponent(text) {
  const [number, power] = text.split("e");
  if (power === undefined) return trimmed(text);
  return `${trimmed(number)}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

function trimmed(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Is it nan or an infinity? */
export function isBad(value) {
  return value === "nan" || value === "inf" || value === "-inf";
}

/** 2×3; empty for a single number. */
export function shapeText(array) {
  return array.shape.join("×");
}

/** The entries in C order, or null if they were not kept. */
export function flat(array) {
  if (array.values === undefined) return null;
  return Array.isArray(array.values) ? array.values.flat(Infinity) : [array.values];
}

/** An array in at most about `longest` characters: its entries, or else their range. */
export function brief(array, longest) {
  const entries = flat(array);
  if (array.shape.includes(0)) return "empty";
  if (!entries) return `${rounded(array.min)} to ${rounded(array.max)}`;
  if (!array.shape.length) return entryText(entries[0]);
  if (entries.length > 1 && entries.every((value) => value === entries[0])) return `all ${entryText(entries[0])}`;
  const whole = brackets(array.values);
  if (whole.length <= longest) return whole;
  if (entries.includes("nan")) return "has nan";
  const numbers = entries.map((value) => Number(String(value).replace("inf", "Infinity")));
  return `${rangeEnd(Math.min(...numbers))} to ${rangeEnd(Math.max(...numbers))}`;
}

/** Is one of the entries nan or an infinity? */
export function hasBad(array) {
  const entries = flat(array) ?? [array.min, array.max, array.mean];
  return entries.some(isBad);
}

function rangeEnd(value) {
  return Number.isFinite(value) ? rounded(value) : value > 0 ? "inf" : "-inf";
}

function brackets(values) {
  return Array.isArray(values) ? `[${values.map(brackets).join(", ")}]` : entryText(values);
}

/** A sentence that counts the numbers of its long lists; they are in the picture. */
export function withoutLists(text) {
  const counted = (list) => (list.length > LONGEST_LIST ? `${list.split(",").length} numbers` : list);
  return text.replaceAll(/\[[-\d., [\]einfa]*\]/g, counted).replaceAll(/, \d+ numbers\./g, "."); // "Shape 3×5, 15 numbers."
}
