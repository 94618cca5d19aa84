// A window on the rows or columns of something too large to be written out: which are shown, and
// where the window has to be for one of them to be in it.

export const GAP = -1; // stands for the rows or columns that are left out

/**
 * Which indices of `count` are shown in `most` places, gaps among them: the first few, a gap and the
 * last; further on a gap, a few and a gap; at the end the first, a gap and the last few.
 * @param {number} count @param {number} most at least 3 @param {number} start of the window
 */
export function windowed(count, most, start) {
  const run = (first, length) => Array.from({ length }, (_, k) => first + k);
  const inner = most - 2;
  if (count <= most) return run(0, count);
  if (start <= 0) return [...run(0, inner), GAP, count - 1];
  if (start >= count - inner) return [0, GAP, ...run(count - inner, inner)];
  return [GAP, ...run(start, inner), GAP];
}

/** Where the window has to start for an index to be shown; `start` itself if it is shown already. */
export function startFor(index, count, most, start) {
  if (windowed(count, most, start).includes(index)) return start;
  const inner = most - 2;
  return Math.max(0, Math.min(count - inner, index - Math.floor((inner - 1) / 2)));
}

/** Where the window starts a page further on, in the direction of the gap at `place` among the shown. */
export function pageBehind(shown, place, count) {
  const inner = shown.length - 2;
  const onwards = place >= shown.length - 2;
  return Math.max(0, Math.min(count - inner, onwards ? shown[place - 1] + 1 : shown[place + 1] - inner));
}
