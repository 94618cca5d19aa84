// Keys stay in the widget: in a notebook an x would cut the cell, an arrow would leave it.

/**
 * Calls `handle(event)` for each key pressed in `root`, then keeps the key from the notebook, except
 * those that belong to it: with Ctrl, Meta or Alt, Shift+Enter, Escape and Tab.
 * @param {HTMLElement} root @param {(event: KeyboardEvent) => void} handle @param {AbortSignal} signal
 */
export function keepKeys(root, handle, signal) {
  const guard = (event) => {
    const command = event.ctrlKey || event.metaKey || event.altKey;
    const leaves = event.key === "Escape" || event.key === "Tab";
    const runs = event.key === "Enter" && event.shiftKey;
    if (command || leaves || runs) return;
    if (event.type === "keydown") handle(event);
    event.stopPropagation();
  };
  for (const kind of ["keydown", "keypress", "keyup"]) root.addEventListener(kind, guard, { signal });
}
