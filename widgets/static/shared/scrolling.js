// What is too wide for its place is scrolled; by the keys too, for as long as it is too wide.

const SCROLLED = ".mg-scroll, .mg-rule, .mg-equation, .dv-rule, .dv-scroll";

/**
 * Gives every part of `root` that can be scrolled sideways a place in the tab order, and takes it
 * away again when the part fits. @param {HTMLElement} root @param {AbortSignal} signal
 */
export function reachScrolled(root, signal) {
  let due = 0;
  const look = () => {
    due = 0;
    for (const part of root.querySelectorAll(SCROLLED)) {
      const wide = part.scrollWidth > part.clientWidth;
      if (wide === part.hasAttribute("tabindex")) continue;
      if (!wide) for (const name of ["tabindex", "role", "aria-label"]) part.removeAttribute(name);
      if (wide) {
        part.setAttribute("tabindex", "0");
        part.setAttribute("role", "group");
        part.setAttribute("aria-label", "wider than its place, the arrow keys scroll it");
      }
    }
  };
  const soon = () => (due ||= requestAnimationFrame(look)); // once per frame, however much changed
  const changes = new MutationObserver(soon);
  const sizes = new ResizeObserver(soon);
  changes.observe(root, { childList: true, subtree: true });
  sizes.observe(root);
  signal.addEventListener("abort", () => {
    changes.disconnect();
    sizes.disconnect();
    cancelAnimationFrame(due);
  });
}
