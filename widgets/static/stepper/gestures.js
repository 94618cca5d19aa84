// Drag to pan, two fingers to zoom.

const MOVED = 4; // px that make a click a drag

/** Moving the graph with the mouse; a click remains a click. Fingers scroll natively. */
export function dragging(pane, signal) {
  let from = null;
  let moved = false;
  pane.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    from = [event.clientX + pane.scrollLeft, event.clientY + pane.scrollTop, event.clientX, event.clientY];
    moved = false;
  }, { signal });
  pane.addEventListener("pointermove", (event) => {
    if (!from || !(event.buttons & 1)) return void (from = null);
    if (!moved && Math.hypot(event.clientX - from[2], event.clientY - from[3]) < MOVED) return;
    if (!moved) pane.setPointerCapture(event.pointerId);
    moved = true;
    pane.dataset.dragged = "";
    pane.scrollTo({ left: from[0] - event.clientX, top: from[1] - event.clientY, behavior: "auto" });
  }, { signal });
  for (const kind of ["pointerup", "pointercancel"]) {
    pane.addEventListener(kind, () => {
      from = null;
      delete pane.dataset.dragged;
    }, { signal });
  }
  const swallow = (event) => {
    if (moved) event.stopPropagation();
    moved = false;
  };
  pane.addEventListener("click", swallow, { signal, capture: true });
}

/** Two fingers: `zoom` is called with the factor and where their middle is. */
export function pinching(pane, zoom, signal) {
  let apart = 0;
  const distance = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  const move = (event) => {
    if (event.touches.length !== 2) return void (apart = 0);
    event.preventDefault();
    const now = distance(event.touches);
    const [a, b] = event.touches;
    if (apart) zoom(now / apart, { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 });
    apart = now;
  };
  pane.addEventListener("touchstart", (event) => (apart = event.touches.length === 2 ? distance(event.touches) : 0), { signal, passive: true });
  pane.addEventListener("touchmove", move, { signal, passive: false });
}
