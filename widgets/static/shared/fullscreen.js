// The widget on the whole screen; where a host refuses that, over its whole window.

/**
 * @param {HTMLElement} root @param {(text: string) => void} say @param {AbortSignal} signal
 * @returns {() => Promise<void>} goes there, or back
 */
export function makeFullScreen(root, say, signal) {
  const isFull = () => root.hasAttribute("data-full");
  const set = (on) => {
    root.toggleAttribute("data-full", on);
    say(on ? "Full screen. Escape leads back." : "Back in the page.");
  };

  /** In the browser's top layer nothing around the widget can clip it. */
  function overlay(on) {
    if (on && root.showPopover) {
      root.setAttribute("popover", "manual");
      root.showPopover();
    }
    if (!on && root.hasAttribute("popover")) {
      root.hidePopover();
      root.removeAttribute("popover");
    }
    set(on);
    root.focus({ preventScroll: true });
  }
  async function toggle() {
    if (isNative(root)) return document.exitFullscreen();
    if (isFull()) return overlay(false);
    try {
      await root.requestFullscreen();
    } catch {
      overlay(true);
    }
  }

  document.addEventListener("fullscreenchange", () => {
    if (isNative(root) !== isFull()) set(isNative(root));
  }, { signal });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isFull() || isNative(root)) return;
    event.preventDefault();
    event.stopPropagation();
    overlay(false);
  }, { signal });
  return toggle;
}

function isNative(root) {
  return (root.getRootNode().fullscreenElement ?? document.fullscreenElement) === root;
}
