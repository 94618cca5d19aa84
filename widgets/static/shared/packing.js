// Long texts travel deflated; see widgets/packing.py.

const MARK = "deflate:";

/** @param {string} text @returns {Promise<any>} the JSON that was packed */
export async function unpacked(text) {
  if (!text.startsWith(MARK)) return JSON.parse(text);
  const bytes = Uint8Array.from(atob(text.slice(MARK.length)), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
