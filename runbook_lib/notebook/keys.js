// JupyterLab looks at an event's target first, so the mark that turns its shortcuts off must be on the very element that has the
// focus. It is set as a key arrives, before JupyterLab sees it, and taken off for keys that are JupyterLab's everywhere.

const GUARDED = ".rk-panel, .rk-guided";
const MARK = "data-lm-suppress-shortcuts";

function guard(event) {
  const target = event.target;
  if (target instanceof Element && target.closest(GUARDED)) {
    target.toggleAttribute(MARK, !(event.ctrlKey || event.metaKey || event.altKey));
  }
}

function render() {
  window.addEventListener("keydown", guard, true);
  return () => window.removeEventListener("keydown", guard, true);
}

export default { render };
