// A stand-alone page made by the page itself: of the parts that the kernel sent along, or of itself.

/**
 * @param {Record<string, string>} traits what it is to show
 * @param {{code: string, style: string, page: string, again?: (data: string) => string}} parts
 *   `again`, in a stand-alone page: that page once more, with other data
 * @param {string} title
 */
export function pageText(traits, parts, title) {
  const data = JSON.stringify(traits).replaceAll("<", "\\u003c");
  if (parts.again) return parts.again(data);
  const words = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const filled = { title: words, style: parts.style, script: parts.code, traits: data, still: "" };
  return parts.page.replace(/@(title|style|script|traits|still)@/g, (_, name) => filled[name]);
}
