// Keys stay in the widget: in a notebook an x would cut the cell, an arrow would leave it.

/**
 * Calls `handle(event)` for each key pressed in `root`, then keeps the key from the notebook, except
 * those that belong to it: with Ctrl, Meta or Alt, Shift+Enter, Escape and Tab.
 * @param {HTMLElement} root @param {(event: KeyboardEvent) => void} handle @param {AbortSignal} signal
 */
export function keepKeys(root, handle, signal) {
  const guard = (event) => {
    if (isHosts(event)) return;
    if (event.type === "keydown") handle(event);
    event.stopPropagation();
  };
  for (const kind of ["keydown", "keypress", "keyup"]) root.addEventListener(kind, guard, { signal });
  // Notebook 7 looks at keys before they come here, and lets be what is marked so.
  const mark = (event) => {
    if (event.composedPath().includes(root)) root.toggleAttribute("data-lm-suppress-shortcuts", !isHosts(event));
  };
  window.addEventListener("keydown", mark, { signal, capture: true });
}

/** Does the key belong to what surrounds the widget? */
function isHosts(event) {
  const command = event.ctrlKey || event.metaKey || event.altKey;
  const leaves = event.key === "Escape" || event.key === "Tab";
  const runs = event.key === "Enter" && event.shiftKey;
  return command || leaves || runs;
}
