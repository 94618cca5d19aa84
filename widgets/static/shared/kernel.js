// What a view that needs no kernel says when the kernel has ended.

import { make } from "./dom.js";

const ENDED = "The kernel was restarted or has ended. This picture is of before, and works on without it.";

/**
 * Says it below the view, once. @param {any} model @param {HTMLElement} frame
 * @param {(text: string) => void} say @param {AbortSignal} signal
 */
export function tellEnd(model, frame, say, signal) {
  const ended = () => {
    if (frame.querySelector(".mg-ended")) return;
    frame.append(make("p", "mg-ended", ENDED));
    say(ENDED);
  };
  model.on("comm_live_update", ended); // JupyterLab: the kernel's end of the line
  signal.addEventListener("abort", () => model.off("comm_live_update", ended));
}
