// What a key does, and whether the last action came from a pointer.

/** Arrows, Home and End step; space plays, unless it presses the button that Tab went to. */
export function pressed(event, controls, byPointer, graph, tools) {
  const target = event.target;
  if (target === controls.speed) return;
  const onButton = target.closest?.("button") && !byPointer;
  const moves = {
    ArrowRight: () => controls.move(controls.position() + 1),
    ArrowLeft: () => controls.move(controls.position() - 1),
    Home: () => controls.move(0),
    End: () => controls.move(controls.last),
    " ": onButton ? null : controls.toggle,
  };
  const key = (event.shiftKey && event.key.startsWith("Arrow") ? "Shift+" : "") + event.key;
  const typing = target.matches?.("input:not([type=range]), select, textarea");
  if (moves[key]) moves[key]();
  else if (typing || !(tools.pressed(key) || graph.pressed(key, target))) return;
  event.preventDefault();
}

/** Did the last action come from a pointer? Then space plays, even right after a click on a button. */
export function rememberPointer(root, signal) {
  let pointer = false;
  root.addEventListener("pointerdown", () => (pointer = true), { signal, capture: true });
  root.addEventListener("keydown", (event) => event.key === "Tab" && (pointer = false), { signal, capture: true });
  const swallow = (event) => pointer && event.key === " " && event.preventDefault(); // Firefox presses on keyup
  root.addEventListener("keyup", swallow, { signal, capture: true });
  return () => pointer;
}
