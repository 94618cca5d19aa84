// The two vectors that J is multiplied by, and the products: v from the left, u from the right.

/**
 * @typedef {{v: number[], u: number[], set: (side: "v"|"u", weights: number[]) => void,
 *            onehot: (side: "v"|"u", place: number) => void, listen: (f: () => void) => void,
 *            left: () => any[], right: () => any[], both: () => any, tell: () => void}} Vectors
 * @returns {Vectors} `left()` is vᵀJ, `right()` is J·u, `both()` is vᵀJu, as entries of a trace
 */
export function makeVectors({ rows, columns, cells }) {
  const values = cells.values.map(toNumber);
  const listeners = [];
  const vectors = {
    v: unit(rows, 0),
    u: unit(columns, 0),
    set(side, weights) {
      vectors[side] = weights;
      vectors.tell();
    },
    onehot: (side, place) => vectors.set(side, unit(vectors[side].length, place)),
    listen: (listener) => listeners.push(listener),
    tell: () => listeners.forEach((listener) => listener()),
    left: () => product(columns, vectors.v, cells.i, cells.j).map(toEntry),
    right: () => product(rows, vectors.u, cells.j, cells.i).map(toEntry),
    both: () => toEntry(product(columns, vectors.v, cells.i, cells.j).reduce((sum, value, j) => sum + times(value, vectors.u[j]), 0)),
  };
  return vectors;

  /** Entry by entry; what is weighted with 0 plays no part, be it infinite. */
  function product(length, weights, from, to) {
    const sums = new Array(length).fill(0);
    values.forEach((value, k) => (sums[to[k]] += times(value, weights[from[k]])));
    return sums;
  }
}

function times(value, weight) {
  return weight === 0 ? 0 : value * weight;
}

/** An entry as the trace writes it → a number. */
export function toNumber(entry) {
  return typeof entry === "string" ? Number(entry.replace("inf", "Infinity")) : Number(entry);
}

/** A number → an entry as the trace writes it, with sums like 0.1 + 0.2 rounded. */
export function toEntry(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Number(value.toPrecision(8));
}

export function unit(length, place) {
  return Array.from({ length }, (_, k) => (k === place ? 1 : 0));
}

/** What multiplying by these weights does: "picks the row y[0]", "adds all 2 rows", "is, in rows, 2·y[0] − y[1]". */
export function meaning(weights, names, what) {
  const used = weights.map((weight, k) => [weight, k]).filter(([weight]) => weight !== 0);
  const name = (k) => names[k] || String(k);
  if (!used.length) return "all weights are 0";
  if (used.length === 1 && used[0][0] === 1) return `picks the ${what} ${name(used[0][1])}`;
  if (used.length === weights.length && used.every(([weight]) => weight === 1)) return `adds all ${weights.length} ${what}s`;
  if (used.length > 4) return `adds ${used.length} of ${weights.length} ${what}s, each with its weight`;
  const terms = used.map(([weight, k], place) => {
    const sign = weight < 0 ? "−" : place ? "+" : "";
    const size = Math.abs(weight) === 1 ? "" : `${Math.abs(weight)}·`;
    return `${sign}${place && sign ? " " : ""}${size}${name(k)}`;
  });
  return `is, in ${what}s, ${terms.join(" ")}`;
}
