// A notebook keeps what its views show, whenever it is saved.
//
// JupyterLab keeps the state of widgets only if it is told to in its settings, and even then it drops
// that of each widget whose kernel has ended: a notebook that is opened, read and saved loses it all.

const VIEW = "application/vnd.jupyter.widget-view+json";
const STATE = "application/vnd.jupyter.widget-state+json";
const VIEWS = Symbol.for("minigrad.views"); // on the notebook: each view may have a copy of this module

/**
 * @param {any} model of anywidget; its trait `_own_id` is its name in the notebook
 * @param {string[]} names of the traits that are kept
 * @returns {() => void} called when the widget is closed
 */
export function saveWithNotebook(model, names) {
  const context = model.widget_manager?.context; // a notebook in JupyterLab or Notebook 7
  if (!context?.saveState?.connect || !context.model?.setMetadata) return () => {};
  if (!context[VIEWS]) {
    context[VIEWS] = new Map();
    context.saveState.connect((_, what) => what === "started" && save(context.model, context[VIEWS]));
  }
  const id = model.get("_own_id");
  context[VIEWS].set(id, () => entry(model, names));
  return () => context[VIEWS].delete(id);
}

/** What the notebook's metadata say of a widget. */
function entry(model, names) {
  const state = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const kind = ["model_name", "model_module", "model_module_version"].map((name) => [name, state[`_${name}`]]);
  return { ...Object.fromEntries(kind), state };
}

/** Writes the views that the outputs show, drops those that no output shows any more. */
function save(notebook, views) {
  const shown = shownIn(notebook);
  const kept = notebook.getMetadata("widgets")?.[STATE];
  const gone = ([id, { state }]) => state?._own_id && !shown.has(id);
  const others = Object.entries(kept?.state ?? {}).filter((one) => !gone(one));
  const own = [...views].filter(([id]) => shown.has(id)).map(([id, made]) => [id, made()]);
  if (!own.length && others.length === Object.keys(kept?.state ?? {}).length) return;
  const state = { ...Object.fromEntries(others), ...Object.fromEntries(own) };
  notebook.setMetadata("widgets", { [STATE]: { version_major: 2, version_minor: 0, ...kept, state } });
}

function shownIn(notebook) {
  const found = new Set();
  for (const cell of notebook.cells) {
    for (let k = 0; k < (cell.outputs?.length ?? 0); k += 1) {
      const id = cell.outputs.get(k).data?.[VIEW]?.model_id;
      if (id) found.add(id);
    }
  }
  return found;
}
