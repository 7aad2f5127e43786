// One line that says how things stand. Screen readers hear it when it changes; the seconds beside it, which change all the time, they do not.
// Python is told of every view that is drawn: the second one is that of a page that was loaded again, or of another tab.

function render({ model, el }) {
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const elapsed = document.createElement("span");
  elapsed.setAttribute("role", "timer");
  elapsed.className = "rk-elapsed";
  el.append(said, " ", elapsed);
  // Where the focus goes when what had it goes away: see buttons.js.
  el.classList.add("rk-rest");
  el.tabIndex = -1;
  const show = () => {
    said.textContent = model.get("said");
    elapsed.textContent = model.get("elapsed");
  };
  model.on("change:said", show);
  model.on("change:elapsed", show);
  show();
  model.send("drawn");
  return () => {
    model.off("change:said", show);
    model.off("change:elapsed", show);
  };
}

export default { render };
