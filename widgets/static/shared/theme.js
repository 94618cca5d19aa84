// Light or dark: what surrounds the widget decides, and may change its mind.

/**
 * Keeps `root.dataset.theme` at "light" or "dark".
 * @param {HTMLElement} root @param {AbortSignal} signal
 */
export function followTheme(root, signal) {
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  const update = () => {
    const theme = isDark(root, prefers) ? "dark" : "light";
    if (root.dataset.theme !== theme) root.dataset.theme = theme;
  };
  const observer = new MutationObserver(() => requestAnimationFrame(update));
  // JupyterLab and VS Code say it on the body, Notebook 7 too; a style sheet may arrive after it.
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: ["class", "style", "data-jp-theme-name", "data-theme", "data-vscode-theme-kind"] });
  }
  document.addEventListener("load", update, { signal, capture: true });
  prefers.addEventListener("change", update, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
  update();
  requestAnimationFrame(update);
}

/** The host's own background decides, then what it says of itself; otherwise the reader's system. */
function isDark(root, prefers) {
  const rgb = channels(getComputedStyle(root).getPropertyValue("--jp-layout-color1").trim());
  if (rgb) return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 128;
  const { jpThemeLight, theme, vscodeThemeKind } = document.body.dataset; // Jupyter, marimo, VS Code
  if (jpThemeLight) return jpThemeLight === "false";
  const said = /light|dark/.exec(theme ?? vscodeThemeKind ?? "");
  return said ? said[0] === "dark" : prefers.matches;
}

/** Red, green and blue of #rgb, #rrggbb or rgb(…); null for anything else. */
function channels(colour) {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour)?.[1];
  if (hex) return hex.match(hex.length === 3 ? /./g : /../g).map((part) => parseInt(part.length === 1 ? part + part : part, 16));
  if (colour === "white") return [255, 255, 255];
  if (colour === "black") return [0, 0, 0];
  return /^rgb/.test(colour) ? colour.match(/[\d.]+/g).slice(0, 3).map(Number) : null;
}
